"""What became of letters is what became of their steps, in the same transaction."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from .models import Letter, LetterQuerySet, StepEntry

#: What each final state of a letter means for the step it was sent for; a doubtful one stays pending until somebody decides.
OUTCOMES = {
    Letter.State.SENT: StepEntry.Outcome.SENT,
    Letter.State.SHOWN: StepEntry.Outcome.SENT,
    Letter.State.FAILED: StepEntry.Outcome.SKIPPED,
    Letter.State.SUPPRESSED: StepEntry.Outcome.SKIPPED,
    Letter.State.UNKNOWN: StepEntry.Outcome.PENDING,
}


def settle(letters: Collection[int], state: str, *, why: str = "", at: datetime, **more: Any) -> int:
    """Note a final state of letters that the caller holds, and of their steps; how many there were."""
    with transaction.atomic():
        changed = Letter.objects.filter(pk__in=letters).update(
            state=state, reason=why[:300], settled_at=at, lease_until=None, **more
        )
        outcome = OUTCOMES[Letter.State(state)]
        entries = StepEntry.objects.filter(letter__in=letters)
        if outcome != StepEntry.Outcome.SENT:  # a late answer, or a second try, may still say that it was sent
            entries = entries.filter(outcome=StepEntry.Outcome.PENDING)
        entries.update(outcome=outcome, reason=why[:200])
    return changed


def unsettle(letter: LetterQuerySet, *, at: datetime) -> bool:
    """Put a letter in line again that a person sends once more, and its step waits for it again; whether there was one."""
    with transaction.atomic():
        pk = letter.values_list("pk", flat=True).first()
        changed = letter.update(
            state=Letter.State.QUEUED, next_try_at=at, first_attempt=F("attempt"), settled_at=None, handed_at=None, reason="",
        )  # fmt: skip
        if changed:
            StepEntry.objects.filter(letter=pk).update(outcome=StepEntry.Outcome.PENDING, reason="")
    return bool(changed)
