"""When a mail may leave, pure: at once or once a day, and never in a person's quiet hours, in the person's zone."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

#: When the one mail of a day leaves, in minutes of the person's day.
DAILY_AT = 8 * 60
Quiet = tuple[int, int]  # minutes of the local day, from and until; over midnight where the first is the later one


class How(StrEnum):
    """How somebody wants mail."""

    NOW = "now"
    DAILY = "daily"
    NONE = "none"


def leaves_at(how: str, quiet: Quiet | None, zone: ZoneInfo, at: datetime) -> datetime | None:
    """When a mail decided `at` leaves, UTC; never before `at`. None where no mail is wanted."""
    if how == How.NONE:
        return None
    moment = _next(DAILY_AT, zone, at) if how == How.DAILY else at
    return _next(quiet[1], zone, moment) if quiet and _is_quiet(quiet, zone, moment) else moment


def _is_quiet(quiet: Quiet, zone: ZoneInfo, moment: datetime) -> bool:
    local = moment.astimezone(zone)
    minute = local.hour * 60 + local.minute
    first, last = quiet
    return first <= minute < last if first < last else minute >= first or minute < last


def _next(minute: int, zone: ZoneInfo, moment: datetime) -> datetime:
    """The first moment at or after this one at which the clock on the wall shows that minute, or has jumped past it."""
    day = moment.astimezone(zone).date()
    found = (_at(minute, zone, day + timedelta(days=ahead)) for ahead in (-1, 0, 1, 2))
    return next(one for one in found if one >= moment)


def _at(minute: int, zone: ZoneInfo, day: date) -> datetime:
    """Where clocks go back, the later of the two; where they go forward, the moment after the gap."""
    naive = datetime.combine(day, time(minute // 60, minute % 60), zone)
    return max(naive.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
