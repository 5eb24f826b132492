"""What the SLA figures are counted from: one scan of the handoffs, read as number columns, cut along the calendar (P11)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from django.db.models import BigIntegerField, Case, F, Func, QuerySet, Value, When
from django.db.models.functions import Coalesce

from handoff.models import Handoff, Outcome
from scoring.columns import Whole, numbers_of

from .sla_rows import with_standing

DAY = 86_400
#: Outcomes as numbers.
OPEN, DECIDED, ACCEPTED = 0, 1, 2
_EPOCH = date(1970, 1, 1)


class Seconds(Func):
    """Whole seconds since 1970 of a moment."""

    template = "date_part('epoch', %(expressions)s)::bigint"
    output_field = BigIntegerField()


class Microseconds(Func):
    """Whole microseconds between two moments, as numbers a double still holds exactly."""

    template = "round(date_part('epoch', %(expressions)s) * 1000000)::bigint"
    arg_joiner = " - "
    output_field = BigIntegerField()


class Hash(Func):
    """A text as a number: equal texts have equal ones."""

    template = "hashtextextended(%(expressions)s, 0)"
    output_field = BigIntegerField()


@dataclass(frozen=True)
class Columns:
    """The handoffs as arrays of equal length. Times to claim and follow up are microseconds, −1 where there is none."""

    standing: Whole
    offered: Whole
    to_claim: Whole
    to_follow_up: Whole
    outcome: Whole
    rep: Whole
    source: Whole

    @classmethod
    def read(cls, handoffs: "QuerySet[Handoff]", now: datetime, *, sources: bool) -> "Columns":
        """One scan; with `sources` joined with the leads, else `source` is all zeros."""
        rows = with_standing(handoffs.order_by(), now).values_list(
            "standing",
            Seconds("offered_at"),
            Coalesce(Microseconds("claimed_at", "offered_at"), -1),
            Coalesce(Microseconds("first_follow_up_at", "offered_at"), -1),
            Case(When(outcome="", then=OPEN), When(outcome=Outcome.ACCEPTED, then=ACCEPTED), default=DECIDED),
            Coalesce(F("claimed_by"), -1),
            Hash("lead__source") if sources else Value(0),
        )
        return cls(*numbers_of(rows, columns=7))

    def of(self, which: npt.NDArray[np.bool_]) -> "Columns":
        return Columns(*(column[which] for column in vars(self).values()))

    def groups(self, keys: Whole) -> Iterable[tuple[int, "Columns"]]:
        """The rows apart by their keys."""
        for key in np.unique(keys):
            yield int(key), self.of(keys == key)


def hours_of(offered: Whole, zone: ZoneInfo) -> Whole:
    """The hour of the day of each moment in the zone."""
    return (offered + _offsets(offered, zone)) % DAY // 3_600


def weeks_of(offered: Whole, zone: ZoneInfo) -> Whole:
    """The Monday of each moment's week in the zone, as days since 1970; that began on a Thursday."""
    days = (offered + _offsets(offered, zone)) // DAY
    return days - (days + 3) % 7


def day_of(number: int) -> date:
    return _EPOCH + timedelta(days=number)


def source_names(handoffs: "QuerySet[Handoff]") -> dict[int, str]:
    """The sources of the handoffs' leads by their hash."""
    rows: Any = handoffs.order_by().values_list(Hash("lead__source"), "lead__source").distinct()
    return dict(rows)


def _offsets(moments: Whole, zone: ZoneInfo) -> Whole:
    """Seconds east of UTC at each moment; asked once a day, and moment by moment on the two days a year when it changes."""
    found = np.zeros(len(moments), np.int64)
    days = moments // DAY
    for day in np.unique(days).tolist():
        which = np.flatnonzero(days == day)
        begin, end = _offset(day * DAY, zone), _offset((day + 1) * DAY, zone)
        found[which] = begin if begin == end else [_offset(moment, zone) for moment in moments[which].tolist()]
    return found


def _offset(moment: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(moment, UTC).astimezone(zone).utcoffset()
    return round(offset.total_seconds()) if offset else 0
