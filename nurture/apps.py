"""The nurture app: lists of leads."""

from django.apps import AppConfig


class NurtureConfig(AppConfig):
    name = "nurture"

    def ready(self) -> None:
        from leads.signals import leads_merged

        from .merged import follow_merge

        leads_merged.connect(follow_merge, dispatch_uid="nurture.merged.follow_merge")
