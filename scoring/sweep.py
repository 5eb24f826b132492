"""Counting what arrived, and the daily sweep that lets time pass for every score; both idempotent (R7; architecture.md §4, §5)."""

import logging
from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection

from accounts.actor import act_as
from leads.fact_history import changed_since

from . import board, matchers, store
from .days import end_of, workspace_day
from .engine import Scored, rescore
from .lock import scoring_lock
from .models import Pending, ScoringModel, Sweep

log = logging.getLogger(__name__)
#: How much of what waits is counted in one transaction.
BATCH = 10_000
#: Where a set fails, it is tried again in so many parts.
STEP = 10
#: The database is busy or away, or time is up: the next ring or round tries again.
NOBODYS_FAULT = (OperationalError, InterfaceError, SoftTimeLimitExceeded)


class Waiting(NamedTuple):
    """One row taken from what waits."""

    lead: int
    activity: int | None
    rebuild: bool


def drain(now: datetime) -> Scored:
    """Count everything that waits; what it did. Any number of processes may drain at once.

    What cannot be counted is logged and goes on waiting; it never keeps others from being counted.
    """
    done, size, after = Scored(), BATCH, 0
    while True:
        try:
            counted = drain_batch(now, size=size, after=after)
        except NOBODYS_FAULT:
            raise
        except Exception:
            if size == 1:
                after = _first_after(after)
                log.exception("What waits as number %d cannot be counted.", after)
            size = max(1, size // STEP)
        else:
            if counted is None:
                return done
            done, size = done + counted, min(BATCH, size * STEP)


def drain_batch(now: datetime, *, size: int | None = None, after: int = 0) -> Scored | None:
    """Count some of what waits in one transaction; None when nothing is left to take."""
    with scoring_lock(alone=False):
        waiting = _take(BATCH if size is None else size, after)
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


def _take(size: int, after: int) -> list[Waiting]:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM scoring_pending WHERE id = ANY(ARRAY(SELECT id FROM scoring_pending WHERE id > %s"
            " ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)) RETURNING lead_id, activity_id, rebuild",
            [after, size],
        )
        return [Waiting(*row) for row in cursor.fetchall()]


def _first_after(after: int) -> int:
    return Pending.objects.filter(id__gt=after).order_by("id").values_list("id", flat=True).first() or after + 1


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
    _note_unknown_leads()
    drain(now)
    scored = score_day(day, at=now, refit=not done.exists())
    Sweep.objects.filter(day=day).update(finished_at=now)
    return scored


def _note_unknown_leads() -> None:
    """Leads that came by another way than the verbs, by a restored table for instance, are counted from the start."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scoring_pending (lead_id, rebuild) SELECT id, true FROM leads_lead l"
            " WHERE NOT EXISTS (SELECT FROM scoring_leadscore s WHERE s.lead_id = l.id)"
        )


def score_day(day: date, *, at: datetime, move: bool = True, refit: bool = False) -> Scored:
    """Score every lead as of a day, in chunks, and move stages with history at the moment `at` (which is not backdated here).

    `refit` matches all facts anew, as they stood on a day that is over.
    """
    board.ensure_all_rows(day)
    version, done = ScoringModel.objects.published(), Scored()
    changed = changed_since(end_of(day)) if refit and day < workspace_day(at) else set()
    for ids in board.chunks():
        done += _score(ids, at, lambda part: rescore(
            part, day=day, at=at, refit=refit, move=move, version=version, changed=changed))  # fmt: skip
    return done


def _score(lead_ids: list[int], at: datetime, rescore_these: Callable[[list[int]], Scored]) -> Scored:
    """Score a chunk in one transaction; where that fails in parts, so that one lead never stands in the way of others."""
    try:
        with scoring_lock(alone=True):
            act_as("system:scoring", at)
            return rescore_these(lead_ids)
    except NOBODYS_FAULT:
        raise
    except Exception:
        if len(lead_ids) == 1:
            log.exception("Lead %d cannot be scored.", lead_ids[0])
            return Scored()
    size = -(-len(lead_ids) // STEP)
    parts = [lead_ids[start : start + size] for start in range(0, len(lead_ids), size)]
    return sum((_score(part, at, rescore_these) for part in parts), Scored())


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


def check_vectors(now: datetime, *, nightly: int | None = None) -> int:
    """Make anew the vectors that differ from what the activities say, and score their leads; how many differed.

    With `nightly` only so many chunks, each night the next ones, so that a night is long enough however many leads there are.
    """
    drain(now)
    chunks = list(board.chunks(store.REBUILD_CHUNK))
    nights = -(-len(chunks) // nightly) if nightly else 1
    return sum(_repair(ids, now) for ids in chunks[workspace_day(now).toordinal() % max(1, nights) :: max(1, nights)])


def _repair(lead_ids: list[int], now: datetime) -> int:
    with scoring_lock(alone=True):
        found = store.differing(lead_ids)
        if found:
            store.rebuild(found)
            rescore(found, day=workspace_day(now), at=now, refit=True)
    return len(found)
