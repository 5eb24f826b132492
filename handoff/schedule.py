"""Which reminder of a handoff is due when: a pure table of moments (R17; nothing here reads a clock or a database)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from .policy import Policy

UNCLAIMED, SOON, DUE, LATE = "unclaimed", "soon", "due", "late"


@dataclass(frozen=True)
class Moment:
    """One reminder: its kind, when it falls due, and which repetition it is."""

    at: datetime
    kind: str
    number: int = 1


def moments(policy: Policy, *, clock_from: datetime, due_at: datetime, is_claimed: bool) -> Iterator[Moment]:
    """All reminders of one handoff in order of time. A claimed one is not told that nobody claimed it."""
    unclaimed, soon = clock_from + policy.unclaimed_after, due_at - policy.before_due
    early = [Moment(unclaimed, UNCLAIMED)] if not is_claimed and unclaimed < due_at else []
    early += [Moment(soon, SOON)] if soon > clock_from else []
    yield from sorted(early, key=lambda moment: moment.at)
    yield Moment(due_at, DUE)
    for number in range(1, policy.late_times + 1):
        yield Moment(due_at + number * policy.late_every, LATE, number)


def passed(
    policy: Policy, *, since: datetime, now: datetime, clock_from: datetime, due_at: datetime, is_claimed: bool
) -> list[Moment]:
    """The reminders that fell due from `since` (included) to `now`; after an outage only the last of them is told."""
    every = moments(policy, clock_from=clock_from, due_at=due_at, is_claimed=is_claimed)
    return [moment for moment in every if since <= moment.at <= now]


def next_after(
    policy: Policy, now: datetime, *, clock_from: datetime, due_at: datetime, is_claimed: bool
) -> datetime | None:
    """When to look at this handoff again, or None when the last reminder is behind it."""
    every = moments(policy, clock_from=clock_from, due_at=due_at, is_claimed=is_claimed)
    return next((moment.at for moment in every if moment.at > now), None)
