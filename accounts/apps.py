"""The accounts app: who people are."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
