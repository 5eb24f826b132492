"""Merging from the lead page: find the other record, look at both side by side, confirm; and take it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import gate, require
from leads.documents import storable
from leads.forms_merge import MergeForm
from leads.models import Lead, Merge, MergeRefused
from leads.permissions import LeadPermissions, may_merge_leads
from leads.requests import SignedIn
from leads.twins import twins_of
from scoring.days import workspace_day

from .lead_page import visible_lead
from .lead_rows import rows_of
from .merge_words import what_becomes_of

MOST = 8


@gate(may_merge_leads)
@require_safe
def choose(request: SignedIn, pk: int) -> HttpResponse:
    """Leads that this one may be already, and any other that is searched for."""
    lead = visible_lead(request, pk)
    require(LeadPermissions(request.user, lead).merge)
    text = " ".join(request.GET.get("q", "").split())[:120]
    text = text if storable(text) else ""
    context = {"lead": lead, "q": text, "title": _("Merge %(lead)s") % {"lead": lead.name}}
    return render(request, "leads/merge_choose.html", context | {"found": _found(request, lead, text)})


def _found(request: SignedIn, lead: Lead, text: str) -> list[Lead]:
    if text:
        return list(Lead.objects.visible_to(request.user).search(text).but(lead).with_people()[:MOST])
    company = lead.company.name if lead.company else ""
    names = f"{lead.first_name} {lead.last_name}"
    return twins_of(email="", name=names, company=company, user=request.user, but=lead.pk).like


@gate(may_merge_leads)
@require_http_methods(["GET", "POST"])
def merge(request: SignedIn, pk: int, other: int) -> HttpResponse:
    """Both side by side; confirmed, the other one becomes part of this."""
    lead, gone = visible_lead(request, pk), visible_lead(request, other)
    require(LeadPermissions(request.user, lead).merge and LeadPermissions(request.user, gone).merge)
    form = MergeForm(request.POST if request.method == "POST" else None, kept=lead, gone=gone)
    if form.is_bound and form.is_valid():
        try:
            lead.merge(gone, by=request.user, at=timezone.now(), take=form.taken())
        except MergeRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(gone)s is part of this lead now.") % {"gone": gone.name})
            return redirect("lead_page", lead.pk)
    return render(request, "leads/merge.html", _context(lead, gone, form))


def _context(lead: Lead, gone: Lead, form: MergeForm) -> dict[str, Any]:
    kept_row, gone_row = rows_of([lead, gone], today=workspace_day(timezone.now()))
    return {
        "lead": lead,
        "gone": gone,
        "rows": (kept_row, gone_row),
        "form": form,
        "title": _("Merge %(gone)s into %(kept)s") % {"gone": gone.name, "kept": lead.name},
        "sentences": what_becomes_of(lead, gone),
    }


@gate(may_merge_leads)
@require_POST
def undo(request: SignedIn, pk: int) -> HttpResponse:
    """Take a merge back, for as long as that is possible."""
    done = get_object_or_404(Merge, pk=pk)
    lead = visible_lead(request, done.kept_id)
    require(LeadPermissions(request.user, lead).merge)
    try:
        back = done.undo(by=request.user, at=timezone.now())
    except MergeRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("lead_history", lead.pk)
    messages.success(request, _("%(gone)s is a lead of its own again.") % {"gone": back.name})
    return redirect("lead_page", back.pk)
