"""The Score tab of a lead: its ledger for any day and version, the curve, and the ledgers frozen by moves (R7, product.md §3)."""

from datetime import date
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import SignedIn, gate
from leads.models import Lead
from leads.numbers import id_of
from leads.permissions import may_see_leads, sees_personal_data

from .days import workspace_day
from .lead_path import LeadPath, curve, table
from .lead_reading import day_asked, days_around, facts_changed_since, frozen, read
from .models import ScoringModel, Snapshot
from .vectors import DayOutOfRange


def _lead(request: SignedIn, pk: int) -> Lead:
    return get_object_or_404(Lead.objects.visible_to(request.user).select_related("company"), pk=pk)


def _version(request: SignedIn) -> ScoringModel:
    """The version asked for by number, else the published one."""
    asked = id_of(request.GET.get("version", ""))
    found = ScoringModel.objects.filter(version=asked).first() if asked else None
    return found or ScoringModel.objects.published()


@gate(may_see_leads)
@require_safe
def lead_score(request: SignedIn, pk: int) -> HttpResponse:
    """Why the score is what it is, was, or will be; for htmx only the day asked for, or the whole tab."""
    lead, version, today = _lead(request, pk), _version(request), workspace_day(timezone.now())
    path, problem = LeadPath(lead, version=version, today=today), ""
    try:
        day = day_asked(request.GET.get("day", ""), today)
    except DayOutOfRange as fault:
        day, problem = today, str(fault)
    shown = {"lead": lead, "version": version, "day": day, "today": today, "problem": problem, "path": path}
    shown |= {"reading": read(path, day), "around": days_around(day)}
    shown |= {
        "old_facts": day < today and facts_changed_since(lead, day),
        "masked": not sees_personal_data(request.user),
    }
    if request.htmx.target == "score-of-day":
        return render(request, "scoring/lead_score_day.html", shown)
    shown |= _frame(path, day)
    return render(request, "scoring/lead_score.html" if request.htmx else "scoring/lead_score_page.html", shown)


def _frame(path: LeadPath, day: date) -> dict[str, Any]:
    """What stands around the day: versions, slider (days counted from today), curve and its table."""
    first, last = ((end - path.today).days for end in (path.first, path.last))
    offsets = [(mark.day - path.today).days for mark in path.marks]
    return {
        "versions": ScoringModel.objects.only("version", "name", "state")[:30],
        "table": table(path),
        "curve_url": f"{reverse('lead_score_data', args=[path.lead.pk])}?version={path.version.version}",
        "first": first,
        "last": last,
        "offset": min(max((day - path.today).days, first), last),
        "offsets": [one for one in offsets if first <= one <= last],
    }


@gate(may_see_leads)
@require_safe
def lead_score_data(request: SignedIn, pk: int) -> JsonResponse:
    """The curve of the total, for the chart."""
    return JsonResponse(
        curve(LeadPath(_lead(request, pk), version=_version(request), today=workspace_day(timezone.now())))
    )


@gate(may_see_leads)
@require_safe
def lead_move_score(request: SignedIn, pk: int, move: int) -> HttpResponse:
    """The ledger as it was frozen when the stage changed."""
    lead = _lead(request, pk)
    kept = get_object_or_404(Snapshot.objects.select_related("move", "model"), move=move, move__lead=lead)
    context = {"lead": lead, "snapshot": kept, "reading": frozen(kept), "masked": not sees_personal_data(request.user)}
    return render(request, "scoring/lead_score_frozen.html", context)
