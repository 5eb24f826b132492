"""How a view of this room answers: a fragment for htmx, a page or a redirect without it; a refusal is a sentence."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from accounts.access import require
from accounts.models import User
from leads.models import MoveRefused

from .card import card_of
from .models import Handoff
from .permissions import HandoffPermissions
from .refusals import HandoffRefused

View = Callable[..., HttpResponse]
#: Said to the page's other parts: the list of the inbox loads itself again.
CHANGED = "handoffs-changed"


def who(request: HttpRequest) -> User:
    """Whoever is signed in; gates let nobody else through."""
    return cast(User, request.user)


def load(request: HttpRequest, pk: int) -> Handoff:
    """The handoff with all a card needs, or 404 for whoever may not know of it."""
    return get_object_or_404(Handoff.objects.visible_to(who(request)).for_rows(), pk=pk)


def workable(request: HttpRequest, pk: int) -> Handoff:
    """The handoff, for those who may work on it: whoever holds it or oversees who does."""
    handoff = load(request, pk)
    require(HandoffPermissions(who(request), handoff).work)
    return handoff


def refusals_are_sentences(view: View) -> View:
    """A refused verb answers 409 with its sentence for htmx, and returns to the handoff with the sentence otherwise."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (HandoffRefused, MoveRefused) as refusal:
            return refused(request, str(refusal), kwargs.get("pk"))

    return guarded


def refused(request: HttpRequest, sentence: str, pk: int | None = None) -> HttpResponse:
    """409 and the sentence; the list beside it loads itself again, as what it showed is no longer so."""
    if request.htmx or "X-Autosave" in request.headers:  # type: ignore[attr-defined]
        answer = HttpResponse(sentence, status=409, content_type="text/plain; charset=utf-8")
        return trigger_client_event(answer, CHANGED, {})
    messages.warning(request, sentence)
    return redirect("handoff_page", pk) if pk and _still_seen(request, pk) else redirect("inbox")


def done(request: HttpRequest, handoff: Handoff, sentence: str, *, undo: str = "") -> HttpResponse:
    """The card as it is now and the sentence as a toast, with a button that posts to `undo`; without htmx the handoff's page."""
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, sentence, extra_tags=f"undo:{undo}" if undo else "")
        return redirect("handoff_page", handoff.pk) if _still_seen(request, handoff.pk) else redirect("inbox")
    if not _still_seen(request, handoff.pk):
        answer = HttpResponse(_("This lead is no longer yours to see."))
    else:
        answer = card(request, load(request, handoff.pk))
    said = {"text": sentence, "tone": "good", "undo": undo}
    return trigger_client_event(trigger_client_event(answer, CHANGED, {}), "toast", said)


def card(request: HttpRequest, handoff: Handoff, *, status: int = 200, **bound: BaseForm) -> HttpResponse:
    """The card: in the side panel, alone (for htmx that replaces it), or on its page."""
    context = card_of(handoff, who(request), timezone.now(), **bound)
    if not request.htmx:  # type: ignore[attr-defined]
        template = "handoff/page.html"
    elif request.htmx.target == "panel":  # type: ignore[attr-defined]
        template = "handoff/_panel.html"
    else:
        template = "handoff/_card.html"
    return render(request, template, context, status=status)


def wrong(request: HttpRequest, handoff: Handoff, **bound: BaseForm) -> HttpResponse:
    """422: the card with what was typed, and what is wrong with it."""
    return card(request, handoff, status=422, **bound)


def _still_seen(request: HttpRequest, pk: int) -> bool:
    return Handoff.objects.visible_to(who(request)).filter(pk=pk).exists()
