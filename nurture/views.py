"""Nurture lists: the overview, create and edit with conditions, archive, undo. A list's page is in leadhub.lead_list."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import gate, require
from leads.condition_rows import Row, check_rows, packed_rows, typed_rows
from leads.numbers import id_of
from leads.permissions import sees_personal_data
from leads.requests import SignedIn
from outbox.doorbell import ring_after_commit
from scoring.lead_condition_rows import row_forms
from scoring.lead_fields import LIST_FIELDS, sentences_of

from .counting import TakesLong, counts_of, taste
from .forms import ListForm
from .models import LeadList, ListChange, ListCircle, ListRefused
from .permissions import may_edit_lists, may_see_lists
from .tasks import refresh_lists

MOST_LISTS = 200


@gate(may_see_lists)
@require_safe
def lists(request: SignedIn) -> HttpResponse:
    """All lists by name with their live counts; the archived ones on their own tab."""
    archived = "archived" in request.GET
    chosen = LeadList.objects.archived() if archived else LeadList.objects.active()
    shown = list(chosen.select_related("created_by")[:MOST_LISTS])
    counts = counts_of(shown, user=request.user)
    said = sentences_of([one.wanted() for one in shown])
    rows = [
        {"list": one, "count": counts.get(one.pk, 0), "sentence": sentence}
        for one, sentence in zip(shown, said, strict=True)
    ]
    return render(
        request, "nurture/lists.html", {"rows": rows, "archived": archived, "can_edit": may_edit_lists(request.user)}
    )


@gate(may_edit_lists)
@require_http_methods(["GET", "POST"])
def list_create(request: SignedIn) -> HttpResponse:
    """A new list; conditions may come from the address, as the lead list's filter writes them."""
    form = ListForm(
        request.POST if request.method == "POST" else None,
        initial={"kind": request.GET.get("kind", LeadList.Kind.STATIC)},
    )
    if not form.is_bound:
        form.rows = packed_rows(request.GET)
    return _edited(request, form, template={"title": _("New list"), "submit": _("Create list")})


@gate(may_edit_lists)
@require_http_methods(["GET", "POST"])
def list_edit(request: SignedIn, pk: int) -> HttpResponse:
    chosen = get_object_or_404(LeadList, pk=pk)
    form = ListForm(request.POST if request.method == "POST" else None, instance=chosen)
    return _edited(request, form, template={"title": chosen.name, "submit": _("Save list"), "list": chosen})


def _edited(request: SignedIn, form: ListForm, *, template: dict[str, Any]) -> HttpResponse:
    """Save; or show the form again, also when only a row was added or taken away without JavaScript."""
    if form.is_bound and (removed := id_of(request.POST.get("remove", ""))) is not None:
        form.rows = [row for number, row in enumerate(form.rows) if number != removed]
    elif form.is_bound and "another" not in request.POST and form.is_valid():
        try:
            return _saved(request, form)
        except ListCircle as circle:
            form.add_error(None, str(circle))
        except ListRefused as refusal:
            form.add_error("name", str(refusal))
    return render(request, "nurture/list_form.html", {"form": form, "condition_rows": form.row_forms(), **template})


def _saved(request: SignedIn, form: ListForm) -> HttpResponse:
    chosen = form.save(commit=False)
    chosen.conditions = form.document
    now = timezone.now()
    if chosen.pk is None:
        chosen.created_by, chosen.created_at = request.user, now
    if chosen.is_dynamic:
        chosen.asked_at = now
    chosen.keep()
    ring_after_commit(refresh_lists)
    messages.success(request, _("“%(list)s” is saved.") % {"list": chosen.name})
    return redirect("list_page", chosen.pk)


@gate(may_see_lists)
@require_safe
def condition_row(request: SignedIn) -> HttpResponse:
    """One row of the condition builder again, after its field or operator was chosen; or a new blank one."""
    rows = typed_rows(request.GET)[:1] or [Row()]
    one = row_forms(rows, personal=sees_personal_data(request.user))[0]
    return render(request, "leads/condition_row.html", {"one": one})


@gate(may_edit_lists)
@require_safe
def condition_count(request: SignedIn) -> HttpResponse:
    """How many leads the typed conditions choose now, and a few of them."""
    rows, conditions = check_rows(typed_rows(request.GET), LIST_FIELDS)
    context: dict[str, Any] = {"problem": next((row.problem for row in rows if row.problem), "")}
    if conditions:
        try:
            context["count"], context["sample"] = taste(conditions, user=request.user)
        except TakesLong:
            context["takes_long"] = True
    return render(request, "nurture/condition_count.html", context)


@gate(may_edit_lists)
@require_POST
def list_archive(request: SignedIn, pk: int) -> HttpResponse:
    """Put the list away, or bring it back."""
    chosen = get_object_or_404(LeadList, pk=pk)
    try:
        if chosen.archived_at:
            chosen.restore(at=timezone.now())
            ring_after_commit(refresh_lists)
            messages.success(request, _("“%(list)s” is back.") % {"list": chosen.name})
        else:
            chosen.archive(at=timezone.now())
            messages.success(
                request, _("“%(list)s” is archived.") % {"list": chosen.name}, extra_tags=f"undo:{request.path}"
            )
    except ListRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("lists")


@gate(may_edit_lists)
@require_POST
def list_undo(request: SignedIn, pk: int) -> HttpResponse:
    """Undo a bulk change of one's own."""
    change = get_object_or_404(ListChange.objects.select_related("list"), pk=pk)
    require(change.by_id == request.user.pk)
    try:
        change.undo(by=request.user, at=timezone.now())
        ring_after_commit(refresh_lists)
        messages.success(request, _("Undone: “%(list)s” is as it was.") % {"list": change.list.name})
    except ListRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("list_page", change.list_id)
