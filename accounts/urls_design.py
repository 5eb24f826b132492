"""Addresses of the style guide."""

from django.urls import URLPattern, URLResolver, path

from . import views_design

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views_design.design, name="design"),
    path("panel/", views_design.design_panel, name="design_panel"),
    path("charts/<slug:kind>/", views_design.design_chart, name="design_chart"),
]
