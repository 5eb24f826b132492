"""What a policy promises, pure: from a moment to a deadline, and the spans that explain it (product.md §5, R17)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from .calendar import WorkingTime

#: Waits of up to so many days are told day by day; of longer ones the middle is told as one span.
TOLD_DAYS = 31
_EDGE = timedelta(days=10)
_DAY = timedelta(days=1)


class SpanKind(StrEnum):
    """What a stretch of time is to the clock. Folded ones are long and told in one: some of them counted."""

    COUNTED = "counted"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    FOLDED = "folded"


@dataclass(frozen=True)
class Span:
    """A stretch of time, UTC, and how much of the target it used up. `name` is the day's, where that is why it is closed."""

    kind: SpanKind
    start: datetime
    end: datetime
    counted: timedelta = timedelta()
    name: str = ""

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True)
class Straight:
    """Plain time: nights, weekends and holidays count."""

    length: timedelta

    def due(self, start: datetime) -> datetime:
        return start + self.length

    def spans(self, start: datetime, due: datetime) -> list[Span]:
        return [Span(SpanKind.COUNTED, start, due, due - start)]


@dataclass(frozen=True)
class Working:
    """Time inside working time only."""

    length: timedelta
    calendar: WorkingTime

    def due(self, start: datetime) -> datetime:
        """Raises `CalendarError` where the calendar has too little time."""
        return self.calendar.after(start, self.length)

    def spans(self, start: datetime, due: datetime) -> list[Span]:
        return spans(self.calendar, start, due)


@dataclass(frozen=True)
class SameTimeNextWorkingDay:
    """The same time of day on the next working day; where that is outside its windows, the next open moment."""

    calendar: WorkingTime

    def due(self, start: datetime) -> datetime:
        """Raises `CalendarError` where there is no working day."""
        local = start.astimezone(self.calendar.zone)
        day = self.calendar.next_working_day(local.date())
        aim = datetime.combine(day, local.time(), self.calendar.zone).astimezone(UTC)
        return self.calendar.next_open(aim)

    def spans(self, start: datetime, due: datetime) -> list[Span]:
        return spans(self.calendar, start, due)


Target = Straight | Working | SameTimeNextWorkingDay


def spans(calendar: WorkingTime, start: datetime, end: datetime) -> list[Span]:
    """From `start` to `end` in order and without gaps; never more than some weeks day by day."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if end - start <= TOLD_DAYS * _DAY:
        return list(_told(calendar, start, end))
    first, last = start + _EDGE, end - _EDGE
    folded = Span(SpanKind.FOLDED, first, last, calendar.elapsed(first, last))
    return [*_told(calendar, start, first), folded, *_told(calendar, last, end)]


def _told(calendar: WorkingTime, start: datetime, end: datetime) -> Iterator[Span]:
    at, day = start, calendar.local_day(start) - _DAY
    while at < end and day <= calendar.local_day(end):
        for opens, closes in calendar.stretches(day):
            opens, closes = max(opens, at), min(closes, end)
            if opens < closes:
                yield from _closed(calendar, at, opens)
                yield Span(SpanKind.COUNTED, opens, closes, closes - opens)
                at = closes
        day += _DAY
    yield from _closed(calendar, at, end)


def _closed(calendar: WorkingTime, start: datetime, end: datetime) -> list[Span]:
    """The shut time between two moments: one span for each named day, one for what lies between them."""
    found: list[Span] = []
    at = start
    while at < end:
        day = calendar.local_day(at)
        until = min(end, _midnight_after(calendar, at))
        name = calendar.name_of(day) if not calendar.windows_on(day) else ""
        if found and found[-1].name == name:
            found[-1] = replace(found[-1], end=until)
        else:
            found.append(Span(SpanKind.HOLIDAY if name else SpanKind.CLOSED, at, until, name=name))
        at = until
    return found


def _midnight_after(calendar: WorkingTime, at: datetime) -> datetime:
    """The end of the local day; the later one where clocks go back over midnight, the turn where it does not exist."""
    naive = datetime.combine(calendar.local_day(at) + _DAY, time(), calendar.zone)
    return max(naive.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
