"""What each kind of step does for those who are at it together: noted first, then done, never asked one by one."""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from leads.bulk import Among
from leads.models import Activity, Lead, Verdict
from leads.stages import Cause, Stage
from outbox.faults import faultpoint
from outbox.notices import NewNotice
from outbox.posting import post
from scoring.lead_fields import leads_matching

from .models import Enrolment, Hit, LeadList, StepEntry
from .sending import send
from .track import Branch, End, ListChange, Notify, Owner, Wait
from .travelling import Traveller, Trip

DONE = StepEntry.Outcome.DONE
People = list[Traveller]
_HITS = {"click": Hit.Kind.CLICK, "open": Hit.Kind.OPEN, "reply": Hit.Kind.REPLY}


def wait(trip: Trip, step: Wait, people: People) -> None:
    """The wait is over."""
    for one in people:
        trip.did(one, step.kind, DONE)
        trip.go_on(one)


def branch(trip: Trip, step: Branch, people: People) -> None:
    """Each goes the way that its answer says."""
    yes = set(_answers(step, people).values_list("pk", flat=True))
    for one in people:
        answer = one.row.pk in yes
        trip.did(one, step.kind, DONE, "yes" if answer else "no")
        trip.go_on(one, yes=answer)


def _answers(step: Branch, people: People) -> "QuerySet[Enrolment]":
    """The enrolments of those for whom the answer is yes."""
    asked = Enrolment.objects.filter(pk__in=Among(one.row.pk for one in people)).order_by()
    if step.by == "conditions":
        leads = _leads_of(people)
        return asked.filter(lead__in=leads_matching(leads, step.conditions).values("pk"))
    if step.by == "activity":
        return asked.filter(
            Exists(
                Activity.objects.filter(
                    lead=OuterRef("lead"), occurred_at__gte=OuterRef("entered_at"), type__key=step.activity,
                    verdict=Verdict.PERSON,
                )
            )
        )  # fmt: skip
    return asked.filter(
        Exists(
            Hit.objects.filter(
                letter__entry__enrolment=OuterRef("pk"), letter__entry__step=step.letter, kind=_HITS[step.did],
                verdict=Verdict.PERSON,
            )
        )
    )  # fmt: skip


def change_list(trip: Trip, step: ListChange, people: People) -> None:
    """Into a static list, or out of a list."""
    chosen = LeadList.objects.active().filter(pk=step.list or 0).first()
    if chosen is None or (chosen.is_dynamic and step.how == "put"):
        trip.skip(people, step.kind, _("The list cannot be changed"))
        return
    people = _without_held_out(trip, step.kind, people)
    _note_done(trip, step.kind, people)
    if people:
        leads = _leads_of(people)
        why = _("by the program “%(program)s”") % {"program": people[0].row.program.name}
        (chosen.put_in if step.how == "put" else chosen.take_out)(leads, by=None, at=trip.now, why=why)
    for one in people:
        trip.go_on(one)


def hand_over(trip: Trip, step: Owner, people: People) -> None:
    """Make them SQLs with a note for sales. All programs end for them by that, in the same transaction."""
    resting = [one for one in people if one.row.lead.cooling_until and one.row.lead.cooling_until > trip.now]
    trip.skip(resting, step.kind, _("Sales asked for a rest"))
    people = _without_held_out(trip, step.kind, [one for one in people if one not in resting])
    _note_done(trip, step.kind, people)
    if not people:
        return
    first = people[0]
    moves = Lead.objects.move(
        [one.row.lead_id for one in people], to=Stage.SALES_QUALIFIED, at=trip.now, cause=Cause.PERSON,
        by=first.version.activated_by, reason=_("Program “%(program)s”") % {"program": first.row.program.name}, note=step.note,
    )  # fmt: skip
    moved = {move.lead_id for move in moves}
    for one in trip.travellers:
        one.is_elsewhere = one.is_elsewhere or one.row.lead_id in moved
    for one in people:
        if not one.is_over:
            trip.go_on(one)


def notify(trip: Trip, step: Notify, people: People) -> None:
    """Tell one person of each of them, by notice and by mail as that person chose."""
    person = User.objects.active().filter(pk=step.person or 0).first()
    if person is None:
        trip.skip(people, step.kind, _("This person is not there any more"))
        return
    people = _without_held_out(trip, step.kind, people)
    _note_done(trip, step.kind, people)
    leads = _leads_of(people).in_bulk()
    post([_notice(step, one, leads[one.row.lead_id], person) for one in people], at=trip.now)
    for one in people:
        trip.go_on(one)


def _notice(step: Notify, one: Traveller, lead: Lead, person: User) -> NewNotice:
    text = _("%(lead)s: %(text)s") % {"lead": lead.name, "text": step.text}
    return NewNotice(person, "program", text, reverse("lead_page", args=[lead.pk]), f"program:{one.row.pk}:{step.key}")


def _leads_of(people: People) -> "QuerySet[Lead]":
    return Lead.objects.filter(pk__in=Among(one.row.lead_id for one in people))


def end(trip: Trip, step: End, people: People) -> None:
    """The program is over for them."""
    for one in people:
        trip.did(one, step.kind, DONE)
        trip.go_on(one)


def _without_held_out(trip: Trip, kind: str, people: People) -> People:
    trip.skip([one for one in people if one.row.holds_out], kind, _("Held out for comparison"))
    return [one for one in people if not one.row.holds_out]


def _note_done(trip: Trip, kind: str, people: People) -> None:
    """Note it and write that down, before it is done."""
    for one in people:
        trip.did(one, kind, DONE)
    trip.note()
    faultpoint(f"plan.{kind}_noted")


EFFECTS: dict[str, Callable[[Trip, Any, People], None]] = {
    "wait": wait,
    "email": send,
    "branch": branch,
    "list": change_list,
    "owner": hand_over,
    "notify": notify,
    "end": end,
}
