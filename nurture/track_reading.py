"""Reads and writes the document of a track, pure: every fault names the step and the field in a plain sentence."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.conditions import Condition, FieldSet, read_conditions
from leads.documents import Place, Problem
from leads.stages import Stage

from .sending_hours import DAY_MINUTES, ZONES, Hours, countries_with_holidays
from .track import (
    LONGEST_WAIT,
    MOST_DEPTH,
    MOST_STEPS,
    OWN_STAGES,
    Branch,
    End,
    Entry,
    Goal,
    ListChange,
    Mail,
    Notify,
    Owner,
    Step,
    Track,
    Wait,
)

KIND_WORDS = {
    "wait": gettext_lazy("Wait"),
    "email": gettext_lazy("E-mail"),
    "branch": gettext_lazy("Branch"),
    "list": gettext_lazy("List"),
    "owner": gettext_lazy("Hand over"),
    "notify": gettext_lazy("Tell a person"),
    "end": gettext_lazy("End"),
}
#: What fields of the document are called where one of them is wrong.
FIELD_WORDS = {
    "how": gettext_lazy("how"), "minutes": gettext_lazy("how long"), "weekday": gettext_lazy("weekday"), "time": gettext_lazy("time"),
    "day": gettext_lazy("day"), "email": gettext_lazy("e-mail"), "by": gettext_lazy("what is asked"), "conditions": gettext_lazy("conditions"),
    "activity": gettext_lazy("activity"), "letter": gettext_lazy("which e-mail"), "did": gettext_lazy("what was done"), "list": gettext_lazy("list"),
    "note": gettext_lazy("note"), "person": gettext_lazy("person"), "text": gettext_lazy("text"), "entry": gettext_lazy("who comes in"),
    "goal": gettext_lazy("goal"), "hours": gettext_lazy("sending hours"), "hold_out": gettext_lazy("hold-out share"), "stage": gettext_lazy("stage"),
}  # fmt: skip
BIGGEST_ID = 2**53
Goals = ("sql", "stage", "conditions")
Entries = ("hand", "list", "stage", "form", "recycled")
Dids = ("click", "open", "reply")


@dataclass(frozen=True)
class Fault:
    """What is wrong: the step (blank for the program itself), its number and kind, the field, and a sentence."""

    sentence: str
    step: str = ""
    number: int = 0
    kind: str = ""
    field: str = ""

    def __str__(self) -> str:
        name = str(FIELD_WORDS.get(self.field, self.field))
        if self.number:
            said = {"number": self.number, "kind": KIND_WORDS.get(self.kind, self.kind)}
            step = _("Step %(number)d (%(kind)s)") if self.kind else _("Step %(number)d")
            name = ", ".join(filter(None, [step % said, name]))
        elif name:
            name = name[0].upper() + name[1:]
        return f"{name}: {self.sentence}" if name else self.sentence


class TrackFault(Exception):
    """A document that is no whole track; `faults` says all that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, faults)))


def parse_track(document: Any, known: FieldSet) -> Track:
    """The track, or `TrackFault` with every fault; nothing else for any value."""
    track, faults = read_track(document, known)
    if faults:
        raise TrackFault(faults)
    return track


def read_track(document: Any, known: FieldSet) -> tuple[Track, list[Fault]]:
    """As much of the track as can be read, and what is wrong; a draft may be unfinished."""
    reader = _Reader(known)
    try:
        return reader.track(document), reader.faults
    except RecursionError:
        return Track(), [Fault(_("Branches stand too deep in each other."))]


