"""What the commands of scoring are told: days, versions, leads and files; what is wrong with them is said in a sentence."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.addresses import email_key
from leads.condition_values import is_calendar_day
from leads.documents import MAX_BYTES, shown, storable
from leads.models import Lead

from ..models import ScoringModel
from ..vectors import DayOutOfRange, scoring_day


class VersionedCommand(BaseCommand):
    """A command whose `--version N` names a version of the scoring model, not of Django."""

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **options)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--version", metavar="N", help="the version of the scoring model; without it the published one"
        )


def day_told(text: str) -> date:
    """The day in "2026-11-21"."""
    if not is_calendar_day(text):
        raise CommandError(_("“%(text)s” is no day; write it like 2026-11-21.") % {"text": shown(text)})
    try:
        scoring_day(date.fromisoformat(text))
    except DayOutOfRange as problem:
        raise CommandError(str(problem)) from None
    return date.fromisoformat(text)


def version_told(text: str | None) -> ScoringModel:
    """The version with this number; the published one where none is named."""
    if text is None:
        return ScoringModel.objects.published()
    found = (
        ScoringModel.objects.filter(version=int(text)).first()
        if text.isascii() and text.isdigit() and len(text) < 10
        else None
    )
    if found is None:
        raise CommandError(_("There is no version “%(text)s” of the scoring model.") % {"text": shown(text)})
    return found


def lead_told(text: str) -> Lead:
    """The lead with this e-mail address, else with this external id."""
    text = text.strip()
    if text and storable(text):
        key = email_key(text)
        for meant in (Q(email_key=key), Q(external_id=text) | Q(other_ids=text), Q(former_addresses=key)):
            if found := Lead.objects.filter(meant).select_related("company").first():
                return found
    raise CommandError(_("No lead has the e-mail address or external id “%(text)s”.") % {"text": shown(text)})


def file_told(path: str) -> bytes:
    """What stands in the file; no more than can be used of it."""
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as problem:
        raise CommandError(_unusable(_("“%(path)s” cannot be read"), path, problem)) from None


def write_file(path: str, text: str) -> None:
    """Put the text into the file."""
    try:
        Path(path).write_text(text, encoding="utf-8")
    except (OSError, ValueError) as problem:
        raise CommandError(_unusable(_("“%(path)s” cannot be written"), path, problem)) from None


def _unusable(words: str, path: str, problem: Exception) -> str:
    reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
    return f"{words % {'path': shown(path)}}: {reason}."
