"""Addresses of imports."""

from django.urls import path

from . import views_imports as views

urlpatterns = [
    path("imports/", views.import_list, name="import_list"),
    path("imports/new/", views.import_new, name="import_new"),
    path("imports/<int:pk>/", views.import_page, name="import_page"),
    path("imports/<int:pk>/columns/", views.import_match, name="import_match"),
    path("imports/<int:pk>/run/", views.import_run, name="import_run"),
    path("imports/<int:pk>/cancel/", views.import_cancel, name="import_cancel"),
    path("imports/<int:pk>/refused.csv", views.import_faults, name="import_faults"),
]
