"""Days: the calendar of the workspace, in which scores count (product.md §3)."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import DateField, F
from django.db.models.functions import TruncDate


def workspace_day(moment: datetime) -> date:
    """The calendar day of a moment in the workspace's time zone."""
    return moment.astimezone(settings.WORKSPACE_ZONE).date()


def end_of(day: date) -> datetime:
    """The moment at which the day is over in the workspace's time zone."""
    return datetime.combine(day + timedelta(days=1), time.min, settings.WORKSPACE_ZONE)


def local_day(field: str) -> Any:
    """The same as an expression on a moment in the database."""
    return TruncDate(F(field), tzinfo=settings.WORKSPACE_ZONE, output_field=DateField())
