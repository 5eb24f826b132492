"""Which reminder of a handoff is due when: a pure table of moments (R17; nothing here reads a clock or a database)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from .policy import Policy

UNCLAIMED, SOON, DUE, LATE = "unclaimed", "soon", "due", "late"


@dataclass(frozen=True)
class Clock:
    """What reminders depend on: from when to when it runs, and whether somebody holds the handoff."""

    started_at: datetime
    due_at: datetime
    is_claimed: bool


@dataclass(frozen=True)
class Moment:
    """One reminder: its kind, when it falls due, and which repetition it is."""

    at: datetime
    kind: str
    number: int = 1


def moments(policy: Policy, clock: Clock) -> Iterator[Moment]:
    """All reminders of one clock in order of time. A claimed handoff is not told that nobody claimed it."""
    unclaimed, soon = clock.started_at + policy.unclaimed_after, clock.due_at - policy.before_due
    early = [Moment(unclaimed, UNCLAIMED)] if not clock.is_claimed and unclaimed < clock.due_at else []
    early += [Moment(soon, SOON)] if soon > clock.started_at else []
    yield from sorted(early, key=lambda moment: moment.at)
    yield Moment(clock.due_at, DUE)
    for number in range(1, policy.late_times + 1):
        yield Moment(clock.due_at + number * policy.late_every, LATE, number)


def passed(policy: Policy, clock: Clock, *, since: datetime, now: datetime) -> list[Moment]:
    """The reminders that fell due from `since` (included) to `now`; after an outage only the last of them is told."""
    return [moment for moment in moments(policy, clock) if since <= moment.at <= now]


def next_after(policy: Policy, clock: Clock, now: datetime) -> datetime | None:
    """When to look at this handoff again, or None when the last reminder is behind it."""
    return next((moment.at for moment in moments(policy, clock) if moment.at > now), None)
