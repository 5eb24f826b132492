"""`manage.py sweep`: the loop that keeps the house's promises when Redis, beat and workers are away."""

import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections

from outbox import sweeper
from outbox.clock import house_time


class Command(BaseCommand):
    help = (
        "Runs every step of SWEEPER_STEPS each SWEEP_SECONDS: scores, reminders, imports, mails. Needs PostgreSQL only."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="go round once and stop; ends with 1 if a step failed")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["once"]:
            if failed := sweeper.sweep(house_time()):
                raise CommandError(f"These steps failed: {', '.join(failed)}.")
            return
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_frame: ended.set())
        while not ended.is_set():
            began = time.monotonic()
            self._round()
            ended.wait(settings.SWEEP_SECONDS - (time.monotonic() - began))  # at once after a round that lasted longer

    def _round(self) -> None:
        close_old_connections()
        try:
            sweeper.sweep(house_time())
        except DatabaseError as problem:
            self.stderr.write(f"PostgreSQL is away ({type(problem).__name__}); the next round tries again.")
