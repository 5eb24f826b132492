"""The list of opportunities, and the file of it."""

import logging

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedIn, gate
from accounts.fresh_password import require_fresh_password
from handoff.models import Opportunity
from leads import api_limits
from leads.permissions import sees_personal_data
from outbox.pages import NewestFirst

from .opportunities import STATES, cells, head, is_large, most_rows, seen_by
from .permissions import may_see_reports
from .spreadsheet import csv_response

log = logging.getLogger(__name__)
#: Files one person may take along.
RATE = "20/hour"


@gate(may_see_reports)
@require_safe
def opportunities(request: SignedIn) -> HttpResponse:
    state = request.GET.get("state", "") if request.GET.get("state") in STATES else ""
    page = NewestFirst.of(seen_by(request.user, state), request.GET)
    context = {"page": page, "state": state, "states": STATES.items(), "masked": not sees_personal_data(request.user)}
    return render(request, "reports/opportunities.html", context)


@gate(may_see_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def opportunities_file(request: SignedIn) -> HttpResponse:
    """The newest opportunities as CSV, as many as the role may take along; a large file asks for a fresh password, which comes by POST."""
    found = seen_by(request.user, request.GET.get("state", ""))
    if is_large(found, request.user):
        act, back = _t("Take along the opportunities with names and addresses"), reverse("report_opportunities")
        require_fresh_password(request, act, back=back, at=timezone.now(), is_file=True)
    return _file_of(request, found)


def _file_of(request: SignedIn, found: "QuerySet[Opportunity]") -> HttpResponse:
    """Who took how many is logged."""
    if api_limits.refused(f"export:{request.user.pk}", RATE):
        messages.warning(request, _t("You took many files along within the hour. Please wait a while."))
        return redirect("report_opportunities")
    rows = list(found.order_by("-id")[: most_rows(request.user)])
    log.info("Opportunities exported", extra={"by": request.user.pk, "rows": len(rows)})
    name = f"opportunities-{timezone.localdate():%Y-%m-%d}.csv"
    return csv_response(name, head(request.user), cells(rows, request.user))
