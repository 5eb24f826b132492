"""Sweepers that live again at once: one process loads LeadHub, its children sweep and may be killed at any moment."""

import os
import signal
import sys
from types import FrameType

import django


def main(count: int) -> None:
    """Keep so many sweepers alive until SIGTERM; the children never outlive this process by more than a round."""
    django.setup()
    children: set[int] = set()

    def end(_number: int, _frame: FrameType | None) -> None:
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    while True:
        while len(children) < count:
            children.add(_born())
        pid, _status = os.wait()
        children.discard(pid)


def _born() -> int:
    """A child that sweeps until it dies."""
    if pid := os.fork():
        return pid
    from django.core.management import call_command  # noqa: PLC0415 - in the child only

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        call_command("sweep")
    finally:
        os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
