"""Dealing handoffs out by rules: pure, one after another, the same for real offers and for a rehearsal (product.md §5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from leads.conditions import Condition, Facts, matches_all

from . import turns

PUSH, PULL = "push", "pull"
TURNS, LEAST = "turns", "least"
#: Why somebody is passed over.
ABSENT, FULL, CLOSED, WEIGHTLESS, GONE = "absent", "full", "closed", "weightless", "gone"
#: How a handoff found its way.
BY_OWNER, BY_TURN, BY_LOAD, TO_QUEUE, NOBODY, NO_RULE = "owner", "turn", "load", "queue", "nobody", "default"
#: The most counters of a turn that one line of the log keeps.
MOST_KEPT = 30


@dataclass(frozen=True)
class Way:
    """A rule as dealing needs it. `queue` None is the default queue; `team` None is a team that is gone."""

    id: int
    conditions: Sequence[Condition] = ()
    mode: str = PULL
    team: int | None = None
    queue: int | None = None
    method: str = TURNS
    prefers_owner: bool = False


@dataclass
class Seller:
    """A rep at one moment. `state`: blank, or why they can take nothing; `capacity` None is no limit."""

    id: int
    team: int | None
    weight: int = 1
    capacity: int | None = None
    open: int = 0
    state: str = ""

    @property
    def hindrance(self) -> str:
        """Why this seller is passed over now; blank when they are not."""
        if self.state:
            return self.state
        if self.capacity is not None and self.open >= self.capacity:
            return FULL
        return ""


@dataclass(frozen=True)
class Lot:
    """One handoff to deal. `owner`: the rep who works with its company already, if there is one."""

    handoff: int
    facts: Facts
    company: int | None = None
    owner: int | None = None


@dataclass(frozen=True)
class Dealt:
    """Where it goes and why: the rule (None: no rule matched), the queue it is of, the rep (None: it waits there)."""

    handoff: int
    rule: int | None = None
    queue: int | None = None
    to: int | None = None
    how: str = NO_RULE
    passed: list[tuple[int, str]] = field(default_factory=list)
    turn: list[tuple[int, int, int]] = field(default_factory=list)


class Dealer:
    """Deals lots in order; who gets one carries it at once, so that the next is dealt with that in mind."""

    def __init__(
        self, ways: Sequence[Way], sellers: Iterable[Seller], pointers: Mapping[int, turns.Counters] | None = None
    ) -> None:
        self.ways = ways
        self.house = {seller.id: seller for seller in sellers}
        self.pointers: dict[int, turns.Counters] = dict(pointers or {})
        self.owners: dict[int, int] = {}  # of companies, as far as they were dealt just now

    def deal(self, lot: Lot) -> Dealt:
        """The first rule that the lead's facts fulfil says where it goes; none: the default queue."""
        way = next((way for way in self.ways if matches_all(way.conditions, lot.facts)), None)
        if way is None:
            return Dealt(lot.handoff)
        passed: list[tuple[int, str]] = []
        if (owner := self._owner(way, lot, passed)) is not None:
            return self._given(lot, way, owner, BY_OWNER, passed)
        if way.mode == PULL:
            return self._left(lot, way, TO_QUEUE, passed)
        able = self._able(way.team, passed)
        if way.team is None or not able:
            return self._left(lot, way, NOBODY, passed)
        return self._by_turn(lot, way, able, passed)

    def _owner(self, way: Way, lot: Lot, passed: list[tuple[int, str]]) -> int | None:
        owner = self.owners.get(lot.company, lot.owner) if lot.company is not None else lot.owner
        if not way.prefers_owner or owner is None:
            return None
        hindrance = self.house[owner].hindrance if owner in self.house else GONE
        if hindrance:
            passed.append((owner, hindrance))
            return None
        return owner

    def _able(self, team: int | None, passed: list[tuple[int, str]]) -> dict[int, int]:
        """Weight of each member who can take one; the others are noted as passed over."""
        able, noted = {}, {one for one, _why in passed}
        for seller in self.members(team):
            hindrance = seller.hindrance or ("" if seller.weight else WEIGHTLESS)
            if not hindrance:
                able[seller.id] = seller.weight
            elif seller.id not in noted:
                passed.append((seller.id, hindrance))
        return able

    def members(self, team: int | None) -> list[Seller]:
        return [seller for seller in self.house.values() if team is not None and seller.team == team]

    def _by_turn(self, lot: Lot, way: Way, able: dict[int, int], passed: list[tuple[int, str]]) -> Dealt:
        team = way.team or 0
        if way.method == LEAST:
            able = turns.least_loaded(able, {one: self.house[one].open for one in able})
        present = [seller.id for seller in self.members(team) if seller.state != ABSENT and seller.weight]
        turn = turns.take(self.pointers.get(team, {}), able, present)
        self.pointers[team] = turn.after
        told = sorted(able, key=lambda one: (one != turn.chosen, -turn.before[one], one))[:MOST_KEPT]
        counts = [(one, turn.before[one], turn.after[one]) for one in told]
        return self._given(lot, way, turn.chosen, BY_LOAD if way.method == LEAST else BY_TURN, passed, counts)

    def _given(self, lot: Lot, way: Way, to: int, how: str, *why: Any) -> Dealt:
        self.house[to].open += 1
        if lot.company is not None:
            self.owners[lot.company] = to
        return Dealt(lot.handoff, way.id, way.queue, to, how, *why)

    def _left(self, lot: Lot, way: Way, how: str, passed: list[tuple[int, str]]) -> Dealt:
        return Dealt(lot.handoff, way.id, way.queue, None, how, passed)
