"""Qualifying one lead: drafts that save themselves, what is missing, and why an item stands as it does."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import gate
from leads.permissions import sees_personal_data

from . import trail
from .answers import done, load, refusals_are_sentences, who, workable, wrong
from .card import qualification_form
from .forms_qualification import QualificationForm
from .models import Handoff, QualificationChange
from .models.qualification_change import written
from .permissions import may_read_handoffs
from .refusals import ago
from .words import missing_sentence


@gate(may_read_handoffs)
@require_POST
@refusals_are_sentences
def qualify(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the draft: what is right of it even where something is wrong or another was faster, so that nothing is lost."""
    handoff = workable(request, pk)
    form = qualification_form(handoff, request.POST)
    form.is_valid()
    answers = form.good_answers()
    left = (
        handoff.qualification.save_draft(answers, by=who(request), at=timezone.now(), seen=form.seen())
        if answers
        else ()
    )
    contested = _contested(handoff, left)
    for field, sentence in contested.items():
        form.add_error(field, sentence)
    if "X-Autosave" in request.headers:
        return _told(handoff, form, [name for name in answers if name not in left], contested)
    if form.errors:
        form.note_stored(handoff.qualification)
        return wrong(request, handoff, bant_form=form)
    return done(request, handoff, _("Saved."))


def _contested(handoff: Handoff, left: tuple[str, ...]) -> dict[str, str]:
    """A sentence for each field that another changed meanwhile: who, when, to what."""
    if not left:
        return {}
    latest = {change.field: change for change in handoff.qualification.changes.latest_per_field()}
    return {field: _otherwise(latest.get(field)) for field in left}


def _otherwise(change: QualificationChange | None) -> str:
    if change is None:
        return _("This stands otherwise than this page showed. Yours is not saved yet.")
    said = _("%(name)s changed this %(ago)s to “%(value)s”. Yours is not saved yet.")
    value = trail.in_words(change.field, change.new)
    return said % {"name": trail.who_of(change), "ago": ago(change.at, timezone.now()), "value": value}


def _told(handoff: Handoff, form: QualificationForm, kept: list[str], contested: dict[str, str]) -> JsonResponse:
    """What a draft that saved itself hears: what was kept, what is wrong, and how every field stands now."""
    stored = {form.add_prefix(name): written(getattr(handoff.qualification, name)) for name in form.fields}
    answer: dict[str, Any] = {
        "kept": [form.add_prefix(name) for name in kept],
        "contested": {form.add_prefix(name): sentence for name, sentence in contested.items()},
        "wrong": {form.add_prefix(name): " ".join(map(str, said)) for name, said in form.errors.items() if name in form.changed_data and name not in contested},
        "stored": stored,
    }  # fmt: skip
    return JsonResponse(answer, status=422 if answer["wrong"] else 200)


@gate(may_read_handoffs)
@require_GET
def gate_of_acceptance(request: HttpRequest, pk: int) -> HttpResponse:
    """What still stands before acceptance; asked again whenever a draft saved itself."""
    handoff = workable(request, pk)
    rules = handoff.rules()
    missing = handoff.missing_for_acceptance(rules)
    sentence = missing_sentence(missing) if missing else ""
    return render(request, "handoff/_gate.html", {"handoff": handoff, "rules": rules, "missing": sentence})


@gate(may_read_handoffs)
@require_GET
def why(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    """Why an item stands as it does: everything that was said about it, newest first."""
    handoff = load(request, pk)
    if item not in trail.TITLES:
        raise Http404
    context = {
        "handoff": handoff,
        "title": trail.item_title(item),
        "steps": trail.steps_of(handoff.qualification, item),
        "masked": not sees_personal_data(who(request)),
    }
    template = "handoff/_why.html" if request.htmx else "handoff/why.html"  # type: ignore[attr-defined]
    return render(request, template, context)
