"""Counting what arrived, and the daily sweep that lets time pass for every score; both idempotent (R7; architecture.md §4, §5)."""

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, QuerySet

from accounts.actor import act_as
from leads.fact_history import changed_since

from . import blocks, board, matchers, store
from .days import end_of, workspace_day
from .engine import Scored, rescore
from .lock import scoring_lock
from .models import Pending, ScoringModel, Sweep
from .models_effect import BlockEffect
from .models_work import Part

log = logging.getLogger(__name__)
#: How much of what waits is counted in one transaction.
BATCH = 10_000
#: Where a set fails, it is tried again in so many parts.
STEP = 10
#: Blocks that are done in one go: all of them, or so many that others get their turn.
ALL, A_FEW = 1 << 31, 4
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
    with blocks.at_work():
        waiting = _take(BATCH if size is None else size, after)
        if not waiting:
            return None
        act_as("system:scoring", now)
        blocks.share(row.lead for row in waiting)
        leads = _lock({row.lead for row in waiting})
        board.ensure_rows(leads, workspace_day(now))
        elsewhere = store.pass_on([(row.activity, row.lead) for row in waiting if row.activity])
        anew = sorted({row.lead for row in waiting if row.rebuild} & set(leads))
        if anew:
            store.rebuild(anew)
        done = {*elsewhere, *(row.activity for row in waiting if row.lead in set(anew))}
        store.append([row.activity for row in waiting if row.activity and row.activity not in done])
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


def sweep_day(now: datetime, most: int = ALL) -> Scored:
    """Let the new day of the workspace fade every score, once a day; what is left of a sweep that was cut off is done now.

    Any number of processes may be at it, each at other blocks, and this one at `most` so many. The first sweep after
    `forget_sweeps` also matches all facts anew. What this process did of it.
    """
    sweep, done = begin_sweep(now), Scored()
    if sweep is not None:
        for _block in range(most):
            if (scored := sweep_block(sweep.day, now)) is None:
                break
            done += scored
    return done


def sweep_some(now: datetime) -> Scored:
    """A few blocks of it: what the sweeper does in a round, so that reminders need not wait for a million leads."""
    return sweep_day(now, most=A_FEW)


def begin_sweep(now: datetime) -> Sweep | None:
    """The sweep of this day, with a part for each block of leads; None where it is done."""
    day = workspace_day(now)
    begun, parts = Sweep.objects.filter(day=day).first(), Part.objects.of_work(work_of(day))
    if begun is None or not (begun.finished_at or parts.exists()):
        _note_unknown_leads()
        drain(now)
        board.ensure_all_rows(day)
        with transaction.atomic():  # whoever sees the sweep sees its parts
            if Sweep.objects.get_or_create(day=day, defaults={"started_at": now})[1]:
                parts.delete()
            Part.objects.plan(work_of(day), blocks.blocks())
    _end_sweep(day, now)
    return Sweep.objects.filter(day=day, finished_at=None).first()


def _finished() -> QuerySet[Sweep]:
    return Sweep.objects.filter(finished_at__isnull=False)


def blocks_to_sweep(day: date) -> list[int]:
    """The blocks that are not done yet."""
    return list(Part.objects.of_work(work_of(day)).waiting().order_by("block").values_list("block", flat=True))


def work_of(day: date) -> str:
    """What the parts of that day's sweep are filed under."""
    return f"sweep:{day}"


def sweep_block(day: date, now: datetime, block: int | None = None) -> Scored | None:
    """Score one block that is not done and that nobody is at, or the one named; None where there is none."""
    with blocks.at_work():
        part = Part.objects.take(work_of(day), block)
        if part is None:
            return None
        scored = _score_block(part.block, day, at=now, refit=not _finished().exists(), tell=True)
        part.end(now)
    _end_sweep(day, now)
    return scored


def _end_sweep(day: date, now: datetime) -> None:
    """The sweep is done with its last part; whoever commits last sees all of them done."""
    waiting = Part.objects.of_work(work_of(day)).waiting()
    if Sweep.objects.filter(~Exists(waiting), day=day, finished_at=None).update(finished_at=now):
        Part.objects.filter(work__startswith="sweep:").exclude(work=work_of(day)).delete()


