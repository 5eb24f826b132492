"""`manage.py import_scoring_model FILE`: a scoring model from its JSON form."""

import argparse
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.definition_reading import ModelFault, load
from scoring.json_faults import lines_told
from scoring.management.arguments import file_told
from scoring.matchers import TooManyClasses
from scoring.models import ScoringModel
from scoring.versions import draft
from scoring.versions import publish as publish_version


class Command(BaseCommand):
    help = (
        "Store the scoring model in a JSON file (docs/scoring-model.md) as a draft, or publish it and score every lead."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", help="the JSON file")
        parser.add_argument("--publish", action="store_true", help="make it the published version")

    def handle(self, *_args: Any, file: str, publish: bool, **_options: Any) -> None:
        """Everything that is wrong with the model is said at once, and nothing is stored then."""
        now, text = timezone.now(), file_told(file)
        try:
            version = draft(load(text).to_document(), by=None, at=now)
        except ModelFault as fault:
            told = [_("“%(file)s” was not stored:") % {"file": file}, *lines_told(text, fault)]
            raise CommandError("\n".join(told)) from None
        said = {"model": version, "rules": len(version.model.rules)}
        self.stdout.write(_("Stored as a draft: %(model)s, %(rules)d rules.") % said)
        if publish:
            self.publish(version, now)

    def publish(self, version: ScoringModel, now: datetime) -> None:
        try:
            scored = publish_version(version, by=None, at=now)
        except TooManyClasses as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(
            _("Published; %(leads)d leads scored, %(moved)d moved.") % {"leads": scored.leads, "moved": scored.moved}
        )
