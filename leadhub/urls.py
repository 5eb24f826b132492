"""Every address of LeadHub; each room adds its own urls module."""

from django.urls import URLPattern, URLResolver, include, path

from . import health, home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("", include("accounts.urls")),
]
