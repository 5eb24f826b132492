"""The step that sends: who may be written to, whether now, whether not too often, and each letter once (quality.md I13, rule 10)."""

import zlib
from collections import defaultdict
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from leads.bulk import Among
from outbox.faults import faultpoint

from . import letters
from .merge_language import fields_of
from .merge_values import values_of
from .models import EmailVersion, EndReason, Enrolment, Held, ProgramVersion, StepEntry
from .track import Mail, Track, Wait
from .travelling import DAY, Traveller, Trip
from .writing import sources_of

People = list[Traveller]
#: Reasons for which somebody is never written to again: the program ends for them.
FINAL = {
    letters.Unwritable.UNSUBSCRIBED: EndReason.UNSUBSCRIBED,
    letters.Unwritable.BOUNCED: EndReason.BOUNCED,
    letters.Unwritable.COMPLAINED: EndReason.COMPLAINED,
    letters.Unwritable.SUPPRESSED: EndReason.SUPPRESSED,
}


def send(trip: Trip, step: Mail, people: People) -> None:
    """Put one letter in line for each who may be written to now; the others are skipped with a reason, or wait."""
    trip.skip([one for one in people if one.row.holds_out], step.kind, _("Held out for comparison"))
    people = [one for one in people if not one.row.holds_out]
    email, version = trip.email(step.email)
    if email is None or version is None:
        trip.skip(people, step.kind, _("This e-mail has no finished version"))
        return
    people = _writable(trip, step, people, email.topic)
    recent = trip.recent(people)
    people = [one for one in people if not _is_held(trip, one, recent)]
    people = _foremost(trip, people)
    ids = _queue(trip, step, people, version)
    for one in people:
        trip.did(one, step.kind, StepEntry.Outcome.PENDING, letter=ids[one.row.pk])
    trip.note()
    faultpoint("plan.email_noted")
    for one in people:
        trip.go_on(one)


def _writable(trip: Trip, step: Mail, people: People, topic: str) -> People:
    """Without those who may not be written to: skipped with the reason, and ended where it is for good."""
    barred = letters.unwritable([one.row.lead for one in people], topic)
    for one in people:
        if why := barred.get(one.row.lead_id):
            trip.did(one, step.kind, StepEntry.Outcome.SKIPPED, letters.Unwritable(why).label)
            if why in FINAL:
                trip.finish(one, FINAL[letters.Unwritable(why)])
            else:
                trip.go_on(one)
    return [one for one in people if one.row.lead_id not in barred]


def _is_held(trip: Trip, one: Traveller, recent: dict[int, list[datetime]]) -> bool:
    """Whether it waits for the sending hours, or since enough was sent lately."""
    opens = trip.opening(one, trip.now)
    if opens is None:
        trip.skip([one], Mail.kind, _("The sending hours never open"))
        return True
    sent = recent[one.row.lead_id]
    if len(sent) >= settings.NURTURE_CAP:
        trip.hold(one, Held.CAP, sent[-settings.NURTURE_CAP] + settings.NURTURE_CAP_DAYS * DAY)
        return True
    if opens > trip.now:
        trip.hold(one, Held.HOURS, opens)
        return True
    return False


def _foremost(trip: Trip, people: People) -> People:
    """Without those to whom a program of higher priority writes within a day: theirs waits a day longer."""
    rivals = _rivals(trip, people)
    first = []
    for one in people:
        before = [due for priority, due in rivals.get(one.row.lead_id, ()) if priority < one.priority]
        if before:
            trip.hold(one, Held.OTHER, max(before) + DAY)
        else:
            first.append(one)
    return first


def _rivals(trip: Trip, people: People) -> dict[int, list[tuple[tuple[int, int], datetime]]]:
    """Lead → the other programs that are about to write to it: their priority, and when."""
    asked = Enrolment.objects.active().filter(lead__in=Among(one.row.lead_id for one in people))
    rows = list(
        asked.filter(due_at__lte=trip.now + DAY, holds_out=False, program__state="active")
        .exclude(pk__in=Among(one.row.pk for one in people))
        .order_by()
        .values_list("lead", "program__priority", "program", "program__current", "step", "due_at")
    )
    versions = ProgramVersion.objects.in_bulk({row[3] for row in rows}) if rows else {}
    tracks = {pk: version.track for pk, version in versions.items()}
    found: dict[int, list[tuple[tuple[int, int], datetime]]] = defaultdict(list)
    for lead, priority, program, current, step, due in rows:
        if due and current in tracks and _writes_next(tracks[current], step):
            found[lead].append(((priority, program), max(due, trip.now)))
    return found


def _writes_next(track: Track, key: str) -> bool:
    """Whether the step there is an e-mail, or a wait that an e-mail follows."""
    step = track.step(track.here(key) if key else track.first)
    return isinstance(step, Mail) or (isinstance(step, Wait) and isinstance(track.step(track.after(step.key)), Mail))


def _queue(trip: Trip, step: Mail, people: People, version: EmailVersion) -> dict[int, int]:
    """Way → its letter. The key holds each to one letter, whoever else plans."""
    if not people:
        return {}
    named = {name for source in sources_of(version) for name in fields_of(source)}
    values = values_of([one.row.lead.pk for one in people], only=named)  # a letter keeps no more than it says
    keys = {one.row.pk: f"step:{one.row.pk}:{step.key}" for one in people}
    new = [
        letters.NewLetter(
            key=keys[one.row.pk], lead=one.row.lead, version=version, not_before=trip.now,
            variant=variant_of(version, one.row.lead_id), values=values.get(one.row.lead_id, {}),
        )
        for one in people
    ]  # fmt: skip
    ids = letters.queue(new, at=trip.now)
    faultpoint("plan.queued")
    recent = trip.recent(people)
    for one in people:
        recent[one.row.lead_id].append(trip.now)
    return {pk: ids[key] for pk, key in keys.items()}


def variant_of(version: EmailVersion, lead: int) -> str:
    """Which subject a lead gets: the same one whoever asks, half of them each."""
    return "b" if version.subject_b and zlib.crc32(f"{version.pk}:{lead}".encode()) % 2 else "a"
