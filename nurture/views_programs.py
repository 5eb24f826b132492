"""Programs: the overview, a program's page with its track and effect, the people on it, and each one's way."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import gate, require
from leads.models import Lead
from leads.numbers import id_of
from leads.permissions import sees_personal_data
from leads.requests import SignedIn
from outbox.pages import NewestFirst

from . import entering, programs
from .forms_programs import ProgramForm
from .models import Enrolment, Program, ProgramRefused
from .permissions import (
    EnrolmentPermissions,
    may_activate_programs,
    may_edit_programs,
    may_remove_people,
    may_see_programs,
)
from .program_effect import effect_of
from .program_names import names_of
from .program_page import OUTCOMES, health_of, lines_of, lines_with_people, why_here
from .track import Track
from .track_words import whole_sentences

MOST_PROGRAMS = 200


@gate(may_see_programs)
@require_safe
def overview(request: SignedIn) -> HttpResponse:
    """All programs with their health; the ended ones on their own tab."""
    ended = "ended" in request.GET
    chosen = (Program.objects.ended() if ended else Program.objects.in_use()).for_overview()[:MOST_PROGRAMS]
    rows = health_of(list(chosen), timezone.now())
    context = {"rows": rows, "ended": ended, "can_edit": may_edit_programs(request.user)}
    return render(request, "nurture/programs/overview.html", context)


@gate(may_edit_programs)
@require_http_methods(["GET", "POST"])
def program_new(request: SignedIn) -> HttpResponse:
    """Begin one: a name, then its track."""
    form = ProgramForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = programs.begin(**form.cleaned_data, by=request.user, at=timezone.now())
            return redirect("program_edit", made.pk)
        except ProgramRefused as refusal:
            form.add_error("name", str(refusal))
    return render(request, "nurture/programs/new.html", {"form": form}, status=422 if form.is_bound else 200)


@gate(may_see_programs)
@require_safe
def program_page(request: SignedIn, pk: int) -> HttpResponse:
    """Track with people at each step, what became of it, and what the program does."""
    program = get_object_or_404(Program.objects.for_overview(), pk=pk)
    if program.current is None:
        return redirect("program_edit" if may_edit_programs(request.user) else "program_check", program.pk)
    track = program.current.track
    names = names_of([track])
    context = {
        "program": program,
        "health": health_of([program], timezone.now())[0],
        "lines": lines_with_people(program, track, names),
        "about": whole_sentences(track, names),
        "effect": effect_of(program),
        "draft": program.draft(),
        "versions": program.versions.select_related("activated_by")[:12],
        "can_edit": may_edit_programs(request.user),
        "can_activate": may_activate_programs(request.user),
    }
    return render(request, "nurture/programs/page.html", context | _crumbs(program, last=False))


def _crumbs(program: Program, *, last: bool = True) -> dict[str, Any]:
    found = [(_("Programs"), reverse("programs"))]
    return {"crumbs": [*found, (program.name, reverse("program_page", args=[program.pk]))] if last else found}


@gate(may_see_programs)
@require_safe
def program_people(request: SignedIn, pk: int) -> HttpResponse:
    """Who is on it: all, at one step, or what became of one step; page by page."""
    program = get_object_or_404(Program.objects.for_overview(), pk=pk)
    track = program.current.track if program.current else Track()
    names = names_of([track])
    asked = {name: request.GET.get(name, "")[:20].replace("\x00", "") for name in ("step", "outcome", "state", "end")}
    page = NewestFirst.of(Enrolment.objects.of_program(program).asked_for(track.first, **asked), request.GET)
    rows = [(one, why_here(one, track, names)) for one in page.rows]
    context = {"program": program, "page": page, "rows": rows, "asked": asked, "now": timezone.now()}
    context |= {
        "line": next((one for one in lines_of(track, names=names) if one.place.step.key == asked["step"]), None)
    }
    context |= {"masked": not sees_personal_data(request.user), "outcome": OUTCOMES.get(asked["outcome"], "")}
    return render(request, "nurture/programs/people.html", context | _crumbs(program))


@gate(may_see_programs)
@require_safe
def enrolment(request: SignedIn, pk: int) -> HttpResponse:
    """One person's way through a program: each step with what became of it, and why they wait."""
    one = _enrolment(request, pk)
    track = one.program.current.track if one.program.current else Track()
    names = names_of([track])
    words = {line.place.step.key: line for line in lines_of(track, names=names)}
    entries = [(entry, words.get(entry.step)) for entry in one.entries.select_related("letter")]
    context = {
        "one": one,
        "entries": entries,
        "why": why_here(one, track, names),
        "can": EnrolmentPermissions(request.user, one),
    }
    context |= {"masked": not sees_personal_data(request.user)} | _crumbs(one.program)
    return render(request, "nurture/programs/enrolment.html", context)


def _enrolment(request: SignedIn, pk: int) -> Enrolment:
    return get_object_or_404(Enrolment.objects.visible_to(request.user).for_rows(), pk=pk)


@gate(may_edit_programs)
@require_POST
def enrolment_pause(request: SignedIn, pk: int) -> HttpResponse:
    """Hold one person, or let them go on."""
    one = _enrolment(request, pk)
    changed = one.resume(at=timezone.now()) if one.state == Enrolment.State.PAUSED else one.pause(at=timezone.now())
    if not changed:
        messages.info(request, _("Nothing changed: the program ended for them."))
    return redirect("enrolment", one.pk)


@gate(may_remove_people)
@require_POST
def enrolment_remove(request: SignedIn, pk: int) -> HttpResponse:
    """Take one person out for good."""
    one = _enrolment(request, pk)
    require(EnrolmentPermissions(request.user, one).remove)
    if one.remove(at=timezone.now()):
        messages.success(request, _("“%(program)s” is over for this lead.") % {"program": one.program.name})
    return redirect("lead_page", one.lead_id)


@gate(may_edit_programs)
@require_POST
def lead_enrol(request: SignedIn, pk: int) -> HttpResponse:
    """Put one lead into an active program by hand."""
    lead = get_object_or_404(Lead.objects.visible_to(request.user), pk=pk)
    program = get_object_or_404(Program.objects.active(), pk=id_of(request.POST.get("program", "")) or 0)
    came = entering.enrol(program, Lead.objects.only_this(lead), by=request.user.name, at=timezone.now())
    said = _("%(lead)s is in “%(program)s” now.") if came else _("%(lead)s cannot come into “%(program)s”: it is on it, has been in this cycle, is not marketing’s, or does not want mail.")  # fmt: skip
    (messages.success if came else messages.warning)(request, said % {"lead": lead.name, "program": program.name})
    return redirect("lead_page", lead.pk)


@gate(may_activate_programs)
@require_POST
def program_pause(request: SignedIn, pk: int) -> HttpResponse:
    """Hold the whole program, or let it go on."""
    program = get_object_or_404(Program, pk=pk)
    try:
        if program.state == Program.State.PAUSED:
            program.resume(at=timezone.now())
        else:
            program.pause(at=timezone.now())
    except ProgramRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("program_page", program.pk)


@gate(may_activate_programs)
@require_POST
def program_end(request: SignedIn, pk: int) -> HttpResponse:
    """End it for everybody and for good."""
    program = get_object_or_404(Program, pk=pk)
    try:
        ended = program.end(at=timezone.now())
        messages.success(
            request, _("“%(program)s” has ended; %(n)d were on the way.") % {"program": program.name, "n": ended}
        )
    except ProgramRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("programs")
