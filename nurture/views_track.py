"""The draft of a program: its track edited step by step, whom it is for, the check, test letters, activation."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap, retarget

from accounts.access import gate
from accounts.fresh_password import require_fresh_password
from leads.numbers import id_of
from leads.requests import SignedIn

from . import programs, track_editing
from .forms_programs import ProgramForm, SettingsForm
from .forms_steps import FORMS, StepForm
from .models import Program, ProgramRefused, ProgramVersion
from .permissions import may_activate_programs, may_edit_programs, may_see_programs
from .program_check import findings
from .program_names import names_of
from .program_page import ICONS, lines_of
from .program_tests import send_tests
from .track import Track
from .track_editing import EditRefused
from .track_reading import KIND_WORDS
from .track_words import differences, whole_sentences

Document = dict[str, Any]


def _program(pk: int) -> Program:
    return get_object_or_404(Program.objects.for_overview(), pk=pk)


def _draft(request: SignedIn, program: Program) -> ProgramVersion:
    """The draft; begun where there is none yet and something is about to change it."""
    draft = program.draft()
    if draft is None and request.method == "POST" and program.is_open:
        return program.begin_draft(by=request.user, at=timezone.now())
    if draft is None:
        raise Http404
    return draft


@gate(may_edit_programs)
@require_POST
def draft_begin(request: SignedIn, pk: int) -> HttpResponse:
    """A draft beside what counts."""
    program = _program(pk)
    try:
        program.begin_draft(by=request.user, at=timezone.now())
    except ProgramRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("program_page", program.pk)
    return redirect("program_edit", program.pk)


@gate(may_edit_programs)
@require_safe
def program_edit(request: SignedIn, pk: int) -> HttpResponse:
    """The track of the draft, from top to bottom."""
    program = _program(pk)
    draft = program.draft()
    return render(request, "nurture/programs/edit.html", _track(program, draft)) if draft else _drafted_no_more(program)


def _drafted_no_more(program: Program) -> HttpResponse:
    """Where whoever goes back to a draft finds what became of it: it counts, or the program ended before it ever did."""
    return redirect("program_page", program.pk) if program.current_id else redirect("programs")


def _track(program: Program, draft: ProgramVersion) -> Document:
    track, faults = draft.read()
    names = names_of([track])
    return {
        "program": program,
        "draft": draft,
        "lines": lines_of(track, faults=faults, names=names),
        "about": whole_sentences(track, names),
        "kinds": [(kind, label, ICONS[kind]) for kind, label in KIND_WORDS.items()],
        "crumbs": _crumbs(program),
    }


def _crumbs(program: Program) -> list[tuple[str, str]]:
    return [(_("Programs"), reverse("programs")), (program.name, reverse("program_page", args=[program.pk]))]


def _changed(request: SignedIn, pk: int, change: Callable[[Document], Document]) -> HttpResponse:
    """Change the draft's document; the track again for htmx, else the page."""
    program = _program(pk)
    try:
        draft = _draft(request, program)
        draft.write(change(draft.document))
    except (EditRefused, ProgramRefused) as refusal:
        if request.htmx:
            return HttpResponse(str(refusal), status=409, content_type="text/plain")
        messages.warning(request, str(refusal))
        return redirect("program_edit", program.pk)
    return _answer(request, program, draft)


def _answer(request: SignedIn, program: Program, draft: ProgramVersion) -> HttpResponse:
    if not request.htmx:
        return redirect("program_edit", program.pk)
    shown = render(request, "nurture/programs/_track_edit.html", _track(program, draft))
    return reswap(retarget(shown, "#track"), "outerHTML")


@gate(may_edit_programs)
@require_POST
def step_new(request: SignedIn, pk: int) -> HttpResponse:
    said = {name: request.POST.get(name, "")[:12] for name in ("after", "into", "way")}
    return _changed(request, pk, lambda document: track_editing.add(document, request.POST.get("kind", ""), **said)[0])


@gate(may_edit_programs)
@require_POST
def step_move(request: SignedIn, pk: int, key: str) -> HttpResponse:
    by = -1 if request.POST.get("to") == "up" else 1
    return _changed(request, pk, lambda document: track_editing.move(document, key, by))


@gate(may_edit_programs)
@require_POST
def step_remove(request: SignedIn, pk: int, key: str) -> HttpResponse:
    return _changed(request, pk, lambda document: track_editing.remove(document, key))


@gate(may_edit_programs)
@require_http_methods(["GET", "POST"])
def step_edit(request: SignedIn, pk: int, key: str) -> HttpResponse:
    """What one step says, in its place in the track."""
    program = _program(pk)
    draft = _draft(request, program)
    form = _form(request, draft.track, key)
    stays = _rows_only(request, form)
    if form.is_bound and not stays and form.is_valid():
        return _changed(request, pk, lambda document: track_editing.put(document, key, form.facts()))
    line = next(line for line in lines_of(draft.track) if line.place.step.key == key)
    context = {"program": program, "form": form, "line": line, "condition_rows": form.row_forms()}
    context |= {"crumbs": _crumbs(program), "asks_conditions": hasattr(form, "conditions")}
    status = 422 if form.is_bound and not stays else 200
    return _in_place(request, "_step_form.html" if request.htmx else "step.html", context, f"#step-{key}", status)


