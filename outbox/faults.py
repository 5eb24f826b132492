"""Points at which a proof makes this process fail (`make prove`); anywhere else they are nothing (quality.md §3.1)."""

import os
import signal
import threading
import time
from pathlib import Path

from django.conf import settings

#: How long the mode "sleep" holds a process up.
SLEEP_SECONDS = 1.0


class FaultRaised(Exception):
    """The failure that the mode "raise" stands for."""


def faultpoint(name: str) -> None:
    """Nothing; but where settings name a folder of faults, take an order for this point that lies there, and obey it."""
    if settings.FAULTS_FOLDER:
        _pass(Path(settings.FAULTS_FOLDER), name)


def _pass(folder: Path, name: str) -> None:
    _note(folder, name, "passed")
    for order in (folder / "orders").glob(f"{name}@*"):
        try:
            order.rename(folder / "taken" / order.name)
        except FileNotFoundError:  # another process was faster
            continue
        mode = order.name.split("@")[1]
        _note(folder, name, mode)
        _fail(name, mode)
        return


def _note(folder: Path, name: str, what: str) -> None:
    """One line to a file that many append to; short enough that lines never mix. Its time is the same for all processes."""
    with (folder / "history").open("ab", buffering=0) as history:
        history.write(f"{time.monotonic():.3f} {os.getpid()} {name} {what}\n".encode())


def _fail(name: str, mode: str) -> None:
    if mode == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif mode == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    elif mode == "sleep":
        threading.Event().wait(SLEEP_SECONDS)
    else:
        raise FaultRaised(name)
