"""Failures that are ordered, and the history of those that happened (`outbox.faults` obeys them)."""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from leadhub.local.home import CHECKOUT

#: A process that fails here may have handed a mail over without having noted it: it is sent once more, and that is no fault.
WINDOW = {"send.accepted", "send.before_commit"}

#: One that fails here may have handed a letter over without having noted it: it is doubtful, and nobody sends it again.
LETTER_WINDOW = {"letter.handed", "letter.answered", "letter.before_settled"}

ROOMS = ("accounts", "outbox", "leads", "scoring", "handoff", "nurture")


@cache
def points() -> list[str]:
    """The names of all fault points, as they stand in the code."""
    return sorted(
        {
            call.args[0].value
            for room in ROOMS
            for path in (CHECKOUT / room).glob("**/*.py")
            if "tests" not in path.parts and "faultpoint(" in (text := path.read_text())
            for call in ast.walk(ast.parse(text))
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "faultpoint"
            if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
        }
    )


@dataclass
class Orders:
    """A folder of orders. Each is obeyed once, by whichever process comes to its point first."""

    folder: Path
    _given: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        for part in ("orders", "taken"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)

    def give(self, point: str, mode: str) -> None:
        self._given += 1
        (self.folder / "orders" / f"{point}@{mode}@{self._given}").touch()

    def waiting(self) -> list[str]:
        return sorted(order.name for order in (self.folder / "orders").iterdir())

    def take_back(self) -> None:
        for name in self.waiting():
            (self.folder / "orders" / name).unlink(missing_ok=True)

    def lines(self) -> Iterator[tuple[float, int, str, str]]:
        """Each passing of a point: when, which process, where, and what happened to it there."""
        history = self.folder / "history"
        for line in history.read_text().splitlines() if history.exists() else ():
            at, pid, point, what = line.split()
            yield float(at), int(pid), point, what

    def obeyed(self) -> Counter[tuple[str, str]]:
        """How often each point failed in each way."""
        return Counter((point, what) for _at, _pid, point, what in self.lines() if what != "passed")

    def passed(self) -> Counter[str]:
        """How often each point was passed at all."""
        return Counter(point for _at, _pid, point, what in self.lines() if what == "passed")

    def stopped(self) -> list[tuple[int, float]]:
        """Processes that were stopped, and when."""
        return [(pid, at) for at, pid, _point, what in self.lines() if what == "stop"]
