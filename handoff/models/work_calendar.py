"""When sales works: windows of the week, a country's holidays, days of the house, and the zone of all of them (R17)."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache, partial
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ..calendar import OwnDay, Week, Window, WorkingTime
from ..holiday_names import holidays_of


class WorkCalendarQuerySet(models.QuerySet["WorkCalendar"]):
    """Calendars, named by whether they count."""

    def in_use(self) -> Self:
        """Those that policies may count by, by name."""
        return self.filter(removed_at=None).order_by(Lower("name"), "id")


class WorkCalendar(models.Model):
    """`week` is seven lists of windows, each a pair of minutes of the day, Monday first; `own_days` a day's name and windows."""

    name = models.CharField(_("name"), max_length=80)
    zone = models.CharField(_("time zone"), max_length=60)
    week = models.JSONField(_("week"), default=list)
    country = models.CharField(_("holidays of"), max_length=2, blank=True, default="")
    subdivision = models.CharField(_("part of the country"), max_length=40, blank=True, default="")
    own_days = models.JSONField(_("days of the house"), default=dict, blank=True)
    removed_at = models.DateTimeField(null=True)  # policies that are gone may have counted by it

    objects = WorkCalendarQuerySet.as_manager()

    class Meta:
        ordering = [Lower("name"), "id"]
        constraints = [
            models.UniqueConstraint(Lower("name"), condition=Q(removed_at=None), name="workcalendar_name_once"),
            models.CheckConstraint(name="workcalendar_named", condition=~Q(name="") & ~Q(zone="")),
        ]

    def __str__(self) -> str:
        return self.name

    def working_time(self) -> WorkingTime:
        """This calendar as the clock reads it; one that was read before is taken again with its tables."""
        own = tuple((day, said["name"], frozen_windows(said["windows"])) for day, said in sorted(self.own_days.items()))
        return _working_time(self.zone, tuple(map(frozen_windows, self.week)), self.country, self.subdivision, own)

    def document(self) -> dict[str, Any]:
        """All that a change of it may change, as plain values."""
        names = ("name", "zone", "week", "country", "subdivision", "own_days")
        return {name: getattr(self, name) for name in names}


def frozen_windows(windows: list[list[int]]) -> tuple[Window, ...]:
    """Windows as JSON holds them, as the clock takes them."""
    return tuple((first, last) for first, last in windows)


@lru_cache(100)
def _working_time(zone: str, week: Week, country: str, subdivision: str, own: tuple[Any, ...]) -> WorkingTime:
    days: Mapping[date, OwnDay] = {date.fromisoformat(day): OwnDay(name, windows) for day, name, windows in own}
    return WorkingTime(ZoneInfo(zone), week, partial(holidays_of, country, subdivision), days)
