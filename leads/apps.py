"""The leads app: the lead and its company, what it did, where it stands, how it came in."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LeadsConfig(AppConfig):
    name = "leads"

    def ready(self) -> None:
        from .activity_types import ensure_builtin_types

        # After each migrate (and each test flush) the built-in types exist; idempotent.
        post_migrate.connect(ensure_builtin_types, sender=self)
