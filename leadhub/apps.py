"""LeadHub's own app: the composed screens, and the checks that hold the house together."""

from django.apps import AppConfig


class LeadHubConfig(AppConfig):
    name = "leadhub"

    def ready(self) -> None:
        from . import celery, checks  # noqa: F401  (the Celery app becomes current; checks register themselves)
