"""The handoff app: from marketing's hand to sales' hand."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class HandoffConfig(AppConfig):
    name = "handoff"

    def ready(self) -> None:
        from accounts.signals import person_deactivated, sales_role_lost
        from leads.signals import leads_merged, stages_changed
        from scoring.lead_fields import register_keeper

        from .departures import return_leads
        from .merged import follow_merge
        from .models.qualification_rules import ensure_rules_of_workspace
        from .models.queue import ensure_default_queue
        from .models.reason import ensure_builtin_reasons
        from .models.sla_policy import ensure_default_policy
        from .offers import follow_stages
        from .sla_words import kept_conditions

        register_keeper(kept_conditions)
        stages_changed.connect(follow_stages, dispatch_uid="handoff.offers.follow_stages")
        leads_merged.connect(follow_merge, dispatch_uid="handoff.merged.follow_merge")
        person_deactivated.connect(return_leads, dispatch_uid="handoff.departures.return_leads")
        sales_role_lost.connect(return_leads, dispatch_uid="handoff.departures.return_leads")
        # After each migrate (and each test flush) what ships exists: reasons, a default queue, the gate, the default promise; idempotent.
        post_migrate.connect(ensure_builtin_reasons, sender=self)
        post_migrate.connect(ensure_default_queue, sender=self)
        post_migrate.connect(ensure_rules_of_workspace, sender=self)
        post_migrate.connect(ensure_default_policy, sender=self)
