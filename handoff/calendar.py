"""Working time, pure: which moments a calendar calls open, how much of a stretch is, and when enough of it has passed (R17).

Open is what the clock on the wall says: a window from 22:00 to 24:00 is open whenever a clock there shows such a time, also
in the nights when clocks change. Whole years are looked up in a table that is kept, so that a long wait costs what a short
one does.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

#: A calendar that gives too little working time for so many years is a mistake, and is said to be one.
MOST_YEARS = 50
DAY_MINUTES = 24 * 60

Window = tuple[int, int]  # minutes of the local day, from and to; 1440 is the midnight at its end
Week = tuple[tuple[Window, ...], ...]  # Monday first
Stretch = tuple[datetime, datetime]  # UTC, from and to

_DAY, _HOUR, _MICRO, _SECOND = timedelta(days=1), timedelta(hours=1), timedelta(microseconds=1), 1_000_000
_CLOSED: Week = ((),) * 7


class CalendarError(ValueError):
    """A calendar or a target that cannot give a deadline; the text is a sentence for people."""


@dataclass(frozen=True)
class OwnDay:
    """A day with windows of its own, or none: closed."""

    name: str = ""
    windows: tuple[Window, ...] = ()


def no_holidays(_year: int) -> Mapping[date, str]:
    """A country without holidays."""
    return {}


@dataclass(frozen=True)
class WorkingTime:
    """Windows of each weekday, holidays of a year by name, own days, and the zone in which all of them are meant."""

    zone: ZoneInfo
    week: Week = _CLOSED
    holidays: Callable[[int], Mapping[date, str]] = no_holidays
    own_days: Mapping[date, OwnDay] = field(default_factory=dict)
    _years: dict[int, list[int]] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        for windows in (*self.week, *(own.windows for own in self.own_days.values())):
            check_windows(windows)

    # --- Days -----------------------------------------------------------------------------------------------------
    def local_day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def windows_on(self, day: date) -> tuple[Window, ...]:
        if day in self.own_days:
            return self.own_days[day].windows
        return () if day in self.holidays(day.year) else self.week[day.weekday()]

    def name_of(self, day: date) -> str:
        """What the day is called where that is why it has other windows; blank for an ordinary day."""
        return self.own_days[day].name if day in self.own_days else self.holidays(day.year).get(day, "")

    def stretches(self, day: date) -> list[Stretch]:
        """The open stretches of a local day in order; in the nights when clocks change, what really passes."""
        windows = self.windows_on(day)
        if not windows:
            return []
        midnight = datetime.combine(day, time(), UTC)
        found: list[Stretch] = []
        for since, until, offset in self._offsets(midnight - 14 * _HOUR, midnight + 36 * _HOUR):
            for first, last in windows:
                opens = max(since, midnight + timedelta(minutes=first) - offset)
                closes = min(until, midnight + timedelta(minutes=last) - offset)
                if opens < closes:
                    _append(found, opens, closes)
        return found

    def next_working_day(self, day: date) -> date:
        """The first day after this one with any working time."""
        year, place = day.year, (day - date(day.year, 1, 1)).days + 1
        for ahead in range(MOST_YEARS):
            table = self._year(year + ahead)
            found = bisect_right(table, table[place]) - 1
            if found < len(table) - 1:
                return date(year + ahead, 1, 1) + found * _DAY
            place = 0
        raise CalendarError("The calendar has no working day.")

    # --- Moments --------------------------------------------------------------------------------------------------
    def after(self, start: datetime, worked: timedelta) -> datetime:
        """The first moment by which so much working time has passed since `start`, UTC. Raises `CalendarError`."""
        first = self.local_day(start) - _DAY
        goal = self._before(first) + self._since(first, start) + worked // _MICRO
        year = first.year
        while goal > (whole := self._year(year)[-1]):
            goal, year = goal - whole, year + 1
            if year > first.year + MOST_YEARS:
                raise CalendarError("The calendar has too little working time for this target.")
        return self._reach(year, goal)

    def next_open(self, moment: datetime) -> datetime:
        """The moment itself where it is open, else when the calendar opens next."""
        return self.after(moment, _MICRO) - _MICRO

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """The working time between two moments, the earlier one first."""
        first = self.local_day(start) - _DAY
        return (self._since(first, end) - self._since(first, start)) * _MICRO

    # --- How ------------------------------------------------------------------------------------------------------
    def _reach(self, year: int, goal: int) -> datetime:
        """The moment when so many open microseconds of the year are through."""
        table = self._year(year)
        place = bisect_left(table, goal) - 1
        day = date(year, 1, 1) + place * _DAY
        left = goal - table[place] + _length(self.stretches(day - _DAY))
        for opens, closes in self._around(day):
            if left <= (whole := (closes - opens) // _MICRO):
                return opens + left * _MICRO
            left -= whole
        raise CalendarError("The calendar has too little working time for this target.")

    def _since(self, first: date, moment: datetime) -> int:
        """Open microseconds from the beginning of the day `first` to a moment of a later day."""
        eve = self.local_day(moment) - _DAY
        whole = sum(self._year(year)[-1] for year in range(first.year, eve.year))
        before = [(opens, min(closes, moment)) for opens, closes in self._around(eve + _DAY) if opens < moment]
        return whole + self._before(eve) - self._before(first) + _length(before)

    def _before(self, day: date) -> int:
        """Open microseconds of the year before this day of it."""
        return self._year(day.year)[(day - date(day.year, 1, 1)).days]

    def _around(self, day: date) -> list[Stretch]:
        """The stretches of a day and its neighbours in order of time: some clocks go back over a midnight."""
        return sorted(stretch for one in (day - _DAY, day, day + _DAY) for stretch in self.stretches(one))

    def _year(self, year: int) -> list[int]:
        """Open microseconds of the year before each of its days, and of all of it: made once, then kept."""
        if year not in self._years:
            if year >= MAXYEAR:
                raise CalendarError("The calendar has too little working time for this target.")
            self._years[year] = list(accumulate(self._lengths(year), initial=0))
        return self._years[year]

    def _lengths(self, year: int) -> list[int]:
        """The open microseconds of each day: as its windows say, and counted where clocks change nearby."""
        first = date(year, 1, 1)
        days = (date(year + 1, 1, 1) - first).days
        week = [_as_written(windows) for windows in self.week]
        found = (week * 54)[first.weekday() :][:days]
        for day in (*self.holidays(year), *self.own_days):
            if day.year == year:
                found[(day - first).days] = _as_written(self.windows_on(day))
        for place in _changes(self.zone, year):
            found[place] = _length(self.stretches(first + place * _DAY))
        return found

    def _offsets(self, since: datetime, until: datetime) -> list[tuple[datetime, datetime, timedelta]]:
        """The stretch cut where clocks change within it, each part with its distance from UTC."""
        early, late = _offset(self.zone, since), _offset(self.zone, until)
        if early == late:
            return [(since, until, early)]
        low, high = 0, int((until - since).total_seconds())
        while high - low > 1:
            middle = (low + high) // 2
            same = _offset(self.zone, since + timedelta(seconds=middle)) == early
            low, high = (middle, high) if same else (low, middle)
        turn = since + timedelta(seconds=high)
        return [(since, turn, early), (turn, until, late)]


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


@lru_cache(1_000)
def _changes(zone: ZoneInfo, year: int) -> list[int]:
    """The days of the year, from 0, that are near a change of clocks."""
    midnight = datetime(year, 1, 1, tzinfo=UTC)
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    offsets = [_offset(zone, midnight + n * _DAY) for n in range(-1, days + 2)]
    return [n for n in range(days) if len(set(offsets[n : n + 4])) > 1]


def check_windows(windows: tuple[Window, ...]) -> None:
    """Raise `CalendarError` unless the windows of a day follow one another inside it."""
    edges = [edge for window in windows for edge in window]
    if any(first >= last for first, last in windows) or edges != sorted(edges):
        raise CalendarError("The windows of a day must follow one another and not overlap.")
    if edges and not 0 <= edges[0] < edges[-1] <= DAY_MINUTES:
        raise CalendarError("A window lies within one day.")


def _append(found: list[Stretch], opens: datetime, closes: datetime) -> None:
    if found and found[-1][1] == opens:
        found[-1] = (found[-1][0], closes)
    else:
        found.append((opens, closes))


def _as_written(windows: tuple[Window, ...]) -> int:
    """Microseconds of the windows of an ordinary day."""
    return sum(last - first for first, last in windows) * 60 * _SECOND


def _length(stretches: list[Stretch]) -> int:
    """Microseconds of the stretches together."""
    return sum((closes - opens) // _MICRO for opens, closes in stretches)
