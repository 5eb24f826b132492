"""The inbox: my clocks first, then what I may claim; each row says who, why now, how long left (product.md §9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from leads.paging import Order, Page, Run, count_at_most
from scoring.points import whole_points

from . import live, why_now
from .models import Handoff

#: The most rows of my own that one page shows; the most urgent come first.
MOST = 100
BEST, OLDEST = "best", "oldest"


@dataclass(frozen=True)
class Row:
    """One handoff as the inbox shows it; points are whole, None before the first score."""

    handoff: Handoff
    today: date
    reasons: list[str]
    points: int | None
    label: str
    gave: list[dict[str, Any]]


@dataclass(frozen=True)
class Section:
    """A part of the inbox; `count` says how many there are, counted no further than a thousand."""

    rows: list[Row]
    count: int
    next: str = ""
    previous: str = ""

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.rows)


@dataclass(frozen=True)
class Inbox:
    """What one person sees at one moment, and the mark of that moment (see `live`)."""

    mine: Section
    waiting: Section
    order: str
    mark: str

    @classmethod
    def of(cls, user: User, asked: Mapping[str, str], *, now: datetime) -> "Inbox":
        order = OLDEST if asked.get("order") == OLDEST else BEST
        mark = live.mark()
        seen, today = Handoff.objects.visible_to(user).for_rows(), timezone.localdate(now)
        return cls(_capped(seen.mine(user), today), _waiting(seen.claimable_by(user), order, asked, today), order, mark)


def _capped(handoffs: Any, today: date) -> Section:
    rows = [row_of(handoff, today) for handoff in handoffs.most_urgent_first()[:MOST]]
    return Section(rows, len(rows) if len(rows) < MOST else count_at_most(handoffs))


def _waiting(handoffs: Any, order: str, asked: Mapping[str, str], today: date) -> Section:
    page = Page.of_runs(_runs(handoffs, order), asked)
    whole = not (page.next or page.previous)
    rows = [row_of(handoff, today) for handoff in page.rows]
    return Section(rows, len(rows) if whole else count_at_most(handoffs), page.next, page.previous)


def _runs(handoffs: Any, order: str) -> list[Run]:
    """Best first ends with the leads that were never scored; oldest first is by due time."""
    if order == OLDEST:
        return [Run(handoffs, Order({"due_at": datetime, "pk": int}))]
    scored, others = handoffs.scored(), handoffs.unscored()
    best = Order({"lead__score__total": int, "lead_id": int}, descending=True)
    return [Run(scored, best), Run(others, Order({"pk": int}, descending=True))]


def row_of(handoff: Handoff, today: date) -> Row:
    score = getattr(handoff.lead, "score", None)
    marketer = handoff.offered_by.name if handoff.offered_by else ""
    return Row(
        handoff,
        today,
        why_now.reasons(handoff.brief, note=handoff.note, marketer=marketer, today=today, most=2),
        whole_points(score.total) if score else None,
        score.label if score else "",
        why_now.points(handoff.brief),
    )
