"""What is done from the lead page: log an activity, change the stage by hand, judge a machine's hit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import gate, require
from accounts.models import User
from handoff.models import Handoff
from handoff.permissions import LeadHandoffPermissions
from leads.forms import ActivityForm, NoteForm, ReasonForm
from leads.intake import IntakeRefused
from leads.models import Activity, Lead, MoveRefused, Verdict
from leads.permissions import LeadPermissions, may_see_leads
from leads.requests import SignedIn

from .lead_page import visible_lead


@dataclass(frozen=True)
class HandMove:
    """One change of stage by hand: its form, who may, and the verb."""

    title: Any
    verb: Any
    intro: Any
    form: type[forms.Form]
    allowed: Callable[[User, Lead], bool]
    run: Callable[[Lead, str, User, Any], Any]
    done: Any


MOVES = {
    "promote": HandMove(
        gettext_lazy("Make MQL"), gettext_lazy("Make MQL"), gettext_lazy("The reason stays in the history of the lead."), ReasonForm,
        lambda user, lead: LeadPermissions(user, lead).promote,
        lambda lead, said, by, at: lead.promote(reason=said, by=by, at=at), gettext_lazy("%(lead)s is MQL now."),
    ),
    "demote": HandMove(
        gettext_lazy("Back to lead"), gettext_lazy("Make it a lead again"), gettext_lazy("The reason stays in the history of the lead."), ReasonForm,
        lambda user, lead: LeadPermissions(user, lead).demote,
        lambda lead, said, by, at: lead.demote(reason=said, by=by, at=at), gettext_lazy("%(lead)s is a lead again."),
    ),
    "hand-over": HandMove(
        gettext_lazy("Hand over to sales"), gettext_lazy("Hand over"), gettext_lazy("Sales takes it from here: the clock of the follow-up policy starts now."), NoteForm,
        lambda user, lead: LeadHandoffPermissions(user, lead).hand_over,
        lambda lead, said, by, at: lead.hand_over(note=said, by=by, at=at), gettext_lazy("%(lead)s is with sales now."),
    ),
    "revive": HandMove(
        gettext_lazy("Bring back"), gettext_lazy("Bring back"), gettext_lazy("A new cycle begins; everything before stays in the history."), ReasonForm,
        lambda user, lead: LeadPermissions(user, lead).revive,
        lambda lead, said, by, at: lead.revive(reason=said, by=by, at=at), gettext_lazy("%(lead)s is back."),
    ),
}  # fmt: skip


@gate(may_see_leads)
@require_http_methods(["GET", "POST"])
def change_stage(request: SignedIn, pk: int, move: str) -> HttpResponse:
    """Ask why, then move the lead."""
    lead, chosen = visible_lead(request, pk), MOVES.get(move)
    if chosen is None:
        raise Http404
    require(chosen.allowed(request.user, lead))
    form = chosen.form(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            chosen.run(lead, form.cleaned_data["reason"], request.user, timezone.now())
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, chosen.done % {"lead": lead.name})
            return _back(request, lead)
    return _asked(request, lead, form, title=chosen.title, submit=chosen.verb, intro=chosen.intro)


@gate(may_see_leads)
@require_http_methods(["GET", "POST"])
def log_activity(request: SignedIn, pk: int) -> HttpResponse:
    """Log one deed by hand. What stops an open handoff's clock is logged with the handoff itself."""
    lead, now = visible_lead(request, pk), timezone.now()
    require(LeadPermissions(request.user, lead).record_activity)
    by_sales = not Handoff.objects.open().filter(lead=lead).exists()
    form = ActivityForm(
        request.POST if request.method == "POST" else None, by_sales=by_sales, now=now, initial={"at": now}
    )
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            lead.record(
                said["type"].key, at=said["at"], recorded_at=now, by=request.user, subject=said["subject"],
                asset=said["asset"].key if said["asset"] else "", verdict=Verdict.PERSON,
            )  # fmt: skip
        except IntakeRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Logged: %(type)s.") % {"type": said["type"]})
            return _back(request, lead)
    intro = (
        ""
        if by_sales
        else _("Calls, meetings and e-mails of sales are logged under Qualification: they stop the clock.")
    )
    return _asked(request, lead, form, title=_("Log activity"), submit=_("Log"), intro=intro)


@gate(may_see_leads)
@require_POST
def judge(request: SignedIn, pk: int, activity: int) -> HttpResponse:
    """Say that a machine, or a person, did it; the score follows."""
    lead = visible_lead(request, pk)
    require(LeadPermissions(request.user, lead).judge_activity)
    deed = get_object_or_404(Activity, pk=activity, lead=lead)
    verdict = Verdict.PERSON if deed.verdict == Verdict.MACHINE else Verdict.MACHINE
    deed.judge(verdict, by=request.user, at=timezone.now())
    told = (
        _("Counted as a machine's: it earns nothing.")
        if verdict == Verdict.MACHINE
        else _("Counted as a person's: the score follows.")
    )
    messages.success(request, told, extra_tags=f"undo:{request.path}")
    return redirect("lead_page", pk)


def _back(request: SignedIn, lead: Lead) -> HttpResponse:
    """To the lead page; to the list where the person may see the lead no more."""
    if Lead.objects.visible_to(request.user).filter(pk=lead.pk).exists():
        return redirect("lead_page", lead.pk)
    return redirect("lead_list")


def _asked(request: SignedIn, lead: Lead, form: forms.Form, **words: Any) -> HttpResponse:
    context = {"lead": lead, "form": form, "action": request.path, **words}
    bad = 422 if form.is_bound and request.htmx else 200
    return render(request, "leads/ask_panel.html" if request.htmx else "leads/ask_page.html", context, status=bad)
