"""The handoff app: from marketing's hand to sales' hand."""

from django.apps import AppConfig


class HandoffConfig(AppConfig):
    name = "handoff"
