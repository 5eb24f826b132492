"""Days: the calendar of the workspace, in which scores count (product.md §3)."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Func, IntegerField, Value


def workspace_day(moment: datetime) -> date:
    """The calendar day of a moment in the workspace's time zone."""
    return moment.astimezone(settings.WORKSPACE_ZONE).date()


def beginning_of(day: date) -> datetime:
    """The moment at which the day begins in the workspace's time zone."""
    return datetime.combine(day, time.min, settings.WORKSPACE_ZONE)


def end_of(day: date) -> datetime:
    """The moment at which the day is over in the workspace's time zone."""
    return beginning_of(day + timedelta(days=1))


def day_number(field: str) -> Any:
    """The number of the calendar day (days since 2000-01-01) of a moment, as an expression in the database."""
    return _DayNumber(F(field), Value(settings.WORKSPACE_TIME_ZONE), output_field=IntegerField())


class _DayNumber(Func):
    template = "((%(expressions)s)::date - DATE '2000-01-01')"
    arg_joiner = " AT TIME ZONE "
