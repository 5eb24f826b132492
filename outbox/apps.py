"""The outbox app: everything that must leave exactly as decided."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"
