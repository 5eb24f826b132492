"""Who comes into programs: set-wise and once, whoever looks (R23). The hold-out share is a matter of arithmetic, not of chance."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from leads.models import Activity, Lead, StageMove, Verdict
from leads.stages import Stage
from outbox.faults import faultpoint

from .models import Enrolment, LeadList, Program, entered_since
from .program_names import names_of
from .track import Track
from .track_words import entry_sentence

Leads = QuerySet[Lead]
CHUNK = 20_000
#: Transactions that take longer than this to commit are found by the full reading.
OVERLAP = timedelta(minutes=10)
FULL_EVERY = timedelta(hours=1)


def enter_all(now: datetime) -> int:
    """Let in, for each active program, whoever fulfils its entry; how many came. Safe to run in many places at once."""
    return sum(_enter(pk, now) for pk in Program.objects.active().values_list("pk", flat=True))


def _enter(pk: int, now: datetime) -> int:
    came = 0
    while True:
        with transaction.atomic():
            program = Program.objects.active().select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
            if program is None:
                return came
            track = program.current.track  # type: ignore[union-attr]
            if track.entry.by in ("hand", "form"):  # they come by a hand, or in the moment of the deed
                return came
            fresh = insert(program, track, candidates(program, track, _since(program, now)), at=now, most=CHUNK)
            if fresh < CHUNK:
                Program.objects.filter(pk=pk).update(entered_until=now)
            faultpoint("enter.before_commit")
        came += fresh
        if fresh < CHUNK:
            return came


def _since(program: Program, now: datetime) -> datetime | None:
    """From which moment on to look; None for everybody who fulfils it, which an hour's turn asks for."""
    until = program.entered_until
    if until is None or until.replace(minute=0, second=0, microsecond=0) + FULL_EVERY <= now:
        return None
    return until - OVERLAP


def candidates(program: Program, track: Track, since: datetime | None) -> Leads:
    """The leads that fulfil the entry, as far as they did so since a moment; those who are in are left out."""
    entry, begun = track.entry, program.activated_at
    if not entry.present and begun:
        since = max(since, begun) if since else begun
    leads = allowed(program, track)
    if entry.by == "list":
        return _of_list(leads, entry.list, since)
    if entry.by == "stage":
        return _at_stage(leads, entry.stage, since)
    if entry.by == "recycled":
        return _sent_back(leads, entry.reason, since)
    return leads.none()


def allowed(program: Program, track: Track) -> Leads:
    """Leads that may be on this program now: marketing's, writable in principle, not on it, nor before in this cycle."""
    entry = track.entry
    been = Enrolment.objects.filter(program=program, lead=OuterRef("pk"))
    blocking = been.filter(Q(cycle=OuterRef("cycle")) | ~Q(state=Enrolment.State.ENDED)) if entry.again else been
    stages = (entry.stage,) if entry.by == "stage" else entry.stages
    return Lead.objects.at(*stages).filter(~Exists(blocking), suppressed_at=None)


def _of_list(leads: Leads, number: int | None, since: datetime | None) -> Leads:
    chosen = LeadList.objects.active().filter(pk=number or 0).first()
    if chosen is None:
        return leads.none()
    return leads.filter(pk__in=entered_since(chosen, since).order_by().values("lead")) if since else chosen.only(leads)


def _at_stage(leads: Leads, stage: str, since: datetime | None) -> Leads:
    if since is None:
        return leads
    moved = StageMove.objects.filter(to_stage=stage, at__gte=since).values("lead")
    return leads.filter(Q(pk__in=moved) | Q(created_at__gte=since))


def _sent_back(leads: Leads, reason: str, since: datetime | None) -> Leads:
    """Those whose present cycle began when sales sent them back, for a reason that begins so."""
    back = StageMove.objects.filter(
        lead=OuterRef("pk"), cycle=OuterRef("cycle"), from_stage=Stage.SALES_QUALIFIED, reason__istartswith=reason
    )
    if since is None:
        return leads.filter(Exists(back), cycle__gt=1)
    lately = StageMove.objects.filter(from_stage=Stage.SALES_QUALIFIED, at__gte=since).values("lead")
    return leads.filter(Exists(back), pk__in=lately)


def follow_activities(sender: Any, *, activity_ids: Sequence[int], at: datetime | None = None, **_signal: Any) -> None:
    """Receiver of `activities_recorded`: who did what leads into a program is in it, in the transaction of the deed."""
    for program in Program.objects.entered_by_activity():
        track = program.current.track  # type: ignore[union-attr]
        did = Activity.objects.filter(
            pk__in=activity_ids, type__key=track.entry.activity, verdict=Verdict.PERSON,
            occurred_at__gte=program.activated_at,
        )  # fmt: skip
        moment = did.order_by("-recorded_at").values_list("recorded_at", flat=True).first()
        if moment:
            insert(program, track, allowed(program, track).filter(pk__in=did.values("lead")), at=moment)


def enrol(program: Program, leads: Leads, *, by: str, at: datetime) -> int:
    """Put leads in by hand, those of them that may; `by` is who did it. How many came."""
    with transaction.atomic():
        held = Program.objects.active().select_for_update(of=("self",)).filter(pk=program.pk).first()
        if held is None:
            return 0
        track = held.current.track  # type: ignore[union-attr]
        chosen = allowed(held, track).filter(pk__in=leads.values("pk"))
        return insert(held, track, chosen, at=at, why=_("Put in by %(who)s") % {"who": by})


def insert(
    program: Program, track: Track, leads: Leads, *, at: datetime, most: int | None = None, why: str = ""
) -> int:
    """Begin the way of these leads, each once a cycle, in one statement."""
    try:
        chosen, params = leads.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # nobody at all, such as the members of a list that is gone
        return 0
    words = why or entry_sentence(track.entry, names_of([track]))
    with connection.cursor() as cursor:
        limit = f" LIMIT {int(most)}" if most else ""
        cursor.execute(
            _INSERT.format(chosen=chosen, limit=limit),
            [program.pk, program.pk, track.hold_out, at, words[:200], at, *params],
        )
        return int(cursor.rowcount)


_INSERT = f"""
INSERT INTO {Enrolment._meta.db_table} (program_id, lead_id, cycle, state, holds_out, entered_at, entered_by, step, due_at, held,
    paused_with_program, end_reason)
SELECT %s, l.id, l.cycle, 'active',
    ('x' || substr(md5(%s::text || ':' || l.id || ':' || l.cycle), 1, 8))::bit(32)::bigint %% 100 < %s,
    %s, %s, '', %s, '', false, ''
FROM {Lead._meta.db_table} AS l WHERE l.id IN ({{chosen}}) ORDER BY l.id{{limit}}
ON CONFLICT DO NOTHING
"""  # noqa: S608 - the tables' own names


def holds_out(program: int, lead: int, cycle: int, share: int) -> bool:
    """Whether this way is of the share that gets nothing; the statement above says the same."""
    digest = hashlib.md5(f"{program}:{lead}:{cycle}".encode(), usedforsecurity=False).hexdigest()
    return int(digest[:8], 16) % 100 < share
