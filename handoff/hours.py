"""Whether a person is at work at a moment: windows of the week in their own zone, as calendars have them."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo


def at_work(at: datetime, zone: ZoneInfo, week: Sequence[Sequence[Sequence[int]]]) -> bool:
    """`week`: the windows of each weekday, Monday first, in minutes of the day; none at all means any hour."""
    if not any(week):
        return True
    here = at.astimezone(zone)
    minute = here.hour * 60 + here.minute
    return any(first <= minute < last for first, last in week[here.weekday()])
