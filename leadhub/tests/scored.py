"""A lead with a score as the list reads it, for tests of screens; how scores come about is the scoring room's to test."""

from typing import Any

from leadhub.testing import NOON, make_lead
from leads.models import Lead
from scoring.models import LeadScore


def scored(total: int, *, label: str = "B2", **facts: Any) -> Lead:
    """A lead with a score in whole points."""
    lead = make_lead(**facts)
    copies = {"stage": lead.stage, "stage_since": lead.stage_since, "owner": lead.owner}
    LeadScore.objects.create(lead=lead, total=total * 100, label=label, scored_on=NOON.date(), **copies)
    return lead