class _Reader:
    """Reads one document; keys are counted over all of it."""

    def __init__(self, known: FieldSet) -> None:
        self.known = known
        self.faults: list[Fault] = []
        self.keys: set[str] = set()
        self.letters: list[str] = []  # e-mail steps that come before
        self.count = 0

    def track(self, document: Any) -> Track:
        top = Place(document)
        if not top.is_object("entry", "goal", "hours", "hold_out", "steps", "made", "gone"):
            self._take(top)
            return Track()
        entry, goal, hours = self._entry(top["entry"]), self._goal(top["goal"]), self._hours(top["hours"])
        share = top["hold_out"].as_whole(0, 50, required=False) or 0
        gone = (
            {str(k)[:12]: str(v)[:12] for k, v in top["gone"].value.items()}
            if isinstance(top["gone"].value, dict)
            else {}
        )
        self._take(top)
        steps = self._steps(Place(top["steps"].value, "steps"), 0)
        if not self.count and not self.faults:
            self.faults.append(Fault(_("There is no step yet.")))
        return Track(entry, goal, hours, share, steps, gone)

    def _take(self, place: Place, step: str = "", kind: str = "", number: int = 0) -> None:
        """What the place found wrong becomes faults of the step."""
        for problem in place.problems:
            self.faults.append(Fault(problem.sentence, step, number, kind, _field_of(problem)))
        place.problems.clear()

    # --- The program itself ---------------------------------------------------------------------------------------
    def _entry(self, place: Place) -> Entry:
        if place.value is None or not place.is_object(
            "by", "list", "stage", "activity", "reason", "stages", "present", "again"
        ):
            return Entry()
        by = place["by"].as_choice(*Entries) or "hand"
        stages = tuple(one.as_choice(*OWN_STAGES) for one in place["stages"].items(most=2)) or OWN_STAGES
        return Entry(
            by, _id(place["list"], needed=by == "list", otherwise=_("Choose the list.")),
            place["stage"].as_choice(*OWN_STAGES) if by == "stage" else Entry.stage,
            place["activity"].as_text(most=40, required=by == "form"), place["reason"].as_text(most=200),
            tuple(filter(None, stages)) or OWN_STAGES, _flag(place["present"]), _flag(place["again"]),
        )  # fmt: skip

    def _goal(self, place: Place) -> Goal:
        if place.value is None or not place.is_object("by", "stage", "conditions"):
            return Goal()
        by = place["by"].as_choice(*Goals) or "sql"
        stage = place["stage"].as_choice(Stage.MARKETING_QUALIFIED.value) if by == "stage" else Goal.stage
        return Goal(by, stage, read_conditions(place["conditions"], self.known, least=1) if by == "conditions" else ())

    def _hours(self, place: Place) -> Hours:
        if place.value is None or not place.is_object(*(one.name for one in fields(Hours))):
            return Hours()
        days = [one.as_whole(0, 6) for one in place["days"].items(most=7)]
        opens = place["opens"].as_whole(0, DAY_MINUTES - 1) or 0
        closes = place["closes"].as_whole(1, DAY_MINUTES) or DAY_MINUTES
        if closes <= opens:
            place["closes"].wrong(_("The end comes after the beginning."))
        if not days:
            place["days"].wrong(_("Choose at least one weekday; these hours would never open."))
        country = place["country"].as_choice("", *countries_with_holidays()) if place["country"].given else ""
        own = tuple(filter(None, (_day(one) for one in place["own_days"].items(most=200))))
        return Hours(place["zone"].as_choice(*ZONES) or "lead", tuple(sorted({d for d in days if d is not None})), opens, closes, country, own)  # fmt: skip

    # --- Steps ----------------------------------------------------------------------------------------------------
    def _steps(self, place: Place, depth: int) -> tuple[Step, ...]:
        found = tuple(filter(None, [self._step(one, depth) for one in place.items(most=MOST_STEPS)]))
        self._take(place)
        return found

    def _step(self, shared: Place, depth: int) -> Step | None:
        self.count += 1
        number, place = self.count, Place(shared.value)
        kind = place["kind"].value if isinstance(place.value, dict) else None
        if not isinstance(kind, str) or kind not in _READERS:
            self.faults.append(Fault(_("There is no such kind of step."), number=number))
            return None
        key = place["key"].as_text(most=12, required=True)
        if key in self.keys:
            place["key"].wrong(_("Two steps have this key."))
        self.keys.add(key)
        if self.count > MOST_STEPS:
            place.wrong(_("A program has at most %(most)d steps.") % {"most": MOST_STEPS})
        step = _READERS[kind](self, key, place, depth)
        self._take(place, key, kind, number)
        return self._ways(step, place, depth) if isinstance(step, Branch) else step

    def _ways(self, step: Branch, place: Place, depth: int) -> Branch:
        if depth >= MOST_DEPTH:
            self.faults.append(Fault(_("Branches stand too deep in each other."), step.key, self.count, "branch"))
            return step
        ways = {way: self._steps(Place(place[way].value, way), depth + 1) for way in ("yes", "no")}
        return Branch(step.key, step.by, step.conditions, step.activity, step.letter, step.did, **ways)

    def wait(self, key: str, place: Place, _depth: int) -> Step:
        place.is_object("key", "kind", "how", "minutes", "weekday", "time", "day")
        how = place["how"].as_choice("for", "weekday", "date") or "for"
        minutes = place["minutes"].as_whole(1, LONGEST_WAIT) or 0 if how == "for" else 0
        weekday = place["weekday"].as_whole(0, 6) or 0 if how == "weekday" else 0
        time = place["time"].as_whole(0, DAY_MINUTES - 1) or 0 if how != "for" else 0
        return Wait(key, how, minutes, weekday, time, _day(place["day"]) if how == "date" else None)

    def email(self, key: str, place: Place, _depth: int) -> Step:
        place.is_object("key", "kind", "email")
        self.letters.append(key)
        return Mail(key, _id(place["email"], needed=True, otherwise=_("Choose the e-mail that is sent.")))

    def branch(self, key: str, place: Place, _depth: int) -> Step:
        place.is_object("key", "kind", "by", "conditions", "activity", "letter", "did", "yes", "no")
        by = place["by"].as_choice("letter", "activity", "conditions") or "letter"
        conditions: tuple[Condition, ...] = ()
        if by == "conditions":
            conditions = read_conditions(place["conditions"], self.known)
            if not conditions and not place.problems:
                place["conditions"].wrong(_("Say what is asked: there is no condition yet."))
        letter = str(place["letter"].value or "") if by == "letter" else ""
        if by == "letter" and letter not in self.letters:
            place["letter"].wrong(_("Choose an e-mail that this program sends before this step."))
        if by == "activity" and not place["activity"].value:
            place["activity"].wrong(_("Choose the activity."))
        activity = place["activity"].as_text(most=40) if by == "activity" else ""
        did = place["did"].as_choice(*Dids) or "click" if by == "letter" else "click"
        return Branch(key, by, conditions, activity, letter, did)

    def list(self, key: str, place: Place, _depth: int) -> Step:
        place.is_object("key", "kind", "list", "how")
        return ListChange(key, _id(place["list"], needed=True, otherwise=_("Choose the list.")), place["how"].as_choice("put", "take") or "put")  # fmt: skip

    def owner(self, key: str, place: Place, _depth: int) -> Step:
        place.is_object("key", "kind", "note")
        if not place["note"].value:
            place["note"].wrong(_("Write a note for sales: why now?"))
        return Owner(key, place["note"].as_text(most=500))

    def notify(self, key: str, place: Place, _depth: int) -> Step:
        place.is_object("key", "kind", "person", "text")
        if not place["text"].value:
            place["text"].wrong(_("Write what the person is told."))
        return Notify(key, _id(place["person"], needed=True, otherwise=_("Choose the person.")), place["text"].as_text(most=200))  # fmt: skip

    def end(self, key: str, place: Place, _depth: int) -> Step:
        place.is_object("key", "kind")
        return End(key)


_READERS = {kind: getattr(_Reader, kind) for kind in KIND_WORDS}


def _field_of(problem: Problem) -> str:
    first = problem.path.partition(".")[0].partition("[")[0]
    return first if first not in ("key", "steps", "yes", "no") else ""


def _id(place: Place, *, needed: bool, otherwise: str) -> int | None:
    if not place.given:
        if needed:
            place.wrong(otherwise)
        return None
    return place.as_whole(1, BIGGEST_ID)


def _flag(place: Place) -> bool:
    if place.value not in (True, False, None):
        place.wrong(_("This must be yes or no."))
    return place.value is not False


def _day(place: Place) -> date | None:
    try:
        return date.fromisoformat(str(place.value or ""))
    except ValueError:
        place.wrong(_("Choose a day."))
        return None
