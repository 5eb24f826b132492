"""What will happen when: acts in order of time, done when the play's clock passes them."""

from collections.abc import Callable
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import Any

from handoff.refusals import HandoffRefused
from leads.models import MoveRefused


class Agenda:
    """Acts by moment. A verb that the house refuses, as real life sometimes brings, undoes itself and nothing happens."""

    def __init__(self) -> None:
        self._acts: list[tuple[datetime, int, Callable[[], Any]]] = []
        self._numbers = count()
        self.done = self.refused = 0

    def add(self, at: datetime, act: Callable[[], Any]) -> None:
        heappush(self._acts, (at, next(self._numbers), act))

    def play_until(self, moment: datetime) -> None:
        """Do, in order, all that lies at or before the moment."""
        while self._acts and self._acts[0][0] <= moment:
            _at, _number, act = heappop(self._acts)
            try:
                act()
            except (HandoffRefused, MoveRefused):
                self.refused += 1
            else:
                self.done += 1
