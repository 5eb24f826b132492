"""`make run`: the whole of LeadHub on one machine, from an empty folder to an address that answers."""

import fcntl
import os
import socket
import sys
import time
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from . import processes
from .environment import ensure, secret_key
from .home import CHECKOUT, Home, LocalError
from .preparing import Preparation
from .signals import deaf_to_signals
from .supervisor import Child, Supervisor, end_strays

HOST = "127.0.0.1"
READY_SECONDS, STRAYS_SECONDS = 90, 10.0
WHAT_TO_TRY = """\
What to try
  As a marketer: open Leads, sort by score, open one and read why it is hot; import a CSV file.
  As a sales rep: open the Inbox, claim the most urgent lead, log a call, answer the four BANT questions.
  As a sales manager: Reports shows who followed up within 24 hours and who did not.
  As a marketing manager: Scoring shows the rules; draft a change, publish it, watch the scores move.\
"""


def up() -> None:
    """Run everything until Ctrl-C, SIGTERM or a closed terminal; LocalError says in a sentence why it cannot."""
    began = time.monotonic()
    home = Home.of_environment()
    port = port_of_environment()
    home.folder.mkdir(parents=True, exist_ok=True)
    with (home.folder / "up.lock").open("a+b") as only_one:
        try:
            fcntl.flock(only_one, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise LocalError(
                f"LeadHub already runs from {home.folder}. Stop it there with Ctrl-C, or set LEADHUB_LOCAL=DIR "
                "and another PORT= to run a second one."
            ) from taken
        had_strays = end_strays(home.folder / "children.json")
        refuse_a_taken_port(port, patience=STRAYS_SECONDS if had_strays else 0.0)
        os.environ["SECRET_KEY"] = os.environ.get("SECRET_KEY") or secret_key(home)
        os.environ.setdefault("BASE_URL", f"http://{HOST}:{port}")
        with ensure(always_stop=True, home=home):
            _run(home, port, began)


def _run(home: Home, port: int, began: float) -> None:
    home.logs.mkdir(parents=True, exist_ok=True)
    supervisor = Supervisor(children(home, port), home.folder / "children.json", say=_say)
    preparation = Preparation(home.folder / "prepared")
    try:
        sign_ins = _start(supervisor, preparation, port)
        _say(greeting(port, sign_ins, home, time.monotonic() - began))
        while True:
            supervisor.tend()
            time.sleep(0.5)
    except KeyboardInterrupt:
        _say("\nStopping.")
    finally:
        with deaf_to_signals():
            preparation.end()
            supervisor.end()


def _start(supervisor: Supervisor, preparation: Preparation, port: int) -> str:
    """Start all in the order in which people notice; the sign-ins."""
    web, *others = supervisor.children
    if not preparation.is_formality:
        preparation.sign_ins()
    supervisor.start(web)
    wait_until_healthy(web, port)
    sign_ins = preparation.sign_ins()
    supervisor.start(*others)
    return sign_ins


def port_of_environment() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise LocalError(f"PORT is {text!r}; it has to be a number from 1 to 65535.")
    return int(text)


def refuse_a_taken_port(port: int, patience: float = 0.0) -> None:
    """Raise `LocalError` where nobody may listen on the port, or somebody does after so many seconds."""
    ends = time.monotonic() + patience
    while (problem := _not_mine(port)) and time.monotonic() < ends:
        time.sleep(0.1)
    if isinstance(problem, PermissionError):
        raise LocalError(
            f"This user may not listen on port {port}; take one above 1023: `make run PORT=8000`."
        ) from problem
    if problem:
        raise LocalError(
            f"Port {port} is taken by another program. Stop that one, or run `make run PORT={port + 1}`."
        ) from problem


def _not_mine(port: int) -> OSError | None:
    """Why one cannot listen on the port, or nothing."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError as problem:
            return problem
    return None


def children(home: Home, port: int) -> list[Child]:
    """Web, worker, beat and sweeper."""
    python = sys.executable
    celery = [python, "-m", "celery", "-A", "leadhub"]
    commands = {
        "web": [
            *(python, "-m", "gunicorn", "leadhub.wsgi", "--no-control-socket", "--preload", "--bind", f"{HOST}:{port}"),
            *("--worker-class", "gthread", "--workers", "2", "--threads", "8", "--graceful-timeout", "5"),
        ],
        "worker": [
            *celery,
            "worker",
            "--concurrency",
            "2",
            "--loglevel",
            "INFO",
            "--without-gossip",
            "--without-mingle",
        ],
        "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile", "", "--schedule", str(home.folder / "beat")],
        "sweeper": [python, "manage.py", "sweep"],
    }
    return [Child(name, command, home.logs / f"{name}.log", CHECKOUT) for name, command in commands.items()]


def wait_until_healthy(web: Child, port: int) -> None:
    """Until /healthz answers 200; LocalError with the end of the web's log where it does not."""
    ask = build_opener(ProxyHandler({})).open
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            with ask(f"http://{HOST}:{port}/healthz", timeout=5):
                return
        except (URLError, OSError):
            pass
        if web.died() is not None or time.monotonic() > deadline:
            raise LocalError(f"The web server did not start. {web.log} ends:\n{processes.tail(web.log, 25)}")
        time.sleep(0.1)


def greeting(port: int, sign_ins: str, home: Home, seconds: float) -> str:
    return "\n".join(
        [
            "",
            f"LeadHub runs at http://{HOST}:{port}  (started in {seconds:.1f} s)",
            "",
            *(["Sign in as", *in_columns(sign_ins), ""] if sign_ins else []),
            WHAT_TO_TRY,
            "",
            f"Logs: {_short(home.logs)}    Stop: Ctrl-C",
        ]
    )


def in_columns(table: str) -> list[str]:
    """Lines whose tab-separated cells stand under each other."""
    rows = [line.split("\t") for line in table.splitlines()]
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in rows
    ]


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _say(text: str) -> None:
    # The terminal may be gone: that is no reason to leave programs running.
    with suppress(OSError):
        print(text, flush=True)
