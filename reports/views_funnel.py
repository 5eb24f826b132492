"""The funnel report (R29): its page, charts, files, and the leads behind each figure."""

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

from .forms import FunnelForm, FunnelRowsForm
from .funnel_lists import counted_leads, page_of
from .funnel_page import FIRST_COLUMN, GROUPS, FunnelPage
from .permissions import may_see_funnel
from .spreadsheet import csv_response

ZONE = settings.WORKSPACE_ZONE
STEPS = "steps"
CHARTS = {STEPS: FunnelPage.chart, "month": FunnelPage.month_chart}


def _asked(request: SignedIn, form_class: type[FunnelForm] = FunnelForm) -> tuple[FunnelForm, FunnelPage]:
    today = timezone.now().astimezone(ZONE).date()
    form = form_class.read(request.GET, viewer=request.user, today=today)
    return form, FunnelPage(form.question(), today=today, zone=ZONE)


@gate(may_see_funnel)
@require_safe
def funnel(request: SignedIn) -> HttpResponse:
    form, page = _asked(request)
    charts = {name: f"{reverse('report_funnel_chart', args=[name])}?{page.question.query()}" for name in CHARTS}
    crumbs = [(_t("Reports"), reverse("reports"))]
    return render(request, "reports/funnel.html", {"form": form, "page": page, "charts": charts, "crumbs": crumbs})


@gate(may_see_funnel)
@require_safe
def funnel_chart(request: SignedIn, name: str) -> HttpResponse:
    if name not in CHARTS:
        raise Http404
    return JsonResponse(CHARTS[name](_asked(request)[1]))


@gate(may_see_funnel)
@require_safe
def funnel_table(request: SignedIn, name: str) -> HttpResponse:
    """One table of the report as a CSV file."""
    if name not in (*GROUPS, STEPS):
        raise Http404
    _form, page = _asked(request)
    if name == STEPS:
        head = [
            FIRST_COLUMN["step"],
            _t("Reached"),
            _t("% of the step before"),
            _t("% of all"),
            _t("Median days from the step before"),
        ]
        return csv_response("funnel.csv", head, page.csv_steps())
    head = [
        FIRST_COLUMN[name], _t("Leads"), _t("MQL"), _t("SQL"), _t("Opportunity"), _t("Customer"),
        _t("MQL, % of leads"), _t("SQL, % of MQL"), _t("Opportunity, % of SQL"), _t("Customer, % of opportunities"),
        _t("Median days to MQL"), _t("from MQL to SQL"), _t("from SQL to opportunity"), _t("from opportunity to customer"),
        *([_t("Immature")] if name == "month" else []),
    ]  # fmt: skip
    return csv_response(f"funnel-by-{name}.csv", head, page.csv_rows(name))


@gate(may_see_funnel)
@require_safe
def funnel_leads(request: SignedIn) -> HttpResponse:
    """The leads that a figure counts."""
    form, page = _asked(request, FunnelRowsForm)
    rows = counted_leads(page.question, step=form.cleaned_data["step"], stopped=form.cleaned_data["stopped"], zone=ZONE)
    report_url = f"{reverse('report_funnel')}?{page.question.query()}"
    context = {
        "form": form,
        "page": page_of(rows, request.GET),
        "count": count_at_most(rows),
        "masked": not sees_personal_data(request.user),
        "report_url": report_url,
        "crumbs": [(_t("Reports"), reverse("reports")), (_t("Funnel"), report_url)],
    }
    return render(request, "reports/funnel_leads.html", context)
