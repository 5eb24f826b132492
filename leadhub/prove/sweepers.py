"""Sweepers that live again at once: one process loads LeadHub, its children sweep and may be killed at any moment.

The first one's clock is right; the others believe it to be an hour later, an hour earlier, and so on (F16).
"""

import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from types import FrameType

import django

CLOCKS = (timedelta(0), timedelta(hours=1), timedelta(hours=-1))


def main(count: int) -> None:
    """Keep so many sweepers alive until SIGTERM; the children never outlive this process by more than a round."""
    django.setup()
    children: dict[int, int] = {}  # process → which of them it is

    def end(_number: int, _frame: FrameType | None) -> None:
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    while True:
        for number in set(range(count)) - set(children.values()):
            children[_born(CLOCKS[number % len(CLOCKS)])] = number
        pid, _status = os.wait()
        children.pop(pid, None)


def _born(wrong_by: timedelta) -> int:
    """A child that sweeps until it dies, by a clock that is wrong by so much."""
    if pid := os.fork():
        return pid
    from django.core.management import call_command  # noqa: PLC0415 - in the child only

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if wrong_by:
        import time_machine  # noqa: PLC0415 - a tool of proofs

        time_machine.travel(datetime.now(UTC) + wrong_by).start()
    try:
        call_command("sweep")
    finally:
        os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
