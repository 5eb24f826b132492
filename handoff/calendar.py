"""The SLA clock, pure: from a moment and a target to a deadline that explains itself by its spans (product.md §5, R17)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

#: A calendar that gives no working time for this long is a mistake, and is said to be one (never a silent guess).
HORIZON_DAYS = 400

Window = tuple[time, time]  # from, to; `to` of 00:00 is the end of the day


class CalendarError(ValueError):
    """A calendar or a target that cannot give a deadline; the text is a sentence for people."""


class SpanKind(StrEnum):
    """What a stretch of time is to the clock."""

    COUNTED = "counted"
    CLOSED = "closed"
    HOLIDAY = "holiday"


@dataclass(frozen=True)
class Span:
    """A stretch of time, UTC, and how much of the target it used up. `name` is the holiday's."""

    kind: SpanKind
    start: datetime
    end: datetime
    name: str = ""

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True)
class Deadline:
    """When the follow-up is due (UTC), and the spans from the offer to it, in order and without gaps."""

    starts_at: datetime
    due_at: datetime
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class WorkingTime:
    """Windows of each weekday (0 is Monday), holidays by name, and the zone in which both are meant."""

    zone: ZoneInfo
    windows: Mapping[int, tuple[Window, ...]]
    holidays: Mapping[date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for day in self.windows.values():
            ends = [edge for start, end in day for edge in (_minute(start), _minute(end) or 24 * 60)]
            if ends != sorted(ends) or len(set(ends)) != len(ends):
                raise CalendarError("The windows of a day must follow one another and not overlap.")

    def is_working_day(self, day: date) -> bool:
        return day not in self.holidays and bool(self.windows.get(day.weekday()))

    def windows_of(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The open stretches of a local day in UTC; nights when clocks change give what really passed."""
        if day in self.holidays:
            return
        for start, end in self.windows.get(day.weekday(), ()):
            last = day + timedelta(days=1) if _minute(end) == 0 else day
            yield _utc(datetime.combine(day, start, self.zone)), _utc(datetime.combine(last, end, self.zone))


@dataclass(frozen=True)
class StraightHours:
    """`hours` of plain time: nights, weekends and holidays count."""

    hours: int

    def deadline(self, start: datetime) -> Deadline:
        due = start + timedelta(hours=self.hours)
        return Deadline(start, due, (Span(SpanKind.COUNTED, start, due),))


@dataclass(frozen=True)
class WorkingHours:
    """`hours` inside working time only."""

    hours: int
    calendar: WorkingTime

    def deadline(self, start: datetime) -> Deadline:
        left, at = timedelta(hours=self.hours), start
        spans: list[Span] = []
        for opens, closes in _open_stretches(self.calendar, start):
            if opens > at:
                spans += _closed(self.calendar, at, opens)
            at = min(closes, opens + left)
            spans.append(Span(SpanKind.COUNTED, opens, at))
            left -= at - opens
            if not left:
                return Deadline(start, at, tuple(spans))
        raise CalendarError("The calendar has too little working time for this target.")


@dataclass(frozen=True)
class SameTimeNextWorkingDay:
    """The same time of day on the next working day; where that is outside its windows, the next open moment."""

    calendar: WorkingTime

    def deadline(self, start: datetime) -> Deadline:
        local = start.astimezone(self.calendar.zone)
        for ahead in range(1, HORIZON_DAYS):
            day = local.date() + timedelta(days=ahead)
            if self.calendar.is_working_day(day):
                aim = _utc(datetime.combine(day, local.time(), self.calendar.zone))
                opens, _closes = next(_open_stretches(self.calendar, aim))
                return Deadline(
                    start, max(aim, opens), tuple(_closed_and_counted(self.calendar, start, max(aim, opens)))
                )
        raise CalendarError("The calendar has no working day.")


Target = StraightHours | WorkingHours | SameTimeNextWorkingDay


def _open_stretches(calendar: WorkingTime, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Working time from `start` on, in order, cut at `start`; ends loudly after the horizon."""
    first = start.astimezone(calendar.zone).date() - timedelta(days=1)
    for ahead in range(HORIZON_DAYS):
        for opens, closes in calendar.windows_of(first + timedelta(days=ahead)):
            if closes > start:
                yield max(opens, start), closes
    raise CalendarError("The calendar has too little working time for this target.")


def _closed(calendar: WorkingTime, start: datetime, end: datetime) -> list[Span]:
    """The shut time between two moments: one span for each holiday, one for what lies between them."""
    at = start
    spans: list[Span] = []
    while at < end:
        day = at.astimezone(calendar.zone).date()
        until = min(end, _utc(datetime.combine(day + timedelta(days=1), time(), calendar.zone)))
        name = calendar.holidays.get(day, "")
        if spans and spans[-1].name == name:
            spans[-1] = replace(spans[-1], end=until)
        else:
            spans.append(Span(SpanKind.HOLIDAY if name else SpanKind.CLOSED, at, until, name))
        at = until
    return spans


def _closed_and_counted(calendar: WorkingTime, start: datetime, end: datetime) -> Iterator[Span]:
    at = start
    for opens, closes in _open_stretches(calendar, start):
        if opens >= end:
            break
        yield from _closed(calendar, at, opens)
        at = min(closes, end)
        yield Span(SpanKind.COUNTED, opens, at)
    yield from _closed(calendar, at, end)


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _utc(local: datetime) -> datetime:
    return local.astimezone(UTC)
