"""The moments that are replayed: leads that became SQL or MQL in a period, and what sales decided of each (R13)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from handoff.models import Ending, Handoff, Outcome
from leads.models import Lead, StageMove
from leads.stages import Stage

from .periods import Period

HANDOFFS, QUALIFIED = "handoffs", "mqls"
KINDS = {HANDOFFS: _("Handoffs to sales"), QUALIFIED: _("Leads that became MQL")}
#: The latest so many are looked at: what an answer within seconds allows.
MOST = 10_000
ACCEPTED = {Outcome.ACCEPTED: True, Outcome.SENT_BACK: False, Outcome.DISQUALIFIED: False}
WON = {Ending.WON: True, Ending.LOST: False}


@dataclass(frozen=True)
class Moment:
    """A lead became SQL or MQL. `accepted`, `won`: what sales decided; None while open, or withdrawn."""

    move: int
    lead: int
    at: datetime
    accepted: bool | None = None
    won: bool | None = None


def moments(kind: str, period: Period, viewer: User, zone: ZoneInfo) -> list[Moment]:
    """The latest moments of the period, newest first; one statement."""
    begin, end = period.bounds(zone)
    moves = StageMove.objects.filter(at__gte=begin, at__lt=end, lead__in=Lead.objects.visible_to(viewer))
    rows = _MOVES[kind](moves).order_by("-at", "-id").values_list("id", "lead_id", "at", "outcome", "ending")[:MOST]
    return [Moment(move, lead, at, ACCEPTED.get(outcome), WON.get(ending)) for move, lead, at, outcome, ending in rows]


def _handed_over(moves: "QuerySet[StageMove]") -> "QuerySet[StageMove, Any]":
    """The moves that offered a handoff."""
    return moves.filter(handoff__isnull=False).annotate(
        outcome=F("handoff__outcome"), ending=F("handoff__opportunity__ending")
    )


def _became_mql(moves: "QuerySet[StageMove]") -> "QuerySet[StageMove, Any]":
    """The first move from lead to MQL of each cycle, with the outcome of the cycle's latest handoff after it."""
    entered = {"from_stage": Stage.LEAD, "to_stage": Stage.MARKETING_QUALIFIED}
    cycle = {"lead": OuterRef("lead"), "cycle": OuterRef("cycle")}
    first = StageMove.objects.filter(**entered, **cycle).order_by("at", "id")
    after = Handoff.objects.filter(**cycle, offered_at__gte=OuterRef("at")).order_by("-offered_at", "-id")
    return moves.filter(**entered, id=Subquery(first.values("id")[:1])).annotate(
        outcome=Subquery(after.values("outcome")[:1]), ending=Subquery(after.values("opportunity__ending")[:1])
    )


_MOVES: dict[str, Callable[[Any], Any]] = {HANDOFFS: _handed_over, QUALIFIED: _became_mql}
