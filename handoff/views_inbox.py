"""The inbox, and taking from it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import gate, require

from .answers import done, refusals_are_sentences, who
from .inbox import Inbox
from .models import Handoff
from .permissions import HandoffPermissions, may_claim, may_open_inbox


@gate(may_open_inbox)
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Whom do I call now?"""
    now = timezone.now()
    context = {"inbox": Inbox.of(who(request), request.GET, now=now), "now": now}
    is_list = request.htmx and request.htmx.target == "inbox"  # type: ignore[attr-defined]
    return render(request, "handoff/_inbox.html" if is_list else "handoff/inbox.html", context)


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
    handoff = get_object_or_404(Handoff.objects.offered_to(who(request)).for_rows(), pk=pk)
    require(HandoffPermissions(who(request), handoff).claim)
    handoff.claim(by=who(request), at=timezone.now())
    return done(request, handoff, _("%(lead)s is yours.") % {"lead": handoff.lead.name})
