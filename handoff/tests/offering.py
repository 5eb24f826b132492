"""Real handoffs for tests, made the way the house makes them."""

from datetime import datetime
from typing import Any

from accounts.models import User
from handoff.models import FollowUp, Handoff, Reason
from leadhub.testing import NOON, make_lead, person
from leads.models import Lead
from leads.stages import Cause, Stage

#: BANT that passes the gate.
GOOD_BANT = {"budget": "yes", "authority": "partly", "need": "yes", "timeline": "yes"}


def offered(*, at: datetime = NOON, note: str = "", lead: Lead | None = None, **facts: Any) -> Handoff:
    """A lead that became SQL at `at` by its score (or, with a note, by Mona's hand), waiting to be claimed."""
    lead = lead or make_lead(at=at, **facts)
    if note:
        lead.hand_over(note=note, by=person("Mona"), at=at)
    else:
        lead.move(to=Stage.SALES_QUALIFIED, at=at, cause=Cause.SCORE, reason="Total 92")
    return Handoff.objects.get(lead=lead, closed_at=None)


def claimed(by: str | User = "Rita", *, at: datetime = NOON, **facts: Any) -> Handoff:
    """A handoff that Rita (or another) holds."""
    handoff = offered(at=at, **facts)
    handoff.claim(by=person(by) if isinstance(by, str) else by, at=at)
    return handoff


def called(handoff: Handoff, *, at: datetime, by: str = "Rita", result: str = "reached") -> FollowUp:
    return handoff.log_follow_up(kind="call", result=result, at=at, by=person(by))


def qualified(by: str = "Rita", *, at: datetime = NOON, **facts: Any) -> Handoff:
    """A handoff that passes the gate: called, BANT known."""
    handoff = claimed(by, at=at, **facts)
    called(handoff, at=at, by=by)
    handoff.qualification.save_draft(GOOD_BANT, by=person(by), at=at)
    return handoff


def reason(key: str) -> Reason:
    return Reason.objects.get(key=key)
