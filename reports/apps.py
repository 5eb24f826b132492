"""The reports app: questions across all apps; owns no data."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
