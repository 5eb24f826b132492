"""The track of a program, pure: entry, goal, hours and steps as plain values, and where each step leads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import ClassVar

from leads.conditions import Condition
from leads.stages import Stage

from .sending_hours import Hours

#: The stages at which marketing owns a lead; nobody else is on a track (R16, R23).
OWN_STAGES = (Stage.LEAD.value, Stage.MARKETING_QUALIFIED.value)
MOST_STEPS, MOST_DEPTH = 60, 3
LONGEST_WAIT = 366 * 24 * 60


@dataclass(frozen=True)
class Step:
    """One step. Its key never changes its meaning and is never used again, so that nobody gets a step twice."""

    kind: ClassVar[str] = ""
    key: str


@dataclass(frozen=True)
class Wait(Step):
    """`how`: for some minutes, until a weekday (0 is Monday) at a time, or until a day at a time (minutes of the day)."""

    kind = "wait"
    how: str = "for"
    minutes: int = 0
    weekday: int = 0
    time: int = 0
    day: date | None = None


@dataclass(frozen=True)
class Mail(Step):
    """Sends the newest finished version of an e-mail of the library."""

    kind = "email"
    email: int | None = None


@dataclass(frozen=True)
class Branch(Step):
    """Two ways that join again. `by`: what the lead is (conditions), did since it entered (activity), or did with a letter."""

    kind = "branch"
    by: str = "letter"
    conditions: tuple[Condition, ...] = ()
    activity: str = ""
    letter: str = ""  # key of the e-mail step that is asked about
    did: str = "click"
    yes: tuple[Step, ...] = ()
    no: tuple[Step, ...] = ()


@dataclass(frozen=True)
class ListChange(Step):
    """Puts the lead into a static list, or takes it out."""

    kind = "list"
    list: int | None = None
    how: str = "put"


@dataclass(frozen=True)
class Owner(Step):
    """Hands the lead over to sales with a note: the only change of owner that the stages allow (R16)."""

    kind = "owner"
    note: str = ""


@dataclass(frozen=True)
class Notify(Step):
    """Tells a person of LeadHub."""

    kind = "notify"
    person: int | None = None
    text: str = ""


@dataclass(frozen=True)
class End(Step):
    """The program is over for whoever comes here."""

    kind = "end"


@dataclass(frozen=True)
class Entry:
    """Who comes in. `present`: also those who fulfil it already. `again`: once more in a new cycle of the lead."""

    by: str = "hand"  # hand, list, stage, form or recycled
    list: int | None = None
    stage: str = Stage.MARKETING_QUALIFIED.value
    activity: str = ""
    reason: str = ""  # what the reason of coming back from sales begins with; blank for all
    stages: tuple[str, ...] = OWN_STAGES
    present: bool = True
    again: bool = True


@dataclass(frozen=True)
class Goal:
    """What the program is for; whoever reaches it leaves. `by`: sql (nothing but SQL), stage or conditions."""

    by: str = "sql"
    stage: str = Stage.MARKETING_QUALIFIED.value
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where a step stands: its number as people read it, how deep, in which branch and on which of its ways."""

    step: Step
    number: int
    depth: int = 0
    branch: str = ""
    way: str = ""


@dataclass(frozen=True)
class Track:
    """All that a version says. `hold_out` is the percentage that gets nothing; `gone` tells where removed steps lead."""

    entry: Entry = field(default_factory=Entry)
    goal: Goal = field(default_factory=Goal)
    hours: Hours = field(default_factory=Hours)
    hold_out: int = 0
    steps: tuple[Step, ...] = ()
    gone: dict[str, str] = field(default_factory=dict)

    @cached_property
    def places(self) -> list[Place]:
        """Every step in reading order."""
        return [
            Place(step, number, depth, branch, way)
            for number, (step, depth, branch, way) in enumerate(_walk(self.steps), 1)
        ]

    @cached_property
    def by_key(self) -> dict[str, Place]:
        return {place.step.key: place for place in self.places}

    @cached_property
    def _following(self) -> dict[str, str]:
        found: dict[str, str] = {}
        _link(self.steps, "", found)
        return found

    def step(self, key: str) -> Step | None:
        place = self.by_key.get(key)
        return place.step if place else None

    @property
    def first(self) -> str:
        """The key of the first step; blank where there is none."""
        return self.steps[0].key if self.steps else ""

    def after(self, key: str, *, yes: bool | None = None) -> str:
        """The key of the step that comes next, of a branch by its answer; blank at the end."""
        step = self.step(key)
        if isinstance(step, Branch) and yes is not None and (way := step.yes if yes else step.no):
            return way[0].key
        return "" if isinstance(step, End) else self._following.get(key, "")

    def here(self, key: str) -> str:
        """The step itself, or the one that comes where a removed step was; blank for the end."""
        seen: set[str] = set()
        while key and key not in self.by_key and key not in seen:
            seen.add(key)
            key = self.gone.get(key, "")
        return key if key in self.by_key else ""

    def emails(self) -> list[int]:
        """The numbers of the e-mails it sends, each once."""
        return list(dict.fromkeys(s.email for s in map(_step, self.places) if isinstance(s, Mail) and s.email))

    @property
    def mail_keys(self) -> list[str]:
        return [place.step.key for place in self.places if isinstance(place.step, Mail)]


def _step(place: Place) -> Step:
    return place.step


def _walk(
    steps: Sequence[Step], depth: int = 0, branch: str = "", way: str = ""
) -> Iterator[tuple[Step, int, str, str]]:
    for step in steps:
        yield step, depth, branch, way
        if isinstance(step, Branch):
            yield from _walk(step.yes, depth + 1, step.key, "yes")
            yield from _walk(step.no, depth + 1, step.key, "no")


def _link(steps: Sequence[Step], join: str, found: dict[str, str]) -> None:
    """Each step leads to the next one of its way, the last one to where the ways join."""
    for place, step in enumerate(steps, 1):
        following = steps[place].key if place < len(steps) else join
        found[step.key] = following
        if isinstance(step, Branch):
            _link(step.yes, following, found)
            _link(step.no, following, found)


def led_to(old: Track, new: Track) -> dict[str, str]:
    """For each step that the new track no longer has, the first one after it that it still has; removed ones before stay known."""
    found = dict(old.gone) | dict(new.gone)
    for place in old.places:
        if place.step.key not in new.by_key:
            key = place.step.key
            while key and key not in new.by_key:
                key = old.after(key)
            found[place.step.key] = key
    return {gone: key for gone, key in found.items() if gone not in new.by_key}
