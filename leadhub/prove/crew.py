"""The processes of a proof: started, started again whenever they die, killed on purpose, ended all together."""

import os
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from leadhub.local.home import CHECKOUT
from leadhub.local.processes import children_of
from leadhub.local.supervisor import Child

_CELERY = [sys.executable, "-m", "celery", "-A", "leadhub"]
_QUIET = ["--without-gossip", "--without-mingle", "--loglevel", "WARNING"]


@dataclass
class Crew:
    """Children by name. Nobody pauses here: whoever dies is there again at the next look."""

    logs: Path
    children: dict[str, Child] = field(default_factory=dict)
    restarts: Counter[str] = field(default_factory=Counter)
    resting: dict[str, float] = field(default_factory=dict)  # who must not live before when (monotonic)

    def sweepers(self, count: int) -> None:
        self._start("sweepers", [sys.executable, "-m", "leadhub.prove.sweepers", str(count)])

    def sweeper(self) -> None:
        """One sweeper by the right clock, as it runs anywhere."""
        self._start("sweeper", [sys.executable, "manage.py", "sweep"])

    def worker(self, name: str) -> None:
        command = [*_CELERY, "worker", "--concurrency", "2", "--hostname", f"{name}-{os.getpid()}@localhost", *_QUIET]
        self._start(name, command)

    def beat(self, name: str) -> None:
        schedule = ["--pidfile", "", "--schedule", str(self.logs / f"{name}.schedule")]
        self._start(name, [*_CELERY, "beat", "--loglevel", "WARNING", *schedule])

    def web(self, port: int) -> None:
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "leadhub.wsgi",
            "--no-control-socket",
            "--bind",
            f"127.0.0.1:{port}",
        ]
        self._start("web", [*command, "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--preload"])

    def tend(self) -> None:
        """Start again whoever died."""
        for name, child in self.children.items():
            if child.died() is not None:
                self.restarts[name] += 1
            if child.process is None and time.monotonic() >= self.resting.get(name, 0.0):
                child.start()

    def pids(self) -> dict[str, int]:
        """The process of each, and those that its own children are."""
        mains = {
            name: child.process.pid
            for name, child in self.children.items()
            if child.process and child.process.poll() is None
        }
        return mains | {
            f"{name}, child {n}": pid for name, main in mains.items() for n, pid in enumerate(children_of(main))
        }

    def kill(self, name: str) -> None:
        """SIGKILL to one of them and all its own children, as a machine that loses power would."""
        process = self.children[name].process
        if process:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def do_without(self, name: str, seconds: float) -> None:
        """It is killed, and lives again no sooner than then; nothing where that is so already."""
        if time.monotonic() >= self.resting.get(name, 0.0):
            self.resting[name] = time.monotonic() + seconds
            self.kill(name)

    def freeze(self, name: str) -> None:
        """SIGSTOP to one of them and its children."""
        process = self.children[name].process
        if process:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGSTOP)

    def end(self) -> None:
        for name, child in self.children.items():
            self.kill(name)
            if child.process:
                child.process.wait()
        self.children.clear()

    def said(self, name: str) -> str:
        """The end of a child's log."""
        log = self.logs / f"{name}.log"
        return log.read_text(errors="replace")[-2_000:] if log.exists() else ""

    def _start(self, name: str, command: list[str]) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        child = self.children[name] = Child(name, command, self.logs / f"{name}.log", CHECKOUT)
        child.start()
