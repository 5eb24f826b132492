"""The team's open handoffs, for whoever oversees them: who carries how much, and every one of them to pass on (product.md §9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, Q
from django.utils import timezone

from accounts.models import User
from leads.numbers import id_of
from leads.paging import Order, Page, Run

from . import live
from .inbox import Row, row_of
from .models import Handoff

#: The part of the team's handoffs that nobody holds, and that whose clock ran out, as filters.
WAITING, LATE = "waiting", "late"


@dataclass(frozen=True)
class Load:
    """What one person holds open: how many, how many of them late, and when the next first follow-up is due."""

    holder: int | None
    name: str
    open: int
    late: int
    next_due: datetime | None


@dataclass(frozen=True)
class TeamInbox:
    """The open handoffs that one manager oversees, a page of them, running clocks first, and the load of each holder."""

    loads: Sequence[Load]
    rows: Sequence[Row]
    next: str
    previous: str
    shown: str
    mark: str

    @classmethod
    def of(cls, manager: User, asked: Mapping[str, str], *, now: datetime) -> "TeamInbox":
        mark, everything = live.mark(), Handoff.objects.overseen_by(manager).open()
        shown = asked.get("holder", "")
        part, by_due = _part(everything, shown, now).for_rows(), Order({"due_at": datetime, "pk": int})
        page = Page.of_runs([Run(part.running(), by_due), Run(part.followed_up(), by_due)], asked)
        today = timezone.localdate(now)
        rows = [row_of(handoff, today) for handoff in page.rows]
        return cls(_loads(everything, now), rows, page.next, page.previous, shown, mark)

    @property
    def open(self) -> int:
        return sum(load.open for load in self.loads)

    @property
    def late(self) -> int:
        return sum(load.late for load in self.loads)


def _part(everything: Any, shown: str, now: datetime) -> Any:
    if shown == WAITING:
        return everything.waiting()
    if shown == LATE:
        return everything.overdue(now)
    return everything.mine(id_of(shown)) if id_of(shown) else everything


def _loads(everything: Any, now: datetime) -> list[Load]:
    """One statement; whoever holds most first, the queue on top."""
    running = Q(first_follow_up_at=None)
    rows = (
        everything.order_by()
        .values(holder=F("claimed_by"), name=F("claimed_by__name"))
        .annotate(
            open=Count("pk"),
            late=Count("pk", filter=running & Q(due_at__lt=now)),
            next_due=Min("due_at", filter=running),
        )
        .order_by(F("claimed_by").desc(nulls_first=True))
    )
    loads = [Load(row["holder"], row["name"] or "", row["open"], row["late"], row["next_due"]) for row in rows]
    return sorted(loads, key=lambda load: (load.holder is not None, -load.open, load.name))
