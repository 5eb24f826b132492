"""Addresses of the handoff room."""

from django.urls import path

from . import (
    views,
    views_inbox,
    views_lead,
    views_qualification,
    views_qualification_rules,
    views_questions,
    views_reasons,
    views_team,
)

urlpatterns = [
    path("inbox/", views_inbox.inbox, name="inbox"),
    path("inbox/changes/", views_inbox.inbox_changes, name="inbox_changes"),
    path("inbox/team/", views_team.team_inbox, name="team_inbox"),
    path("inbox/team/pass-on/", views_team.team_pass_on, name="team_pass_on"),
    path("inbox/claim-next/", views_inbox.claim_next, name="claim_next"),
    path("handoffs/policy/", views_reasons.sla_policy, name="sla_policy"),
    path("handoffs/reasons/", views_reasons.reasons, name="reasons"),
    path("handoffs/reasons/new/", views_reasons.reason_new, name="reason_new"),
    path("handoffs/reasons/<int:pk>/", views_reasons.reason_edit, name="reason_edit"),
    path("handoffs/qualification/", views_qualification_rules.qualification_rules, name="qualification_rules"),
    path(
        "handoffs/qualification/<int:team>/",
        views_qualification_rules.qualification_rules_edit,
        name="qualification_rules_edit",
    ),
    path(
        "handoffs/qualification/<int:team>/drop/",
        views_qualification_rules.qualification_rules_drop,
        name="qualification_rules_drop",
    ),
    path("handoffs/<int:pk>/", views.handoff_page, name="handoff_page"),
    path("handoffs/<int:pk>/claim/", views_inbox.claim, name="handoff_claim"),
    path("handoffs/<int:pk>/release/", views.release, name="handoff_release"),
    path("handoffs/<int:pk>/reassign/", views.reassign, name="handoff_reassign"),
    path("handoffs/<int:pk>/follow-up/", views.follow_up, name="handoff_follow_up"),
    path("handoffs/<int:pk>/qualification/", views_qualification.qualify, name="handoff_qualify"),
    path("handoffs/<int:pk>/gate/", views_qualification.gate_of_acceptance, name="handoff_gate"),
    path("handoffs/<int:pk>/why/<slug:item>/", views_qualification.why, name="handoff_why"),
    path("handoffs/<int:pk>/reply/", views_questions.reply, name="handoff_reply"),
    path("handoffs/<int:pk>/ask/", views_questions.ask, name="handoff_ask"),
    path("questions/<str:token>/", views_questions.questions, name="questions"),
    path("handoffs/<int:pk>/plan/", views.plan, name="handoff_plan"),
    path("handoffs/<int:pk>/record/", views.handoff_record, name="handoff_record"),
    path("handoffs/<int:pk>/accept/", views.accept, name="handoff_accept"),
    path("handoffs/<int:pk>/send-back/", views.send_back, name="handoff_send_back"),
    path("handoffs/<int:pk>/disqualify/", views.disqualify, name="handoff_disqualify"),
    path("handoffs/<int:pk>/won/", views.won, name="handoff_won"),
    path("handoffs/<int:pk>/lost/", views.lost, name="handoff_lost"),
    path("leads/<int:pk>/handoff/", views_lead.lead_handoff, name="lead_handoff"),
    path("leads/<int:pk>/hand-over/", views_lead.lead_hand_over, name="lead_hand_over"),
]
