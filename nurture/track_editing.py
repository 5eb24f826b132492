"""Changes of a track's document, pure: each gives a new document; keys of steps are made once and never used again."""

import copy
from typing import Any

from django.utils.translation import gettext as _

from .track import MOST_DEPTH, MOST_STEPS

Document = dict[str, Any]
#: What a new step says before somebody fills it in.
FRESH: dict[str, Document] = {
    "wait": {"how": "for", "minutes": 3 * 24 * 60},
    "email": {},
    "branch": {"by": "letter", "did": "click", "yes": [], "no": []},
    "list": {"how": "put"},
    "owner": {},
    "notify": {},
    "end": {},
}


class EditRefused(Exception):
    """A change that this track does not allow; the text is a sentence for people."""


def fresh() -> Document:
    """The document of a new program."""
    return {"entry": {"by": "hand"}, "goal": {"by": "sql"}, "hold_out": 0, "steps": [], "made": 0, "gone": {}}


def add(document: Document, kind: str, *, after: str = "", into: str = "", way: str = "") -> tuple[Document, str]:
    """With a new step after another one, at the start of a branch's way, or at the start; and its key."""
    if kind not in FRESH:
        raise EditRefused(_("There is no such kind of step."))
    made = copy.deepcopy(document)
    if sum(1 for _step in _all(made["steps"])) >= MOST_STEPS:
        raise EditRefused(_("A program has at most %(most)d steps.") % {"most": MOST_STEPS})
    if into and way in ("yes", "no"):
        row, place = _found(made, into)[0][_found(made, into)[1]].setdefault(way, []), 0
    elif after:
        row, place = _found(made, after)
        place += 1
    else:
        row, place = made["steps"], 0
    made["made"] = _next(made)
    key = f"s{made['made']}"
    row.insert(place, {"key": key, "kind": kind, **copy.deepcopy(FRESH[kind])})
    if kind == "branch" and _depth(made["steps"], key) >= MOST_DEPTH:
        raise EditRefused(_("Branches stand too deep in each other."))
    return made, key


def put(document: Document, key: str, facts: Document) -> Document:
    """With the step saying something else; its key, kind and ways stay."""
    made = copy.deepcopy(document)
    row, place = _found(made, key)
    kept: Document = {name: row[place][name] for name in ("key", "kind", "yes", "no") if name in row[place]}
    row[place] = facts | kept
    return made


def remove(document: Document, key: str) -> Document:
    """Without the step and what stands on its ways."""
    made = copy.deepcopy(document)
    row, place = _found(made, key)
    del row[place]
    return made


def move(document: Document, key: str, by: int) -> Document:
    """With the step one place up (−1) or down (1) on its way; at the ends of a way it goes in and out of branches."""
    made = copy.deepcopy(document)
    row, place = _found(made, key)
    there = place + by
    if 0 <= there < len(row):
        row[place], row[there] = row[there], row[place]
    elif (around := _around(made, key)) is not None:
        outer, index = around
        outer.insert(index if by < 0 else index + 1, row.pop(place))
    else:
        raise EditRefused(_("This step is at the end already."))
    return made


def step_of(document: Document, key: str) -> Document:
    """What the document says of one step; `EditRefused` where there is none of this key."""
    row, place = _found(document, key)
    said: Document = row[place]
    return said


def _all(steps: Any) -> Any:
    for step in steps:
        yield step
        for way in ("yes", "no"):
            yield from _all(step.get(way, []))


def _next(document: Document) -> int:
    known = [int(step["key"][1:]) for step in _all(document["steps"]) if step["key"][1:].isdigit()]
    return max(document.get("made") or 0, *known, 0) + 1


def _found(document: Document, key: str) -> tuple[list[Document], int]:
    waiting: list[list[Document]] = [document["steps"]]
    while waiting:
        row = waiting.pop()
        for place, step in enumerate(row):
            if step["key"] == key:
                return row, place
            waiting += [step[way] for way in ("yes", "no") if way in step]
    raise EditRefused(_("This step is not there any more."))


def _around(document: Document, key: str) -> tuple[list[Document], int] | None:
    """Where the branch stands on whose way the step is."""
    for step in _all(document["steps"]):
        if any(one["key"] == key for way in ("yes", "no") for one in step.get(way, [])):
            return _found(document, step["key"])
    return None


def _depth(steps: list[Document], key: str, depth: int = 0) -> int:
    for step in steps:
        if step["key"] == key:
            return depth
        for way in ("yes", "no"):
            if (found := _depth(step.get(way, []), key, depth + 1)) >= 0:
                return found
    return -1
