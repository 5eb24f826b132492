"""How a change of a draft is answered: its rules as they are now, for htmx; without it a redirect to its page."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import reswap, retarget, trigger_client_event

from accounts.access import SignedIn

from .models import ScoringModel
from .views import model_context, version_or_404

_SLOT = re.compile(r"slot-[a-z0-9-]{1,60}")


def asked(request: SignedIn, name: str, context: dict[str, Any], *, status: int) -> HttpResponse:
    """A form: in its slot on the draft's page (the template `name`_part), or on a page of its own (`name`)."""
    slot = request.POST.get("slot", "") or request.htmx.target or ""
    if not request.htmx or not _SLOT.fullmatch(slot):
        return render(request, f"{name}.html", {**context, "slot": "", "action": request.path}, status=status)
    answer = render(request, f"{name}_part.html", {**context, "slot": slot, "action": request.path}, status=status)
    return retarget(reswap(answer, "innerHTML"), f"#{slot}")


def changed(
    request: SignedIn, version: ScoringModel, sentence: str, *, anchor: str = "", undo: str = ""
) -> HttpResponse:
    """It is done: the rules as they are now and a short word; `anchor` is the part of the page that was changed."""
    if request.htmx:
        return _rules(request, version, {"text": sentence, "tone": "good"}, anchor)
    messages.success(request, sentence, extra_tags=f"undo:{undo}" if undo else "")
    return redirect(_at(version, anchor))


def refused(request: SignedIn, version: ScoringModel, sentence: str, *, anchor: str = "") -> HttpResponse:
    """It could not be done: why, and the rules as they are now, which may be otherwise than the person saw them."""
    if request.htmx:
        return _rules(request, version, {"text": sentence, "tone": "late"}, anchor)
    messages.error(request, sentence)
    return redirect(_at(version, anchor))


def _at(version: ScoringModel, anchor: str) -> str:
    page = reverse("scoring_model", args=[version.version])
    return f"{page}#{anchor}" if anchor else page


def _rules(request: SignedIn, version: ScoringModel, word: dict[str, str], anchor: str) -> HttpResponse:
    context = model_context(request, version_or_404(version.version))
    answer = render(request, "scoring/draft_answer.html", context)
    trigger_client_event(answer, "toast", word)
    return trigger_client_event(answer, "draft-changed", {"anchor": anchor}, after="settle")
