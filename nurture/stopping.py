"""The ends and the pauses of ways through programs: set-wise, and waiting letters are called off in the same transaction (I13)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leads.models import StageMove
from leads.stages import Stage
from outbox.faults import faultpoint

from . import letters
from .models import EndReason, Enrolment, EnrolmentQuerySet, Letter, Program, ProgramVersion
from .track import OWN_STAGES, Wait
from .unplanning import unplan

CHUNK = 5_000
Enrolments = EnrolmentQuerySet


def end(enrolments: Enrolments, why: EndReason, *, at: datetime) -> int:
    """End those that have not ended; how many that were. Holds the enrolments before it looks for letters: a planner that
    was just writing to them has put its letters in line by then, and they are found."""
    with transaction.atomic(savepoint=False):
        ids = _hold(enrolments.open())
        if not ids:
            return 0
        for some in _chunks(ids):
            Enrolment.objects.filter(pk__in=some).update(
                state=Enrolment.State.ENDED, ended_at=at, end_reason=why, due_at=None, held="", paused_at=None,
                paused_with_program=False,
            )  # fmt: skip
        faultpoint("stop.ended")
        _call_off(ids, str(why.label), at)
        faultpoint("stop.before_commit")
    return len(ids)


def pause(enrolments: Enrolments, *, at: datetime, with_program: bool = False) -> int:
    """Hold those on the way where they are. A letter that waits is called off, and its step comes again after the pause."""
    with transaction.atomic():
        ids = _hold(enrolments.active())
        for some in _chunks(ids):
            Enrolment.objects.filter(pk__in=some).update(
                state=Enrolment.State.PAUSED, paused_at=at, paused_with_program=with_program
            )
        for some in _chunks(ids):
            unplan(some, why=_("Paused before it was sent"), at=at)
    return len(ids)


def resume(enrolments: Enrolments, *, at: datetime) -> int:
    """Let those that are paused go on: who was waiting some time waits the rest of it, fixed days stay where they are."""
    resumed = 0
    with transaction.atomic():
        held = enrolments.paused()
        for version in ProgramVersion.objects.filter(pk__in=held.order_by().values("program__current").distinct()):
            ids = _hold(held.filter(program=version.program_id))
            keys = [p.step.key for p in version.track.places if isinstance(p.step, Wait) and p.step.how == "for"]
            with connection.cursor() as cursor:
                cursor.execute(_RESUME, [keys, at, ids])
            resumed += len(ids)
    return resumed


_RESUME = f"""
UPDATE {Enrolment._meta.db_table} SET state = 'active', paused_at = NULL, paused_with_program = false,
    due_at = CASE WHEN step = ANY(%s) THEN due_at + (%s - paused_at) ELSE due_at END
WHERE id = ANY(%s)
"""  # noqa: S608 - the table's own name


def stop_leads(lead_ids: Iterable[int], why: EndReason, *, at: datetime) -> int:
    """End every program for these leads: they unsubscribed, their address bounced, or sales has them."""
    return end(Enrolment.objects.of_leads(lead_ids), why, at=at)


def follow_stages(sender: Any, *, moves: Sequence[StageMove], at: datetime, **_signal: Any) -> None:
    """Receiver of `stages_changed`: whoever leaves marketing's hand, or reaches the stage a program is for, gets nothing more."""
    gone = [move for move in moves if move.to_stage not in OWN_STAGES]
    for which, why in ((Stage.SALES_QUALIFIED, EndReason.SQL), (None, EndReason.MOVED)):
        leads = [m.lead_id for m in gone if (m.to_stage == Stage.SALES_QUALIFIED) == bool(which)]
        if leads:
            stop_leads(leads, why, at=at)
    reached = [move.lead_id for move in moves if move.to_stage == Stage.MARKETING_QUALIFIED]
    if reached:
        goals = Program.objects.with_goal_of_stage(Stage.MARKETING_QUALIFIED)
        end(Enrolment.objects.of_leads(reached).filter(program__in=goals), EndReason.GOAL, at=at)


def _hold(enrolments: "QuerySet[Enrolment]") -> list[int]:
    """Lock them in the order of their ids, and read which they are."""
    held = enrolments.order_by("id").select_for_update(no_key=True, of=("self",))
    return list(held.values_list("pk", flat=True))


def _call_off(ids: Sequence[int], why: str, at: datetime) -> None:
    for some in _chunks(ids):
        letters.call_off(Letter.objects.filter(entry__enrolment__in=some), why=why, at=at)


def _chunks(ids: Sequence[int]) -> Iterable[list[int]]:
    waiting = iter(ids)
    while some := list(islice(waiting, CHUNK)):
        yield some
