"""The SLA report (R17): its page, charts, files, and the handoffs behind each figure."""

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from accounts.access import SignedIn, gate
from leads.paging import count_at_most
from leads.permissions import sees_personal_data

from .figures import hours
from .forms import SlaForm, SlaRowsForm
from .permissions import may_see_sla, sees_own_sla_only
from .sla_charts import CHARTS
from .sla_lists import counted_handoffs, page_of
from .sla_page import FIRST_COLUMN, GROUPS, SlaPage
from .sla_rows import DEFINITIONS
from .spreadsheet import csv_response

ZONE = settings.WORKSPACE_ZONE


def _asked(request: SignedIn, form_class: type[SlaForm] = SlaForm) -> tuple[SlaForm, SlaPage]:
    """What the address asks, and the page that will answer it."""
    now = timezone.now()
    form = form_class.read(request.GET, viewer=request.user, today=now.astimezone(ZONE).date())
    return form, SlaPage(form.question(), now=now, zone=ZONE, reps=form.reps.values())


@gate(may_see_sla)
@require_safe
def sla(request: SignedIn) -> HttpResponse:
    form, page = _asked(request)
    charts = {name: f"{reverse('report_sla_chart', args=[name])}?{page.question.query()}" for name in CHARTS}
    own = sees_own_sla_only(request.user)
    context = {
        "form": form, "page": page, "charts": charts, "own": own, "definitions": DEFINITIONS.items(),
        "crumbs": [(_t("Reports"), reverse("reports"))],
    }  # fmt: skip
    return render(request, "reports/sla.html", context)


@gate(may_see_sla)
@require_safe
def sla_chart(request: SignedIn, name: str) -> HttpResponse:
    if name not in CHARTS:
        raise Http404
    return JsonResponse(CHARTS[name](_asked(request)[1]))


@gate(may_see_sla)
@require_safe
def sla_table(request: SignedIn, name: str) -> HttpResponse:
    """One table of the report as a CSV file; times are hours with one decimal."""
    if name not in GROUPS:
        raise Http404
    _form, page = _asked(request)
    head = [
        FIRST_COLUMN[name], _t("Offered"), _t("Met"), _t("Late but done"), _t("Overdue and untouched"), _t("Closed late, untouched"),
        _t("Still running"), _t("Closed in time, untouched"), _t("SLA met, %"), _t("Claimed"), _t("Given, not claimed"), _t("Hours to claim, median"),
        _t("Hours to claim, 90th percentile"), _t("Followed up"), _t("Hours to follow up, median"),
        _t("Hours to follow up, 90th percentile"),
    ]  # fmt: skip
    rows = [
        [
            row.key if name == "week" else row.label, f.offered, f.met, f.late, f.overdue, f.missed, f.running, f.set_aside,
            None if f.met_share is None else round(100 * f.met_share, 1), f.claimed, f.given, hours(f.claim_median), hours(f.claim_p90),
            f.followed_up, hours(f.follow_up_median), hours(f.follow_up_p90),
        ]
        for row in page.table(name)
        for f in [row.figures]
    ]  # fmt: skip
    return csv_response(f"sla-by-{name}.csv", head, rows)


@gate(may_see_sla)
@require_safe
def sla_handoffs(request: SignedIn) -> HttpResponse:
    """The handoffs that a figure counts."""
    form, page = _asked(request, SlaRowsForm)
    only, hour = form.cleaned_data["only"], form.cleaned_data["hour"]
    rows = counted_handoffs(page.question, only=only, hour=hour, now=page.now, zone=ZONE)
    report_url = f"{reverse('report_sla')}?{page.question.query()}"
    context = {
        "form": form,
        "page": page_of(rows, request.GET),
        "count": count_at_most(rows),
        "hour": hour,
        "masked": not sees_personal_data(request.user),
        "report_url": report_url,
        "crumbs": [(_t("Reports"), reverse("reports")), (_t("Follow-up of handoffs"), report_url)],
    }
    return render(request, "reports/sla_handoffs.html", context)
