"""Where the links of letters lead: a click, an open, the way out. Public, without cookies; looking never unsubscribes (D7, D8)."""

import base64
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedRedirect
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import public

from .addresses import target
from .hits import Kind, answer
from .leaving import Why, choose_topics, leave_everything, left_topics, topics_of
from .models import Letter
from .suppressions import suppressed
from .tokens import Purpose, read
from .verdicts import Seen

log = logging.getLogger(__name__)

#: One transparent point.
POINT = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
View = Callable[..., HttpResponseBase]


def outside(view: View) -> View:
    """Kept by nobody, found by nobody, told to nobody: what people outside the house see."""

    @wraps(view)
    def seen(request: HttpRequest, token: str) -> HttpResponseBase:
        with translation.override(translation.get_language_from_request(request)):
            response = view(request, token)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return public(seen)


@outside
@require_safe
def click(request: HttpRequest, token: str) -> HttpResponse:
    """On to the place that the database keeps for this link, never to one from the address (quality.md S12)."""
    known = read(Purpose.CLICK, token)
    letter = _letter(known)
    if letter is None or known is None or _ended(letter):
        return _said(_("This link does not lead anywhere any more."), status=410 if known else 404)
    place = target(letter, known[1])
    try:
        onward = HttpResponseRedirect(place) if place else None
    except (DisallowedRedirect, ValueError):
        onward = None
    if onward is None:
        return _said(_("This link does not lead anywhere any more."), status=410)
    _note(request, letter, Kind.CLICK, link=known[1])
    return onward


@outside
@require_safe
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """The same point for everybody, known or not."""
    if (letter := _letter(read(Purpose.OPEN, token))) and not _ended(letter):
        _note(request, letter, Kind.OPEN)
    return HttpResponse(POINT, content_type="image/gif")


@outside
@require_safe
def trap(request: HttpRequest, token: str) -> HttpResponse:
    """No person sees the link here; whoever follows it follows all."""
    if (letter := _letter(read(Purpose.TRAP, token))) and not _ended(letter):
        _note(request, letter, Kind.TRAP)
    return _said(_("There is nothing to see here."))


@csrf_exempt
@outside
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A button; pressed, or posted by a mail program with one click (RFC 8058), nothing more is ever sent."""
    known = read(Purpose.UNSUBSCRIBE, token)
    letter = _letter(known)
    if letter is None:
        return _unknown(known)
    if request.method == "POST":
        leave_everything(letter, Why.UNSUBSCRIBED, at=timezone.now())
        return _said(_("You will get no more e-mails from us."), token=token, letter=letter)
    _note(request, letter, Kind.LEAVING)
    if letter.lead and suppressed([letter.lead.email]):
        return _said(_("You get no more e-mails from us."), token=token, letter=letter)
    return _page("nurture/answers_unsubscribe.html", letter=letter, token=token)


@csrf_exempt
@outside
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Which topics to keep, in the person's language."""
    known = read(Purpose.PREFERENCES, token)
    letter = _letter(known)
    if letter is None or letter.lead is None:
        return _unknown(known)
    if request.method == "POST":
        return _chosen(request, letter)
    _note(request, letter, Kind.LEAVING)
    return _choices(letter)


def _chosen(request: HttpRequest, letter: Letter) -> HttpResponse:
    assert letter.lead  # noqa: S101 - the caller has looked
    if request.POST.get("keep") == "nothing":
        leave_everything(letter, Why.UNSUBSCRIBED, at=timezone.now())
    else:
        choose_topics(letter, letter.lead, request.POST.getlist("topic"), at=timezone.now())
    return _choices(letter, sentence=_("Your choice is kept."))


def _choices(letter: Letter, **more: Any) -> HttpResponse:
    assert letter.lead  # noqa: S101 - the callers have looked
    left = left_topics(letter.lead)
    topics = [{"name": topic, "kept": topic not in left} for topic in topics_of(letter.lead)]
    nothing = bool(suppressed([letter.lead.email]))
    return _page("nurture/answers_preferences.html", letter=letter, topics=topics, nothing=nothing, **more)


def _letter(known: tuple[int, str] | None) -> Letter | None:
    """The letter of a token; None where it was erased with its lead, or never was."""
    rows = Letter.objects.select_related("lead", "version__email")
    return rows.filter(pk=known[0]).first() if known else None


def _ended(letter: Letter) -> bool:
    return timezone.now() - letter.created_at > timedelta(days=settings.NURTURE_LINK_DAYS)


def _note(request: HttpRequest, letter: Letter, kind: str, *, link: str = "", at: datetime | None = None) -> None:
    agent = request.headers.get("User-Agent", "").replace("\x00", " ")
    agent = agent.encode("utf-8", "replace").decode()[:300]
    seen = Seen(kind, at or timezone.now(), link, agent, only_head=request.method == "HEAD")
    try:
        answer(letter, seen)
    except DatabaseError:  # whoever clicked goes on all the same
        log.exception("An answer to letter %s is lost.", letter.pk)


def _unknown(known: tuple[int, str] | None) -> HttpResponse:
    if known:
        return _said(_("We do not know your address any more, so you get no e-mails from us."), status=410)
    return _said(_("This link is not complete. Please open it from the e-mail again."), status=404)


def _said(sentence: str, *, status: int = 200, **more: Any) -> HttpResponse:
    return _page("nurture/answers_said.html", status=status, sentence=sentence, **more)


def _page(template: str, *, letter: Letter | None = None, status: int = 200, **context: Any) -> HttpResponse:
    """Rendered without the request: no session is asked and no cookie set. In the language that is said of the lead, if any."""
    with translation.override(_language(letter)):
        return HttpResponse(render_to_string(template, {"letter": letter, **context}), status=status)


def _language(letter: Letter | None) -> str:
    said = str((letter.lead.custom or {}).get("language", "")).strip().lower()[:2] if letter and letter.lead else ""
    return said if said in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE
