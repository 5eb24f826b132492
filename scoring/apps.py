"""The scoring app: why a lead is hot."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ScoringConfig(AppConfig):
    name = "scoring"

    def ready(self) -> None:
        from leads import signals

        from . import intake, merged, versions

        signals.activities_recorded.connect(intake.note_activities)
        signals.facts_changed.connect(intake.note_facts)
        signals.stages_changed.connect(intake.follow_stages)
        signals.leads_merging.connect(merged.share_blocks)
        signals.leads_merged.connect(merged.let_go)
        signals.leads_parted.connect(merged.take_up)
        post_migrate.connect(versions.ensure_default, sender=self)
