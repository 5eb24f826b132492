"""What the pages of programs show: health, the track with people and outcomes at each step, why somebody waits."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import DOUBTFUL, EndReason, Enrolment, Held, Letter, Program, StepEntry, StepEntryQuerySet
from .program_names import names_of
from .track import Mail, Place, Track, Wait
from .track_reading import Fault
from .track_words import Names, sentence

ICONS = {"wait": "clock", "email": "mail", "branch": "branch", "list": "lists", "owner": "hand-over", "notify": "bell", "end": "flag"}  # fmt: skip
#: What may be said of a step, by its key.
OUTCOMES: dict[str, Any] = {**dict(StepEntry.Outcome.choices), DOUBTFUL: Letter.State.UNKNOWN.label}
#: Whoever is due for longer than this should have been taken along.
LATE = timedelta(minutes=10)


@dataclass(frozen=True)
class Health:
    """How a program does, in numbers of people."""

    program: Program
    active: int = 0
    paused: int = 0
    held: int = 0
    late: int = 0
    ended: int = 0
    exhausted: int = 0
    sql: int = 0
    problem: str = ""


def health_of(programs: Sequence[Program], now: datetime) -> list[Health]:
    """The health of each, in two questions."""
    rows: Any = Enrolment.objects.filter(program__in=programs).order_by().values("program").annotate(
        active=Count("pk", filter=Q(state="active")),
        paused=Count("pk", filter=Q(state="paused")),
        held=Count("pk", filter=Q(state="active") & ~Q(held="")),
        late=Count("pk", filter=Q(state="active", due_at__lt=now - LATE)),
        ended=Count("pk", filter=Q(state="ended")),
        exhausted=Count("pk", filter=Q(end_reason=EndReason.EXHAUSTED)),
        sql=Count("pk", filter=Q(end_reason=EndReason.SQL)),
    )  # fmt: skip
    counts: dict[int, dict[str, int]] = {row.pop("program"): row for row in rows}
    drafts = set(Program.objects.filter(pk__in=[p.pk for p in programs], versions__activated_at=None).values_list("pk", flat=True))  # fmt: skip
    return [_health(program, counts.get(program.pk, {}), program.pk in drafts) for program in programs]


def _health(program: Program, counts: dict[str, int], has_draft: bool) -> Health:
    problem = ""
    if counts.get("late"):
        n = counts["late"]
        problem = ngettext("%(n)d person is late", "%(n)d people are late", n) % {"n": n}
    elif program.state == Program.State.DRAFT or (has_draft and program.is_open):
        problem = _("A draft waits for activation")
    elif program.state == Program.State.ACTIVE and not counts.get("active") and counts.get("ended"):
        problem = _("Nobody is on the way any more")
    return Health(program, problem=problem, **counts)


@dataclass(frozen=True)
class StepLine:
    """A step as the track shows it: the sentence, who is there, what became of it; `closes` says which ways end after it."""

    place: Place
    words: str
    icon: str
    here: int = 0
    outcomes: list[tuple[str, str, int]] = field(default_factory=list)  # key, label, people
    skipped: list[tuple[str, int]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    adds: list[tuple[str, int]] = field(default_factory=list)  # after which steps another can stand here, and how deep

    @property
    def can_be_edited(self) -> bool:
        return self.place.step.kind != "end"

    @property
    def way(self) -> str:
        """“Yes” or “No” where a way of a branch begins or goes on; blank outside branches."""
        return {"yes": _("Yes"), "no": _("No")}.get(self.place.way, "")


def lines_of(track: Track, *, faults: Iterable[Fault] = (), names: Names | None = None) -> list[StepLine]:
    """The track in words."""
    names = names or names_of([track])
    wrong: dict[str, list[str]] = defaultdict(list)
    for fault in faults:
        wrong[fault.step].append(fault.sentence)
    return [_line(place, track, names, wrong[place.step.key]) for place in track.places]


def _line(place: Place, track: Track, names: Names, faults: list[str], **more: Any) -> StepLine:
    step = place.step
    return StepLine(
        place, sentence(step, track, names), ICONS[step.kind], faults=faults, adds=_adds(place, track), **more
    )


def _adds(place: Place, track: Track) -> list[tuple[str, int]]:
    """After the step itself, unless its ways follow; and after each branch that ends with it."""
    following = track.places[place.number] if place.number < len(track.places) else None
    inside = _around(following, track) if following else []
    own = [] if place.step.key in inside else [place.step.key]
    return [(key, track.by_key[key].depth) for key in [*own, *(k for k in _around(place, track) if k not in inside)]]


def _around(place: Place, track: Track) -> list[str]:
    """The keys of the branches around a step, the nearest first."""
    found: list[str] = []
    while place.branch:
        found.append(place.branch)
        place = track.by_key[place.branch]
    return found


def lines_with_people(program: Program, track: Track, names: Names) -> list[StepLine]:
    """The track in words, with the people at each step and what became of it, in four questions."""
    here = Counter(
        dict(Enrolment.objects.of_program(program).open().order_by().values_list("step").annotate(Count("pk")))
    )
    if track.first:
        here[track.first] += here.pop("", 0)
    entries = StepEntry.objects.filter(enrolment__program=program).order_by()
    outcomes = _outcomes(entries)
    skipped: dict[str, list[tuple[str, int]]] = defaultdict(list)
    why = entries.filter(outcome=StepEntry.Outcome.SKIPPED).values_list("step", "reason").annotate(n=Count("pk"))
    for step, reason, count in why.order_by("-n", "reason"):
        skipped[step].append((reason, count))
    return [
        _line(
            place,
            track,
            names,
            [],
            here=here[place.step.key],
            outcomes=outcomes[place.step.key],
            skipped=skipped[place.step.key][:5],
        )
        for place in track.places
    ]


def _outcomes(entries: "StepEntryQuerySet") -> dict[str, list[tuple[str, str, int]]]:
    """Step → what became of it: key, word, people. A doubtful letter leaves its step neither sent nor simply pending."""
    doubtful = Counter(dict(entries.doubtful().values_list("step").annotate(Count("pk"))))
    found: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for step, outcome, count in entries.values_list("step", "outcome").annotate(Count("pk")).order_by("outcome"):
        pending = count - doubtful[step] if outcome == StepEntry.Outcome.PENDING else count
        found[step] += [(outcome, str(OUTCOMES[outcome]), pending)] if pending else []
    for step, count in doubtful.items():
        found[step].append((DOUBTFUL, str(OUTCOMES[DOUBTFUL]), count))
    return found


def why_here(one: Enrolment, track: Track, names: Names) -> str:
    """Why somebody is where they are, in a sentence: what comes next, when, and what it waits for."""
    if one.state == Enrolment.State.ENDED:
        return str(EndReason(one.end_reason).label) if one.end_reason in EndReason.values else one.end_reason
    if one.state == Enrolment.State.PAUSED:
        return _("Paused with the program") if one.paused_with_program else _("Paused by hand")
    return _why_waiting(one, track, names)


def _why_waiting(one: Enrolment, track: Track, names: Names) -> str:
    step = track.step(track.here(one.step) if one.step else track.first)
    if step is None:
        return _("Ends with the next round")
    said = {"step": sentence(step, track, names)}
    if one.held == Held.CAP:
        more = {"most": settings.NURTURE_CAP, "days": settings.NURTURE_CAP_DAYS}
        return _("%(step)s: has had %(most)d e-mails within %(days)d days, so it waits") % (said | more)
    if one.held:
        return _("%(step)s: %(why)s") % (said | {"why": str(Held(one.held).label).lower()})
    if isinstance(step, Wait):
        return said["step"]
    return _("%(step)s: comes with the next round, within a minute") % said


def mails_of(track: Track) -> list[Mail]:
    """The steps that send, each e-mail once."""
    steps = {step.email: step for place in track.places if isinstance(step := place.step, Mail) and step.email}
    return list(steps.values())
