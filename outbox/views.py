"""Notices, and the mailbox of the house."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import gate
from accounts.models import User

from .models import Mail, Notice
from .pages import NewestFirst
from .permissions import may_open_mailbox, may_read_notices, may_resend_mail, sees_every_mail, sees_letters


def who(request: HttpRequest) -> User:
    """Whoever is signed in; gates let nobody else through."""
    return cast(User, request.user)


@gate(may_read_notices)
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """What I was told, newest first; looking marks nothing as read."""
    mine = Notice.objects.visible_to(who(request))
    only_unread = request.GET.get("show") == "unread"
    page = NewestFirst.of(mine.unread() if only_unread else mine, request.GET)
    context = {"page": page, "only_unread": only_unread, "any_unread": any(n.read_at is None for n in page.rows)}
    return render(request, "outbox/notices.html", context)


@gate(may_read_notices)
@require_POST
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice read and go where it points, inside the house only."""
    notice = get_object_or_404(Notice.objects.visible_to(who(request)), pk=pk)
    Notice.objects.visible_to(who(request)).of(notice).mark_read(at=timezone.now())
    inside = notice.url.startswith("/") and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return redirect(notice.url if inside else "notices")


@gate(may_read_notices)
@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark all of mine as read."""
    count = Notice.objects.visible_to(who(request)).mark_read(at=timezone.now())
    messages.success(request, ngettext("%d notice marked as read.", "%d notices marked as read.", count) % count)
    return redirect("notices")


@gate(may_open_mailbox)
@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    """What was sent, or would have been, newest first."""
    mails = Mail.objects.visible_to(who(request))
    asked = request.GET.get("state", "")
    state = asked if asked in Mail.State.values else ""
    page = NewestFirst.of(mails.in_state(state), request.GET)
    context = {"page": page, "state": state, "states": Mail.State.choices, "sees_all": sees_every_mail(who(request))}
    context["sees_letters"] = sees_letters(who(request))
    return render(request, "outbox/mailbox.html", context)


@gate(may_open_mailbox)
@require_GET
def mail_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail as its reader sees it, its state and what went wrong; in the side panel or as a page."""
    mail = get_object_or_404(Mail.objects.visible_to(who(request)), pk=pk)
    template = "outbox/_mail_panel.html" if request.htmx else "outbox/mail.html"  # type: ignore[attr-defined]
    context = {
        "mail": mail,
        "may_resend": may_resend_mail(who(request)),
        "crumbs": [(_("Mailbox"), reverse("mailbox"))],
    }
    return render(request, template, context)


@gate(may_resend_mail)
@require_POST
def mail_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a failed mail back in line."""
    mail = get_object_or_404(Mail.objects.visible_to(who(request)), pk=pk)
    if mail.try_again(at=timezone.now()):
        messages.success(request, _("The mail is in line again."))
    else:
        messages.warning(request, _("This mail has not failed, so it is not sent again."))
    return redirect("mail_page", pk)
