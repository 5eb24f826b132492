"""What a report is asked: a period and filters, already checked; knows the rows they mean and their address parameters."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from handoff.models import Handoff
from leads.models import Lead

from .periods import Period
from .permissions import sees_own_sla_only
from .sla_rows import DECIDED, Standing, offered_in

#: The value of a filter that means "none of them": unclaimed, or of no known source.
NONE = "none"

_NOT_MET = (Standing.LATE, Standing.OVERDUE, Standing.MISSED)
#: Which handoffs a figure counts; the key stands in the address of its list.
COUNTED: dict[str, Callable[[Any], "QuerySet[Handoff]"]] = {
    **{s.key: (lambda rows, s=s: rows.filter(standing=s)) for s in Standing},  # type: ignore[misc]
    "decided": lambda rows: rows.filter(standing__in=DECIDED),
    "not_met": lambda rows: rows.filter(standing__in=_NOT_MET),
    "untouched": lambda rows: rows.filter(standing__in=(Standing.OVERDUE, Standing.MISSED)),
    "claimed": lambda rows: rows.filter(is_given=False).exclude(claimed_at=None),
    "given": lambda rows: rows.filter(is_given=True).exclude(claimed_at=None),
    "followed_up": lambda rows: rows.exclude(first_follow_up_at=None),
    "closed": lambda rows: rows.exclude(closed_at=None),
    "accepted": lambda rows: rows.filter(outcome="accepted"),
}
COUNTED_WORDS = {
    **{s.key: s.label for s in Standing},
    "decided": _("Decided: met or not"),
    "not_met": _("Not met"),
    "untouched": _("Past the deadline, untouched"),
    "claimed": _("Claimed"),
    "given": _("Given, not claimed"),
    "followed_up": _("Followed up"),
    "closed": _("Closed by sales"),
    "accepted": _("Accepted"),
}


@dataclass(frozen=True)
class SlaQuestion:
    """Which handoffs the SLA report is about, for one viewer. `rep` and `source` may be `NONE`."""

    viewer: User
    period: Period
    preset: str = ""
    rep: User | str | None = None
    source: str = ""

    def handoffs(self, zone: ZoneInfo) -> "QuerySet[Handoff]":
        """The handoffs offered in the period that the filters and the viewer's rights leave; a rep sees how own ones went."""
        rows = offered_in(self.period, zone).visible_to(self.viewer)
        if sees_own_sla_only(self.viewer):
            rows = rows.filter(claimed_by=self.viewer)
        if self.rep:
            rows = rows.filter(claimed_by=self.rep if isinstance(self.rep, User) else None)
        if self.source:
            rows = rows.filter(source="" if self.source == NONE else self.source)
        return rows

    @property
    def previous(self) -> Self:
        """The same question about the period before."""
        return replace(self, period=self.period.previous, preset="")

    def query(self, **more: object) -> str:
        """The address parameters that ask this question, and more of them."""
        rep = self.rep.pk if isinstance(self.rep, User) else self.rep
        return query_of({**_period_said(self.period, self.preset), "rep": rep, "source": self.source, **more})


@dataclass(frozen=True)
class FunnelQuestion:
    """Which leads the funnel follows: those that came in the period, from a source."""

    viewer: User
    period: Period
    preset: str = ""
    source: str = ""

    def leads(self, zone: ZoneInfo) -> "QuerySet[Lead]":
        begin, end = self.period.bounds(zone)
        rows = Lead.objects.visible_to(self.viewer).filter(created_at__gte=begin, created_at__lt=end)
        return rows.filter(source="" if self.source == NONE else self.source) if self.source else rows

    def query(self, **more: object) -> str:
        """The address parameters that ask this question, and more of them."""
        return query_of({**_period_said(self.period, self.preset), "source": self.source, **more})


def query_of(said: dict[str, object]) -> str:
    return urlencode({name: value for name, value in said.items() if value not in (None, "")})


def _period_said(period: Period, preset: str) -> dict[str, object]:
    if preset:
        return {"period": preset}
    return {"period": "custom", "first": period.first.isoformat(), "last": period.last.isoformat()}


def week_of(period: Period, monday: date) -> Period:
    """The part of the week that lies in the period."""
    week = Period.last_days(7, date.fromordinal(monday.toordinal() + 6))
    return Period(max(week.first, period.first), min(week.last, period.last))
