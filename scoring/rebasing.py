"""Bring a draft up to date with a version published meanwhile: a three-way merge, part by part, that loses nothing (R12)."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from .definition import Model
from .definition_reading import ModelFault, parse
from .differences import AXIS, DEFINITION, GROUP, RULE, TEXT, Part, parts_of

Document = dict[str, Any]


@dataclass(frozen=True)
class Merged:
    """A draft after the merge. `taken` parts came from the published version; of `conflicts` the draft's choice was kept."""

    document: Document
    taken: tuple[Part, ...]
    conflicts: tuple[Part, ...]


def merge(base: Model, draft: Model, published: Model) -> Merged:
    """What the draft changed since `base` is kept, what only the published version changed is taken.

    Where both changed a part differently it is a conflict, and the draft's stays. Where the parts taken do not fit the
    draft's, the draft stays whole and each of them is a conflict: somebody decides about them one by one.
    """
    old, ours, theirs = parts_of(base), parts_of(draft), parts_of(published)
    moved = [part for part in {**theirs, **old} if theirs.get(part) not in (old.get(part), ours.get(part))]
    kept = [part for part in moved if ours.get(part) != old.get(part)]
    kept += [group for group in _still_needed(draft, set(moved) - set(kept)) if group in moved and group not in theirs]
    taken = [part for part in moved if part not in kept]
    try:
        document = _ordered(take(draft, published, taken), base, draft, published)
        came = [part for part in parts_of(parse(document)) if part not in ours and part not in moved]
    except ModelFault:
        return Merged(draft.to_document(), (), tuple(moved))
    return Merged(document, (*taken, *came), tuple(dict.fromkeys(kept)))


def _still_needed(draft: Model, taken: set[Part]) -> set[Part]:
    """Groups in which rules of the draft stand that the merge leaves as they are."""
    return {(GROUP, rule.group) for rule in draft.rules if (RULE, rule.key) not in taken}


def take(draft: Model, published: Model, parts: list[Part]) -> Document:
    """The draft's document with these parts as the published version has them; a group that a rule needs comes along."""
    document, source = draft.to_document(), published.to_document()
    for kind, key in parts:
        _TAKE[kind](document, source, key)
    groups = list(document.get("groups") or [])
    needed = {rule["group"] for rule in document.get("rules") or []} - {group["key"] for group in groups}
    document["groups"] = groups + [deepcopy(one) for one in source.get("groups") or [] if one["key"] in needed]
    return document


def _take_listed(place: str) -> Callable[[Document, Document, str], None]:
    def take_one(document: Document, source: Document, key: str) -> None:
        new = next((one for one in source.get(place) or [] if one["key"] == key), None)
        listed = list(document.get(place) or [])
        at = next((n for n, one in enumerate(listed) if one["key"] == key), len(listed))
        document[place] = [*listed[:at], *([deepcopy(new)] if new else []), *listed[at + 1 :]]

    return take_one


def _take_inside(place: str) -> Callable[[Document, Document, str], None]:
    def take_one(document: Document, source: Document, key: str) -> None:
        document[place] = dict(document.get(place) or {})
        _set(document[place], key, (source.get(place) or {}).get(key))

    return take_one


def _take_text(document: Document, source: Document, key: str) -> None:
    _set(document, key, source.get(key))


def _set(holder: Document, key: str, value: Any) -> None:
    if value is None:
        holder.pop(key, None)
    else:
        holder[key] = deepcopy(value)


_TAKE = {
    RULE: _take_listed("rules"),
    GROUP: _take_listed("groups"),
    AXIS: _take_inside("axes"),
    DEFINITION: _take_inside("definitions"),
    TEXT: _take_text,
}


def _ordered(document: Document, base: Model, draft: Model, published: Model) -> Document:
    """Rules and groups in the draft's order where it has its own, else in the published one's, new ones after their neighbours."""
    for place, kind in (("groups", GROUP), ("rules", RULE)):
        listed = {one["key"]: one for one in document.get(place) or []}
        old, ours, theirs = (_keys(model, kind) for model in (base, draft, published))
        reordered = [key for key in ours if key in old] != [key for key in old if key in ours]
        first, second = (ours, theirs) if reordered else (theirs, ours)
        document[place] = [listed[key] for key in woven(first, second) if key in listed]
    return document


def _keys(model: Model, kind: str) -> list[str]:
    return [key for one, key in parts_of(model) if one == kind]


def woven(first: list[str], second: list[str]) -> list[str]:
    """All of both: those of the first in its order, each other one after the one it followed in the second."""
    found, before = list(first), None
    for key in second:
        if key not in found:
            found.insert(found.index(before) + 1 if before is not None else 0, key)
        before = key
    return found


def differ(draft: Model, published: Model, part: Part) -> bool:
    """Whether the part still reads differently in the two."""
    return bool(parts_of(draft).get(part) != parts_of(published).get(part))
