"""The handoff's part of a lead page: its card, what came before, and the way over for marketers."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import gate, require
from leads.models import Lead, MoveRefused
from leads.permissions import may_see_leads, sees_personal_data

from .answers import load, refusals_are_sentences, refused, who
from .card import card_of
from .forms import HandOverForm
from .models import Handoff
from .permissions import LeadHandoffPermissions, may_hand_over, may_read_handoffs

#: The most handoffs of one lead that its page shows.
MOST = 20


def _lead(request: HttpRequest, pk: int) -> Lead:
    return get_object_or_404(Lead.objects.visible_to(who(request)).select_related("company"), pk=pk)


@gate(may_see_leads)
@require_GET
def lead_handoff(request: HttpRequest, pk: int) -> HttpResponse:
    """Qualification, follow-ups and decisions of a lead; a fragment for htmx, a page when opened directly."""
    return _show(request, _lead(request, pk))


@gate(may_hand_over)
@require_POST
def lead_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """A marketer hands the lead over with a note: ownership passes at this moment (R16)."""
    lead = _lead(request, pk)
    form = HandOverForm(request.POST)
    if not form.is_valid():
        return _show(request, lead, status=422, over_form=form)
    try:
        lead.hand_over(note=form.cleaned_data["note"], by=who(request), at=timezone.now())
    except MoveRefused as refusal:
        return refused(request, str(refusal))
    if request.htmx:  # type: ignore[attr-defined]
        return _show(request, _lead(request, pk))
    messages.success(request, _("Handed over: %(lead)s waits in sales' inbox.") % {"lead": lead.name})
    return redirect("lead_handoff", pk)


@gate(may_read_handoffs)
@require_http_methods(["GET", "POST"])
@refusals_are_sentences
def offer_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Why a lead that sales sent back deserves another look, typed in the row of the list it is read in (R22)."""
    handoff = load(request, pk)
    require(may_hand_over(who(request)))
    form = HandOverForm(request.POST if request.method == "POST" else None, number=pk)
    if form.is_valid():
        handoff.lead.hand_over(note=form.cleaned_data["note"], by=who(request), at=timezone.now())
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("lead_handoff", handoff.lead_id)
    context = {"handoff": handoff, "form": form, "is_offered": form.is_valid()}
    refused_form = form.is_bound and not form.is_valid()
    return render(request, "handoff/_again.html", context, status=422 if refused_form else 200)


def _show(request: HttpRequest, lead: Lead, *, status: int = 200, **bound: Any) -> HttpResponse:
    user = who(request)
    every = list(Handoff.objects.visible_to(user).for_rows().of_lead(lead)[:MOST])
    context: dict[str, Any] = {
        "lead": lead,
        "handoff": None,
        "earlier": every[1:],
        "masked": not sees_personal_data(user),
    }
    if every:
        context |= card_of(every[0], user, timezone.now())
    if LeadHandoffPermissions(user, lead).hand_over:
        context["over_form"] = HandOverForm()
    template = "handoff/_lead.html" if request.htmx else "handoff/lead.html"  # type: ignore[attr-defined]
    return render(request, template, context | bound, status=status)
