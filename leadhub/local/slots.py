"""Folders for test runs: each run holds one under a lock, so that two runs never meet; made once, used again."""

import fcntl
from dataclasses import dataclass
from io import BufferedRandom
from itertools import count

from .home import Home


@dataclass
class Slot:
    """One run's home of engines. The kernel gives the slot back when the run ends, however it ends."""

    home: Home
    lock: BufferedRandom

    @classmethod
    def take(cls, parent: Home) -> "Slot":
        """The first slot that no living run holds."""
        folder = parent.folder / "test"
        folder.mkdir(parents=True, exist_ok=True)
        for number in count(1):
            lock = (folder / f"{number}.lock").open("a+b")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
            else:
                return cls(Home(folder / str(number)), lock)
        raise AssertionError("count() does not end")

    def give_back(self) -> None:
        self.lock.close()
