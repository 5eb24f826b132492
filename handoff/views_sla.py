"""The policies and calendars of follow-up: read by everybody, changed with a look at what it moves first."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import anyone_signed_in, gate
from leads.numbers import id_of
from leads.permissions import sees_personal_data
from outbox.pages import NewestFirst

from . import sla_editing
from .answers import who
from .forms_sla import CalendarForm, PolicyForm
from .models import DeadlineChange, Handoff, QualificationRules, SlaChange, SlaPolicy, WorkCalendar
from .permissions import may_edit_reasons, may_edit_sla
from .sla_clocks import Effect
from .sla_editing import CalendarEdit, CalendarRemoval, Edit, PolicyEdit, PolicyRemoval, SlaRefused
from .sla_words import calendar_lines, change_lines, policy_lines
from .words import gate_sentence

#: Changes that the page of the policies tells of.
CHANGES = 8


@gate(anyone_signed_in)
@require_GET
def sla_policy(request: HttpRequest) -> HttpResponse:
    """What the company promises about follow-up, in words, for everybody."""
    calendars = [(calendar, calendar_lines(calendar)) for calendar in WorkCalendar.objects.in_use()]
    context = {
        "policies": [(one, policy_lines(one)) for one in SlaPolicy.objects.in_force()],
        "calendars": calendars,
        "changes": list(SlaChange.objects.select_related("by")[:CHANGES]),
        "gate": gate_sentence(QualificationRules.objects.for_team(who(request).team_id).gate),
        "may_edit": may_edit_sla(who(request)),
        "may_edit_reasons": may_edit_reasons(who(request)),
    }
    return render(request, "handoff/policy.html", context)


@gate(may_edit_sla)
@require_http_methods(["GET", "POST"])
def policy_new(request: HttpRequest) -> HttpResponse:
    reminders = {"unclaimed_after": 120, "before_due": 240, "late_every": 240, "late_times": 6}
    return _policy(request, SlaPolicy(minutes=24 * 60, **reminders), _("New policy"))


@gate(may_edit_sla)
@require_http_methods(["GET", "POST"])
def policy_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(SlaPolicy.objects.editable(), pk=pk)
    return _policy(request, found, str(found))


def _policy(request: HttpRequest, found: SlaPolicy, heading: str) -> HttpResponse:
    form = PolicyForm(request.POST if request.method == "POST" else None, policy=found, now=timezone.now())
    if form.is_bound and (removed := id_of(request.POST.get("remove", ""))) is not None:
        form.rows = [row for number, row in enumerate(form.rows) if number != removed]
    elif form.is_bound and not {"another", "back"} & set(request.POST) and form.is_valid():
        return _decide(request, PolicyEdit(form.draft(), form.chosen_place), heading)
    context = {"form": form, "heading": heading, "condition_rows": form.row_forms(), "policy": found}
    return render(request, "handoff/sla_form.html", context, status=_status(form))


@gate(may_edit_sla)
@require_http_methods(["GET", "POST"])
def policy_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """What taking a policy away would move; by POST with a confirmation it is gone."""
    found = get_object_or_404(SlaPolicy.objects.editable().filter(is_default=False), pk=pk)
    return _decide(request, PolicyRemoval(found), _("Remove “%(name)s”") % {"name": found})


@gate(may_edit_sla)
@require_http_methods(["GET", "POST"])
def calendar_new(request: HttpRequest) -> HttpResponse:
    return _calendar(request, WorkCalendar(zone=who(request).time_zone), _("New calendar"))


@gate(may_edit_sla)
@require_http_methods(["GET", "POST"])
def calendar_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(WorkCalendar.objects.in_use(), pk=pk)
    return _calendar(request, found, found.name)


@gate(may_edit_sla)
@require_http_methods(["GET", "POST"])
def calendar_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """A calendar that no policy counts by can go; for one that is used the answer names who uses it."""
    found = get_object_or_404(WorkCalendar.objects.in_use(), pk=pk)
    removal = CalendarRemoval(found)
    if refusal := removal.refusal():
        messages.error(request, refusal)
        return redirect("sla_policy")
    return _decide(request, removal, _("Remove “%(name)s”") % {"name": found})


def _calendar(request: HttpRequest, found: WorkCalendar, heading: str) -> HttpResponse:
    form = CalendarForm(request.POST if request.method == "POST" else None, calendar=found, now=timezone.now())
    if form.is_bound and "back" not in request.POST and form.is_valid():
        return _decide(request, CalendarEdit(form.draft()), heading)
    return render(request, "handoff/sla_form.html", {"form": form, "heading": heading}, status=_status(form))


def _status(form: PolicyForm | CalendarForm) -> int:
    return 422 if form.is_bound and form.errors else 200


def _decide(request: HttpRequest, edit: Edit, heading: str) -> HttpResponse:
    """Make the change that was confirmed; or show what it would move, with all that was typed kept in the page."""
    problem = ""
    if request.POST.get("confirm"):
        seen = id_of(request.POST.get("seen", "")) or 0
        try:
            change = sla_editing.make(edit, seen=seen, by=who(request), at=timezone.now())
        except SlaRefused as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _saved(change))
            return redirect("sla_policy")
    return render(request, "handoff/sla_preview.html", _preview(request, edit, heading) | {"problem": problem})


def _saved(change: SlaChange) -> str:
    moved = ngettext("%(n)d deadline moved.", "%(n)d deadlines moved.", change.moved) % {"n": change.moved}
    return f"{change}. {moved}"


def _preview(request: HttpRequest, edit: Edit, heading: str) -> dict[str, Any]:
    effect = Effect.of(edit.book(), timezone.now())
    seen = Handoff.objects.visible_to(who(request)).select_related("lead", "claimed_by")
    known = seen.in_bulk([move.handoff_id for move in effect.biggest])
    kept = [(name, value) for name, values in request.POST.lists() for value in values]
    unsent = {"csrfmiddlewaretoken", "confirm", "seen", "back"}
    return {
        "effect": effect,
        "biggest": [(move, known.get(move.handoff_id)) for move in effect.biggest],
        "heading": heading,
        "kept": [(name, value) for name, value in kept if name not in unsent],
        "seen": sla_editing.latest_change(),
        "lines": change_lines(edit.before(), edit.after()),
        "is_removal": edit.after() is None,
        "crumbs": [(_("How fast we follow up"), reverse("sla_policy"))],
    }


@gate(anyone_signed_in)
@require_GET
def sla_change(request: HttpRequest, pk: int) -> HttpResponse:
    """One change: what was said before and after, and each deadline that moved with it, page by page."""
    change = get_object_or_404(SlaChange.objects.select_related("by"), pk=pk)
    moved = DeadlineChange.objects.of_change(change, seen_by=who(request))
    context = {
        "change": change,
        "lines": change_lines(change.before, change.after),
        "page": NewestFirst.of(moved, request.GET),
        "masked": not sees_personal_data(who(request)),
        "crumbs": [(_("How fast we follow up"), reverse("sla_policy"))],
    }
    return render(request, "handoff/sla_change.html", context)
