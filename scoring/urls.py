"""Addresses of the scoring room."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from . import (
    views,
    views_agreement,
    views_chart,
    views_draft,
    views_editor,
    views_health,
    views_json,
    views_lead,
    views_publishing,
    views_rule,
    views_try,
)


class AxisConverter(StringConverter):
    regex = "fit|engagement"


class KeyConverter(StringConverter):
    """The key of a rule or group: any text that a document may give it, with slashes and line breaks."""

    regex = r"[\s\S]+"


register_converter(AxisConverter, "axis")
register_converter(KeyConverter, "key")

urlpatterns = [
    path("scoring/", views.scoring_models, name="scoring_models"),
    path("scoring/import/", views_json.model_import, name="model_import"),
    path("scoring/<int:version>/", views.scoring_model, name="scoring_model"),
    path("scoring/<int:version>/preview/", views_try.model_preview, name="model_preview"),
    path("scoring/<int:version>/try/", views_try.model_try, name="model_try"),
    path("scoring/<int:version>/movers/<slug:kind>/", views_try.model_movers, name="model_movers"),
    path("scoring/<int:version>/export/", views_json.model_export, name="model_export"),
    path("scoring/<int:version>/json/", views_json.model_json, name="model_json"),
    path("scoring/<int:version>/draft/", views.model_draft, name="model_draft"),
    path("scoring/<int:version>/publishing/", views_publishing.model_publishing, name="model_publishing"),
    path("scoring/<int:version>/move/", views.model_move, name="model_move"),
    path("scoring/<int:version>/propose/", views_agreement.model_propose, name="model_propose"),
    path("scoring/<int:version>/agreement/", views_agreement.model_agreement, name="model_agreement"),
    path("scoring/<int:version>/agreement/comment/", views_agreement.model_comment, name="model_comment"),
    path("scoring/<int:version>/agreement/approve/", views_agreement.model_approve, name="model_approve"),
    path("scoring/<int:version>/agreement/withdraw/", views_agreement.model_withdraw, name="model_withdraw"),
    path("scoring/<int:version>/decide/", views_agreement.model_decide, name="model_decide"),
    path("scoring/<int:version>/differences/", views_agreement.model_differences, name="model_differences"),
    path("scoring/<int:version>/undo/<int:number>/", views_draft.model_undo, name="model_undo"),
    path("scoring/<int:version>/redo/<int:number>/", views_draft.model_redo, name="model_redo"),
    path("scoring/<int:version>/rules/act/", views_draft.rule_act, name="rule_act"),
    path("scoring/<int:version>/<axis:axis>/words/", views_rule.rule_words, name="rule_words"),
    path("scoring/<int:version>/<axis:axis>/values/", views_rule.rule_values, name="rule_values"),
    path("scoring/<int:version>/<axis:axis>/new-rule/", views_editor.rule_edit, name="rule_new"),
    path("scoring/<int:version>/<axis:axis>/new-group/", views_editor.bounds_edit, {"is_new": True}, name="group_new"),
    path("scoring/<int:version>/chart/", views_chart.points_chart, name="points_chart"),
    path("scoring/<int:version>/chart/data/", views_chart.points_chart_data, name="points_chart_data"),
    path("scoring/<int:version>/health/", views_health.rule_health, name="rule_health"),
    path("scoring/<int:version>/health/ask/", views_health.rule_health_ask, name="rule_health_ask"),
    path("scoring/<int:version>/health/progress/", views_health.rule_health_progress, name="rule_health_progress"),
    path("scoring/flaps/", views_health.flap_report, name="flap_report"),
    path("scoring/check/", views_health.score_check, name="score_check"),
    path("scoring/<int:version>/definitions/", views_editor.definitions_edit, name="definitions_edit"),
    path("scoring/<int:version>/<axis:axis>/", views_editor.bounds_edit, name="axis_edit"),
    path("scoring/<int:version>/<axis:axis>/rules/<key:key>/", views_editor.rule_edit, name="rule_edit"),
    path("scoring/<int:version>/<axis:axis>/groups/<key:group>/", views_editor.bounds_edit, name="group_edit"),
    path("scoring/<int:version>/groups/<key:group>/delete/", views_editor.group_delete, name="group_delete"),
    path("definitions/", views.definitions, name="definitions"),
    path("leads/<int:pk>/score/", views_lead.lead_score, name="lead_score"),
    path("leads/<int:pk>/score/data/", views_lead.lead_score_data, name="lead_score_data"),
    path("leads/<int:pk>/score/moves/<int:move>/", views_lead.lead_move_score, name="lead_move_score"),
]
