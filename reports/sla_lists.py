"""The handoffs behind a figure: a list in pages, newest offer first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.db.models.functions import ExtractHour

from handoff.models import Handoff
from leads.paging import Order, Page

from .questions import COUNTED, SlaQuestion
from .sla_rows import DEFINITIONS, Standing, with_standing

NEWEST_OFFER_FIRST = Order({"offered_at": datetime, "pk": int}, descending=True)
TONES = {
    Standing.MET: "good",
    Standing.LATE: "soon",
    Standing.OVERDUE: "late",
    Standing.MISSED: "late",
    Standing.RUNNING: "neutral",
    Standing.SET_ASIDE: "neutral",
}


@dataclass(frozen=True)
class HandoffRow:
    """One handoff with its standing in words."""

    handoff: Handoff
    standing: Standing

    @property
    def tone(self) -> str:
        return TONES[self.standing]

    @property
    def definition(self) -> str:
        return str(DEFINITIONS[self.standing])

    @property
    def to_claim(self) -> timedelta | None:
        return None if self.handoff.is_given else self._since(self.handoff.claimed_at)

    @property
    def to_follow_up(self) -> timedelta | None:
        return self._since(self.handoff.first_follow_up_at)

    def _since(self, moment: datetime | None) -> timedelta | None:
        return moment - self.handoff.offered_at if moment else None


def counted_handoffs(
    question: SlaQuestion, *, only: str, hour: int | None, now: datetime, zone: ZoneInfo
) -> "QuerySet[Handoff]":
    """The handoffs that a figure counts: all of the question, or only some, or those offered at an hour of the day."""
    rows = with_standing(question.handoffs(zone), now)
    if hour is not None:
        rows = rows.annotate(hour=ExtractHour("offered_at", tzinfo=zone)).filter(hour=hour)
    return COUNTED[only](rows) if only else rows


def page_of(rows: "QuerySet[Handoff]", asked: Mapping[str, str]) -> Page:
    found = Page.of(rows.select_related("lead__company", "claimed_by", "reason"), NEWEST_OFFER_FIRST, asked)
    shown = [HandoffRow(handoff, Standing(handoff.standing)) for handoff in found.rows]
    return Page(shown, found.next, found.previous)
