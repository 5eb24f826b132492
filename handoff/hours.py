"""Whether a person is at work at a moment: plain windows of the week in their own zone."""

from collections.abc import Collection
from datetime import datetime, time
from zoneinfo import ZoneInfo


def at_work(at: datetime, zone: ZoneInfo, days: Collection[int], opens: time | None, closes: time | None) -> bool:
    """`days`: 0 is Monday, none means every day. Without hours the whole day; `closes` before `opens` goes over midnight.

    A night's window belongs to the day on which it opens.
    """
    here = at.astimezone(zone)
    now, today = here.time(), here.weekday()
    if opens is None or closes is None or opens == closes:
        return not days or today in days
    if opens < closes:
        return opens <= now < closes and (not days or today in days)
    begun = today if now >= opens else (today - 1) % 7
    return (now >= opens or now < closes) and (not days or begun in days)
