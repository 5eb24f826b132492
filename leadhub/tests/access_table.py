"""Who may open what: the independent oracle of the access matrix (quality.md §4, S1), filled by hand, row by row.

A URL of LeadHub without a row here, or a row without a URL, fails `test_matrix.py`. Roles named under `get` and `post`
are let in; `hidden` roles are told 404 for this object; all others 403. A method without roles is 405 for everybody.
"""

from collections.abc import Callable
from typing import Any

from accounts.models import Scope

from .access_rows import AD, AN, EVERYBODY, MK, MM, NOBODY, SM, SR, Row, of
from .world import World

PEOPLE = {
    "sign_in": Row(get=EVERYBODY, post=EVERYBODY, public=True),
    "sign_out": Row(post=EVERYBODY),
    "set_password": Row(
        get=EVERYBODY, post=EVERYBODY, public=True, given=lambda _world: {"number": "1", "token": "x-y"}
    ),
    "profile": Row(get=EVERYBODY, post=EVERYBODY),
    "change_password": Row(get=EVERYBODY, post=EVERYBODY),
    "end_other_sessions": Row(post=EVERYBODY),
    "people": Row(get=AD | SM),
    "person_new": Row(get=AD, post=AD),
    "person_page": Row(get=AD | SM, given=of("rita")),
    "person_edit": Row(get=AD, post=AD, given=of("rita")),
    "person_link": Row(post=AD, given=of("rita")),
    "person_deactivate": Row(post=AD, given=of("rita")),
    "person_reactivate": Row(post=AD, given=of("rita")),
    "person_end_sessions": Row(post=AD | SM, given=of("rita")),
    "teams": Row(get=AD | SM),
    "team_new": Row(get=AD, post=AD),
    "team_edit": Row(get=AD, post=AD, given=of("team")),
    "team_delete": Row(post=AD, given=of("team")),
    "api_keys": Row(get=AD),
    "api_key_new": Row(get=AD, post=AD),
    "api_key_revoke": Row(post=AD, given=of("key")),
}

HOUSE = {
    "home": Row(get=EVERYBODY),
    "home_score_chart": Row(get=EVERYBODY - SR),
    "healthz": Row(get=EVERYBODY, public=True),
    "settings": Row(get=EVERYBODY),
    "workspace": Row(get=AD | SM | MM),
}

DESIGN = {
    "design": Row(get=EVERYBODY),
    "design_panel": Row(get=EVERYBODY),
    "design_chart": Row(get=EVERYBODY, given=lambda _world: {"kind": "bar"}),
}

MARKETING = MK | MM | AD
#: Roles that have anything to do with single people; the analyst reads them masked and writes nothing.
HANDS = EVERYBODY - AN

