"""Handoffs as the database holds them, for tests of what counts rows. Real flows call the handoff's verbs."""

from datetime import datetime, timedelta
from typing import Any

from handoff.models import Handoff, Outcome, SlaPolicy
from leadhub.testing import NOON, make_lead
from leads.models import Lead, StageMove
from leads.stages import Cause, Stage

HOUR = timedelta(hours=1)


def moved(lead: Lead, to: Stage, at: datetime, start: Stage = Stage.LEAD) -> StageMove:
    """A line of the lead's history."""
    return StageMove.objects.create(lead=lead, from_stage=start, to_stage=to, at=at, cause=Cause.SCORE, cycle=1)


def offered(
    at: datetime = NOON, *, lead: Lead | None = None, follow_up: timedelta | None = None, **facts: Any
) -> Handoff:
    """A handoff offered `at` and due 24 hours later; `follow_up` and `closed` say how long after the offer."""
    lead = lead or make_lead()
    closed = facts.pop("closed", None)
    if closed:
        facts |= {"closed_at": at + closed, "outcome": facts.get("outcome", Outcome.SENT_BACK)}
    if facts.get("claimed_by"):
        facts.setdefault("claimed_at", at + HOUR)
    return Handoff.objects.create(
        lead=lead, move=moved(lead, Stage.SALES_QUALIFIED, at, Stage.MARKETING_QUALIFIED), cycle=1, offered_at=at, clock_from=at, source=lead.source,
        sla_policy=SlaPolicy.objects.get(is_default=True), promise={"policy": "Every SQL", "conditions": [], "kind": "straight", "minutes": 1440},
        due_at=at + 24 * HOUR, first_follow_up_at=at + follow_up if follow_up is not None else None, **facts,
    )  # fmt: skip
