"""How long something takes: seconds on the wall and seconds of processor, of this process and of its database session."""

import gc
import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Taken:
    """Median seconds; `cpu` falls back to the wall where the server's processor time cannot be read."""

    wall: float
    cpu: float


def timed(work: Callable[[], Any], times: int = 5, *, before: Callable[[], Any] | None = None) -> Taken:
    """The median of several runs; `before` prepares each and is not counted."""
    runs = [_once(work, before) for _n in range(times)]
    return Taken(median(run.wall for run in runs), median(run.cpu for run in runs))


def _once(work: Callable[[], Any], before: Callable[[], Any] | None) -> Taken:
    if before:
        before()
    gc.collect()
    wall, ours, theirs = time.perf_counter(), time.process_time(), _session_seconds()
    work()
    ended, used, session = time.perf_counter(), time.process_time(), _session_seconds()
    if theirs is None or session is None:
        return Taken(ended - wall, ended - wall)
    return Taken(ended - wall, used - ours + session - theirs)


def _session_seconds() -> float | None:
    """Processor seconds of the database session; None where the server runs elsewhere."""
    connection.ensure_connection()
    try:
        stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text()
    except OSError:
        return None
    name, fields = stat.rpartition(")")[0], stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS if "postgres" in name else None


def peak_megabytes(work: Callable[[], Any]) -> float:
    """The most memory that this process holds while it does this; where that cannot be told, the most it ever held."""
    own = Path("/proc/self")
    try:
        (own / "clear_refs").write_text("5")  # from here on the peak is measured anew
        work()
        peak = next(line for line in (own / "status").read_text().splitlines() if line.startswith("VmHWM:"))
        return int(peak.split()[1]) / 1024
    except (OSError, StopIteration):
        work()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
