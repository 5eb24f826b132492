"""A batch of people in a planner's hands: where each stands, what is noted of their steps, and what is asked once for all."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings

from leads.bulk import Among, insert_new

from .models import Email, EmailVersion, EndReason, Enrolment, Held, Letter, ProgramVersion, StepEntry
from .sending_hours import Hours, waited_until, zone_of
from .taking import Way
from .track import Track, Wait

ENTRY = ("enrolment_id", "step", "kind", "at", "outcome", "reason", "letter_id")
DAY = timedelta(days=1)


@dataclass
class Traveller:
    """One way with its track and the keys of the steps it has had."""

    row: Way
    track: Track
    version: ProgramVersion
    done: set[str]
    is_elsewhere: bool = False  # others have written the row meanwhile

    @property
    def step(self) -> str:
        return self.row.step

    @property
    def is_over(self) -> bool:
        return self.is_elsewhere or self.row.state != Enrolment.State.ACTIVE

    @property
    def priority(self) -> tuple[int, int]:
        """Where two programs collide the lower one goes first."""
        return self.row.program.priority, self.row.program_id

    def is_due(self, now: datetime) -> bool:
        return self.row.due_at is not None and self.row.due_at <= now

    @cached_property
    def zone(self) -> ZoneInfo:
        """By whose clock the program counts for this lead."""
        lead, kind = self.row.lead, self.track.hours.zone
        if kind == "workspace":
            return settings.WORKSPACE_ZONE
        if kind == "company":
            return zone_of(None, lead.firm_country, lead.country, otherwise=settings.WORKSPACE_ZONE)
        return zone_of(lead.own_zone, lead.country, lead.firm_country, otherwise=settings.WORKSPACE_ZONE)


@dataclass
class Trip:
    """One batch at one moment."""

    now: datetime
    travellers: list[Traveller]
    entries: list[tuple[object, ...]] = field(default_factory=list)
    _moment: str = ""
    _openings: dict[tuple[Hours, ZoneInfo, datetime], datetime | None] = field(default_factory=dict)
    _recent: dict[int, list[datetime]] = field(default_factory=dict)
    _emails: dict[int, tuple[Email | None, EmailVersion | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._moment = self.now.isoformat()

    def on_the_way(self) -> Iterable[Traveller]:
        return (one for one in self.travellers if not one.is_over)

    # --- Where they stand -----------------------------------------------------------------------------------------
    def arrive(self, one: Traveller, key: str) -> None:
        """At the step of this key, or at the end; a wait says when it will be over."""
        step, row = one.track.step(key), one.row
        row.step, row.held, row.due_at = key, "", self.now
        if step is None:
            self.finish(one, EndReason.EXHAUSTED)
        elif isinstance(step, Wait) and key not in one.done:
            row.due_at = waited_until(
                step.how, self.now, one.zone, minutes=step.minutes, weekday=step.weekday, time=step.time, day=step.day
            )

    def go_on(self, one: Traveller, *, yes: bool | None = None) -> None:
        """To the next step."""
        self.arrive(one, one.track.after(one.step, yes=yes))

    def hold(self, one: Traveller, why: Held, until: datetime) -> None:
        """Stays before its step until the hours are open at that moment or after it."""
        until = max(until, self.now + timedelta(minutes=1))
        one.row.held, one.row.due_at = why, self.opening(one, until) or until

    def hold_with_program(self, one: Traveller) -> None:
        one.row.state, one.row.paused_at = Enrolment.State.PAUSED, self.now

    def finish(self, one: Traveller, why: EndReason) -> None:
        row = one.row
        row.state, row.ended_at, row.end_reason = Enrolment.State.ENDED, self.now, why
        row.due_at, row.held = None, ""

    # --- What is noted --------------------------------------------------------------------------------------------
    def did(self, one: Traveller, kind: str, outcome: str, reason: object = "", *, letter: int | None = None) -> None:
        """Note what becomes of the step where the traveller is; it is written before anything is done."""
        one.done.add(one.step)
        self.entries.append((one.row.pk, one.step, kind, self._moment, outcome, str(reason)[:200], letter))

    def skip(self, some: Iterable[Traveller], kind: str, reason: object) -> None:
        """The step is left out for them, for a reason, and they go on."""
        for one in some:
            self.did(one, kind, StepEntry.Outcome.SKIPPED, reason)
            self.go_on(one)

    def note(self) -> None:
        """Write what was noted; the unique key holds even where this transaction's locks would not."""
        insert_new(StepEntry, ENTRY, self.entries, ["id"])
        self.entries = []

    # --- What is asked once for all -------------------------------------------------------------------------------
    def opening(self, one: Traveller, moment: datetime) -> datetime | None:
        """When the program may write to this lead, at that moment or after it; None: not within a year."""
        asked = (one.track.hours, one.zone, moment)
        if asked not in self._openings:
            self._openings[asked] = one.track.hours.next_open(moment, one.zone)
        return self._openings[asked]

    def email(self, pk: int | None) -> tuple[Email | None, EmailVersion | None]:
        """An e-mail of the library in use, and the version of it that is sent."""
        if pk not in self._emails:
            found = Email.objects.active().filter(pk=pk or 0).first()
            self._emails[pk or 0] = (found, found.newest if found else None)
        return self._emails[pk or 0]

    def recent(self, some: Iterable[Traveller]) -> dict[int, list[datetime]]:
        """Lead → when letters to it were put in line within the days that the cap counts, the earliest first."""
        asked = {one.row.lead_id for one in some} - set(self._recent)
        if asked:
            since = self.now - settings.NURTURE_CAP_DAYS * DAY
            found: dict[int, list[datetime]] = defaultdict(list)
            counted = Letter.objects.filter(lead__in=Among(asked), created_at__gt=since, is_test=False).exclude(
                state__in=[Letter.State.SUPPRESSED, Letter.State.FAILED]
            )
            for lead, at in counted.order_by("created_at").values_list("lead", "created_at"):
                found[lead].append(at)
            self._recent |= {lead: found[lead] for lead in asked}
        return self._recent
