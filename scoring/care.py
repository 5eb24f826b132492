"""What looks after rules and scores once a day and goes on where it was cut off: rule health and the check of every score."""

from datetime import datetime

from . import checking, health_reading
from .models_gone import GoneLead


def look_after(now: datetime, *, portions: int = 1) -> None:
    """Begin what is due today and do some portions of each; idempotent, and any number of processes may do it at once."""
    health_reading.ask_nightly(now)
    health_reading.go_on(now, portions=portions)
    checking.begin_nightly(now)
    checking.go_on(now, portions=portions)
    GoneLead.objects.forget(now)