def _in_place(request: SignedIn, template: str, context: Document, target: str, status: int) -> HttpResponse:
    shown = render(request, f"nurture/programs/{template}", context, status=status)
    return reswap(retarget(shown, target), "outerHTML") if request.htmx else shown


def _form(request: SignedIn, track: Track, key: str) -> StepForm:
    step = track.step(key)
    if step is None or type(step) not in FORMS:
        raise Http404
    data = request.POST if request.method == "POST" else None
    return FORMS[type(step)](data, step=step, track=track, names=names_of([track]))


def _rows_only(request: SignedIn, form: Any) -> bool:
    """Whether only a row of conditions was added or taken away without JavaScript."""
    if (removed := id_of(request.POST.get("remove", ""))) is not None and hasattr(form, "rows"):
        form.rows = [row for number, row in enumerate(form.rows) if number != removed]
    return "another" in request.POST or "remove" in request.POST


@gate(may_edit_programs)
@require_http_methods(["GET", "POST"])
def program_settings(request: SignedIn, pk: int) -> HttpResponse:
    """Name, priority; who comes in, when it writes, what it is for."""
    program = _program(pk)
    data = request.POST if request.method == "POST" else None
    draft = program.draft() or program.current
    name, form = ProgramForm(data, instance=program), SettingsForm(data, track=draft.track if draft else Track())
    stays = _rows_only(request, form)
    if data is not None and not stays and name.is_valid() and form.is_valid():
        try:
            name.save(commit=False).keep()
            _draft(request, program).write(_draft(request, program).document | form.document())
            return redirect("program_edit", program.pk)
        except ProgramRefused as refusal:
            name.add_error(None, str(refusal))
    context = {
        "program": program,
        "name_form": name,
        "form": form,
        "condition_rows": form.row_forms(),
        "crumbs": _crumbs(program),
    }
    return render(
        request, "nurture/programs/settings.html", context, status=422 if data is not None and not stays else 200
    )


@gate(may_see_programs)
@require_safe
def program_check(request: SignedIn, pk: int) -> HttpResponse:
    """What is to be known before the draft counts, and what it changes."""
    program = _program(pk)
    draft = program.draft()
    if draft is None:
        return _drafted_no_more(program)
    track, _faults = draft.read()
    before = program.current.track if program.current else None
    names = names_of([track, *([before] if before else [])])
    found = findings(program, draft, now=timezone.now())
    context = {
        "program": program, "draft": draft, "findings": found, "blocked": any(one.blocks for one in found),
        "lines": lines_of(track, names=names), "about": whole_sentences(track, names), "crumbs": _crumbs(program),
        "changes": differences(before, track, names) if before else [],
        "concerned": programs.concerns(program, track), "most_alone": programs.MOST_ALONE,
        "can_activate": may_activate_programs(request.user), "can_edit": may_edit_programs(request.user),
    }  # fmt: skip
    return render(request, "nurture/programs/check.html", context)


@gate(may_edit_programs)
@require_POST
def program_test(request: SignedIn, pk: int) -> HttpResponse:
    """Every e-mail of the draft, as a test, to whoever asks."""
    program = _program(pk)
    sent = send_tests(_draft(request, program).track, to=request.user, at=timezone.now())
    said = _("%(n)d test letters are on their way to %(address)s.") if sent else _("There is no finished e-mail in this draft to test.")  # fmt: skip
    (messages.success if sent else messages.warning)(request, said % {"n": sent, "address": request.user.email})
    return redirect("program_check", program.pk)


@gate(may_activate_programs)
@require_POST
def program_activate(request: SignedIn, pk: int) -> HttpResponse:
    """Let the draft count, as one of two people where many are concerned."""
    program = _program(pk)
    back = reverse("program_check", args=[pk])
    require_fresh_password(request, _("Let “%s” count") % program.name, back=back, at=timezone.now())
    try:
        counts = program.activate(
            by=request.user, at=timezone.now(), reason=request.POST.get("reason", "").replace("\x00", "")
        )
    except ProgramRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("program_check", program.pk)
    if not counts:
        messages.info(
            request,
            _(
                "Noted. It concerns many people: it counts when a second marketing manager or administrator lets it, too."
            ),
        )
        return redirect("program_check", program.pk)
    messages.success(request, _("“%(program)s” counts from now on.") % {"program": program.name})
    return redirect("program_page", program.pk)


@gate(may_edit_programs)
@require_POST
def draft_discard(request: SignedIn, pk: int) -> HttpResponse:
    """Throw the draft away."""
    program = _program(pk)
    try:
        programs.discard_draft(program)
        messages.success(request, _("The draft is gone; what counts has not changed."))
    except ProgramRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("program_edit", program.pk)
    return redirect("program_page", program.pk)
