"""Addresses of the leads room; the list and the page of leads are composed screens (leadhub.urls_screens)."""

from django.urls import path

from . import views, views_companies, views_settings

urlpatterns = [
    path("leads/new/", views.lead_create, name="lead_create"),
    path("leads/twins/", views.lead_twins, name="lead_twins"),
    path("leads/<int:pk>/edit/", views.lead_edit, name="lead_edit"),
    path("companies/", views_companies.company_list, name="company_list"),
    path("companies/suggest/", views_companies.company_suggest, name="company_suggest"),
    path("companies/<int:pk>/edit/", views_companies.company_edit, name="company_edit"),
    path("settings/activity-types/", views_settings.activity_types, name="activity_types"),
    path("settings/activity-types/new/", views_settings.activity_type_edit, name="activity_type_new"),
    path("settings/activity-types/<int:pk>/", views_settings.activity_type_edit, name="activity_type_edit"),
    path("settings/assets/", views_settings.assets, name="assets"),
    path("settings/assets/new/", views_settings.asset_edit, name="asset_new"),
    path("settings/assets/<int:pk>/", views_settings.asset_edit, name="asset_edit"),
    path("settings/fields/", views_settings.custom_fields, name="custom_fields"),
    path("settings/fields/new/", views_settings.custom_field_edit, name="custom_field_new"),
    path("settings/fields/<int:pk>/", views_settings.custom_field_edit, name="custom_field_edit"),
]
