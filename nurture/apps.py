"""The nurture app: lists of leads."""

from django.apps import AppConfig


class NurtureConfig(AppConfig):
    name = "nurture"
