"""What is wrong with a scoring model in JSON, each problem with its line, its rule and its field."""

import json
import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from leads.document_lines import Lines, Spot
from leads.documents import Problem, shown

from .definition_reading import ModelFault

#: So many problems are shown; who has corrected them sees the next.
SHOWN = 50
_LISTED = re.compile(r"^(rules|groups)\[(\d+)\]\.?(.*)$")


@dataclass(frozen=True)
class JsonFault:
    """One problem, with the place in the text to go to."""

    spot: Spot
    place: str
    sentence: str

    def __str__(self) -> str:
        line = _("Line %(line)d") % {"line": self.spot.line}
        return f"{line}, {self.place}: {self.sentence}" if self.place else f"{line}: {self.sentence}"


def faults_in(text: str, fault: ModelFault) -> list[JsonFault]:
    """The problems of a text that was refused, in order of their lines."""
    lines = Lines(text)
    document, broken = _loaded(text)
    if broken:
        return [JsonFault(broken, "", _told(text, broken))]
    found = [
        JsonFault(_spot(lines, problem), _place(document, problem.path), problem.sentence)
        for problem in fault.problems[:SHOWN]
    ]
    return sorted(found, key=lambda one: (one.spot.line, one.spot.column))


def _seen(text: str) -> str:
    """The text with a dot for whatever cannot be printed."""
    return "".join(char if char.isprintable() else "·" for char in shown(text))


def _loaded(text: str) -> tuple[Any, Spot | None]:
    """The value, as far as it can be read, and where the text stops being JSON."""
    try:
        return json.loads(text), None
    except json.JSONDecodeError as error:
        return None, Spot(error.lineno, error.colno)
    except (ValueError, RecursionError):
        return None, None


def _told(text: str, spot: Spot) -> str:
    """What stands where JSON ends, since that is mostly what is wrong."""
    line = text.split("\n")[spot.line - 1]
    here = line[spot.column - 1 : spot.column + 19].strip()
    if not here:
        return _("This is not JSON: something is missing at the end of the line (column %(column)d).") % {
            "column": spot.column
        }
    return _(
        "This is not JSON at column %(column)d, from “%(text)s” on. A comma or quotation mark may be missing or too many."
    ) % {
        "column": spot.column,
        "text": _seen(here),
    }


def _spot(lines: Lines, problem: Problem) -> Spot:
    if not problem.path and not problem.name and lines.oddity is not None:
        return lines.spot_at(lines.oddity)
    return lines.spot(problem.path, problem.name)


def _place(document: Any, path: str) -> str:
    """The part in words: "rule “Pricing page”, points"; other places by their path."""
    found = _LISTED.match(path)
    if not found:
        return path
    kind, number, rest = found[1], int(found[2]), found[3]
    words = _("rule “%(name)s”") if kind == "rules" else _("group “%(name)s”")
    place = words % {"name": _called(document, kind, number)}
    return f"{place}, {rest}" if rest else place


def _called(document: Any, kind: str, number: int) -> str:
    """What the part is called, or its number, counted from 1."""
    try:
        one = document[kind][number]
        name = next((one[key] for key in ("name", "label", "key") if isinstance(one.get(key), str) and one[key]), "")
    except (AttributeError, IndexError, KeyError, TypeError):
        name = ""
    return _seen(name) or str(number + 1)


def lines_told(text: bytes, fault: ModelFault) -> list[str]:
    """The problems for a terminal, in order of reading: "line 4: rules[0].points: …"."""
    lines = Lines(text.decode("utf-8-sig", "replace"))
    return [
        _("line %(line)d: %(problem)s") % {"line": _spot(lines, problem).line, "problem": problem}
        if problem.path or lines.oddity is not None
        else str(problem)
        for problem in fault.problems
    ]