def _note_unknown_leads() -> None:
    """Leads that came by another way than the verbs, by a restored table for instance, are counted from the start."""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO scoring_pending (lead_id, rebuild) SELECT id, true {board.UNKNOWN}")


def score_day(day: date, *, at: datetime, move: bool = True, refit: bool = False) -> Scored:
    """Score every lead as of a day, block by block, and move stages with history at the moment `at` (not backdated here).

    `refit` matches all facts anew, as they stood on a day that is over.
    """
    board.ensure_all_rows(day)
    changed = changed_since(end_of(day)) if refit and day < workspace_day(at) else set()
    done = Scored()
    for block in blocks.blocks():
        with blocks.at_work():
            done += _score_block(block, day, at=at, refit=refit, move=move, changed=changed)
    return done


def _score_block(block: int, day: date, *, at: datetime, refit: bool, tell: bool = False, **more: Any) -> Scored:
    """Score the leads of a block by the version that is published once nobody else is at the block.

    `tell`: where the version is new to the block, what it changes is kept for its history.
    """
    blocks.hold(block)
    act_as("system:scoring", at)
    version = ScoringModel.objects.published()
    untold = BlockEffect.objects.untold(version.pk, block) if tell else None
    more |= {"day": day, "at": at, "refit": refit, "version": version}
    was = untold.against.model.definitions if untold else None
    done = _score(blocks.ids_of(block), lambda part: rescore(part, was=was, **more))
    if untold:
        untold.tell(done.effect, at)
    return done


def _score(lead_ids: Sequence[int], rescore_these: Callable[[Sequence[int]], Scored]) -> Scored:
    """Score a set; where that fails in parts, so that one lead never stands in the way of others."""
    try:
        with transaction.atomic():
            return rescore_these(lead_ids)
    except NOBODYS_FAULT:
        raise
    except Exception:
        if len(lead_ids) == 1:
            log.exception("Lead %d cannot be scored.", lead_ids[0])
            return Scored()
    size = -(-len(lead_ids) // STEP)
    parts = [lead_ids[start : start + size] for start in range(0, len(lead_ids), size)]
    return sum((_score(part, rescore_these) for part in parts), Scored())


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
    Part.objects.filter(work__startswith="sweep:").delete()
    Sweep.objects.all().delete()


def rebuild_vectors(now: datetime) -> int:
    """Make all vectors anew from the activities; how many leads have one. From then on every matcher is learnt."""
    board.ensure_all_rows(workspace_day(now))
    learning = matchers.unlearnt()
    done = sum(rebuild_block(block) for block in blocks.blocks())
    end_learning(learning)
    return done


def rebuild_block(block: int) -> int:
    """Make the vectors of a block anew; how many leads it has."""
    with blocks.at_work():
        blocks.hold(block)
        ids = blocks.ids_in(block)
        for start in range(0, len(ids), store.REBUILD_CHUNK):
            store.rebuild(ids[start : start + store.REBUILD_CHUNK])
    return len(ids)


def end_learning(learning: Sequence[str]) -> None:
    """All vectors tell these matchers apart; class numbers that no vector holds any more are free again."""
    matchers.learn(learning)
    with scoring_lock(alone=True):
        store.forget_unused_classes()


def check_vectors(now: datetime, *, nightly: int | None = None) -> int:
    """Make anew the vectors that differ from what the activities say, and score their leads; how many differed.

    With `nightly` only so many blocks, each night the next ones, so that a night is long enough however many leads there are.
    """
    drain(now)
    found = blocks.blocks()
    nights = max(1, -(-len(found) // nightly) if nightly else 1)
    return sum(_repair(block, now) for block in found[workspace_day(now).toordinal() % nights :: nights])


def _repair(block: int, now: datetime) -> int:
    with blocks.at_work():
        blocks.hold(block)
        ids, found = blocks.ids_in(block), []
        for start in range(0, len(ids), store.REBUILD_CHUNK):
            found += store.differing(ids[start : start + store.REBUILD_CHUNK])
        if found:
            store.rebuild(found)
            rescore(found, day=workspace_day(now), at=now, refit=True)
    return len(found)
