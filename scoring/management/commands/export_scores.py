"""`manage.py export_scores`: the score of every lead as CSV or JSON, for today or any other day."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from leads.spreadsheets import csv_lines
from scoring.days import workspace_day
from scoring.management.arguments import day_told
from scoring.points import exact_points
from scoring.standings import ListedScore, scores_on
from scoring.sweep import drain

COLUMNS = tuple(field.name for field in fields(ListedScore))
POINTS = ("fit", "engagement", "total")


class Command(BaseCommand):
    help = "Write email, external_id, fit, engagement, total, label and stage of every lead; with --day as of that day."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--day", metavar="YYYY-MM-DD", help="any day, past or future; without it today")
        parser.add_argument("--format", choices=("csv", "json"), default="csv")
        parser.add_argument("--output", metavar="FILE", help="the file to write; without it standard output")

    def handle(self, *_args: Any, day: str | None, format: str, output: str | None, **_options: Any) -> None:  # noqa: A002
        now = timezone.now()
        wanted = workspace_day(now) if day is None else day_told(day)
        drain(now)
        lines = (_csv if format == "csv" else _json)(scores_on(wanted, now=now))
        try:
            with Path(output).open("w", encoding="utf-8", newline="") if output else nullcontext(self.stdout) as file:
                for line in lines:
                    file.write(line)
        except BrokenPipeError:
            sys.exit(1)
        except (OSError, ValueError) as problem:
            raise CommandError(
                _("“%(path)s” cannot be written: %(reason)s.") % {"path": output, "reason": problem}
            ) from None


def _csv(scores: Iterable[ListedScore]) -> Iterator[str]:
    """Points with two decimals; e-mail addresses and ids that a spreadsheet takes for formulas begin with an apostrophe."""

    def cells(one: ListedScore) -> list[object]:
        points = [exact_points(getattr(one, name)) for name in POINTS]
        return [one.email, one.external_id, *points, one.label, one.stage]

    yield from csv_lines([COLUMNS])
    yield from csv_lines(map(cells, scores))


def _json(scores: Iterable[ListedScore]) -> Iterator[str]:
    """A list of objects, one a line; points are texts with two decimals, so that nothing is rounded."""
    start = "["
    for one in scores:
        told = asdict(one) | {name: str(exact_points(getattr(one, name))) for name in POINTS}
        yield f"{start}{json.dumps(told, ensure_ascii=False)}\n"
        start = ","
    yield "]\n" if start == "," else "[]\n"
