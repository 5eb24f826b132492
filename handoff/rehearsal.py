"""The rehearsal: what a draft of the rules would have done with the real offers of the last days (product.md §5).

Each line of the log is dealt again in its order, with what was known then: facts as they stood, sellers as they stood and
what they carried, corrected by what this draft gave to others before. With the live rules it gives the log itself.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from . import turns
from .dealing import NOBODY, Dealer, Dealt, Lot, Seller, Way


@dataclass(frozen=True)
class Real:
    """One line as it really was. `again`: no first offer; `until`: when its handoff was closed (None: still open)."""

    lot: Lot
    at: datetime
    again: bool = False
    to: int | None = None
    queue: int | None = None
    until: datetime | None = None
    due_at: datetime | None = None
    claimed_by: int | None = None
    claimed_at: datetime | None = None


@dataclass(frozen=True)
class Scene:
    """Lines that were dealt together, and the house before them."""

    at: datetime
    sellers: Sequence[Seller]
    pointers: Mapping[int, turns.Counters]
    lines: Sequence[Real]


@dataclass(frozen=True)
class Played:
    """A line and what the rules would have made of it; `queue` is never None."""

    real: Real
    dealt: Dealt
    queue: int

    @property
    def same(self) -> bool:
        return (self.dealt.to, self.queue) == (self.real.to, self.real.queue)


@dataclass
class Rehearsal:
    """Plays scenes in order of time."""

    ways: Sequence[Way]
    default_queue: int
    pointers: dict[int, turns.Counters] = field(default_factory=dict)
    played: list[Played] = field(default_factory=list)
    _parted: dict[int, bool] = field(default_factory=dict)
    _ahead: list[tuple[datetime, int, int]] = field(default_factory=list)
    _more: Counter[int] = field(default_factory=Counter)

    def play(self, scenes: Iterable[Scene]) -> "Rehearsal":
        for scene in scenes:
            self._play(scene)
        return self

    def _play(self, scene: Scene) -> None:
        while self._ahead and self._ahead[0][0] <= scene.at:
            _at, who, more = heapq.heappop(self._ahead)
            self._more[who] += more
        for seller in scene.sellers:
            seller.open += self._more[seller.id]
        dealer = Dealer(self.ways, scene.sellers, {**scene.pointers, **self.pointers})
        for real in scene.lines:
            if not (real.again and self._parted.get(real.lot.handoff)):  # here another holds it, who is not away
                self._keep(Played(real, dealt := dealer.deal(real.lot), dealt.queue or self.default_queue))
        self.pointers = dealer.pointers

    def _keep(self, one: Played) -> None:
        self.played.append(one)
        self._parted[one.real.lot.handoff] = not one.same
        if one.dealt.to != one.real.to:
            for moment, seller, more in _shifts(one):
                heapq.heappush(self._ahead, (moment, seller, more))


def _shifts(one: Played) -> Iterator[tuple[datetime, int, int]]:
    """From when to when somebody carries it here and not there, or there and not here."""
    real, there = one.real, one.real.to or one.real.claimed_by
    since = real.at if real.to else real.claimed_at
    for seller, begun, more in ((one.dealt.to, real.at, 1), (there, since, -1)):
        if seller is not None and begun is not None and (real.until is None or begun < real.until):
            yield begun, seller, more
            if real.until is not None:
                yield real.until, seller, -more


@dataclass(frozen=True)
class Share:
    """How many one rep or queue gets in the rehearsal, and how many it was."""

    id: int
    here: int
    there: int


@dataclass(frozen=True)
class Hour:
    """Leads that came, and clocks that fell due, in one hour of the day."""

    hour: int
    given: int
    waiting: int
    due: int


@dataclass(frozen=True)
class Findings:
    """A rehearsal in figures. `nobody`: pushed, but nobody could take them; they wait in a queue. `moved`: other than it was."""

    total: int
    moved: int
    given: int
    waiting: int
    nobody: int
    reps: list[Share]
    queues: list[Share]
    hours: list[Hour]


def findings(played: Sequence[Played], zone: object) -> Findings:
    """The figures of what was played; hours are those of the zone."""
    given = [one for one in played if one.dealt.to is not None]
    return Findings(
        total=len(played),
        moved=sum(not one.same for one in played),
        given=len(given),
        waiting=len(played) - len(given),
        nobody=sum(one.dealt.how == NOBODY for one in played),
        reps=_shares((one.dealt.to, one.real.to) for one in played),
        queues=_shares(
            (None if one.dealt.to else one.queue, None if one.real.to else one.real.queue) for one in played
        ),
        hours=_hours(played, zone),
    )


def _shares(pairs: Iterable[tuple[int | None, int | None]]) -> list[Share]:
    here, there = Counter[int](), Counter[int]()
    for mine, real in pairs:
        here.update([mine] if mine is not None else [])
        there.update([real] if real is not None else [])
    return [Share(one, here[one], there[one]) for one in sorted({*here, *there}, key=lambda one: (-here[one], one))]


def _hours(played: Sequence[Played], zone: object) -> list[Hour]:
    given, waiting, due = Counter[int](), Counter[int](), Counter[int]()
    for one in played:
        (given if one.dealt.to else waiting)[one.real.at.astimezone(zone).hour] += 1  # type: ignore[arg-type]
        if one.real.due_at:
            due[one.real.due_at.astimezone(zone).hour] += 1  # type: ignore[arg-type]
    return [Hour(hour, given[hour], waiting[hour], due[hour]) for hour in range(24)]
