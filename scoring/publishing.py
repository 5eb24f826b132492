"""Publishing as background work: vectors learn, the version is swapped in, every lead is scored; resumable at any point (R12)."""

from datetime import datetime

from django.db import transaction

from accounts.models import User

from . import blocks, matchers, sweep, versions
from .days import workspace_day
from .lock import scoring_lock
from .models import ModelState, ScoringModel, Sweep
from .models_work import Part, Publishing
from .publishable import require_publishable


def start(version: ScoringModel, *, by: User | None, at: datetime) -> Publishing:
    """Note that the version is to be published; asking twice is asking once. Raises `ModelRefused` where it cannot be."""
    versions.refuse_unless_draft(version)
    asked, _new = Publishing.objects.get_or_create(
        version=version, ended_at=None, defaults={"by": by, "asked_at": at, "document": version.digest}
    )
    return asked


def carry_on(now: datetime, most: int = sweep.ALL) -> bool:
    """Bring every publishing as far as `most` so many blocks go; whether that was something and there is more to do.

    Any number of processes may be at it, each at other blocks.
    """
    done = 0
    for asked in Publishing.objects.running().select_related("version", "by"):
        try:
            done += _carry_on(asked, now, most)
        except (versions.ModelRefused, matchers.TooManyClasses) as refusal:
            Publishing.objects.filter(pk=asked.pk, ended_at=None).update(ended_at=now, problem=str(refusal)[:500])
            Part.objects.of_work(asked.work).delete()
    return done > 0 and Publishing.objects.running().exists()


def carry_on_some(now: datetime) -> bool:
    """A few blocks of it: what the sweeper does in a round, and a worker before it lets others have their turn."""
    return carry_on(now, most=sweep.A_FEW)


def _carry_on(asked: Publishing, now: datetime, most: int) -> int:
    """How much was done."""
    done = 0
    if asked.learnt_at is None:
        done = _learn(asked, now, most)
        if asked.learnt_at is None:  # the rest is with another worker, or left for the next turn
            return done
    if asked.swapped_at is None:
        _swap(asked, now)
    done += sweep.sweep_day(now, most).leads
    if Sweep.objects.filter(day=workspace_day(now), finished_at__isnull=False).exists():
        Publishing.objects.filter(pk=asked.pk, ended_at=None).update(ended_at=now)
    return done


def _learn(asked: Publishing, now: datetime, most: int) -> int:
    """Have the vectors tell apart what the version looks for, block by block; how many blocks were done."""
    parts, done = Part.objects.of_work(asked.work), 0
    with scoring_lock(alone=True):
        if matchers.register(asked.version.model) and not parts.exists():
            parts.plan(asked.work, blocks.blocks())
    while done < most and learn_block(asked, now):
        done += 1
    if not parts.waiting().exists():
        sweep.end_learning(sorted(matchers.keys_of(asked.version.model)))
        asked.learnt_at = now
        Publishing.objects.filter(pk=asked.pk, learnt_at=None).update(learnt_at=now)
        parts.delete()
    return done


def learn_block(asked: Publishing, now: datetime, block: int | None = None) -> bool:
    """Make the vectors of one block anew that nobody is at, or of the one named; False where there is none."""
    with blocks.at_work():
        part = Part.objects.take(asked.work, block)
        if part is None:
            return False
        sweep.rebuild_block(part.block)
        part.end(now)
    return True


@transaction.atomic
def _swap(asked: Publishing, now: datetime) -> None:
    versions.one_at_a_time()  # of two publishings the later sees that it is overtaken
    if Publishing.objects.filter(pk=asked.pk, swapped_at=None, ended_at=None).first() is None:
        return  # another worker was faster
    version = ScoringModel.objects.get(pk=asked.version_id)
    if version.digest != asked.document or (asked.by_id and version.state != ModelState.PROPOSED):
        raise versions.changed_meanwhile(version)
    if asked.by_id:  # what people publish both teams agree on, until the last moment
        require_publishable(version)
    versions.swap(version, asked.by, now)
    Publishing.objects.filter(pk=asked.pk).update(swapped_at=now)
