"""Takes people along their tracks: what is due in batches, set-wise, each step once whoever plans (R24; quality.md I13, rule 7).

1. A transaction takes due enrolments with their leads, skipping those another planner or a move of stage holds. 2. Who left
marketing's hand or reached the goal ends. 3. Round by round each step is noted, then done; waits say when they are over.
4. Where everybody stands is written in one statement. A planner that dies leaves nothing behind but what it committed.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from leads.bulk import Among, update_rows
from leads.models import Lead
from leads.stages import Stage
from outbox.faults import faultpoint
from scoring.lead_fields import leads_matching

from . import letters
from .models import EndReason, Enrolment, Letter, Program, ProgramVersion, StepEntry
from .step_effects import EFFECTS
from .taking import Way, take
from .track import OWN_STAGES
from .travelling import Traveller, Trip

BATCH = 1_000
#: One turn of the sweeper ends after so many, so that others have theirs.
MOST = 20_000
#: What is written of a way that goes on, was held with its program, or ended.
WRITTEN = {
    Enrolment.State.ACTIVE: ("step", "due_at", "held"),
    Enrolment.State.PAUSED: ("state", "paused_at", "paused_with_program"),
    Enrolment.State.ENDED: ("step", "due_at", "held", "state", "ended_at", "end_reason"),
}


def advance(now: datetime, limit: int = MOST) -> int:
    """Take along who is due; how many were looked at. Safe to run in many places at once."""
    moved = 0
    while moved < limit and (some := _advance_some(now)):
        moved += some
    return moved


def _advance_some(now: datetime) -> int:
    with transaction.atomic():
        rows = take(now, BATCH)
        if rows:
            faultpoint("plan.taken")
            _travel(_trip(rows, now))
            faultpoint("plan.before_commit")
    if rows:
        faultpoint("plan.committed")
    return len(rows)


def _trip(rows: list[Way], now: datetime) -> Trip:
    """The batch with what is known of all of it: versions, and which steps were done before."""
    versions = ProgramVersion.objects.select_related("activated_by").in_bulk(
        {row.program.current_id for row in rows if row.program.current_id}
    )
    tracks = {pk: version.track for pk, version in versions.items()}
    done: dict[int, set[str]] = defaultdict(set)
    had = StepEntry.objects.filter(enrolment__in=Among(row.pk for row in rows))
    for enrolment, step in had.order_by().values_list("enrolment", "step"):
        done[enrolment].add(step)
    lost = [row.pk for row in rows if row.program.current_id not in tracks]
    Enrolment.objects.filter(pk__in=lost).update(due_at=None)  # a program that never counted moves nobody
    known = [(row, row.program.current_id) for row in rows if row.program.current_id in tracks]
    return Trip(now, [Traveller(row, tracks[pk], versions[pk], done[row.pk]) for row, pk in known])


def _travel(trip: Trip) -> None:
    _let_off(trip)
    for one in trip.on_the_way():
        if one.step not in one.track.by_key:  # at the beginning, or where a step was that is gone
            trip.arrive(one, one.track.here(one.step) if one.step else one.track.first)
    while due := [one for one in trip.on_the_way() if one.is_due(trip.now)]:
        _act(trip, due)
    trip.note()
    faultpoint("plan.noted")
    _write(trip)


def _let_off(trip: Trip) -> None:
    """End or hold those who must go no further, before anything is done for them."""
    for one in trip.travellers:
        stage, state = one.row.lead.stage, one.row.program.state
        if stage not in OWN_STAGES:
            trip.finish(one, EndReason.SQL if stage == Stage.SALES_QUALIFIED else EndReason.MOVED)
        elif state == Program.State.ENDED:
            trip.finish(one, EndReason.PROGRAM)
        elif state != Program.State.ACTIVE:
            trip.hold_with_program(one)
    for some in _by_version(one for one in trip.on_the_way() if one.track.goal.by == "conditions"):
        leads = Lead.objects.filter(pk__in=Among(one.row.lead_id for one in some))
        met = set(leads_matching(leads, some[0].track.goal.conditions).values_list("pk", flat=True))
        for one in some:
            if one.row.lead_id in met:
                trip.finish(one, EndReason.GOAL)


def _by_version(travellers: Iterable[Traveller]) -> Iterable[list[Traveller]]:
    found: dict[int, list[Traveller]] = defaultdict(list)
    for one in travellers:
        found[one.version.pk].append(one)
    return found.values()


def _act(trip: Trip, due: list[Traveller]) -> None:
    """One step of each: those at the same step of the same version together. Whoever has had the step just goes on."""
    groups: dict[tuple[int, str], list[Traveller]] = defaultdict(list)
    for one in due:
        groups[one.version.pk, one.step].append(one)
    for (_version, key), some in sorted(groups.items(), key=lambda pair: pair[1][0].priority):
        here = [one for one in some if not one.is_over]  # an earlier group may have handed the lead over
        for one in here:
            if key in one.done:
                trip.go_on(one)
        if fresh := [one for one in here if not one.is_over and one.step == key and key not in one.done]:
            step = fresh[0].track.step(key)
            EFFECTS[step.kind](trip, step, fresh)  # type: ignore[union-attr]


def _write(trip: Trip) -> None:
    """Where everybody stands now; letters that still wait for those who ended are called off."""
    rows = [one.row for one in trip.travellers if not one.is_elsewhere]
    for state, columns in WRITTEN.items():
        update_rows(
            Enrolment,
            columns,
            [(row.pk, *(getattr(row, name) for name in columns)) for row in rows if row.state == state],
        )
    for reason in {row.end_reason for row in rows} - {"", EndReason.EXHAUSTED}:
        ended = [row.pk for row in rows if row.end_reason == reason]
        waiting = Letter.objects.filter(entry__enrolment__in=ended)
        letters.call_off(waiting, why=str(EndReason(reason).label), at=trip.now)
