"""Starting, recognising and ending programs of the operating system."""

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from .home import LocalError, as_user

LOG_LIMIT_BYTES = 10_000_000
_children: dict[int, "subprocess.Popen[bytes]"] = {}


def start(command: Sequence[str | Path], *, log: Path, user: pwd.struct_passwd | None) -> int:
    """Start a server in a session of its own, so that Ctrl-C in the terminal does not reach it; its pid."""
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        child = subprocess.Popen(
            [os.fspath(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **as_user(user),
        )
    _children[child.pid] = child
    return child.pid


def alive(pid: int) -> bool:
    """Whether the process runs. One that ended and waits to be buried, by us or by a slow init, does not."""
    if child := _children.get(pid):
        if child.poll() is not None:
            del _children[pid]
            return False
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state == "Z"


def children_of(pid: int) -> list[int]:
    """The processes that it started itself and that run, the oldest first; none where /proc does not say (macOS)."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def command_of(pid: int) -> str:
    """The command line of a process, or nothing where it does not run."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if Path("/proc/self/cmdline").exists():
            return ""
    asked = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip()


def stop(pid: int, *signals: signal.Signals, patience: float = 20.0) -> None:
    """End the process, politely first: each signal gets `patience` seconds; LocalError if it outlives them all."""
    for number in signals:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        if gone_within(pid, patience):
            return
    raise LocalError(f"Process {pid} does not end; please end it by hand.")


def gone_within(pid: int, seconds: float) -> bool:
    """Wait until the process is gone, at most that long."""
    deadline = time.monotonic() + seconds
    while alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def tail(log: Path, lines: int = 15) -> str:
    """The end of a log, for the message of an error."""
    if not log.exists():
        return "(no log)"
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
