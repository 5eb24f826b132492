"""Sellers and queues: how much each takes, when they work, when they are away; and where handoffs wait."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import gate, require
from accounts.models import Taken, User
from leads.requests import SignedIn

from . import absences, routing_page
from .forms_routing import AbsenceForm, QueueForm, SeatForm
from .house import seats_changed_by
from .models import Absence, Queue, Seat
from .permissions import (
    SellerPermissions,
    may_edit_routing,
    may_have_seat,
    may_see_routing,
    may_see_seats,
)
from .queues import put_away, with_waiting
from .refusals import RoutingRefused

MOST_ABSENCES = 20


@gate(may_see_routing)
@require_safe
def sellers(request: SignedIn) -> HttpResponse:
    """Everybody leads can be given to: weight, capacity, hours, absence, open now, taken in thirty days."""
    rows = routing_page.seller_rows(request.user, timezone.now())
    context = {"rows": rows, "days": routing_page.TAKEN_DAYS, "tabs": routing_page.tabs("sellers")}
    return render(request, "handoff/routing/sellers.html", context)


@gate(may_have_seat)
@require_safe
def my_seat(request: SignedIn) -> HttpResponse:
    """One's own hours, capacity and leave."""
    return redirect("seller", request.user.pk)


def _seller(request: SignedIn, pk: int) -> User:
    """A seller whose seat this person may change; of others nobody learns anything."""
    person = get_object_or_404(seats_changed_by(request.user), pk=pk)
    require(SellerPermissions(request.user, person).edit)
    return person


@gate(may_see_seats)
@require_http_methods(["GET", "POST"])
def seller(request: SignedIn, pk: int) -> HttpResponse:
    """A seller's seat: change it, go on leave, come back."""
    person = _seller(request, pk)
    seat = Seat.of(person)
    seat.person = person
    form = SeatForm(request.POST if request.method == "POST" else None, instance=seat, by=request.user)
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Saved; it counts from the next lead on."))
        return redirect("seller", pk)
    return _seller_page(request, person, seat_form=form)


def _seller_page(request: SignedIn, person: User, **bound: Any) -> HttpResponse:
    now = timezone.now()
    seat = Seat.of(person)
    seat.person = person
    context: dict[str, Any] = {
        "person": person,
        "is_me": person == request.user,
        "seat_form": SeatForm(instance=seat, by=request.user),
        "absence_form": AbsenceForm(now=now),
        "absences": list(Absence.objects.filter(person=person).select_related("said_by")[:MOST_ABSENCES]),
        "now": now,
        "may_see_routing": may_see_routing(request.user),
    }
    wrong = any(form.is_bound for form in bound.values())
    return render(request, "handoff/routing/seller.html", context | bound, status=422 if wrong else 200)


@gate(may_see_seats)
@require_POST
def seller_away(request: SignedIn, pk: int) -> HttpResponse:
    """Go on leave, or send somebody there: their open leads go to others."""
    person, now = _seller(request, pk), timezone.now()
    form = AbsenceForm(request.POST, now=now)
    if not form.is_valid():
        return _seller_page(request, person, absence_form=form)
    try:
        absence = absences.go_away(person, **form.cleaned_data, by=request.user, at=now)
    except RoutingRefused as refusal:
        form.add_error(None, str(refusal))
        return _seller_page(request, person, absence_form=form)
    said = _("Away from now on; the open leads went to others.") if absence.begun_at else _("The absence is entered.")
    messages.success(request, said)
    return redirect("seller", pk)


@gate(may_see_seats)
@require_POST
def seller_back(request: SignedIn, pk: int, absence: int) -> HttpResponse:
    """Back at work, or an absence that will not be."""
    person = _seller(request, pk)
    try:
        absences.come_back(
            get_object_or_404(Absence, pk=absence, person=person), by=request.user, at=timezone.now()
        )  # fmt: skip
        messages.success(request, _("Done; routing gives leads again when it is due."))
    except RoutingRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("seller", pk)


@gate(may_see_routing)
@require_safe
def queues(request: SignedIn) -> HttpResponse:
    """Where handoffs wait, who may claim from there, and how many wait now."""
    context = {
        "queues": with_waiting(),
        "can_edit": may_edit_routing(request.user),
        "tabs": routing_page.tabs("queues"),
    }
    return render(request, "handoff/routing/queues.html", context)


@gate(may_edit_routing)
@require_http_methods(["GET", "POST"])
def queue_new(request: SignedIn) -> HttpResponse:
    return _queue_form(request, Queue(), _("New queue"))


@gate(may_edit_routing)
@require_http_methods(["GET", "POST"])
def queue_edit(request: SignedIn, pk: int) -> HttpResponse:
    return _queue_form(request, get_object_or_404(Queue.objects.in_use(), pk=pk), _("Change the queue"))


def _queue_form(request: SignedIn, queue: Queue, heading: str) -> HttpResponse:
    form = QueueForm(request.POST if request.method == "POST" else None, instance=queue)
    if form.is_bound and form.is_valid():
        try:
            queue.write(name=form.cleaned_data["name"], teams=list(form.cleaned_data.get("teams", ())))
            return redirect("queues")
        except Taken as refusal:
            form.add_error("name", str(refusal))
    context = {"form": form, "heading": heading, "queue": queue}
    return render(request, "handoff/routing/queue_form.html", context, status=422 if form.is_bound else 200)


@gate(may_edit_routing)
@require_POST
def queue_put_away(request: SignedIn, pk: int) -> HttpResponse:
    """Out of use; what waits there goes to the default queue."""
    try:
        put_away(get_object_or_404(Queue.objects.in_use(), pk=pk), at=timezone.now())
        messages.success(request, _("Out of use; what waited there waits in the default queue."))
    except RoutingRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("queues")
