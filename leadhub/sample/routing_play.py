"""How sales routes: seats from the start, rules for ten weeks, a draft that is not in force yet, a leave to come."""

from datetime import timedelta
from typing import Any

from handoff.absences import go_away
from handoff.models import Queue, RoutingRule, RuleSet, Seat

from .staff import DANA, RITA, SAM, SUE, Colleague
from .year import Year

DAY = timedelta(days=1)
#: The house hands over many by hand as well; those wait for everybody.
_BY_ITSELF = {"field": "sql_cause", "op": "is_not", "value": "person"}


def _week(days: int, *hours: tuple[int, int]) -> list[list[list[int]]]:
    """The same windows on the first days of the week."""
    return [[[first * 60, last * 60] for first, last in hours] if day < days else [] for day in range(7)]


_SEATS: dict[Colleague, dict[str, Any]] = {
    RITA: {"weight": 2, "capacity": 25, "week": _week(5, (8, 12), (13, 18))},
    SAM: {"weight": 2, "week": _week(5, (8, 17))},
    DANA: {"weight": 1, "capacity": 12, "week": _week(4, (9, 16))},
}
_EAST = ("Indonesia", "Singapore", "Malaysia", "Thailand", "Vietnam")


def prepare(year: Year) -> None:
    """Seats now, the rest on the agenda of the year."""
    for colleague, facts in _SEATS.items():
        Seat.objects.update_or_create(person=year.sales.person(colleague), defaults=facts)
    at = year.now - 70 * DAY
    year.agenda.add(at, lambda: _publish(year, at))
    later = year.now - 3 * DAY
    year.agenda.add(later, lambda: _draft(year, later))


def _publish(year: Year, at: Any) -> None:
    sue = year.sales.person(SUE)
    east, _new = Queue.objects.get_or_create(name="Asia desk")
    draft = RuleSet.objects.begin_draft(by=sue, at=at)
    if not draft.rules.exists():
        _rule(draft, "Large firms", _BY_ITSELF, {"field": "employees", "op": "at_least", "value": 200}, team=sue.team)
        _rule(draft, "Asia", {"field": "country", "op": "in", "value": list(_EAST)}, queue=east)
    draft.publish(by=sue, at=at)


def _draft(year: Year, at: Any) -> None:
    """What Sue thinks about: everybody gets by turns what the score alone made SQL."""
    sue = year.sales.person(SUE)
    draft = RuleSet.objects.begin_draft(by=sue, at=at)
    if draft.rules.count() < 3:
        _rule(draft, "All by score", _BY_ITSELF, team=sue.team, method=RoutingRule.Method.LEAST)
    leave = year.now.replace(hour=7, minute=0, second=0, microsecond=0) + 6 * DAY
    go_away(year.sales.person(SAM), starts_at=leave, ends_at=leave + 5 * DAY, by=sue, at=at)


def _rule(draft: RuleSet, name: str, *conditions: dict[str, Any], **facts: Any) -> None:
    mode = RoutingRule.Mode.PUSH if "team" in facts else RoutingRule.Mode.PULL
    RoutingRule(rule_set=draft).write({"name": name, "conditions": list(conditions), "mode": mode, **facts})
