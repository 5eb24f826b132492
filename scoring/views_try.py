"""The live panel beside a draft: what it, with what is typed, would do to the leads there are (product.md §3, what-if)."""

import json
import time
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedIn, gate
from leads.numbers import id_of

from .definition import Model
from .effects import KINDS
from .matchers import TooManyClasses
from .models import ScoringModel
from .permissions import may_draft_rules, may_read_rules
from .trying import Tried, effect_of, movers_after
from .trying_panel import Panel, named, titles
from .trying_sides import changed_rules
from .trying_typed import NotYet, typed_model
from .views import crumbs_to, version_or_404
from .views_editor import draft_or_404

#: After so many seconds the rest of the leads is left for the next request; without script there is none.
SECONDS, SECONDS_WITHOUT_SCRIPT = 0.7, 10.0
SALT = "scoring.views_try"


@gate(may_read_rules)
@require_http_methods(["GET", "HEAD", "POST"])
def model_preview(request: SignedIn, version: int) -> HttpResponse:
    """What a version as it is saved would do, for everybody; a POST goes on from where an answer ended, and stores nothing."""
    wanted = version_or_404(version)
    watched = changed_rules(ScoringModel.objects.published().model, wanted.model)
    return _answer(request, wanted, wanted.model, watched)


@gate(may_draft_rules)
@require_POST
def model_try(request: SignedIn, version: int) -> HttpResponse:
    """What a draft would do with the rule as it is typed now; stores nothing."""
    wanted = draft_or_404(request, version)
    try:
        model, key = typed_model(wanted, request.POST)
    except NotYet as problem:
        return _missing(request, wanted, str(problem))
    watched = [key] if key else changed_rules(ScoringModel.objects.published().model, model)
    return _answer(request, wanted, model, watched, typed=key)


@gate(may_read_rules)
@require_safe
def model_movers(request: SignedIn, version: int, kind: str) -> HttpResponse:
    """All leads that enter or leave MQL or SQL by a version as it is saved, page by page in order of lead."""
    wanted, until = version_or_404(version), time.monotonic() + SECONDS
    if kind not in KINDS:
        raise Http404
    try:
        movers, more = movers_after(
            wanted.model, kind, id_of(request.GET.get("after", "")) or 0,
            at=timezone.now(), most=settings.PAGE_ROWS, enough=lambda: time.monotonic() > until,
        )  # fmt: skip
    except TooManyClasses as problem:
        return _missing(request, wanted, str(problem))
    context = {"version": wanted, "kind": kind, "title": titles()[kind], "crumbs": crumbs_to(wanted)}
    context |= {"rows": list(named(movers, request.user).values()), "next": more or ""}
    return render(request, "scoring/movers.html", context | {"is_cut": len(movers) < settings.PAGE_ROWS})


def _answer(
    request: SignedIn, version: ScoringModel, model: Model, watched: list[str], typed: str = ""
) -> HttpResponse:
    so_far = _so_far(request.POST.get("sofar", ""))
    until = time.monotonic() + (SECONDS if request.htmx else SECONDS_WITHOUT_SCRIPT)
    try:
        tried = effect_of(
            model, at=timezone.now(), watched=watched, so_far=so_far, enough=lambda: time.monotonic() > until
        )
    except TooManyClasses as problem:
        return _missing(request, version, str(problem))
    panel = Panel(tried, model, version, request.user)
    context = {
        "panel": panel, "tried": tried, "at": timezone.now(), "is_off": panel.is_off(typed),
        "goes_on": so_far is not None and so_far.mark == tried.mark,
        "rest": "" if tried.ended else json.dumps({"sofar": signing.dumps(tried.to_json(), salt=SALT, compress=True)}),
    }  # fmt: skip
    return _shown(request, version, context)


def _so_far(said: str) -> Tried | None:
    """The earlier answer that a request goes on from; None for anything that is none, or one of an older program."""
    try:
        return Tried.from_json(signing.loads(said, salt=SALT, max_age=600))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def _missing(request: SignedIn, version: ScoringModel, problem: str) -> HttpResponse:
    """The panel keeps its figures and says what is missing."""
    return _shown(request, version, {"problem": problem})


def _shown(request: HttpRequest, version: ScoringModel, context: dict[str, Any]) -> HttpResponse:
    context |= {"version": version, "crumbs": crumbs_to(version)}
    whole = not request.htmx  # type: ignore[attr-defined]
    response = render(request, "scoring/live_panel_page.html" if whole else "scoring/live_panel.html", context)
    if context.get("problem") and not whole:
        response["HX-Reswap"] = "none"
    return response
