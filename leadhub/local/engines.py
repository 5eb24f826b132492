"""The two engines together: who uses them, who starts them, and who turns off the light."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedRandom
from pathlib import Path

from .home import Home
from .postgres import Postgres
from .valkey import Valkey


@dataclass
class Engines:
    """Engines of one home, shared by any number of processes.

    Every user holds a shared lock on one file for as long as it lives; the kernel lets go of it even after
    kill -9, so no count can go wrong. Starting and stopping happen under a second, exclusive lock. The last to leave
    stops the engines, unless they were found running with nobody using them: then they are left as found.
    """

    home: Home
    wanted: tuple[Postgres | Valkey, ...]
    _held: BufferedRandom | None = field(default=None, init=False)
    _holder: int = field(default=0, init=False)

    def enter(self, *, always_stop: bool = False) -> None:
        """Start or adopt the engines and be counted. With `always_stop` also adopted ones end with the last user."""
        self.home.prepare()
        with self._turn():
            first = self._alone()
            running = [engine for engine in self.wanted if engine.pid()]
            if always_stop or len(running) < len(self.wanted):
                self._leave_running.unlink(missing_ok=True)
            elif first:
                self._leave_running.touch()
            try:
                self._start(running)
            except BaseException:
                if first:
                    self._stop(spare=running)
                raise
            self._held = self._open("users.lock")
            fcntl.flock(self._held, fcntl.LOCK_SH)
            self._holder = os.getpid()

    def leave(self) -> None:
        """Be counted no more; the last one out stops the engines."""
        if self._held is None or self._holder != os.getpid():
            return
        with self._turn():
            self._held.close()
            self._held = None
            if self._alone() and not self._leave_running.exists():
                self._stop(spare=[])

    @property
    def _leave_running(self) -> Path:
        return self.home.folder / "leave-running"

    def _start(self, running: list[Postgres | Valkey]) -> None:
        for engine in self.wanted:
            if engine not in running:
                engine.start()
            if isinstance(engine, Postgres):
                engine.settle()

    def _stop(self, spare: list[Postgres | Valkey]) -> None:
        for engine in reversed(self.wanted):
            if engine not in spare:
                engine.stop()

    def _alone(self) -> bool:
        """Whether nobody uses the engines now."""
        with self._open("users.lock") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._open("turn.lock") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            yield

    def _open(self, name: str) -> BufferedRandom:
        return (self.home.folder / name).open("a+b")
