"""A letter before it is sent: the frame it is shown in, what stands beside its words, as whom it is read, a test of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import gate
from leads.models import Asset
from leads.numbers import id_of
from leads.permissions import sees_personal_data
from leads.requests import SignedIn

from . import email_page
from .letter_frames import is_a_letter
from .letter_tests import send_test
from .models import EmailRefused, EmailVersion
from .permissions import may_see_emails, may_write_emails

_BY_THE_SYSTEM = "@media (prefers-color-scheme: dark)"


def _load(pk: int, number: int) -> EmailVersion:
    return get_object_or_404(EmailVersion.objects.select_related("email"), email=pk, number=number)


@gate(may_see_emails)
@require_safe
@is_a_letter
def email_letter(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """The letter itself, as a mail program would show it; light or dark as asked, whatever the system prefers."""
    view = email_page.view_of(request.GET, request.user)
    written, problem = email_page.written_for(_load(pk, number), view)
    if written is None:
        return HttpResponse(problem, content_type="text/plain")
    shown = "@media all" if view.look == "dark" else "@media not all"
    return HttpResponse(written.html.replace(_BY_THE_SYSTEM, shown))


@gate(may_see_emails)
@require_safe
def email_beside(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """What stands beside the words: the preview, hints, links. Asked again whenever the draft saved itself."""
    view = email_page.view_of(request.GET, request.user)
    return render(request, "nurture/email_beside.html", email_page.preview(_load(pk, number), view, request.user))


@gate(sees_personal_data)
@require_safe
def email_readers(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """Leads as whom the letter can be read, by a part of their name."""
    version, view = _load(pk, number), email_page.view_of(request.GET, request.user)
    found = email_page.leads_for(request.user).search(request.GET.get("q", "")[:100]).select_related("company")
    rows = [(lead, view.query(lead=lead.pk)) for lead in found[: email_page.MOST_FOUND]]
    context = {"version": version, "rows": rows, "back": email_page.page_of(version), "typed": request.GET.get("q", "")}
    template = "nurture/email_readers_list.html" if request.htmx else "nurture/email_readers.html"
    return render(request, template, context)


@gate(may_write_emails)
@require_POST
def email_link(request: SignedIn, pk: int, number: int, key: str) -> HttpResponse:
    """Say which asset of the library a link leads to."""
    version = _load(pk, number)
    asset = Asset.objects.filter(pk=chosen).first() if (chosen := id_of(request.POST.get("asset", ""))) else None
    try:
        version.count_as(key, asset)
    except EmailRefused as refusal:
        messages.warning(request, str(refusal))
    if request.htmx:
        view = email_page.view_of(request.GET, request.user)
        return render(request, "nurture/email_beside.html", email_page.preview(_load(pk, number), view, request.user))
    return redirect(email_page.page_of(version))


@gate(may_write_emails)
@require_POST
def email_test(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """Send the letter to oneself, as the reader that is looked at."""
    version, view = _load(pk, number), email_page.view_of(request.POST, request.user)
    written, problem = email_page.written_for(version, view)
    if written is None:
        messages.warning(request, problem)
    else:
        values = email_page.values_for(view)
        send_test(version, values, variant=view.variant, by=request.user, at=timezone.now())
        messages.success(request, _("A test letter is on its way to %(address)s.") % {"address": request.user.email})
    return redirect(f"{email_page.page_of(version)}?{view.query()}")
