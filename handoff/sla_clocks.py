"""Running clocks of many handoffs at once: started anew, or moved to what changed policies and calendars say (R17)."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection

from accounts.models import User

from .models import DeadlineChange, Handoff, SlaChange, SlaPolicy
from .sla import Given, Rulebook

if TYPE_CHECKING:
    from .models.queryset import HandoffQuerySet

#: How many moves a preview names.
NAMED = 10


def restart(handoffs: "HandoffQuerySet", at: datetime, *, by: User | None, why: str) -> None:
    """The running ones wait for everybody from now on, by their own policies, and each deadline that moves is on record.

    One statement for each policy among them; `by` is who caused it, `why` says it in a sentence.
    """
    running = handoffs.running()
    old = dict(running.values_list("pk", "due_at"))
    book = Rulebook(list(SlaPolicy.objects.filter(handoffs__in=running).select_related("calendar").distinct()))
    for policy in book.policies:
        given = book.given(policy, at)
        running.filter(sla_policy=policy).update(
            clock_from=at, due_at=given.due_at, promise=given.promise, remind_at=given.remind_at(at, is_claimed=False)
        )
    new = Handoff.objects.filter(pk__in=old).values_list("pk", "due_at")
    moved = [(pk, old[pk], due) for pk, due in new if due != old[pk]]
    _log(moved, at=at, by=by, why=why)


def _log(moved: Iterable[tuple[int, datetime, datetime]], **facts: Any) -> None:
    """Keep each moved deadline: of which handoff, from when, to when."""
    rows = (DeadlineChange(handoff_id=pk, old_due=old, new_due=new, **facts) for pk, old, new in moved)
    DeadlineChange.objects.bulk_create(rows, batch_size=2_000)


@dataclass(frozen=True)
class Move:
    """What one running clock becomes; most often its deadline stays."""

    handoff_id: int
    is_claimed: bool
    old_due: datetime
    given: Given

    @property
    def by(self) -> timedelta:
        """How far the deadline moves; later is positive."""
        return self.given.due_at - self.old_due

    def becomes_overdue(self, now: datetime) -> bool:
        return self.given.due_at <= now < self.old_due

    def remind_at(self, now: datetime) -> datetime | None:
        """Where it becomes overdue by this, that is told at once."""
        if self.becomes_overdue(now):
            return self.given.due_at
        return self.given.remind_at(now, is_claimed=self.is_claimed)


@dataclass(frozen=True)
class Effect:
    """What all running clocks become by a rulebook at a moment."""

    now: datetime
    clocks: Sequence[Move]

    @classmethod
    def of(cls, book: Rulebook, now: datetime) -> "Effect":
        """Read by one query and one for each policy with conditions."""
        facts = ("id", "lead_id", "clock_from", "due_at", "claimed_by_id")
        rows = list(Handoff.objects.running().order_by("id").values_list(*facts))
        policies = book.of_leads({lead for _id, lead, *_rest in rows})
        return cls(
            now,
            [
                Move(pk, holder is not None, due, book.given(policies[lead], start))
                for pk, lead, start, due, holder in rows
            ],
        )

    @property
    def moves(self) -> list[Move]:
        return [move for move in self.clocks if move.by]

    @property
    def later(self) -> int:
        return sum(move.by > timedelta() for move in self.moves)

    @property
    def earlier(self) -> int:
        return sum(move.by < timedelta() for move in self.moves)

    @property
    def overdue(self) -> int:
        """Deadlines that would be past by this and are not yet."""
        return sum(move.becomes_overdue(self.now) for move in self.moves)

    @property
    def biggest(self) -> list[Move]:
        return sorted(self.moves, key=lambda move: abs(move.by), reverse=True)[:NAMED]


def carry_out(effect: Effect, change: SlaChange) -> None:
    """Give every running clock what the effect says, by one statement, and log each deadline that moves."""
    clocks, now = effect.clocks, effect.now
    columns: list[Any] = [
        [move.handoff_id for move in clocks],
        [move.given.policy.pk for move in clocks],
        [json.dumps(move.given.promise) for move in clocks],
        [move.given.due_at for move in clocks],
        [move.remind_at(now) for move in clocks],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_GIVE, columns)
    moved = [(move.handoff_id, move.old_due, move.given.due_at) for move in effect.moves]
    _log(moved, change=change, at=change.at, by=change.by, why=str(change)[:200])


_GIVE = """
UPDATE handoff_handoff AS h
SET sla_policy_id = v.policy, promise = v.promise::jsonb, due_at = v.due_at, remind_at = v.remind_at
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[])
    AS v (id, policy, promise, due_at, remind_at)
WHERE h.id = v.id AND h.closed_at IS NULL AND h.first_follow_up_at IS NULL
"""
