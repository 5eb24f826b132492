"""Who is, was and shall not be in a list: history, kept out, the state while it fills, and the file to take along."""

import logging
import re

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import gate
from accounts.fresh_password import require_fresh_password
from leads.api_limits import refused
from leads.models import Lead
from leads.permissions import sees_personal_data
from leads.requests import SignedIn
from outbox.doorbell import ring_after_commit

from . import exporting, list_pages
from .models import LeadList, ListRefused
from .permissions import may_edit_lists, may_see_lists
from .tasks import refresh_lists

log = logging.getLogger(__name__)


@gate(may_see_lists)
@require_safe
def list_history(request: SignedIn, pk: int) -> HttpResponse:
    """Who came in and who left, when and why."""
    chosen = get_object_or_404(LeadList, pk=pk)
    page = list_pages.history_of(chosen, request.user, request.GET)
    context = {"page": page, "left": "left" in request.GET, "masked": not sees_personal_data(request.user)}
    return render(request, "nurture/list_history.html", context | list_pages.frame_of(chosen, "list_history"))


@gate(may_see_lists)
@require_safe
def list_kept_out(request: SignedIn, pk: int) -> HttpResponse:
    """Whom somebody took out of a dynamic list by hand."""
    chosen = get_object_or_404(LeadList, pk=pk)
    page = list_pages.kept_out_of(chosen, request.user, request.GET)
    context = {"page": page, "can_edit": may_edit_lists(request.user), "masked": not sees_personal_data(request.user)}
    return render(request, "nurture/list_kept_out.html", context | list_pages.frame_of(chosen, "list_kept_out"))


@gate(may_edit_lists)
@require_POST
def list_let_in(request: SignedIn, pk: int, lead: int) -> HttpResponse:
    """Let the conditions decide again about somebody who was kept out."""
    chosen = get_object_or_404(LeadList, pk=pk)
    found = get_object_or_404(Lead.objects.visible_to(request.user), pk=lead)
    try:
        chosen.put_in(Lead.objects.filter(pk=found.pk), by=request.user, at=timezone.now())
        ring_after_commit(refresh_lists)
        messages.success(request, _("The conditions of “%(list)s” decide again.") % {"list": chosen.name})
    except ListRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("list_kept_out", pk)


@gate(may_see_lists)
@require_safe
def list_state(request: SignedIn, pk: int) -> HttpResponse:
    """How far filling is; once it is through the page loads itself again."""
    frame = list_pages.frame_of(get_object_or_404(LeadList, pk=pk), "list_page")
    response = render(request, "nurture/list_state.html", frame)
    if request.htmx and not frame["waits"]:
        response["HX-Refresh"] = "true"
    return response


@gate(may_see_lists)
@require_http_methods(["GET", "HEAD", "POST"])
def list_export(request: SignedIn, pk: int) -> HttpResponseBase:
    """The leads of the list as a CSV file; a large one asks for a fresh password, which comes by POST."""
    chosen, user = get_object_or_404(LeadList, pk=pk), request.user
    try:
        leads = exporting.leads_for(chosen, user)
    except exporting.TooMany as problem:
        messages.warning(request, str(problem))
        return redirect("list_page", pk)
    if exporting.is_large(leads, user):
        act = _("Take along the list “%s” with names and addresses") % chosen.name
        back = reverse("list_page", args=[pk])
        require_fresh_password(request, act, back=back, at=timezone.now(), is_file=True)
    return _file_of(request, chosen, leads)


def _file_of(request: SignedIn, chosen: LeadList, leads: "QuerySet[Lead]") -> HttpResponseBase:
    user = request.user
    if (wait := refused(f"export-{user.pk}", exporting.RATE)) is not None:
        text = _("That were many files in an hour; try again later.")
        return HttpResponse(
            text, status=429, headers={"Retry-After": str(wait)}, content_type="text/plain; charset=utf-8"
        )
    log.info("User %d exports list %d.", user.pk, chosen.pk)
    response = StreamingHttpResponse(exporting.file_of(chosen, leads, user), content_type="text/csv; charset=utf-8")
    name = re.sub(r"[^a-z0-9]+", "-", chosen.name.lower()).strip("-") or "list"
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
