"""Why sales should call now, in words, from the frozen brief; pure but for the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

NOTE_LENGTH = 90


@dataclass(frozen=True)
class Line:
    """One line of the ledger as sales saw it; `points` may have two decimals."""

    text: str
    points: float
    kind: str


def reasons(brief: Mapping[str, Any], *, note: str, marketer: str, today: date, most: int = 3) -> list[str]:
    """The marketer's word first, then the latest deed that asked for something, then what else gave most points."""
    said = _("%(name)s: “%(note)s”") % {"name": marketer, "note": cut(note)} if note else ""
    deed = next((d for d in brief.get("deeds", []) if d.get("intent")), None)
    asked = deed_in_words(deed, today) if deed else ""
    gave = [_titled(line) for line in _gave(brief) if not (deed and says_the_same(line["title"], deed["label"]))]
    found = [one for one in (said, asked, *gave) if one]
    return list(dict.fromkeys(found))[:most] or [deed_in_words(d, today) for d in brief.get("deeds", [])[:most]]


def _gave(brief: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Rules that gave points: deeds before fit, as what they did says more about now than who they are."""
    rules = [line for line in brief.get("ledger") or [] if line["kind"] == "rule" and line["points"] > 0]
    return sorted(rules, key=lambda line: (line.get("axis") != "engagement", -line["points"]))


def says_the_same(title: str, label: str) -> bool:
    """Whether two names share a word of weight: “Asked for a demo” and “Demo requested” are one reason, not two."""
    return bool(_weighty(title) & _weighty(label))


def _weighty(words: str) -> set[str]:
    return {word for word in words.casefold().split() if len(word) > 3}


def ledger(brief: Mapping[str, Any]) -> list[Line]:
    """What gave and took points, the weightiest first, caps last."""
    lines = [Line(_titled(line), line["points"], line["kind"]) for line in brief.get("ledger") or []]
    return sorted(lines, key=lambda line: (line.kind != "rule", -abs(line.points)))


def points(brief: Mapping[str, Any], most: int = 3) -> list[dict[str, Any]]:
    """The strongest reasons of the score for the chip's card."""
    rules = [line for line in ledger(brief) if line.kind == "rule" and line.points > 0]
    return [{"text": line.text, "points": round(line.points)} for line in rules[:most]]


def deed_in_words(deed: Mapping[str, Any], today: date) -> str:
    """“Demo requested yesterday”"""
    return _("%(deed)s %(day)s") % {"deed": _(deed["label"]), "day": day_in_words(moment_of(deed), today)}


def moment_of(deed: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(deed["at"])


def day_in_words(moment: datetime, today: date) -> str:
    day = timezone.localtime(moment).date()
    near = {0: _("today"), 1: _("yesterday")}.get((today - day).days)
    return near or _("on %(day)s") % {"day": format_date(day, "j M" if day.year == today.year else "j M Y")}


def cut(text: str, length: int = NOTE_LENGTH) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def deeds(brief: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """The latest deeds of the brief with real moments and words in the reader's language."""
    for deed in brief.get("deeds", []):
        yield {**deed, "at": moment_of(deed), "text": _(deed["label"]), "about": deed["subject"] or deed["path"]}


def _titled(line: Mapping[str, Any]) -> str:
    if line["kind"] != "rule":
        return _("%(group)s, limit") % {"group": line["title"]}
    if (line.get("events") or 0) < 2:
        return str(line["title"])
    return ngettext("%(title)s, %(n)d time", "%(title)s, %(n)d times", line["events"]) % {
        "title": line["title"],
        "n": line["events"],
    }
