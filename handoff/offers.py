"""The offer: leads that became SQL are handed to sales in the same transaction, set-wise (R16; product.md §5)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from leads.models import Lead, StageMove
from leads.stages import Cause, Stage

from . import crm, routing
from .brief import briefs_of
from .models import Ending, Handoff, Opportunity, Outcome, Qualification
from .sla import Given, Rulebook, hold_deadlines


def follow_stages(sender: Any, *, moves: Sequence[StageMove], at: datetime, note: str = "", **_signal: Any) -> None:
    """Receiver of `stages_changed`: close what a move leaves behind, open a handoff for each lead that became SQL."""
    withdraw([move.lead_id for move in moves if move.from_stage == Stage.SALES_QUALIFIED], at=at)
    end_opportunities(moves, at=at)
    open_for([move for move in moves if move.to_stage == Stage.SALES_QUALIFIED], note=note)


def withdraw(lead_ids: Sequence[int], *, at: datetime) -> int:
    """Close the open handoffs of leads that moved otherwise than by sales' decision (which closes before it moves)."""
    if not lead_ids:
        return 0
    return Handoff.objects.open().filter(lead__in=lead_ids).update(
        closed_at=at, outcome=Outcome.WITHDRAWN, remind_at=None
    )  # fmt: skip


def end_opportunities(moves: Sequence[StageMove], *, at: datetime) -> None:
    """Opportunities whose lead became customer or lost by another way end with it; nothing stays open behind a lead."""
    for stage, ending in ((Stage.CUSTOMER, Ending.WON), (Stage.LOST, Ending.LOST)):
        ids = [move.lead_id for move in moves if move.to_stage == stage]
        if ids:
            still_open = Opportunity.objects.filter(lead__in=ids, closed_at=None)
            numbers = list(still_open.values_list("pk", flat=True))
            still_open.update(closed_at=at, ending=ending)
            ended = Opportunity.objects.filter(pk__in=numbers).select_related("lead__company", "reason")
            crm.tell(crm.WON if ending == Ending.WON else crm.LOST, ended, at=at)


def open_for(moves: Sequence[StageMove], *, note: str = "") -> list[Handoff]:
    """One handoff per move, brief and promise frozen, routed by the rules, in a number of statements that leads do not change."""
    if not moves:
        return []
    hold_deadlines(alone=False)
    briefs, book = briefs_of(moves, at=moves[0].at), Rulebook.now()
    ids = [move.lead_id for move in moves]
    policies, sources = book.of_leads(ids), dict(Lead.objects.filter(pk__in=ids).values_list("pk", "source"))
    handoffs = Handoff.objects.bulk_create(
        [
            _offer(move, sources[move.lead_id], briefs[move.lead_id], note, book.given(policies[move.lead_id], move.at))
            for move in moves
        ],
        batch_size=2_000,
    )
    Qualification.objects.bulk_create(
        [Qualification(handoff=handoff, updated_at=handoff.offered_at) for handoff in handoffs], batch_size=2_000
    )
    routing.route(handoffs, at=moves[0].at)
    return handoffs


def _offer(move: StageMove, source: str, brief: dict[str, Any], note: str, given: Given) -> Handoff:
    return Handoff(
        lead_id=move.lead_id,
        move=move,
        cycle=move.cycle,
        offered_at=move.at,
        offered_by=move.by if move.cause == Cause.PERSON else None,
        note=note.strip(),
        brief=brief,
        source=source,
        clock_from=move.at,
        due_at=given.due_at,
        sla_policy=given.policy,
        promise=given.promise,
        remind_at=given.remind_at(move.at, is_claimed=False),
    )
