"""What the CRM that runs the deal is told of an opportunity, by webhook (docs/qualification.md has the fields)."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from outbox import hooks

from .gate import FRAMEWORKS
from .models.qualification_change import written
from .models.qualification_parts import extras_of

if TYPE_CHECKING:
    from .models import Opportunity

OPENED, CHANGED, WON, LOST = "opportunity.opened", "opportunity.changed", "opportunity.won", "opportunity.lost"


def tell(event: str, opportunities: "Iterable[Opportunity]", *, at: datetime) -> None:
    """Decide, in the transaction of the cause, that every listener hears of these opportunities as they stand now."""
    if hooks.anybody_listens():
        for opportunity in opportunities:
            hooks.decide(event, body_of(opportunity), at=at)


def body_of(opportunity: "Opportunity") -> dict[str, Any]:
    """The opportunity, its lead, and what qualified it."""
    handoff = opportunity.handoff
    return {
        "opportunity": {
            "id": opportunity.pk,
            "url": settings.BASE_URL + reverse("handoff_page", args=[handoff.pk]),
            "opened_at": opportunity.opened_at.isoformat(),
            "amount": written(opportunity.amount) or None,
            "currency": opportunity.currency,
            "expected_on": written(opportunity.expected_on) or None,
            "closed_at": opportunity.closed_at.isoformat() if opportunity.closed_at else None,
            "ending": opportunity.ending,
            "reason": str(opportunity.reason) if opportunity.reason else "",
            "reason_text": opportunity.reason_text,
            "owner": handoff.claimed_by.email if handoff.claimed_by else None,
            "cycle": handoff.cycle,
        },
        "lead": _lead(opportunity),
        "qualification": _qualification(opportunity),
    }


def _lead(opportunity: "Opportunity") -> dict[str, Any]:
    lead = opportunity.lead
    plain = ("external_id", "email", "first_name", "last_name", "job_title", "phone", "source", "campaign")
    company = lead.company
    return {"id": lead.pk, **{name: getattr(lead, name) for name in plain}} | {
        "company": {"name": company.name, "country": company.country} if company else None
    }


def _qualification(opportunity: "Opportunity") -> dict[str, Any]:
    found = opportunity.handoff.qualification
    framework = opportunity.handoff.rules().framework
    items = {
        item: {
            "answer": getattr(found, item),
            "evidence": getattr(found, f"{item}_evidence"),
            "verified": getattr(found, f"{item}_verified"),
        }
        | {extra: written(getattr(found, extra)) or None for extra in extras_of(item)}
        for item in FRAMEWORKS[framework]
    }
    return {"framework": framework, "items": items}
