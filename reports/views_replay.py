"""The replay: what versions of the model would have said of past leads, against what sales decided (R10, R13)."""

from django.conf import settings
from django.http import HttpResponse
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

ZONE = settings.WORKSPACE_ZONE


@gate(sees_company_reports)
@require_safe
def replay(request: SignedIn) -> HttpResponse:
    today = timezone.now().astimezone(ZONE).date()
    form = ReplayForm.read(request.GET, viewer=request.user, today=today)
    context = {
        "form": form,
        "page": ReplayPage(form.question(), today=today, zone=ZONE),
        "masked": not sees_personal_data(request.user),
        "crumbs": [(_t("Reports"), reverse("reports"))],
    }
    return render(request, "reports/replay.html", context)
