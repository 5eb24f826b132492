"""The scoring app: why a lead is hot."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ScoringConfig(AppConfig):
    name = "scoring"

    def ready(self) -> None:
        from leads import signals

        from . import intake, versions

        signals.activities_recorded.connect(intake.note_activities)
        signals.facts_changed.connect(intake.note_facts)
        signals.stages_changed.connect(intake.follow_stages)
        post_migrate.connect(versions.ensure_default, sender=self)