# `lead` is at the stage Lead: a rep may not know of it. `sql` waits in the pool, `won_over` is Rita's.
LEADS = {
    "lead_list": Row(get=EVERYBODY),
    "lead_filter": Row(get=EVERYBODY),
    "lead_bulk": Row(post=MARKETING, data={"action": "add_to_list", "ids": "1"}),
    "lead_create": Row(get=HANDS, post=HANDS),
    "lead_twins": Row(get=HANDS),
    "lead_page": Row(get=EVERYBODY - SR, hidden=SR, given=of("lead")),
    "lead_history": Row(get=EVERYBODY, given=of("sql")),
    "lead_panel": Row(get=EVERYBODY, given=of("sql")),
    "lead_edit": Row(get=MARKETING, post=MARKETING, hidden=SR, given=of("lead")),
    "lead_log": Row(get=MARKETING, post=MARKETING, hidden=SR, given=of("lead")),
    "lead_stage": Row(
        get=MARKETING | SM, post=MARKETING | SM, hidden=SR, given=lambda world: {"pk": world.lead.pk, "move": "promote"}
    ),
    "lead_judge": Row(
        post=MARKETING, hidden=SR, given=lambda world: {"pk": world.lead.pk, "activity": world.lead.activities.get().pk}
    ),
    "lead_merge_choose": Row(get=MARKETING, given=of("lead")),
    "lead_merge": Row(get=MARKETING, post=MARKETING, given=lambda world: {"pk": world.lead.pk, "other": world.sql.pk}),
    "merge_undo": Row(post=MARKETING, given=of("merge")),
    "company_list": Row(get=EVERYBODY),
    "company_suggest": Row(get=HANDS),
    "company_page": Row(get=EVERYBODY, given=of("company")),
    "company_edit": Row(get=MARKETING, post=MARKETING, given=of("company")),
    "search": Row(get=EVERYBODY, query="?q=dewi"),
    "activity_types": Row(get=MM | AD),
    "activity_type_new": Row(get=MM | AD, post=MM | AD),
    "activity_type_edit": Row(get=MM | AD, post=MM | AD, given=of("activity_type")),
    "assets": Row(get=MM | AD),
    "asset_new": Row(get=MM | AD, post=MM | AD),
    "asset_edit": Row(get=MM | AD, post=MM | AD, given=of("asset")),
    "custom_fields": Row(get=MM | AD),
    "custom_field_new": Row(get=MM | AD, post=MM | AD),
    "custom_field_edit": Row(get=MM | AD, post=MM | AD, given=of("custom_field")),
}

LISTS = {
    "lists": Row(get=EVERYBODY),
    "list_page": Row(get=EVERYBODY, given=of("warm")),
    "list_create": Row(get=MARKETING, post=MARKETING),
    "list_edit": Row(get=MARKETING, post=MARKETING, given=of("warm")),
    "list_archive": Row(post=MARKETING, given=of("warm")),
    "list_undo": Row(post=MK, given=of("list_change")),  # Mona's own
    "list_history": Row(get=EVERYBODY, given=of("warm")),
    "list_kept_out": Row(get=EVERYBODY, given=of("warm")),
    "list_let_in": Row(post=MARKETING, given=lambda world: {"pk": world.warm.pk, "lead": world.lead.pk}),
    "list_state": Row(get=EVERYBODY, given=of("warm")),
    "list_export": Row(get=EVERYBODY, post=EVERYBODY, given=of("warm")),
    "emails": Row(get=EVERYBODY),
    "email_create": Row(get=MARKETING, post=MARKETING),
    "email_page": Row(get=EVERYBODY, given=of("welcome")),
    "email_version": Row(get=EVERYBODY, given=lambda world: {"pk": world.welcome.pk, "number": 1}),
    "email_edit": Row(get=MARKETING, post=MARKETING, given=of("welcome")),
    "email_rename": Row(get=MARKETING, post=MARKETING, given=of("welcome")),
    "email_draft": Row(post=MARKETING, given=of("welcome")),
    "email_finish": Row(post=MARKETING, given=of("welcome")),
    "email_archive": Row(post=MARKETING, given=of("welcome")),
    "email_letter": Row(get=EVERYBODY, given=lambda world: {"pk": world.welcome.pk, "number": 1}),
    "email_beside": Row(get=EVERYBODY, given=lambda world: {"pk": world.welcome.pk, "number": 1}),
    "email_readers": Row(get=EVERYBODY - AN, given=lambda world: {"pk": world.welcome.pk, "number": 1}),
    "email_link": Row(post=MARKETING, given=lambda world: {"pk": world.welcome.pk, "number": 1, "key": "l1"}),
    "email_test": Row(post=MARKETING, given=lambda world: {"pk": world.welcome.pk, "number": 1}),
    "condition_row": Row(get=EVERYBODY),
    "condition_count": Row(get=MARKETING),
}

READS_PROGRAMS = MARKETING | AN


def _step(world: World) -> dict[str, Any]:
    return {"pk": world.program.pk, "key": "s1"}


