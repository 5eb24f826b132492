"""Reminding sales of what is due: by sweep, set-wise, once per moment whoever sweeps (R17; quality.md rules 6 and 7).

1. A transaction takes a few due handoffs, skipping those another sweeper holds. 2. For each, the moments that passed are
recorded; only the latest is told, so that an outage is no flood. 3. Notices and mails are decided, one mail a person, and `remind_at` moves
on, all in that transaction. Nothing here needs Redis.

What fell due within the last minute and what has waited longer take turns, each the longest due first: neither a backlog after
an outage nor a busy minute keeps the other waiting (quality.md R3).
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate

from django.conf import settings
from django.db import transaction

from accounts.models import Role, User
from outbox import notices, posting
from outbox.faults import faultpoint

from . import late, schedule, telling
from .models import Absence, Handoff, Queue, Reminder
from .models.queryset import HandoffQuerySet

#: What one transaction takes at most: so many handoffs, and about so many notices, for claims of these handoffs wait while it lasts.
BATCH, TOLD = 200, 10_000
#: Then others of the sweeper's steps get their turn, and the next one asks anew what is due.
WORK_SECONDS = 20.0


def remind(now: datetime) -> int:
    """Tell whoever must know what fell due; returns how many handoffs were looked at. Safe to run in many places at once.

    Goes on until nothing is left or its time is used up.
    """
    looked, ends = late.release_late(now), time.monotonic() + WORK_SECONDS
    while found := _remind_some(Handoff.objects.just_due(now), now) + _remind_some(Handoff.objects.long_due(now), now):
        looked += found
        if time.monotonic() > ends:
            break
    return looked


def _remind_some(due: HandoffQuerySet, now: datetime) -> int:
    holders = list(due.holders()[:BATCH])
    if not holders:
        return 0
    with transaction.atomic():
        sellers = Sellers.at(now)
        handoffs = list(due.select_for_update(of=("self",), skip_locked=True)[: sellers.fitting(holders)])
        if handoffs:
            faultpoint("remind.locked")
            round_ = Round(now)
            for handoff in handoffs:
                round_.look_at(handoff, sellers)
            round_.write()
            Handoff.objects.bulk_update(handoffs, ["remind_at"])
            faultpoint("remind.before_commit")
    if handoffs:
        faultpoint("remind.committed")
    return len(handoffs)


@dataclass
class Round:
    """What one transaction of a sweep records and tells."""

    now: datetime
    reminders: list[Reminder] = field(default_factory=list)
    told: list[notices.NewNotice] = field(default_factory=list)

    def look_at(self, handoff: Handoff, sellers: "Sellers") -> None:
        """Record what passed, tell the latest, and move on to the next moment."""
        rules = handoff.sla_policy.reminders
        clock = schedule.Clock(handoff.clock_from, handoff.due_at, handoff.claimed_by_id is not None)
        passed = schedule.passed(rules, clock, since=handoff.remind_at or self.now, now=self.now)
        self.reminders += [
            Reminder.of(handoff, moment, sent_at=self.now, told=moment is passed[-1]) for moment in passed
        ]
        if passed:
            self._tell(handoff, passed[-1], self.reminders[-1].key, sellers.concerned(handoff, passed[-1].kind))
        handoff.remind_at = schedule.next_after(rules, clock, self.now)

    def _tell(self, handoff: Handoff, moment: schedule.Moment, key: str, people: Iterable[User]) -> None:
        page = telling.page_of(handoff)
        said: dict[tuple[str, str], tuple[str, str]] = {}  # people of one language and zone read the same words
        for person in people:
            reads = (person.language, person.time_zone)
            if reads not in said:
                with telling.as_read_by(person):
                    text = telling.reminder_text(handoff, moment.kind, self.now)
                    said[reads] = text, telling.reminder_mail(handoff, text, f"{settings.BASE_URL}{page}")
            text, body = said[reads]
            self.told.append(notices.NewNotice(person, moment.kind, text, page, key, body))

    def write(self) -> None:
        """The unique keys of reminder and notice hold even where this transaction's locks would not."""
        Reminder.objects.bulk_create(self.reminders, ignore_conflicts=True)
        faultpoint("remind.recorded")
        posting.post(self.told, at=self.now)


@dataclass(frozen=True)
class Sellers:
    """Who sells and is not away, as of this sweep: everybody who may be told."""

    reps: Sequence[User]
    managers: Sequence[User]
    #: Teams of the queues that are not everybody's.
    teams: Mapping[int, set[int]] = field(default_factory=dict)

    @classmethod
    def at(cls, now: datetime) -> "Sellers":
        """Those who are not away; of the queues, whom they are for."""
        people = list(User.objects.active().holding(Role.SALES_REP, Role.SALES_MANAGER))
        away = set(Absence.objects.at(now).order_by().values_list("person_id", flat=True))
        reps = [p for p in people if p.holds(Role.SALES_REP) and p.pk not in away]
        return cls(reps, [p for p in people if p.holds(Role.SALES_MANAGER)], Queue.objects.teams_by_queue())

    def fitting(self, holders: Iterable[int | None]) -> int:
        """How many of the next handoffs, known by who holds each, one transaction takes: each tells its holder and managers, or the queue."""
        everybody, managers = len(self.reps) + len(self.managers), len(self.managers)
        told = accumulate(everybody if holder is None else 1 + managers for holder in holders)
        return max(1, sum(number <= TOLD for number in told))

    def concerned(self, handoff: Handoff, kind: str) -> list[User]:
        """Whoever holds it; the queue and its managers while nobody does; from the first lateness the managers too."""
        if handoff.claimed_by is None:
            told: Sequence[User] = [
                one for one in (*self.reps, *self.managers) if self._may_claim(one, handoff)
            ] or self.managers
        else:
            told = [handoff.claimed_by] + (self.managers_of(handoff.claimed_by) if kind == schedule.LATE else [])
        return list({person.pk: person for person in told if person.is_active}.values())

    def _may_claim(self, person: User, handoff: Handoff) -> bool:
        teams = self.teams.get(handoff.queue_id or 0)
        return teams is None or person.team_id in teams or (person.team_id is None and person in self.managers)

    def managers_of(self, person: User) -> list[User]:
        """The person's own managers: same team or of all teams; where there is none, every manager."""
        own = [m for m in self.managers if m.team_id is None or m.team_id == person.team_id]
        return own or list(self.managers)
