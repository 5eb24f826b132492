"""Which policy a handoff gets and what it promised then: asked set-wise, frozen with the handoff (R17; product.md §5)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import connection

from leads.conditions import ConditionFault, parse_conditions
from leads.models import Lead
from scoring.lead_fields import LIST_FIELDS, leads_matching, sentence_of_list

from . import schedule
from .calendar import OwnDay, WorkingTime
from .models.sla_policy import SlaPolicy
from .models.work_calendar import frozen_windows
from .targets import SameTimeNextWorkingDay, Span, Straight, Target, Working

if TYPE_CHECKING:
    from .models import Handoff

_DEADLINES = 0x51A
_DAY = timedelta(days=1)


def hold_deadlines(*, alone: bool) -> None:
    """Until the end of the transaction nobody changes policies while others offer; whoever changes them holds it alone."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{'' if alone else '_shared'}(%s)", [_DEADLINES])


@dataclass(frozen=True)
class Given:
    """What one handoff is given: its policy, from when to when its clock runs, and the frozen promise."""

    policy: SlaPolicy
    starts_at: datetime
    due_at: datetime
    promise: dict[str, Any]

    def remind_at(self, now: datetime, *, is_claimed: bool) -> datetime | None:
        """When a sweep looks at it next."""
        clock = schedule.Clock(self.starts_at, self.due_at, is_claimed)
        return schedule.next_after(self.policy.reminders, clock, now)


class Rulebook:
    """The policies in order, the default last; the first whose conditions a lead fulfils is the lead's."""

    def __init__(self, policies: Sequence[SlaPolicy]) -> None:
        self.policies = list(policies)
        self._given: dict[tuple[int, datetime], Given] = {}

    @classmethod
    def now(cls) -> "Rulebook":
        """Those in force; one query."""
        return cls(list(SlaPolicy.objects.in_force()))

    @property
    def default(self) -> SlaPolicy:
        return self.policies[-1]

    def of_leads(self, lead_ids: Collection[int]) -> dict[int, SlaPolicy]:
        """The policy of each of the leads; one query for each policy that has conditions, whatever the number of leads."""
        left = set(lead_ids)
        found: dict[int, SlaPolicy] = {}
        for policy in self.policies[:-1]:
            if left:
                ids = leads_matching(Lead.objects.filter(pk__in=left), policy.wanted()).values_list("pk", flat=True)
                fitting = set(ids)
                found |= dict.fromkeys(fitting, policy)
                left -= fitting
        return found | dict.fromkeys(left, self.default)

    def given(self, policy: SlaPolicy, start: datetime) -> Given:
        """What a handoff of this policy is given whose clock starts then."""
        key = (id(policy), start)
        if key not in self._given:
            due = policy.target().due(start)
            self._given[key] = Given(policy, start, due, frozen(policy, start, due))
        return self._given[key]


def frozen(policy: SlaPolicy, start: datetime, due: datetime) -> dict[str, Any]:
    """What the policy says now, as plain values: enough to explain the deadline when policy and calendar say other things."""
    said = {"policy": str(policy.name), "conditions": policy.conditions, "kind": policy.kind, "minutes": policy.minutes}
    if policy.calendar is None:
        return said
    calendar = policy.calendar
    return said | {
        "calendar": calendar.name,
        "zone": calendar.zone,
        "week": calendar.week,
        "days": dict(_special_days(calendar.working_time(), start, due)),
    }


def _special_days(calendar: WorkingTime, start: datetime, due: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """Holidays and days of the house between the two moments."""
    first, last = calendar.local_day(start) - _DAY, calendar.local_day(due) + _DAY
    for year in range(first.year, last.year + 1):
        for day in sorted({*calendar.holidays(year), *calendar.own_days}):
            if day.year == year and first <= day <= last:
                yield day.isoformat(), {"name": calendar.name_of(day), "windows": calendar.windows_on(day)}


@dataclass(frozen=True)
class Explained:
    """Why a deadline is what it is, from what was promised then."""

    handoff: "Handoff"

    @property
    def _said(self) -> dict[str, Any]:
        return self.handoff.promise

    @property
    def policy(self) -> str:
        """The policy's name then; the default's in the reader's language."""
        is_same = self.handoff.sla_policy.name == self._said["policy"]
        return str(self.handoff.sla_policy) if is_same else str(self._said["policy"])

    @property
    def calendar(self) -> str:
        return str(self._said.get("calendar", ""))

    @property
    def why(self) -> str:
        """The conditions that the lead fulfilled, in words; blank where the policy is for all."""
        try:
            return sentence_of_list(parse_conditions(self._said["conditions"], LIST_FIELDS))
        except ConditionFault:  # a field that is gone since
            return ""

    @cached_property
    def target(self) -> Target:
        length = timedelta(minutes=self._said["minutes"] or 0)
        if self._said["kind"] == SlaPolicy.Kind.STRAIGHT:
            return Straight(length)
        calendar = _thawed(self._said)
        return (
            Working(length, calendar)
            if self._said["kind"] == SlaPolicy.Kind.WORKING
            else SameTimeNextWorkingDay(calendar)
        )

    @cached_property
    def spans(self) -> list[Span]:
        return self.target.spans(self.handoff.clock_from, self.handoff.due_at)


def _thawed(said: dict[str, Any]) -> WorkingTime:
    days = said["days"].items()
    own = {date.fromisoformat(day): OwnDay(one["name"], frozen_windows(one["windows"])) for day, one in days}
    return WorkingTime(ZoneInfo(said["zone"]), tuple(map(frozen_windows, said["week"])), own_days=own)
