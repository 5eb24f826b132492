"""Everything the card of one handoff shows, in the side panel, on its page and on the lead page."""

from datetime import date, datetime
from typing import Any

from django.forms import BaseForm
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.face import wording
from accounts.models import User
from leads.models import Lead, StageMove, Verdict
from leads.stages import Stage

from . import trail, why_now, words
from .forms import DecisionForm, FollowUpForm, PlanForm, ReassignForm, ReplyForm, SendBackForm, WonForm
from .forms_qualification import QualificationForm
from .gate import CURRENCIES
from .inbox import row_of
from .models import Handoff, Opportunity, Outcome, Reason
from .permissions import HandoffPermissions, may_hand_over
from .questions import AskForm
from .sla import Explained
from .why_routed import lines_of

#: Deeds since the offer that a card shows.
DEEDS = 6
#: Lines of the routing log that a card shows.
ROUTED = 5


def card_of(handoff: Handoff, user: User, now: datetime, **bound: BaseForm) -> dict[str, Any]:
    """The context of `handoff/_card.html`; `bound` replaces a form by one that was posted and is wrong."""
    can, lead = HandoffPermissions(user, handoff), handoff.lead
    masked = not can.see_personal_data
    opportunity = _opportunity(handoff)
    context = {
        "handoff": handoff,
        "lead": lead,
        "can": can,
        "masked": masked,
        "now": now,
        "is_mine": handoff.claimed_by_id == user.pk,
        "title": name_of(lead, masked=masked),
        "subtitle": subtitle(lead),
        "dates": stage_dates(lead),
        "row": row_of(handoff, timezone.localdate(now)),
        "opportunity": opportunity,
    }
    return context | _found(handoff, now, masked) | forms_of(handoff, user, now, can, opportunity) | bound


def name_of(lead: Lead, *, masked: bool) -> str:
    """What the lead is called to this reader."""
    return _("Lead #%(number)d") % {"number": lead.pk} if masked else lead.name


def _found(handoff: Handoff, now: datetime, masked: bool) -> dict[str, Any]:
    """Why now, why this deadline, what was done, what is missing."""
    rules, bant = handoff.rules(), handoff.qualification
    missing = handoff.missing_for_acceptance(rules)
    return {
        "rules": rules,
        "replies": list(handoff.replies.select_related("by")) if handoff.closed_at else [],
        "asked": handoff.question_forms.first(),
        "known": bant.known_of(rules.items),
        "items": trail.items_to_read(bant, rules.items),
        "reasons": why_now.reasons(handoff.brief, **told(handoff, masked)),
        "ledger": why_now.ledger(handoff.brief),
        "deadline": Explained(handoff),
        "moved": list(handoff.deadline_changes.select_related("by")),
        "missing": words.missing_sentence(missing) if missing else "",
        "follow_ups": list(handoff.follow_ups.select_related("by")),
        "routed": lines_of(handoff.routed.for_lines()[:ROUTED]),
        "deeds": list(handoff.lead.activities.select_related("type").filter(verdict=Verdict.PERSON)[:DEEDS]),
        "quarter": handoff.qualification.buys_in_coming_quarter(timezone.localdate(now)),
    }


def _opportunity(handoff: Handoff) -> Opportunity | None:
    if handoff.outcome != Outcome.ACCEPTED:
        return None
    return Opportunity.objects.select_related("reason", "closed_by").filter(handoff=handoff).first()


def told(handoff: Handoff, masked: bool) -> dict[str, Any]:
    """The marketer's note, for those who may read what people wrote."""
    marketer = handoff.offered_by.name if handoff.offered_by else ""
    return {"note": "" if masked else handoff.note, "marketer": marketer, "today": timezone.localdate()}


def forms_of(
    handoff: Handoff, user: User, now: datetime, can: HandoffPermissions, opportunity: Opportunity | None
) -> dict[str, BaseForm]:
    """The fresh forms that this person may use in this state."""
    forms: dict[str, BaseForm] = {}
    if handoff.outcome in (Outcome.SENT_BACK, Outcome.DISQUALIFIED) and may_hand_over(user):
        forms["reply_form"] = ReplyForm()
    if can.work and (handoff.is_open or (opportunity and not opportunity.closed_at)):
        forms["log_form"] = FollowUpForm(handoff=handoff, now=now)
    if can.work and handoff.is_open:
        country = handoff.lead.company.country if handoff.lead.company else ""
        forms["ask_form"] = AskForm(number=handoff.pk, country=country)
        forms |= {"bant_form": qualification_form(handoff)} | decision_forms(handoff)
    if can.work and opportunity and not opportunity.closed_at:
        forms |= closing_forms(handoff, opportunity)
    if can.reassign and (handoff.is_open or (opportunity and not opportunity.closed_at)):
        forms["reassign_form"] = ReassignForm(by=user, handoff=handoff)
    return forms


def qualification_form(handoff: Handoff, data: Any = None) -> QualificationForm:
    """The items of the holder's framework, each with who said so last."""
    rules = handoff.rules()
    said = trail.said_of(handoff.qualification, rules.items)
    return QualificationForm(data, handoff=handoff, framework=rules.framework, said=said)


def decision_forms(handoff: Handoff, data: Any = None) -> dict[str, BaseForm]:
    return {
        "back_form": SendBackForm(data, reasons=Reason.objects.for_sending_back(), prefix="back", number=handoff.pk),
        "out_form": DecisionForm(data, reasons=Reason.objects.for_disqualifying(), prefix="out", number=handoff.pk),
    }


def closing_forms(handoff: Handoff, opportunity: Opportunity, data: Any = None) -> dict[str, BaseForm]:
    known = {"amount": opportunity.amount, "currency": opportunity.currency or CURRENCIES[0]}
    return {
        "plan_form": PlanForm(number=handoff.pk, initial=known | {"expected_on": opportunity.expected_on}),
        "won_form": WonForm(data, reasons=Reason.objects.for_winning(), prefix="won", number=handoff.pk, initial=known),
        "lost_form": DecisionForm(data, reasons=Reason.objects.for_losing(), prefix="lost", number=handoff.pk),
    }


def subtitle(lead: Lead) -> str:
    """“Head of operations · Nusantara Logistics · 320”"""
    company = lead.company
    size = lead.employees or (company.employees if company else None)
    parts = (lead.job_title, company.name if company else "", wording.number(size) if size else "")
    return " · ".join(filter(None, parts))


def stage_dates(lead: Lead) -> dict[str, date]:
    """When each stage of this cycle was reached."""
    moves = StageMove.objects.filter(lead=lead, cycle=lead.cycle).order_by("at", "id").values_list("to_stage", "at")
    return {Stage.LEAD.value: timezone.localdate(lead.created_at)} | {
        stage: timezone.localdate(at) for stage, at in moves
    }