PROGRAMS = {
    "programs": Row(get=READS_PROGRAMS),
    "program_new": Row(get=MARKETING, post=MARKETING),
    "program_page": Row(get=READS_PROGRAMS, given=of("program")),
    "program_people": Row(get=READS_PROGRAMS, given=of("program")),
    "program_pause": Row(post=MM | AD, given=of("program")),
    "program_end": Row(post=MM | AD, given=of("program")),
    "program_draft": Row(post=MARKETING, given=of("program")),
    "program_discard": Row(post=MARKETING, given=of("program")),
    "program_edit": Row(get=MARKETING, given=of("program")),
    "program_settings": Row(get=MARKETING, post=MARKETING, given=of("program")),
    "program_step_new": Row(post=MARKETING, given=of("program"), data={"kind": "wait"}),
    "program_step": Row(get=MARKETING, post=MARKETING, given=_step),
    "program_step_move": Row(post=MARKETING, given=_step),
    "program_step_remove": Row(post=MARKETING, given=_step),
    "program_check": Row(get=READS_PROGRAMS, given=of("program")),
    "program_test": Row(post=MARKETING, given=of("program")),
    "program_activate": Row(post=MM | AD, given=of("program")),
    "enrolment": Row(get=READS_PROGRAMS, given=of("way")),
    "enrolment_pause": Row(post=MARKETING, given=of("way")),
    "enrolment_remove": Row(post=MARKETING, hidden=SR, given=of("way")),
    "lead_enrol": Row(post=MARKETING, given=of("lead"), data={"program": "0"}),
}

# `offered` waits for anybody; Rita holds `held`, and Sue leads her team.
ITS_PEOPLE = SR | SM | AD
HANDOFFS = {
    "inbox": Row(get=SR | SM),
    "inbox_changes": Row(get=SR | SM),
    "team_inbox": Row(get=SM),
    "team_pass_on": Row(post=SM),
    "claim_next": Row(post=SR | SM),
    "handoff_page": Row(get=EVERYBODY, given=of("held")),
    "handoff_claim": Row(post=SR | SM, given=of("offered")),
    "handoff_release": Row(post=ITS_PEOPLE, given=of("held")),
    "handoff_reassign": Row(post=SM | AD, given=of("held")),
    "handoff_follow_up": Row(post=ITS_PEOPLE, given=of("held")),
    "handoff_qualify": Row(post=ITS_PEOPLE, given=of("held")),
    "handoff_gate": Row(get=ITS_PEOPLE, given=of("held")),
    "handoff_record": Row(get=EVERYBODY, given=of("held")),
    "handoff_why": Row(get=EVERYBODY, given=lambda world: {"pk": world.held.pk, "item": "need"}),
    "handoff_reply": Row(post=MK | MM, given=of("held")),
    "handoff_again": Row(get=MK | MM, post=MK | MM, given=of("held")),
    "handoff_ask": Row(post=ITS_PEOPLE, given=of("held")),
    "questions": Row(get=EVERYBODY, post=EVERYBODY, public=True, given=lambda _world: {"token": "x"}),
    "handoff_plan": Row(post=ITS_PEOPLE, given=of("held")),
    "qualification_rules": Row(get=SM | AD),
    "qualification_rules_edit": Row(get=SM | AD, post=SM | AD, given=lambda world: {"team": world.rita.team_id}),
    "qualification_rules_drop": Row(post=SM | AD, given=lambda world: {"team": world.rita.team_id}),
    "handoff_accept": Row(post=ITS_PEOPLE, given=of("held")),
    "handoff_send_back": Row(post=ITS_PEOPLE, given=of("held")),
    "handoff_disqualify": Row(post=ITS_PEOPLE, given=of("held")),
    "handoff_won": Row(post=ITS_PEOPLE, given=of("held")),
    "handoff_lost": Row(post=ITS_PEOPLE, given=of("held")),
    "lead_handoff": Row(get=EVERYBODY - SR, hidden=SR, given=of("lead")),
    "lead_hand_over": Row(post=MK | MM, given=of("lead")),
    "sla_policy": Row(get=EVERYBODY),
    "sla_policy_new": Row(get=SM | AD, post=SM | AD),
    "sla_policy_edit": Row(get=SM | AD, post=SM | AD, given=of("fast_track")),
    "sla_policy_remove": Row(get=SM | AD, post=SM | AD, given=of("fast_track")),
    "sla_proof": Row(get=SM | AD),
    "sla_change": Row(get=EVERYBODY, given=of("sla_change")),
    "work_calendar_new": Row(get=SM | AD, post=SM | AD),
    "work_calendar_edit": Row(get=SM | AD, post=SM | AD, given=of("work_calendar")),
    "work_calendar_remove": Row(get=SM | AD, post=SM | AD, given=of("work_calendar")),
    "reasons": Row(get=SM | AD),
    "reason_new": Row(get=SM | AD, post=SM | AD),
    "reason_edit": Row(get=SM | AD, post=SM | AD, given=of("reason")),
}

