"""When people of the sample do things: on working days, at working hours of where they live."""

from datetime import datetime, timedelta
from random import Random

SATURDAY = 5


def at_work(rng: Random, moment: datetime, *, hour: int, weekend: float = 0.12) -> datetime:
    """The moment moved to a working hour of the zone `hour` hours east of UTC, and mostly off the weekend."""
    if moment.weekday() >= SATURDAY and rng.random() > weekend:
        moment -= timedelta(days=moment.weekday() - SATURDAY + 1)
    start = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    worked = min(max(rng.gauss(12.5, 3.0), 6.5), 22.0)
    return start + timedelta(hours=worked - hour, seconds=rng.randint(0, 59))


def next_working_moment(moment: datetime, *, hour: int, opens: float = 8.0, closes: float = 18.0) -> datetime:
    """The first moment at or after `moment` when an office in that zone is open, Monday to Friday."""
    local = moment + timedelta(hours=hour)
    while True:
        day = local.replace(hour=0, minute=0, second=0, microsecond=0)
        begin, end = day + timedelta(hours=opens), day + timedelta(hours=closes)
        if local.weekday() < SATURDAY and local < end:
            return max(local, begin) - timedelta(hours=hour)
        local = day + timedelta(days=1)
