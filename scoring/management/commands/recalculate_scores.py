"""`manage.py recalculate_scores`: score every lead anew, today or as of an earlier day."""

import argparse
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.days import workspace_day
from scoring.management.arguments import day_told
from scoring.sweep import recalculate


class Command(BaseCommand):
    help = "Match all facts and score every lead anew; stages follow. With --day as of that day, until the next daily sweep."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--day", metavar="YYYY-MM-DD", help="a day that is not in the future; without it today")

    def handle(self, *_args: Any, day: str | None, **_options: Any) -> None:
        now: datetime = timezone.now()
        today = workspace_day(now)
        wanted = day_told(day) if day is not None else today
        if wanted > today:
            raise CommandError(
                _("%(day)s is in the future; export_scores and explain_score can look there.") % {"day": wanted}
            )
        done = recalculate(wanted, at=now)
        said = {"day": wanted, "leads": done.leads, "written": done.written, "moved": done.moved}
        self.stdout.write(
            _("Scores of %(day)s: %(leads)d leads, %(written)d changed, %(moved)d moved to another stage.") % said
        )
