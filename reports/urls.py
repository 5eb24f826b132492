"""Addresses of the reports room."""

from django.urls import path

from . import views, views_feedback, views_funnel, views_opportunities, views_replay, views_sla, views_versions

urlpatterns = [
    path("reports/", views.reports, name="reports"),
    path("reports/sla/", views_sla.sla, name="report_sla"),
    path("reports/sla/charts/<slug:name>/", views_sla.sla_chart, name="report_sla_chart"),
    path("reports/sla/tables/<slug:name>.csv", views_sla.sla_table, name="report_sla_table"),
    path("reports/sla/handoffs/", views_sla.sla_handoffs, name="report_sla_handoffs"),
    path("reports/funnel/", views_funnel.funnel, name="report_funnel"),
    path("reports/funnel/charts/<slug:name>/", views_funnel.funnel_chart, name="report_funnel_chart"),
    path("reports/funnel/tables/<slug:name>.csv", views_funnel.funnel_table, name="report_funnel_table"),
    path("reports/funnel/leads/", views_funnel.funnel_leads, name="report_funnel_leads"),
    path("reports/replay/", views_replay.replay, name="report_replay"),
    path("reports/replay/chart/", views_replay.replay_chart, name="report_replay_chart"),
    path("reports/replay/tables/<slug:name>.csv", views_replay.replay_table, name="report_replay_table"),
    path("opportunities/", views_opportunities.opportunities, name="report_opportunities"),
    path("opportunities/file/", views_opportunities.opportunities_file, name="report_opportunities_file"),
    path("reports/sent-back/", views_feedback.feedback, name="report_feedback"),
    path("reports/versions/<int:version>/", views_versions.version_history, name="report_version"),
]
