"""The replay: what versions of the model would have said of past leads, against what sales decided (R10, R13)."""

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from accounts.access import SignedIn, gate
from leads.permissions import sees_personal_data

from .permissions import sees_company_reports
from .replay_form import ReplayForm
from .replay_page import ReplayPage
from .replay_tables import TABLES, chart
from .spreadsheet import csv_response

ZONE = settings.WORKSPACE_ZONE


def _asked(request: SignedIn) -> tuple[ReplayForm, ReplayPage]:
    """What the address asks, and the page that will answer it."""
    today = timezone.now().astimezone(ZONE).date()
    form = ReplayForm.read(request.GET, viewer=request.user, today=today)
    return form, ReplayPage(form.question(), today=today, zone=ZONE)


@gate(sees_company_reports)
@require_safe
def replay(request: SignedIn) -> HttpResponse:
    form, page = _asked(request)
    context = {
        "form": form,
        "page": page,
        "chart": f"{reverse('report_replay_chart')}?{page.question.query()}",
        "masked": not sees_personal_data(request.user),
        "crumbs": [(_t("Reports"), reverse("reports"))],
    }
    return render(request, "reports/replay.html", context)


@gate(sees_company_reports)
@require_safe
def replay_chart(request: SignedIn) -> HttpResponse:
    """Acceptance by score band with its intervals."""
    return JsonResponse(chart(_asked(request)[1]))


@gate(sees_company_reports)
@require_safe
def replay_table(request: SignedIn, name: str) -> HttpResponse:
    """One table of the replay as a CSV file."""
    if name not in TABLES:
        raise Http404
    _form, page = _asked(request)
    head, rows = TABLES[name](page, masked=not sees_personal_data(request.user))
    return csv_response(f"replay-{name}.csv", head, rows)
