"""Which reminder of a handoff is due when: a pure table of moments (R17; nothing here reads a clock or a database)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

UNCLAIMED, SOON, DUE, LATE, RELEASE = "unclaimed", "soon", "due", "late", "release"


@dataclass(frozen=True)
class Reminders:
    """When a policy speaks up; None is never."""

    unclaimed_after: timedelta | None = timedelta(hours=2)
    before_due: timedelta | None = timedelta(hours=4)
    late_every: timedelta | None = timedelta(hours=4)
    late_times: int = 6


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


def moments(rules: Reminders, clock: Clock) -> Iterator[Moment]:
    """All reminders of one clock in order of time. A claimed handoff is not told that nobody claimed it."""
    yield from sorted(_early(rules, clock), key=lambda moment: moment.at)
    yield Moment(clock.due_at, DUE)
    if rules.late_every is not None:
        for number in range(1, rules.late_times + 1):
            yield Moment(clock.due_at + number * rules.late_every, LATE, number)


def _early(rules: Reminders, clock: Clock) -> Iterator[Moment]:
    if rules.unclaimed_after is not None and not clock.is_claimed:
        unclaimed = clock.started_at + rules.unclaimed_after
        if unclaimed < clock.due_at:
            yield Moment(unclaimed, UNCLAIMED)
    if rules.before_due is not None and clock.due_at - rules.before_due > clock.started_at:
        yield Moment(clock.due_at - rules.before_due, SOON)


def passed(rules: Reminders, clock: Clock, *, since: datetime, now: datetime) -> list[Moment]:
    """The reminders that fell due from `since` (included) to `now`; after an outage only the last of them is told."""
    return [moment for moment in moments(rules, clock) if since <= moment.at <= now]


def next_after(rules: Reminders, clock: Clock, now: datetime) -> datetime | None:
    """When to look at this handoff again, or None when the last reminder is behind it."""
    return next((moment.at for moment in moments(rules, clock) if moment.at > now), None)
