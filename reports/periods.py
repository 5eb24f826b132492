"""Periods that reports speak of: whole calendar days in the workspace zone, so that all read the same figures (R26)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: The presets offered, in days up to and including today.
PRESETS = (7, 28, 84, 364)
DEFAULT_DAYS = 28
LONGEST_DAYS = 1_100
EARLIEST = date(2000, 1, 1)
LATEST = date(2200, 1, 1)


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @classmethod
    def last_days(cls, days: int, today: date) -> "Period":
        """The `days` days that end with today."""
        return cls(today - timedelta(days=days - 1), today)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def previous(self) -> "Period":
        """The period of the same length that ends the day before this one begins."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The moments at which the period begins and has ended: `begin <= moment < end`."""
        return midnight(self.first, zone), midnight(self.last + timedelta(days=1), zone)

    def weeks(self) -> list[date]:
        """The Mondays of the weeks that the period touches."""
        monday = self.first - timedelta(days=self.first.weekday())
        return [monday + timedelta(days=d) for d in range(0, (self.last - monday).days + 1, 7)]

    def months(self) -> list[date]:
        """The first days of the months that the period touches."""
        found = [self.first.replace(day=1)]
        while (after := (found[-1] + timedelta(days=32)).replace(day=1)) <= self.last:
            found.append(after)
        return found


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)
