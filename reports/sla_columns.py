"""What the SLA figures are counted from: one scan of the handoffs, read as number columns, cut along the calendar (P11)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import BigIntegerField, Case, DateTimeField, F, Func, QuerySet, Value, When
from django.db.models.functions import Coalesce

from handoff.models import Handoff, Outcome
from leads.distinct import distinct_texts
from scoring.columns import MOMENTS_FROM, NEVER, Whole, numbers_of

from .sla_rows import with_standing

DAY = 86_400
MICROSECONDS = 1_000_000
#: Outcomes as numbers.
OPEN, DECIDED, ACCEPTED = 0, 1, 2
_EPOCH = date(1970, 1, 1)


class OrNever(Func):
    """A moment, or the one before all moments where there is none."""

    template = "COALESCE(%(expressions)s, '-infinity')"
    output_field = DateTimeField()


class Hash(Func):
    """A text as a number: equal texts have equal ones."""

    template = "hashtextextended(%(expressions)s, 0)"
    output_field = BigIntegerField()


@dataclass(frozen=True)
class Counted:
    """What figures are counted of, as arrays of equal length. Times to claim and follow up are microseconds, −1 for none.

    What rules or a manager gave to its holder was not claimed: it has no time to claim, and `given` is 1.
    """

    standing: Whole
    outcome: Whole
    to_claim: Whole
    to_follow_up: Whole
    given: Whole

    def groups(self, keys: Whole) -> Iterable[tuple[int, "Counted"]]:
        """The rows apart by their keys, each group a run of the rows in order of the key."""
        found = np.unique(keys)
        order = np.argsort(np.searchsorted(found, keys).astype(np.uint16), kind="stable")  # small numbers sort by radix
        ends = np.searchsorted(keys[order], found, side="right")
        parts = zip(*(np.split(column[order], ends[:-1]) for column in vars(self).values()), strict=True)
        yield from zip(found.tolist(), (Counted(*part) for part in parts), strict=False)


@dataclass(frozen=True)
class Columns:
    """The handoffs as arrays of equal length: what is counted of each, and by what it can be grouped."""

    counted: Counted
    local: Whole  # when it was offered, by the clock on the wall: seconds since 1970 began there
    rep: Whole
    source: Whole

    @classmethod
    def read(cls, handoffs: "QuerySet[Handoff]", now: datetime, zone: ZoneInfo, *, sources: bool) -> "Columns":
        """One scan, of an index alone where it covers all that is asked for (`handoff_offered`); without `sources` these are all zeros. Small numbers come packed into one, which is cheaper to send."""
        outcome = Case(When(outcome="", then=OPEN), When(outcome=Outcome.ACCEPTED, then=ACCEPTED), default=DECIDED)
        given = Case(When(is_given=True, then=1), default=0)
        packed = F("standing") + 8 * outcome + 32 * given + 64 * Coalesce(F("claimed_by"), -1)
        rows = with_standing(handoffs.order_by(), now).values_list(
            packed,
            "offered_at",
            OrNever("claimed_at"),
            OrNever("first_follow_up_at"),
            Hash("source") if sources else Value(0),
        )
        small, offered, claimed, followed_up, source = numbers_of(rows, columns=5, moments=(1, 2, 3))
        is_claimed, is_given = claimed != NEVER, small // 32 % 2 == 1
        to_claim = np.where(is_given, -1, _since(offered, claimed))
        given = (is_claimed & is_given).astype(np.int64)
        counted = Counted(small % 8, small // 8 % 4, to_claim, _since(offered, followed_up), given)
        seconds = offered // MICROSECONDS + MOMENTS_FROM
        return cls(counted, seconds + _offsets(seconds, zone), small // 64, source)


def _since(offered: Whole, moment: Whole) -> Whole:
    """Microseconds from the offer, −1 where the moment never came."""
    return np.where(moment == NEVER, -1, moment - offered)


def hours_of(local: Whole) -> Whole:
    """The hour of the day of each moment on the wall."""
    return local % DAY // 3_600


def weeks_of(local: Whole) -> Whole:
    """The Monday of each moment's week, as days since 1970; that began on a Thursday."""
    days = local // DAY
    return days - (days + 3) % 7


def day_of(number: int) -> date:
    return _EPOCH + timedelta(days=number)


def source_names() -> dict[int, str]:
    """The sources that handoffs have, by their hash."""
    return {number: source for source, number in distinct_texts(Handoff, "source").items()}


def _offsets(moments: Whole, zone: ZoneInfo) -> Whole:
    """Seconds east of UTC at each moment; asked once a day, and moment by moment on the two days a year when it changes."""
    if not len(moments):
        return moments
    days, first, last = moments // DAY, int(moments.min()) // DAY, int(moments.max()) // DAY
    begins = np.array([_offset(day * DAY, zone) for day in range(first, last + 2)])
    found: Whole = begins[days - first]
    for moved in np.flatnonzero(np.diff(begins)).tolist():
        which = np.flatnonzero(days == first + moved)
        found[which] = [_offset(moment, zone) for moment in moments[which].tolist()]
    return found


def _offset(moment: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(moment, UTC).astimezone(zone).utcoffset()
    return round(offset.total_seconds()) if offset else 0
