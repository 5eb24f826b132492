"""What will happen when: acts in order of time, done when the play's clock passes them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from heapq import heappop, heappush
from itertools import count, groupby
from typing import Any

from handoff.refusals import HandoffRefused
from leads.models import MoveRefused

Act = Callable[[], Any]
#: Does acts of one kind as a set; says how many of them the house refused.
Together = Callable[[Sequence[Any]], int]


class Agenda:
    """Acts by moment. A verb that the house refuses, as real life sometimes brings, undoes itself and nothing happens."""

    def __init__(self, kinds: Sequence[Together] = ()) -> None:
        self.kinds = list(kinds)
        self._acts: list[tuple[datetime, int, int | None, Any]] = []
        self._numbers = count()
        self.done = self.refused = 0

    def add(self, at: datetime, act: Act) -> None:
        """An act that is done by itself: all before it is done, and nothing after it."""
        heappush(self._acts, (at, next(self._numbers), None, act))

    def add_to(self, kind: Together, at: datetime, act: Any) -> None:
        """An act of a kind. Between two that are done by themselves, kinds follow each other, each as a set in order of time."""
        heappush(self._acts, (at, next(self._numbers), self.kinds.index(kind), act))

    def play_until(self, moment: datetime) -> None:
        """Do all that lies at or before the moment."""
        due = []
        while self._acts and self._acts[0][0] <= moment:
            due.append(heappop(self._acts))
            if due[-1][2] is None:
                self._play(due)
                due = []
        self._play(due)

    def _play(self, due: Sequence[tuple[datetime, int, int | None, Any]]) -> None:
        last = len(self.kinds)
        ordered = sorted(due, key=lambda one: (last if one[2] is None else one[2], *one[:2]))
        for kind, some in groupby(ordered, key=lambda one: one[2]):
            acts = [act for _at, _number, _kind, act in some]
            refused = one_by_one(acts) if kind is None else self.kinds[kind](acts)
            self.done, self.refused = self.done + len(acts) - refused, self.refused + refused


def one_by_one(acts: Sequence[Act]) -> int:
    """Do them in their order; how many were refused."""
    refused = 0
    for act in acts:
        try:
            act()
        except (HandoffRefused, MoveRefused):
            refused += 1
    return refused
