"""Makers of routing for tests: live rules, seats, sellers of a second team."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import Team, User
from handoff.models import Handoff, Queue, RoutingRule, RuleSet, Seat
from handoff.windows import Windows, read_windows
from leadhub.testing import NOON, person


def rules(*facts: dict[str, Any], at: datetime = NOON) -> RuleSet:
    """Publish these rules; each is what `push` or `pull` returns."""
    draft = RuleSet.objects.create(created_at=at)
    for position, one in enumerate(facts, start=1):
        RoutingRule.objects.create(rule_set=draft, position=position, **{"name": f"Rule {position}"} | one)
    draft.publish(by=person("Sue"), at=at)
    return draft


def push(team: str = "Sales", **facts: Any) -> dict[str, Any]:
    return {"mode": "push", "team": Team.objects.get_or_create(name=team)[0], "prefers_owner": False} | facts


def pull(queue: Queue, **facts: Any) -> dict[str, Any]:
    return {"mode": "pull", "queue": queue, "prefers_owner": False} | facts


def where(field: str, value: Any, op: str = "is") -> list[dict[str, Any]]:
    return [{"field": field, "op": op, "value": value}]


def queue(name: str, *teams: str) -> Queue:
    made = Queue.objects.create(name=name)
    made.teams.set([Team.objects.get_or_create(name=team)[0] for team in teams])
    return made


def seat(name: str, **facts: Any) -> Seat:
    return Seat.objects.update_or_create(person=person(name), defaults=facts)[0]


def week(windows: str, days: Iterable[int] = range(5)) -> list[Windows]:
    """These windows on these days, of Monday to Friday where nothing is said."""
    return [read_windows(windows) if day in days else [] for day in range(7)]


def rep(name: str, team: str = "Sales") -> User:
    return User.objects.create_user(
        email=f"{name}@x.io", name=name, roles=["sales_rep"], team=Team.objects.get_or_create(name=team)[0]
    )


def holders(*handoffs: Handoff) -> list[str]:
    """Who holds each now; blank where it waits."""
    names = dict(Handoff.objects.values_list("pk", "claimed_by__name"))
    return [names[one.pk] or "" for one in handoffs]
