"""One handoff: read it, work on it, decide it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import gate, require
from leads.permissions import sees_personal_data

from .answers import card, done, load, refusals_are_sentences, who, workable, wrong
from .card import closing_forms, decision_forms, name_of
from .forms import FollowUpForm, PlanForm, ReassignForm
from .models import Handoff
from .permissions import HandoffPermissions, may_read_handoffs
from .record import record_of

#: Other cycles of the lead that a record links to.
OTHERS = 20


@gate(may_read_handoffs)
@require_GET
def handoff_page(request: HttpRequest, pk: int) -> HttpResponse:
    return card(request, load(request, pk))


@gate(may_read_handoffs)
@require_POST
@refusals_are_sentences
def release(request: HttpRequest, pk: int) -> HttpResponse:
    handoff = load(request, pk)
    require(HandoffPermissions(who(request), handoff).release)
    undo = reverse("handoff_claim", args=[pk]) if handoff.claimed_by == who(request) else ""
    handoff.release(by=who(request), at=timezone.now())
    sentence = _("%(lead)s waits for everybody again.") % {"lead": handoff.lead.name}
    return done(request, handoff, sentence, undo=undo)


@gate(may_read_handoffs)
@require_POST
@refusals_are_sentences
def reassign(request: HttpRequest, pk: int) -> HttpResponse:
    handoff = load(request, pk)
    require(HandoffPermissions(who(request), handoff).reassign)
    form = ReassignForm(request.POST, by=who(request), handoff=handoff)
    if not form.is_valid():
        return wrong(request, handoff, reassign_form=form)
    to = form.cleaned_data["to"]
    work = handoff if handoff.is_open else handoff.opportunity_now()
    work.reassign(to=to, by=who(request), at=timezone.now())
    return done(request, handoff, _("%(lead)s is with %(name)s now.") % {"lead": handoff.lead.name, "name": to.name})


@gate(may_read_handoffs)
@require_POST
@refusals_are_sentences
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Log a call, meeting or e-mail: what alone stops the clock (R17, R20)."""
    handoff, now = workable(request, pk), timezone.now()
    form = FollowUpForm(request.POST, handoff=handoff, now=now)
    if not form.is_valid():
        return wrong(request, handoff, log_form=form)
    was_running, data = handoff.is_running, form.cleaned_data
    handoff.log_follow_up(**data, by=who(request), recorded_at=now)
    return done(request, handoff, _("Logged. The clock has stopped.") if was_running else _("Logged."))


@gate(may_read_handoffs)
@require_GET
def handoff_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that happened to it, and the lead's other cycles."""
    handoff, user = load(request, pk), who(request)
    others = Handoff.objects.visible_to(user).of_lead(handoff.lead).exclude(pk=pk)[:OTHERS]
    masked = not sees_personal_data(user)
    context = {
        "title": name_of(handoff.lead, masked=masked),
        "entries": record_of(handoff),
        "earlier": list(others),
        "masked": masked,
    }
    return render(request, "handoff/_record.html" if request.htmx else "handoff/record.html", context)  # type: ignore[attr-defined]


@gate(may_read_handoffs)
@require_POST
@refusals_are_sentences
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    handoff = workable(request, pk)
    handoff.accept(by=who(request), at=timezone.now())
    return done(request, handoff, _("Accepted: %(lead)s is an opportunity now.") % {"lead": handoff.lead.name})


@gate(may_read_handoffs)
@require_POST
@refusals_are_sentences
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    handoff = workable(request, pk)
    form = decision_forms(handoff, request.POST)["back_form"]
    if not form.is_valid():
        return wrong(request, handoff, back_form=form)
    handoff.send_back(**form.cleaned_data, by=who(request), at=timezone.now())
    return done(request, handoff, _("Sent back to marketing, with your reason."))


@gate(may_read_handoffs)
@require_POST
@refusals_are_sentences
def disqualify(request: HttpRequest, pk: int) -> HttpResponse:
    handoff = workable(request, pk)
    form = decision_forms(handoff, request.POST)["out_form"]
    if not form.is_valid():
        return wrong(request, handoff, out_form=form)
    handoff.disqualify(**form.cleaned_data, by=who(request), at=timezone.now())
    return done(request, handoff, _("Disqualified, with your reason."))


@gate(may_read_handoffs)
@require_POST
@refusals_are_sentences
def won(request: HttpRequest, pk: int) -> HttpResponse:
    """The opportunity became a customer (R31)."""
    handoff = workable(request, pk)
    opportunity = handoff.opportunity_now()
    form = closing_forms(handoff, opportunity, request.POST)["won_form"]
    if not form.is_valid():
        return wrong(request, handoff, won_form=form)
    opportunity.close_won(**form.cleaned_data, by=who(request), at=timezone.now())
    return done(request, handoff, _("Won: %(lead)s is a customer now.") % {"lead": handoff.lead.name})


@gate(may_read_handoffs)
@require_POST
@refusals_are_sentences
def lost(request: HttpRequest, pk: int) -> HttpResponse:
    """The opportunity is lost, with the reason (R31)."""
    handoff = workable(request, pk)
    opportunity = handoff.opportunity_now()
    form = closing_forms(handoff, opportunity, request.POST)["lost_form"]
    if not form.is_valid():
        return wrong(request, handoff, lost_form=form)
    opportunity.close_lost(**form.cleaned_data, by=who(request), at=timezone.now())
    return done(request, handoff, _("Closed as lost, with the reason."))


@gate(may_read_handoffs)
@require_POST
@refusals_are_sentences
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """What the open opportunity is thought to be worth, and when it should close."""
    handoff = workable(request, pk)
    opportunity = handoff.opportunity_now()
    form = PlanForm(request.POST, number=handoff.pk, initial={})
    if not form.is_valid():
        return wrong(request, handoff, plan_form=form)
    opportunity.plan(**form.cleaned_data, by=who(request), at=timezone.now())
    return done(request, handoff, _("Saved."))
