"""What the pages of routing show: rules in words, sellers with their load, the rehearsal in names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Role, User
from leads.conditions import Condition, sentence_of

from .house import open_now, seat_of
from .models import Absence, Queue, Routed, RoutingRule, RuleSet, Seat
from .permissions import RulePermissions, SellerPermissions, may_edit_routing
from .rehearsal import Findings, Share, findings
from .rehearsal_reading import MOST, rehearse
from .routing_fields import ROUTING_FIELDS
from .sla_words import week_of

PERIODS = (7, 30, 90)
TAKEN_DAYS = 30
MOST_SELLERS = 500
#: How many past versions the page shows.
MOST_PAST = 12


def tabs(here: str) -> list[dict[str, Any]]:
    pages = (
        ("routing", _("Rules")),
        ("routing_rehearsal", _("Rehearsal")),
        ("routing_log", _("Log")),
        ("sellers", _("Sellers")),
        ("queues", _("Queues")),
    )
    return [{"label": label, "url": reverse(name), "active": name == here} for name, label in pages]


@dataclass(frozen=True)
class RuleLine:
    """A rule in words, and whether this person may change it."""

    rule: RoutingRule
    when: str
    then: str
    can_edit: bool


def rule_lines(version: RuleSet | None, user: User) -> list[RuleLine]:
    if version is None:
        return []
    return [RuleLine(rule, when(rule), then(rule), RulePermissions(user, rule).edit) for rule in version.rules.all()]


def when(rule: RoutingRule) -> str:
    """“Country is Poland and Employees is at least 50”; blank for every lead."""
    return sentence_of([_named(condition) for condition in rule.wanted()], ROUTING_FIELDS)


def _named(condition: Condition) -> Condition:
    """With the words of a choice in place of its key."""
    field = ROUTING_FIELDS.get(condition.field)
    names = {key: str(label).lower() for key, label in field.choices} if field else {}
    return replace(condition, value=names.get(condition.value, condition.value)) if names else condition


def then(rule: RoutingRule) -> str:
    """“given to somebody of Warsaw, by turns; when nobody can, it waits in Night”"""
    where = {"team": rule.team.name if rule.team else _("a team that is gone"), "queue": queue_name(rule.queue)}
    said = _("waits in “%(queue)s” until somebody claims it")
    if rule.is_push:
        least = rule.method == RoutingRule.Method.LEAST
        who = _("given to whoever of %(team)s carries least") if least else _("given to somebody of %(team)s by turns")
        said = _("%(who)s; when nobody can, it waits in “%(queue)s”") % {"who": who % where, "queue": where["queue"]}
        return (
            _("%(said)s; who works with the company already comes first") % {"said": said}
            if rule.prefers_owner
            else said
        )
    said %= where
    return (
        _("given to who works with the company already, else it %(said)s") % {"said": said}
        if rule.prefers_owner
        else said
    )


def queue_name(queue: Queue | None) -> str:
    return str(queue) if queue else str(Queue.objects.default())


def versions(user: User) -> dict[str, Any]:
    """The draft, what counts, and what counted."""
    known = RuleSet.objects.prefetch_related("rules__team", "rules__queue").select_related("created_by", "published_by")
    live, draft = (known.filter(status=status).first() for status in (RuleSet.Status.LIVE, RuleSet.Status.DRAFT))
    past = known.filter(status=RuleSet.Status.PAST)[:MOST_PAST]
    return {
        "live": live,
        "live_lines": rule_lines(live, user),
        "draft": draft,
        "draft_lines": rule_lines(draft, user),
        "past": [(version, rule_lines(version, user)) for version in past],
        "default_queue": Queue.objects.default(),
        "can_edit": may_edit_routing(user),
    }


@dataclass(frozen=True)
class SellerRow:
    """A seller as the table shows them."""

    person: User
    seat: Seat
    hours: str
    away: Absence | None
    coming: Absence | None
    open: int
    taken: int
    can_edit: bool

    @property
    def is_full(self) -> bool:
        return self.seat.capacity is not None and self.open >= self.seat.capacity


def seller_rows(user: User, now: datetime) -> list[SellerRow]:
    """Everybody leads can be given to, by name; four queries."""
    people = User.objects.active().holding(Role.SALES_REP).select_related("seat", "team").order_by("name", "pk")
    held, took, absences = open_now(), taken(now), absences_by_person(now)
    rows = []
    for person in people[:MOST_SELLERS]:
        seat, theirs = seat_of(person), absences.get(person.pk, [])
        away = next((one for one in theirs if one.starts_at <= now), None)
        coming = next((one for one in theirs if one.starts_at > now), None)
        can = SellerPermissions(user, person)
        rows.append(
            SellerRow(person, seat, hours_of(seat), away, coming, held.get(person.pk, 0), took.get(person.pk, 0), can.edit)
        )  # fmt: skip
    return rows


def taken(now: datetime) -> dict[int, int]:
    """How many leads routing gave to each in the last thirty days."""
    since = Routed.objects.given().filter(at__gte=now - timedelta(days=TAKEN_DAYS))
    return dict(since.order_by().values_list("to").annotate(n=Count("pk")))


def absences_by_person(now: datetime) -> dict[int, list[Absence]]:
    found: dict[int, list[Absence]] = {}
    for absence in Absence.objects.not_over(now):
        found.setdefault(absence.person_id, []).append(absence)
    return found


def hours_of(seat: Seat) -> str:
    """“Mon–Fri 09:00–12:00, 13:00–17:00”; “always” where nothing is said."""
    return week_of({"week": seat.week}) if any(seat.week) else _("always")


@dataclass(frozen=True)
class Named:
    """A share with the name of its rep or queue."""

    name: str
    share: Share


def rehearsed(rules: RuleSet, days: int, now: datetime) -> dict[str, Any]:
    """The rehearsal of these rules over the last days, in names."""
    played = rehearse(rules.ways(), since=now - timedelta(days=days), until=now).played
    found = findings(played, settings.WORKSPACE_ZONE)
    people = dict(User.objects.filter(pk__in=[one.id for one in found.reps]).values_list("pk", "name"))
    queues = {queue.pk: str(queue) for queue in Queue.objects.all()}
    return {
        "found": found,
        "is_cut": len(played) >= MOST,
        "reps": [Named(people.get(one.id, "?"), one) for one in found.reps],
        "queues": [Named(queues.get(one.id, "?"), one) for one in found.queues],
        "most": max((max(one.here, one.there) for one in (*found.reps, *found.queues)), default=0),
        "chart": chart(found),
        "hours": hours_with_work(found),
    }


def hours_with_work(found: Findings) -> Sequence[Any]:
    return [hour for hour in found.hours if hour.given or hour.waiting or hour.due]


def chart(found: Findings) -> dict[str, Any]:
    """Clocks that start in each hour of the day: given to somebody at once, or waiting in a queue."""
    return {
        "type": "stacked-bar",
        "categories": [f"{hour.hour:02}" for hour in found.hours],
        "series": [
            {"name": _("Given at once"), "data": [hour.given for hour in found.hours], "tone": "accent"},
            {"name": _("Waits in a queue"), "data": [hour.waiting for hour in found.hours], "tone": "soon"},
        ],
        "unit": "",
    }
