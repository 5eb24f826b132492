"""Going on leave and coming back: now, or at a later moment by the sweeper (quality.md §4: out-of-office)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import act_as
from accounts.models import Role, User

from . import telling_routing
from .departures import put_back
from .models import Absence, Routed
from .refusals import RoutingRefused


@transaction.atomic
def go_away(person: User, *, starts_at: datetime, ends_at: datetime | None, by: User, at: datetime) -> Absence:
    """Enter an absence; where it has begun, the person's open leads go to others at once. Raises `RoutingRefused`."""
    act_as(f"user:{by.pk}", at)
    User.objects.select_for_update().get(pk=person.pk)
    if ends_at is not None and ends_at <= max(starts_at, at):
        raise RoutingRefused(_("An absence ends after it begins, and after now."))
    if Absence.objects.filter(person=person).overlapping(starts_at, ends_at).exists():
        raise RoutingRefused(_("%(name)s is away during a part of this time already.") % {"name": person.name})
    absence = Absence.objects.create(person=person, starts_at=starts_at, ends_at=ends_at, said_by=by, said_at=at)
    if starts_at <= at:
        _begin(absence, at)
    return absence


@transaction.atomic
def come_back(absence: Absence, *, by: User, at: datetime) -> None:
    """End an absence now; one that has not begun is taken back. What was given to others stays with them."""
    act_as(f"user:{by.pk}", at)
    now = Absence.objects.select_for_update().filter(pk=absence.pk).not_over(at).first()
    if now is None:
        raise RoutingRefused(_("This absence is over already."))
    if now.starts_at >= at:
        now.delete()
    else:
        Absence.objects.filter(pk=now.pk).update(ends_at=at)


def begin_due(now: datetime) -> int:
    """The sweeper's step: absences whose moment has come begin; each once, whoever sweeps. Returns how many."""
    begun = 0
    while _begin_one(now):
        begun += 1
    return begun


@transaction.atomic
def _begin_one(now: datetime) -> bool:
    due = Absence.objects.to_begin(now).order_by("starts_at", "id").select_related("person")
    absence = due.select_for_update(of=("self",), skip_locked=True).first()
    if absence is None:
        return False
    _begin(absence, now)
    return True


def _begin(absence: Absence, at: datetime) -> None:
    """Their open leads go to others, and people are told. One that is over already only counts as begun."""
    absence.begun_at = at
    absence.save(update_fields=["begun_at"])
    if absence.ends_at is not None and absence.ends_at <= at:
        return
    lines = put_back(absence.person, at, cause=Routed.Cause.LEAVE, by=absence.said_by)
    told = list(User.objects.active().holding(Role.SALES_MANAGER).order_by("pk"))
    told = [one for one in told if one.team_id in (None, absence.person.team_id)]
    if absence.said_by_id != absence.person_id:
        told.append(absence.person)
    said_by = absence.said_by_id
    telling_routing.away([one for one in told if one.pk != said_by], absence, lines)
