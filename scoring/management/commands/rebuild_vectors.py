"""`manage.py rebuild_vectors`: make the packed deeds of every lead anew, after the workspace's time zone changed for instance."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.days import workspace_day
from scoring.sweep import rebuild_vectors, recalculate


class Command(BaseCommand):
    help = "Make every lead's event vector anew from its activities, and score all leads."

    def handle(self, *_args: Any, **_options: Any) -> None:
        now = timezone.now()
        leads = rebuild_vectors(now)
        done = recalculate(workspace_day(now), at=now)
        self.stdout.write(
            _("%(leads)d vectors made anew; %(written)d scores changed.") % {"leads": leads, "written": done.written}
        )
