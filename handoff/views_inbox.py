"""The inbox, and taking from it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import gate, require

from . import live
from .answers import done, refusals_are_sentences, who
from .inbox import Inbox
from .models import Handoff
from .permissions import HandoffPermissions, may_claim, may_open_inbox, may_oversee
from .refusals import refuse_if_taken


@gate(may_open_inbox)
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Whom do I call now?"""
    now = timezone.now()
    context = {"inbox": Inbox.of(who(request), request.GET, now=now), "now": now, "tabs": inbox_tabs(request)}
    is_list = request.htmx and request.htmx.target == "inbox"  # type: ignore[attr-defined]
    return render(request, "handoff/_inbox.html" if is_list else "handoff/inbox.html", context)


@gate(may_open_inbox)
@require_GET
def inbox_changes(request: HttpRequest) -> HttpResponse:
    """Whether the list that was drawn at this mark should be drawn anew: 200 for yes, 204 for no, at the cost of one query."""
    return HttpResponse(status=200 if live.changed_since(request.GET.get("mark", "")) else 204)


def inbox_tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """My own inbox and the team's, for whoever oversees a team."""
    if not may_oversee(who(request)):
        return []
    pages = ((_("Mine"), reverse("inbox")), (_("Team"), reverse("team_inbox")))
    return [{"label": label, "url": url, "active": url == request.path} for label, url in pages]


@gate(may_claim)
@require_POST
@refusals_are_sentences
def claim_next(request: HttpRequest) -> HttpResponse:
    """Take the most urgent one I may take."""
    handoff = Handoff.objects.claim_next(by=who(request), at=timezone.now())
    return done(request, handoff, _("%(lead)s is yours.") % {"lead": handoff.lead.name})


@gate(may_claim)
@require_POST
@refusals_are_sentences
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    handoff, now = get_object_or_404(Handoff.objects.offered_to(who(request)).with_holder(), pk=pk), timezone.now()
    require(HandoffPermissions(who(request), handoff).claim)
    refuse_if_taken(handoff, who(request), now)
    handoff.claim(by=who(request), at=now)
    return done(request, handoff, _("%(lead)s is yours.") % {"lead": handoff.lead.name})