# Rita's notice and mail.
ROUTERS, ROUTED = SM | AD, SM | MM | AN | AD
# `route` is a rule of the draft of routing; `away` is an absence of Rita's that begins in two days.
ROUTING = {
    "routing": Row(get=ROUTED),
    "routing_draft": Row(post=ROUTERS),
    "routing_publish": Row(post=ROUTERS),
    "routing_discard": Row(post=ROUTERS),
    "routing_rule_new": Row(get=ROUTERS, post=ROUTERS),
    "routing_condition": Row(get=ROUTERS),
    "routing_rule": Row(get=ROUTERS, post=ROUTERS, given=of("route")),
    "routing_rule_move": Row(post=ROUTERS, data={"do": "up:0"}),
    "routing_rule_shift": Row(post=ROUTERS, given=of("route")),
    "routing_rule_remove": Row(post=ROUTERS, given=of("route")),
    "routing_log": Row(get=ROUTED),
    "routing_rehearsal": Row(get=ROUTED, query="?figures"),
    "sellers": Row(get=ROUTED),
    "my_seat": Row(get=SR),
    "seller": Row(get=SR | ROUTERS, post=SR | ROUTERS, given=of("rita")),
    "seller_away": Row(post=SR | ROUTERS, given=of("rita")),
    "seller_back": Row(post=SR | ROUTERS, given=lambda world: {"pk": world.rita.pk, "absence": world.away.pk}),
    "queues": Row(get=ROUTED),
    "queue_new": Row(get=ROUTERS, post=ROUTERS),
    "queue_edit": Row(get=ROUTERS, post=ROUTERS, given=of("tray")),
    "queue_put_away": Row(post=ROUTERS, given=of("tray")),
}

OUTBOX = {
    "notices": Row(get=EVERYBODY),
    "notices_read": Row(post=EVERYBODY),
    "notice_open": Row(post=SR, hidden=EVERYBODY - SR, given=of("notice")),
    "mail_choice": Row(get=EVERYBODY, post=EVERYBODY),
    "mailbox": Row(get=EVERYBODY),
    "mail_page": Row(get=SR | SM | MM | AD, hidden=MK | AN, given=of("mail")),
    "mail_retry": Row(post=MM | AD, given=of("mail")),
    "webhooks": Row(get=AD),
    "hook_new": Row(get=AD, post=AD),
    "hook_page": Row(get=AD, post=AD, given=of("hook")),
    "hook_secret": Row(post=AD, given=of("hook")),
    "hook_test": Row(post=AD, given=of("hook")),
    "hook_resend": Row(post=AD, given=of("hook_message")),
}

