"""Counting what arrived, and the daily sweep that lets time pass for every score; both idempotent (R7; architecture.md §4, §5)."""

from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from accounts.actor import act_as
from leads.fact_history import changed_since

from . import board, matchers, store
from .days import end_of, workspace_day
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
        return rescore(leads, day=workspace_day(now), at=now, refit=True)


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
    """Let the new day of the workspace fade every score, once a day; a sweep that was cut off is done again.

    The first sweep after `forget_sweeps` also matches all facts anew.
    """
    day = workspace_day(now)
    done = Sweep.objects.filter(finished_at__isnull=False)
    if done.filter(day=day).exists():
        return Scored()
    Sweep.objects.get_or_create(day=day, defaults={"started_at": now})
    drain(now)
    scored = score_day(day, at=now, refit=not done.exists())
    Sweep.objects.filter(day=day).update(finished_at=now)
    return scored


def score_day(day: date, *, at: datetime, move: bool = True, refit: bool = False) -> Scored:
    """Score every lead as of a day, in chunks, and move stages with history at the moment `at` (which is not backdated here).

    `refit` matches all facts anew, as they stood on a day that is over.
    """
    board.ensure_all_rows(day)
    version, done = ScoringModel.objects.published(), Scored()
    changed = changed_since(end_of(day)) if refit and day < workspace_day(at) else set()
    for ids in board.chunks():
        with scoring_lock(alone=True):
            act_as("system:scoring", at)
            done += rescore(ids, day=day, at=at, refit=refit, move=move, version=version, changed=changed)
    return done


def recalculate(day: date, *, at: datetime) -> Scored:
    """Count what waits, match all facts anew and score every lead as of a day; the next sweep brings back the present one."""
    drain(at)
    forget_sweeps()
    done = score_day(day, at=at, refit=True)
    if day == workspace_day(at):
        Sweep.objects.create(day=day, started_at=at, finished_at=at)
    return done


def forget_sweeps() -> None:
    """Scores hold for no day any more: the next sweep matches all facts and scores every lead again."""
    Sweep.objects.all().delete()


def rebuild_vectors(now: datetime) -> int:
    """Make all vectors anew from the activities; how many leads have one. From then on every matcher is learnt."""
    board.ensure_all_rows(workspace_day(now))
    learning = matchers.unlearnt()
    done = 0
    for ids in board.chunks(store.REBUILD_CHUNK):
        with scoring_lock(alone=True):
            store.rebuild(ids)
        done += len(ids)
    matchers.learn(learning)
    with scoring_lock(alone=True):
        store.forget_unused_classes()
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
