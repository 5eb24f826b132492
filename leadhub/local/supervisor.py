"""Keeps a handful of programs running: starts a dead one again, with growing pauses, and ends them all together."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from . import processes

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
PATIENCE_SECONDS = 10.0


@dataclass
class Child:
    """One program under the supervisor; its output goes to a log of its own."""

    name: str
    command: Sequence[str]
    log: Path
    folder: Path
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = 0.0

    def start(self) -> None:
        """Start in a session of its own: Ctrl-C in the terminal reaches the supervisor only, which ends all in order."""
        if self.log.exists() and self.log.stat().st_size > processes.LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                start_new_session=True,
            )
        self.started = time.monotonic()

    def died(self) -> int | None:
        """The exit code where the program ended by itself since it was last asked."""
        if self.process is None or (code := self.process.poll()) is None:
            return None
        _kill_group(self.process.pid)  # its own children, if any were left
        self.process = None
        if time.monotonic() - self.started > STEADY_SECONDS:
            self.pause = FIRST_PAUSE
        self.due, self.pause = time.monotonic() + self.pause, min(self.pause * 2, LONGEST_PAUSE)
        return code


@dataclass
class Supervisor:
    """The children, the note of their pids (for after a kill -9), and where to say what happened."""

    children: list[Child]
    note: Path
    say: Callable[[str], None] = print
    _ending: bool = field(default=False, init=False)

    def start(self, *children: Child) -> None:
        for child in children:
            child.start()
        self._write_note()

    def tend(self) -> None:
        """One look at everybody: say who died, start again whoever is due."""
        for child in self.children:
            if (code := child.died()) is not None:
                wait = child.due - time.monotonic()
                self.say(f"{child.name} ended (exit {code}) and starts again in {wait:.0f} s; see {child.log}")
            elif child.process is None and child.started and time.monotonic() >= child.due:
                child.start()
                self._write_note()

    def end(self) -> None:
        """End all: politely, then not."""
        running = [child.process for child in self.children if child.process]
        for process in running:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE_SECONDS
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            _kill_group(process.pid)
            process.wait()
        self.note.unlink(missing_ok=True)

    def _write_note(self) -> None:
        living = {str(child.process.pid): list(child.command) for child in self.children if child.process}
        self.note.write_text(json.dumps(living))


def end_strays(note: Path) -> bool:
    """End the children of a supervisor that was killed; a stranger who has one of their numbers now is left alone.

    Whether there were any: what their own children held, as a port, may be free a moment later only.
    """
    try:
        noted = json.loads(note.read_text())
    except (FileNotFoundError, ValueError):
        return False
    strays = [int(pid) for pid, command in noted.items() if " ".join(command[1:]) in processes.command_of(int(pid))]
    for pid in strays:
        _kill_group(pid)
    for pid in strays:
        processes.gone_within(pid, PATIENCE_SECONDS)
    note.unlink(missing_ok=True)
    return bool(strays)


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
