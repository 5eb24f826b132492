"""Screens of rule health, of leads that flap, and of the nightly check of every score (R11, R13)."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedIn, gate
from leads.models import Lead
from leads.permissions import may_see_leads, sees_personal_data
from outbox.doorbell import ring_after_commit

from . import checking, flaps, health_findings, health_intervals, health_reading, tasks
from .health_page import HealthPage
from .models import ScoringModel
from .models_health import ScoreCheck
from .permissions import may_draft_rules, may_read_rules
from .views import crumbs_to, version_or_404


@gate(may_read_rules)
@require_safe
def rule_health(request: SignedIn, version: int) -> HttpResponse:
    """How the rules of a version work over all leads, as of the last reading."""
    page = HealthPage.of(version_or_404(version))
    context = {
        "page": page, "version": page.version, "may_ask": may_draft_rules(request.user),
        "crumbs": crumbs_to(page.version), "says": health_findings, "sure": health_intervals,
        "outcome_days": health_reading.OUTCOME_DAYS,
    }  # fmt: skip
    return render(request, "scoring/health.html", context)


@gate(may_draft_rules)
@require_POST
def rule_health_ask(request: SignedIn, version: int) -> HttpResponse:
    """Have the rules read anew; the page shows how far that is."""
    wanted = version_or_404(version)
    health_reading.ask(wanted, at=timezone.now())
    ring_after_commit(tasks.read_health, wanted.pk)
    messages.success(request, _("The rules are being read over all leads."))
    return redirect("rule_health", wanted.version)


@gate(may_read_rules)
@require_safe
def rule_health_progress(request: SignedIn, version: int) -> HttpResponse:
    """How far the reading is; when it is done the page is loaded anew."""
    page = HealthPage.of(version_or_404(version))
    if not page.is_under_way:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "scoring/health_progress.html", {"page": page, "version": page.version})


@gate(may_see_leads)
@require_safe
def flap_report(request: SignedIn) -> HttpResponse:
    """Leads that the score moved to MQL and back several times, and how often promotions come back."""
    now, asked = timezone.now(), request.GET.get("days", "")
    days = next((days for days in flaps.PERIODS if str(days) == asked), flaps.PERIODS[0])
    leads = Lead.objects.visible_to(request.user)
    page, rows = flaps.page_of(leads, since=now - timedelta(days=days), asked=request.GET)
    weeks = flaps.flaps_by_week(now)
    context = {
        "page": page, "rows": rows, "days": days, "periods": flaps.PERIODS, "fewest": flaps.FEWEST_MOVES,
        "versions": flaps.returns_by_version(now, days=max(flaps.PERIODS)), "longest": max(flaps.PERIODS),
        "weeks": weeks, "most": max(week.flaps for week in weeks), "masked": not sees_personal_data(request.user),
        "mql": ScoringModel.objects.published().model.definitions.mql, "crumbs": crumbs_to(),
    }  # fmt: skip
    return render(request, "scoring/flaps.html", context)


@gate(may_read_rules)
@require_safe
def score_check(request: SignedIn) -> HttpResponse:
    """The last nightly check that every score is what its ledger's lines sum to."""
    checks = list(ScoreCheck.objects.ended()[:14])
    context = {
        "check": checks[0] if checks else None, "earlier": checks[1:], "under_way": ScoreCheck.objects.under_way().first(),
        "sample": checking.SAMPLE, "portion": checking.PORTION, "crumbs": crumbs_to(),
    }  # fmt: skip
    return render(request, "scoring/check.html", context)
