"""`make run` as a person meets it: one program that starts everything, says where it is, and leaves nothing behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from leadhub.local import processes
from leadhub.local.home import CHECKOUT, Home
from leadhub.local.postgres import Postgres
from leadhub.local.valkey import Valkey
from leadhub.testing import in_full

from .test_local_engines import OURS, folder

__all__ = ["folder"]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Run:
    """`python -m leadhub.local up` on a home of its own, without the sample company."""

    def __init__(self, home: Path, port: int) -> None:
        clean = {name: value for name, value in os.environ.items() if name not in (*OURS, "BASE_URL")}
        self.home = Home(home)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "leadhub.local", "up"],
            cwd=CHECKOUT,
            env=clean | {"LEADHUB_LOCAL": str(home), "PORT": str(port), "SAMPLE": "0"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def greeting(self) -> str:
        assert self.process.stdout
        lines: list[str] = []
        while not lines or "Stop: Ctrl-C" not in lines[-1]:
            line = self.process.stdout.readline()
            assert line, f"it ended after saying {lines}"
            lines.append(line)
        return "".join(lines)

    def pids(self) -> list[int]:
        """The children of the supervisor, once it has started all four."""
        deadline = time.monotonic() + 30
        while len(noted := json.loads((self.home.folder / "children.json").read_text())) < 4:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        return [int(pid) for pid in noted]

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        code = self.process.wait(timeout=60)
        assert self.process.stdout
        self.process.stdout.close()
        return code


@pytest.fixture(scope="module")
def home(folder: Path) -> Iterator[Path]:
    yield folder / "run"
    Postgres(Home(folder / "run")).stop()
    Valkey(Home(folder / "run")).stop()


def test_everything_starts_says_where_it_is_takes_its_port_back_after_a_kill_and_ends_without_a_trace(
    home: Path,
) -> None:
    port = free_port()
    first = Run(home, port)
    said = first.greeting()
    assert f"LeadHub runs at http://127.0.0.1:{port}" in said
    assert re.search(r"Administrator  administrator@leadhub.example  \S{16}\n", said)
    with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
        assert answer.status == 200
    orphans = first.pids()
    first.end(signal.SIGKILL)
    second = Run(home, port)
    second.greeting()
    assert not [pid for pid in orphans if processes.alive(pid)]
    assert_ends_without_a_trace(second, signal.SIGINT)


@pytest.mark.parametrize("how", [signal.SIGHUP, signal.SIGTERM], ids=lambda how: how.name)
def test_other_ends_leave_no_trace_either(home: Path, how: signal.Signals) -> None:
    if not in_full():
        pytest.skip("in the full tier: another start of everything for a signal that ends it the same way")
    run = Run(home, free_port())
    run.greeting()
    assert_ends_without_a_trace(run, how)


def assert_ends_without_a_trace(run: Run, how: signal.Signals) -> None:
    pids = run.pids()
    run.end(how)
    assert not [pid for pid in pids if processes.alive(pid)]
    assert (Postgres(run.home).pid(), Valkey(run.home).pid()) == (None, None)
