"""The Score tab of a lead: its ledger for any day and version, and the curve (R7, product.md §3 "As of")."""

from datetime import date

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedIn, gate
from leads.models import Lead
from leads.permissions import may_see_leads, sees_personal_data

from .days import workspace_day
from .lead_reading import curve, days_around, facts_changed_since, read
from .models import ScoringModel
from .vectors import DayOutOfRange


def _lead(request: SignedIn, pk: int) -> Lead:
    return get_object_or_404(Lead.objects.visible_to(request.user).select_related("company"), pk=pk)


def _version(request: SignedIn) -> ScoringModel:
    """The version asked for by number, else the published one."""
    asked = request.GET.get("version", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        found = ScoringModel.objects.filter(version=int(asked)).first()
        if found:
            return found
    return ScoringModel.objects.published()


@gate(may_see_leads)
@require_safe
def lead_score(request: SignedIn, pk: int) -> HttpResponse:
    """Why the score is what it is, was, or will be."""
    lead, version, today = _lead(request, pk), _version(request), workspace_day(timezone.now())
    day, problem = today, ""
    try:
        day = date.fromisoformat(request.GET.get("day") or today.isoformat())
        reading = read(lead, day=day, version=version, today=today)
    except DayOutOfRange as fault:
        problem = str(fault)
    except ValueError:
        problem = _("Give the day as 2026-11-21.")
    if problem:
        day, reading = today, read(lead, day=today, version=version, today=today)
    before, after = days_around(day)
    context = {
        "lead": lead,
        "reading": reading,
        "version": version,
        "versions": ScoringModel.objects.only("version", "name", "state")[:30],
        "day": day,
        "today": today,
        "before": before,
        "after": after,
        "problem": problem,
        "old_facts": day < today and facts_changed_since(lead, day),
        "masked": not sees_personal_data(request.user),
    }
    return render(request, "scoring/lead_score.html" if request.htmx else "scoring/lead_score_page.html", context)


@gate(may_see_leads)
@require_safe
def lead_score_data(request: SignedIn, pk: int) -> JsonResponse:
    """The curve of the total, for the chart."""
    return JsonResponse(curve(_lead(request, pk), version=_version(request), today=workspace_day(timezone.now())))
