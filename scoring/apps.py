"""The scoring app: why a lead is hot."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "scoring"