COMPANY_FIGURES = EVERYBODY - SR
REPORTS = {
    "reports": Row(get=EVERYBODY),
    "report_sla": Row(get=EVERYBODY),
    "report_sla_chart": Row(get=EVERYBODY, given=lambda _world: {"name": "week"}),
    "report_sla_table": Row(get=EVERYBODY, given=lambda _world: {"name": "week"}),
    "report_sla_handoffs": Row(get=EVERYBODY),
    "report_funnel": Row(get=COMPANY_FIGURES),
    "report_funnel_chart": Row(get=COMPANY_FIGURES, given=lambda _world: {"name": "steps"}),
    "report_funnel_table": Row(get=COMPANY_FIGURES, given=lambda _world: {"name": "steps"}),
    "report_funnel_leads": Row(get=COMPANY_FIGURES),
    "report_replay": Row(get=COMPANY_FIGURES),
    "report_replay_chart": Row(get=COMPANY_FIGURES),
    "report_replay_table": Row(get=COMPANY_FIGURES, given=lambda _world: {"name": "flips"}),
    "report_opportunities": Row(get=EVERYBODY),
    "report_opportunities_file": Row(get=EVERYBODY, post=EVERYBODY),
    "report_feedback": Row(get=COMPANY_FIGURES),
    "report_version": Row(get=EVERYBODY, given=lambda world: {"version": world.draft.version}),
}


def part(**place: str) -> Callable[[World], dict[str, Any]]:
    """A part of the world's draft of the scoring model."""
    return lambda world: {"version": world.draft.version, **place}


DRAFTERS = MARKETING
SCORING = {
    "scoring_models": Row(get=EVERYBODY),
    "scoring_model": Row(get=EVERYBODY, given=part()),
    "model_preview": Row(get=EVERYBODY, post=EVERYBODY, given=part()),
    "model_publishing": Row(get=EVERYBODY, given=part()),
    "model_try": Row(post=DRAFTERS, given=part()),
    "model_movers": Row(get=EVERYBODY, given=part(kind="mql_in")),
    "model_export": Row(get=EVERYBODY, given=part()),
    "model_import": Row(get=DRAFTERS, post=DRAFTERS),
    "model_json": Row(get=DRAFTERS, post=DRAFTERS, given=part()),
    "model_draft": Row(post=DRAFTERS, given=part()),
    "model_move": Row(post=MM | AD, given=part(), data={"act": "publish"}),
    "model_propose": Row(get=DRAFTERS, post=DRAFTERS, given=part(), data={"reason": "Sales asked for it"}),
    "model_agreement": Row(get=EVERYBODY, given=part()),
    "model_comment": Row(post=HANDS, given=part(), data={"text": "Fine with us"}),
    "model_approve": Row(post=MM | SM, given=part()),
    "model_withdraw": Row(post=MM | SM, given=part()),
    "model_decide": Row(post=DRAFTERS, given=part(), data={"part": "rule:x", "choice": "draft"}),
    "model_differences": Row(get=EVERYBODY, given=part()),
    "model_undo": Row(post=DRAFTERS, given=part(number=1)),
    "model_redo": Row(post=DRAFTERS, given=part(number=1)),
    "rule_values": Row(post=DRAFTERS, given=part(axis="fit"), data={"wanted": "industry"}),
    "rule_words": Row(post=DRAFTERS, given=part(axis="engagement")),
    "rule_act": Row(post=DRAFTERS, given=part(), data={"do": "copy:x"}),
    "points_chart": Row(get=EVERYBODY, given=part()),
    "points_chart_data": Row(get=EVERYBODY, given=part()),
    "rule_health": Row(get=EVERYBODY, given=part()),
    "rule_health_ask": Row(post=DRAFTERS, given=part()),
    "rule_health_progress": Row(get=EVERYBODY, given=part()),
    "flap_report": Row(get=EVERYBODY),
    "score_check": Row(get=EVERYBODY),
    "definitions_edit": Row(get=DRAFTERS, post=DRAFTERS, given=part()),
    "axis_edit": Row(get=DRAFTERS, post=DRAFTERS, given=part(axis="fit")),
    "rule_new": Row(get=DRAFTERS, post=DRAFTERS, given=part(axis="fit")),
    "rule_edit": Row(get=DRAFTERS, post=DRAFTERS, given=lambda world: part(axis="fit", key=world.rule_key)(world)),
    "group_new": Row(get=DRAFTERS, post=DRAFTERS, given=part(axis="fit")),
    "group_edit": Row(get=DRAFTERS, post=DRAFTERS, given=lambda world: part(axis="fit", group=world.group_key)(world)),
    "group_delete": Row(post=DRAFTERS, given=lambda world: part(group=world.group_key)(world)),
    "definitions": Row(get=EVERYBODY),
    "lead_score": Row(get=EVERYBODY - SR, hidden=SR, given=of("lead")),
    "lead_score_data": Row(get=EVERYBODY - SR, hidden=SR, given=of("lead")),
    "lead_move_score": Row(
        get=EVERYBODY, given=lambda world: {"pk": world.sql.pk, "move": world.sql.stage_moves.get().pk}
    ),
}

