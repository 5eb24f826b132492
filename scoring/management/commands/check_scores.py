"""`manage.py check_scores`: compare the packed deeds and the scores with the activities and facts, and repair what differs."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.days import workspace_day
from scoring.sweep import check_vectors, recalculate


class Command(BaseCommand):
    help = "Compare event vectors and scores with what activities and facts say, and repair what differs."

    def handle(self, *_args: Any, **_options: Any) -> None:
        now = timezone.now()
        vectors = check_vectors(now)
        done = recalculate(workspace_day(now), at=now)
        said = {"leads": done.leads, "vectors": vectors, "scores": done.written}
        self.stdout.write(
            _("%(leads)d leads checked: %(vectors)d vectors and %(scores)d scores differed and are repaired.") % said
        )
