"""Why a handoff went where it went, in words; pure but for the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User

from . import dealing
from .models import Routed


@dataclass(frozen=True)
class Line:
    """One line of the log as people read it: what happened, by which rule, who was passed over, the counters of the turn."""

    routed: Routed
    said: str
    passed: str
    counters: str


def lines_of(found: Iterable[Routed]) -> list[Line]:
    """The lines in words; one query for the names of everybody they speak of."""
    lines = list(found)
    ids = {one for line in lines for one, *_more in (*line.passed, *line.turn)}
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    return [Line(one, said(one), passed_over(one, names), counters(one, names)) for one in lines]


def said(line: Routed) -> str:
    """“The turn fell to Rita.”"""
    where = {"name": line.to.name if line.to else _("somebody who is gone"), "queue": str(line.queue or "")}
    return {
        dealing.BY_OWNER: _("%(name)s works with this company already."),
        dealing.BY_TURN: _("The turn fell to %(name)s."),
        dealing.BY_LOAD: _("%(name)s carried least for their weight."),
        dealing.TO_QUEUE: _("It waits in “%(queue)s” until somebody claims it."),
        dealing.NOBODY: _("Nobody of the team could take it, so it waits in “%(queue)s”."),
        dealing.NO_RULE: _("No rule matched, so it waits in “%(queue)s”."),
    }[line.how] % where


def passed_over(line: Routed, names: Mapping[int, str]) -> str:
    """“Passed over: Sam (away), Dana (has enough)”"""
    why = {
        dealing.ABSENT: _("away"),
        dealing.FULL: _("has enough"),
        dealing.CLOSED: _("not at work"),
        dealing.WEIGHTLESS: _("takes none by turns"),
        dealing.GONE: _("does not take leads any more"),
    }
    people = [f"{names.get(one, '?')} ({why[reason]})" for one, reason in line.passed]
    return _("Passed over: %(people)s.") % {"people": ", ".join(people)} if people else ""


def counters(line: Routed, names: Mapping[int, str]) -> str:
    """“Counters before and after: Rita 3 → −1, Sam 1 → 2.”"""
    moved = [f"{names.get(one, '?')} {_sign(before)} → {_sign(after)}" for one, before, after in line.turn]
    return _("Counters before and after: %(people)s.") % {"people": ", ".join(moved)} if moved else ""


def _sign(count: int) -> str:
    return str(count).replace("-", "\N{MINUS SIGN}")