# `import_job` is Mona's; rep, sales manager and analyst do not import.
IMPORTS = {
    "import_list": Row(get=MARKETING),
    "import_new": Row(get=MARKETING, post=MARKETING),
    "import_page": Row(get=MARKETING, given=of("import_job")),
    "import_match": Row(get=MARKETING, post=MARKETING, given=of("import_job")),
    "import_run": Row(post=MARKETING, given=of("import_job")),
    "import_cancel": Row(post=MARKETING, given=of("import_job")),
    "import_faults": Row(get=MARKETING, given=of("import_job")),
}

# The lead of `letter` is nobody's yet, so no rep may know of it; analysts read no letters.
JUNK = lambda _world: {"token": "junk"}  # noqa: E731 - what true tokens do: nurture/tests/test_answers.py
LETTERS = {
    "letters": Row(get=EVERYBODY - AN),
    "letter_page": Row(get=MK | MM | SM | AD, hidden=SR, given=of("letter")),
    "letter_words": Row(get=MK | MM | SM | AD, hidden=SR, given=of("letter")),
    "letter_resend": Row(post=MM | AD, given=of("letter")),
    "mail_events": Row(post=EVERYBODY, public=True),  # shut without a provider and its secret
    "letter_click": Row(get=EVERYBODY, public=True, given=JUNK),
    "letter_open": Row(get=EVERYBODY, public=True, given=JUNK),
    "letter_trap": Row(get=EVERYBODY, public=True, given=JUNK),
    "letter_unsubscribe": Row(get=EVERYBODY, post=EVERYBODY, public=True, given=JUNK),
    "letter_preferences": Row(get=EVERYBODY, post=EVERYBODY, public=True, given=JUNK),
    "lead_letters": Row(get=MK | MM | SM | AD, hidden=SR, given=of("lead")),
    "lead_letters_stop": Row(post=MARKETING, hidden=SR, given=of("lead")),  # of a lead without an owner, no team's
    "lead_letters_again": Row(post=MM | AD, given=of("lead")),
}

API = {
    "api_docs": Row(get=EVERYBODY),
    "api:openapi-json": Row(get=EVERYBODY, post=EVERYBODY, public=True),  # reads only, whatever the method
    "api:api-root": Row(get=EVERYBODY, public=True),
    "api:leads": Row(post=NOBODY, api=Scope.LEADS_WRITE),
    "api:activities": Row(post=NOBODY, api=Scope.EVENTS_WRITE),
    "api:lead_score": Row(get=NOBODY, api=Scope.SCORES_READ, given=lambda world: {"lead": world.lead.pk}),
    "api:lead_score_of": Row(get=NOBODY, api=Scope.SCORES_READ, query="?email=dewi@example.com"),
    "api:mail": Row(post=NOBODY, api=Scope.EVENTS_WRITE),
    "api:score_changes": Row(get=NOBODY, api=Scope.SCORES_READ),
}

ROOMS = [
    PEOPLE,
    HOUSE,
    DESIGN,
    LEADS,
    LISTS,
    PROGRAMS,
    HANDOFFS,
    ROUTING,
    OUTBOX,
    REPORTS,
    SCORING,
    IMPORTS,
    LETTERS,
    API,
]
TABLE: dict[str, Row] = {name: row for room in ROOMS for name, row in room.items()}
