"""The lead page: what is true about this person, and what next."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import gate
from accounts.models import User
from handoff.models import Handoff
from handoff.permissions import LeadHandoffPermissions, may_claim
from leads.forms import facts_of
from leads.models import CustomField, Lead, Merge
from leads.models.activity import Category
from leads.permissions import LeadPermissions, may_see_leads
from leads.requests import SignedIn
from leads.stages import Stage
from nurture.lead_card import programs_of
from nurture.models import LeadList
from scoring.days import workspace_day

from .lead_history import history_of, merges_of
from .lead_rows import rows_of
from .next_step import Standing, next_step
from .timeline import timeline_of


def visible_lead(request: SignedIn, pk: int) -> Lead:
    """The lead with all the page needs of it, or 404 for whoever may not know of it."""
    leads = (
        Lead.objects.visible_to(request.user)
        .with_completeness()
        .select_related("company", "owner", "owner__team", "score")
    )
    return get_object_or_404(leads, pk=pk)


@gate(may_see_leads)
@require_safe
def lead_page(request: SignedIn, pk: int) -> HttpResponse:
    """Header, facts, and the timeline; more of the timeline for htmx."""
    try:
        lead = visible_lead(request, pk)
    except Http404:
        return _where_it_went(request, pk)
    category = request.GET.get("category", "")
    category = category if category in Category.values else ""
    masked = not LeadPermissions(request.user, lead).see_personal_data
    shown = {
        "timeline": timeline_of(lead, request.GET, category=category, masked=masked),
        "lead": lead,
        "category": category,
    }
    shown |= {"can": LeadPermissions(request.user, lead), "categories": _categories(category), "masked": masked}
    shown["category_label"] = Category(category).label if category else _("Everything")
    if request.htmx.target == "timeline-more":
        return render(request, "leads/timeline_days.html", shown)
    if request.htmx.target == "tab":
        return render(request, "leads/timeline.html", shown)
    return render(request, "leads/page.html", {**frame(request, lead, "timeline"), **shown})


def _where_it_went(request: SignedIn, pk: int) -> HttpResponse:
    """To the lead into which this one was merged; 404 where it was not, or the person may not know of that one."""
    lead = visible_lead(request, Merge.objects.kept_of(pk) or 0)
    messages.info(request, _("The lead you asked for was merged into this one."))
    return redirect("lead_page", lead.pk)


@gate(may_see_leads)
@require_safe
def lead_history(request: SignedIn, pk: int) -> HttpResponse:
    """Moves of stage and changed facts; a tab of the lead page."""
    lead = visible_lead(request, pk)
    masked = not LeadPermissions(request.user, lead).see_personal_data
    context = {"lead": lead, "history": history_of(lead, request.GET, masked=masked), "masked": masked}
    context["merges"] = merges_of(lead, request.user, timezone.now())
    if request.htmx:
        return render(request, "leads/history.html", context)
    return render(request, "leads/page.html", {**frame(request, lead, "history"), **context})


@gate(may_see_leads)
@require_safe
def lead_panel(request: SignedIn, pk: int) -> HttpResponse:
    """The lead in short, beside a list; a page of its own when opened directly."""
    lead = visible_lead(request, pk)
    context = frame(request, lead, "timeline")
    context["timeline"] = timeline_of(lead, {}, masked=context["masked"], size=6)
    return render(request, "leads/panel.html" if request.htmx else "leads/panel_page.html", context)


def frame(request: SignedIn, lead: Lead, tab: str) -> dict[str, Any]:
    """Context of everything around the tabs: head, path, next step, facts."""
    user, now = request.user, timezone.now()
    can, today = LeadPermissions(user, lead), workspace_day(now)
    handoff = Handoff.objects.open().select_related("claimed_by").filter(lead=lead).first()
    masked = not can.see_personal_data
    return {
        "lead": lead,
        "row": rows_of([lead], today=today)[0],
        "title": _("Lead #%(id)d") % {"id": lead.pk} if masked else lead.name,
        "dates": _dates(lead),
        "reached": _reached(lead),
        "handoff": handoff,
        "next_step": next_step(_standing(user, lead, can, handoff)),
        "can": can,
        "may_hand_over": LeadHandoffPermissions(user, lead).hand_over,
        "facts": facts_of(lead),
        "custom": _custom_facts(lead),
        "lists": LeadList.objects.holding(lead),
        "programs": programs_of(lead, user),
        "now": now,
        "today": today,
        "masked": masked,
        "tabs": _tabs(lead, tab, masked=masked),
        "tab": tab,
    }


def _standing(user: User, lead: Lead, can: LeadPermissions, handoff: Handoff | None) -> Standing:
    return Standing(
        stage=lead.stage,
        may_claim=may_claim(user),
        may_hand_over=LeadHandoffPermissions(user, lead).hand_over,
        may_promote=can.promote,
        may_revive=can.revive,
        may_edit=can.edit,
        is_waiting=handoff is not None and handoff.claimed_by_id is None,
        is_mine=handoff is not None and handoff.claimed_by_id == user.pk,
        is_followed_up=handoff is not None and handoff.first_follow_up_at is not None,
    )


def _dates(lead: Lead) -> dict[str, date]:
    """When each stage was reached last; the first one with the lead itself."""
    moved = {move.to_stage: timezone.localdate(move.at) for move in reversed(lead.stage_moves.all())}
    return {Stage.LEAD.value: timezone.localdate(lead.created_at), **moved}


def _reached(lead: Lead) -> str:
    """For a lead that left the path: the stage it left from."""
    if lead.stage not in (Stage.LOST, Stage.DISQUALIFIED):
        return ""
    last = lead.stage_moves.first()
    return last.from_stage if last else Stage.LEAD


def _custom_facts(lead: Lead) -> list[tuple[str, Any]]:
    labels = dict(CustomField.objects.values_list("key", "label")) if lead.custom else {}
    return [(labels.get(key, key), value) for key, value in sorted(lead.custom.items())]


def _categories(chosen: str) -> list[dict[str, Any]]:
    every = {"label": _("Everything"), "value": "", "active": not chosen}
    return [every, *({"label": label, "value": value, "active": value == chosen} for value, label in Category.choices)]


def _tabs(lead: Lead, active: str, *, masked: bool) -> list[dict[str, Any]]:
    letters = [] if masked else [("letters", _("E-mails"), "lead_letters")]
    named = [
        ("timeline", _("Timeline"), "lead_page"),
        ("score", _("Score"), "lead_score"),
        ("handoff", _("Qualification"), "lead_handoff"),
        *letters,
        ("history", _("History"), "lead_history"),
    ]
    return [
        {"label": label, "url": reverse(view, args=[lead.pk]), "active": key == active} for key, label, view in named
    ]
