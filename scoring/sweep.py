"""Counting what arrived, and the daily sweep that lets time pass for every score; both idempotent (R7; architecture.md §4, §5)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from accounts.actor import act_as

from . import board, store
from .days import workspace_day
from .engine import Scored, rescore
from .lock import scoring_lock
from .models import ScoringModel, Sweep

#: How much of what waits is counted in one transaction.
BATCH = 10_000


class Waiting(NamedTuple):
    """One row taken from what waits."""

    lead: int
    activity: int | None
    rebuild: bool


def drain(now: datetime) -> Scored:
    """Count everything that waits; what it did. Any number of processes may drain at once."""
    done = Scored()
    while batch := drain_batch(now):
        done += batch
    return done


def drain_batch(now: datetime) -> Scored | None:
    """Count some of what waits in one transaction; None when nothing is left to take."""
    with scoring_lock(alone=False):
        waiting = _take()
        if not waiting:
            return None
        act_as("system:scoring", now)
        leads = _lock({row.lead for row in waiting})
        board.ensure_rows(leads, workspace_day(now))
        anew = sorted({row.lead for row in waiting if row.rebuild} & set(leads))
        if anew:
            store.rebuild(anew)
        store.append([row.activity for row in waiting if row.activity and row.lead not in set(anew)])
        facts = {row.lead for row in waiting if not row.activity and not row.rebuild}
        return _rescored(leads, facts, now)


def _rescored(leads: Sequence[int], facts: set[int], now: datetime) -> Scored:
    day, version = workspace_day(now), ScoringModel.objects.published()
    done = Scored()
    for refit in (True, False):
        part = [lead for lead in leads if (lead in facts) is refit]
        if part:
            done += rescore(part, day=day, at=now, refit=refit, version=version)
    return done


def _take() -> list[Waiting]:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM scoring_pending WHERE id = ANY(ARRAY("
            "SELECT id FROM scoring_pending ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)) RETURNING lead_id, activity_id, rebuild",
            [BATCH],
        )
        return [Waiting(*row) for row in cursor.fetchall()]


def _lock(leads: set[int]) -> list[int]:
    """Lock the leads in order of id, before any score row, as everybody does who changes both."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM leads_lead WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [sorted(leads)])
        return [row[0] for row in cursor.fetchall()]


def sweep_day(now: datetime) -> Scored:
    """Let the new day of the workspace fade every score, once a day; a sweep that was cut off is done again."""
    day = workspace_day(now)
    if Sweep.objects.filter(day=day, finished_at__isnull=False).exists():
        return Scored()
    Sweep.objects.get_or_create(day=day, defaults={"started_at": now})
    drain(now)
    done = score_day(day, at=now)
    Sweep.objects.filter(day=day).update(finished_at=now)
    return done


def score_day(day: date, *, at: datetime, move: bool = True, refit: bool = False) -> Scored:
    """Score every lead as of a day, in chunks, and move stages with history at the moment `at` (which is not backdated here)."""
    board.ensure_all_rows(day)
    version, done = ScoringModel.objects.published(), Scored()
    for ids in board.chunks():
        with scoring_lock(alone=True):
            act_as("system:scoring", at)
            done += rescore(ids, day=day, at=at, refit=refit, move=move, version=version)
    return done


def rebuild_vectors(now: datetime) -> int:
    """Make all vectors anew from the activities; how many leads have one."""
    board.ensure_all_rows(workspace_day(now))
    done = 0
    for ids in board.chunks(store.REBUILD_CHUNK):
        with scoring_lock(alone=True):
            store.rebuild(ids)
        done += len(ids)
    return done


def check_vectors(now: datetime) -> int:
    """Make anew the vectors that differ from what the activities say, and score their leads; how many differed."""
    wrong: list[int] = []
    drain(now)
    for ids in board.chunks(store.REBUILD_CHUNK):
        with scoring_lock(alone=True):
            found = store.differing(ids)
            if found:
                store.rebuild(found)
                rescore(found, day=workspace_day(now), at=now, refit=True)
        wrong += found
    return len(wrong)
