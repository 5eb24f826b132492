"""The lead page: who may open it, what an analyst reads there, what comes next, and what can be done from it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from handoff.models import Handoff
from leadhub.next_step import Standing, next_step
from leadhub.testing import NOON, assert_same_queries, make_activity, make_lead, person, signed_in
from leads.models import ActivityType, CustomField, Lead, Verdict
from leads.stages import Cause, Stage

from .scored import scored

pytestmark = pytest.mark.django_db


def pooled() -> Lead:
    """An SQL that waits to be claimed."""
    lead = make_lead("piotr@example.com", first_name="Piotr")
    lead.hand_over(note="Asked for a demo.", by=person("Mona"), at=NOON)
    return lead


def claimed_by(name: str) -> Lead:
    lead = pooled()
    Handoff.objects.get(lead=lead).claim(by=person(name), at=NOON)
    lead.refresh_from_db()
    return lead


def test_a_rep_may_not_know_of_leads_of_marketing_and_of_colleagues():
    rita, others = signed_in("Rita"), [make_lead(), claimed_by("Sam")]

    for lead in others:
        for part in ("", "history/", "panel/", "edit/", "log/", "stage/promote/"):
            assert rita.get(f"/leads/{lead.pk}/{part}").status_code == 404


def test_a_rep_opens_own_leads():
    assert signed_in("Rita").get(f"/leads/{claimed_by('Rita').pk}/").status_code == 200


@pytest.mark.parametrize("part", ["", "history/", "panel/"])
def test_an_analyst_reads_nothing_of_who_it_is(part: str):
    lead = make_lead(
        "dewi@qxz.example", first_name="Qxzfirst", last_name="Qxzlast", phone="qxz-1", external_id="qxz-2",
        job_title="CTO", custom={"note": "qxz-3"},
    )  # fmt: skip
    CustomField.objects.create(key="note", label="Note")
    make_activity(lead, "form_submitted", subject="qxz-4", url="https://example.com/qxz-5", campaign="Spring")
    lead.edit({"first_name": "Qxzother", "job_title": "CEO", "phone": "qxz-6"}, by=person("Mona"), at=NOON)
    lead.promote(reason="She told me qxz-7", by=person("Mona"), at=NOON)

    page = signed_in("Ann").get(f"/leads/{lead.pk}/{part}").text

    assert "qxz" not in page.lower()
    assert f"Lead #{lead.pk}" in page


def test_the_timeline_folds_machines_and_shows_moves_by_day():
    lead = make_lead(at=NOON - timedelta(days=9))
    make_activity(lead, "page_visit", at=NOON, url="https://example.com/pricing?x=1")
    make_activity(lead, "email_opened", at=NOON, verdict=Verdict.MACHINE)
    lead.promote(reason="Met at the fair", by=person("Mona"), at=NOON - timedelta(days=1))

    today, yesterday = signed_in("Mona").get(f"/leads/{lead.pk}/").context["timeline"].days

    assert [entry.text for entry in today.entries] == ["Page visited: /pricing"]
    assert [entry.text for entry in today.machine] == ["E-mail opened"]
    assert [(entry.text, entry.detail, entry.actor) for entry in yesterday.entries] == [
        ("Lead → MQL", "Met at the fair", "Mona")
    ]


def test_a_move_on_the_timeline_opens_the_ledger_as_it_was_frozen():
    lead = make_lead(at=NOON - timedelta(days=9))
    lead.promote(reason="Met at the fair", by=person("Mona"), at=NOON)
    mona = signed_in("Mona")
    frozen = f"/leads/{lead.pk}/score/moves/{lead.stage_moves.get().pk}/"
    assert f'href="{frozen}"' in mona.get(f"/leads/{lead.pk}/").text
    assert mona.get(frozen).status_code == 200


def test_older_entries_are_on_the_next_page_each_once():
    lead = make_lead()
    for hour in range(60):
        make_activity(lead, at=NOON - timedelta(hours=hour))
    lead.promote(reason="Met at the fair", by=person("Mona"), at=NOON - timedelta(hours=55))
    client, url, texts = signed_in("Mona"), f"/leads/{lead.pk}/", []

    while url:
        timeline = client.get(url).context["timeline"]
        texts += [entry.text for day in timeline.days for entry in day.entries]
        url = f"/leads/{lead.pk}/?after={timeline.older}" if timeline.older else ""

    assert (texts.count("Page visited"), texts.count("Lead → MQL")) == (60, 1)


def test_the_timeline_of_one_kind_shows_only_that():
    lead = make_lead()
    make_activity(lead, "email_opened")
    make_activity(lead, "page_visit")

    days = signed_in("Mona").get(f"/leads/{lead.pk}/?category=email").context["timeline"].days

    assert [entry.text for day in days for entry in day.entries] == ["E-mail opened"]


@pytest.mark.parametrize("query", ["?category=junk", "?after=junk", "?before=%F0%9F", "?category=email&after="])
def test_junk_in_the_address_is_the_newest_page(query: str):
    assert signed_in("Mona").get(f"/leads/{make_lead().pk}/{query}").status_code == 200


def test_history_tells_old_and_new_and_by_whom():
    lead = make_lead(job_title="CTO")
    lead.edit({"job_title": "CEO"}, by=person("Mona"), at=NOON)
    lead.promote(reason="Met at the fair", by=person("Mick"), at=NOON)

    history = signed_in("Sue").get(f"/leads/{lead.pk}/history/").context["history"]

    assert [(one.label, one.old, one.new, one.who) for one in history.changes] == [("Job title", "CTO", "CEO", "Mona")]
    assert [(one.move.to_stage, one.who, one.reason) for one in history.moves] == [("mql", "Mick", "Met at the fair")]


def test_a_page_asks_equally_often_for_one_activity_and_many():
    lead = scored(40)
    assert_same_queries(signed_in("Mona"), f"/leads/{lead.pk}/", lambda: make_activity(lead), counts=(1, 6), most=18)


@pytest.mark.parametrize(
    ("now", "label"),
    [
        (Standing(stage=Stage.SALES_QUALIFIED, is_waiting=True, may_claim=True), "Claim"),
        (Standing(stage=Stage.SALES_QUALIFIED, is_mine=True), "Log the first contact"),
        (Standing(stage=Stage.SALES_QUALIFIED, is_mine=True, is_followed_up=True), "Qualify"),
        (Standing(stage=Stage.MARKETING_QUALIFIED, may_hand_over=True, may_edit=True), "Hand over to sales"),
        (Standing(stage=Stage.LEAD, may_promote=True, may_hand_over=True, may_edit=True), "Make MQL"),
        (Standing(stage=Stage.LOST, may_revive=True, may_edit=True), "Bring back"),
        (Standing(stage=Stage.CUSTOMER, may_edit=True), "Log activity"),
        (Standing(stage=Stage.SALES_QUALIFIED, is_waiting=True), None),
    ],
)
def test_one_next_step_by_role_and_state(now: Standing, label: str | None):
    step = next_step(now)
    assert (step.label if step else None) == label


def test_a_waiting_sql_is_claimed_with_one_press():
    lead = pooled()
    assert f"/handoffs/{lead.handoffs.get().pk}/claim/" in signed_in("Rita").get(f"/leads/{lead.pk}/").text


@pytest.mark.parametrize(
    ("move", "start", "to"),
    [("promote", Stage.LEAD, "mql"), ("demote", Stage.MARKETING_QUALIFIED, "lead"), ("hand-over", Stage.LEAD, "sql"),
     ("revive", Stage.DISQUALIFIED, "lead"), ("revive", Stage.LOST, "mql")],
)  # fmt: skip
def test_a_stage_is_changed_by_hand_with_a_reason(move: str, start: Stage, to: str):
    lead = make_lead(stage=start)

    response = signed_in("Mona").post(f"/leads/{lead.pk}/stage/{move}/", {"reason": "Met at the fair"})

    assert response.status_code == 302
    last = lead.stage_moves.get()
    assert (last.to_stage, last.reason, last.by) == (to, "Met at the fair", person("Mona"))


def test_without_a_reason_nothing_moves_and_the_form_says_so():
    lead = make_lead()

    response = signed_in("Mona").post(f"/leads/{lead.pk}/stage/promote/", {"reason": "  "})

    assert "This field is required." in response.text
    assert lead.stage_moves.count() == 0


@pytest.mark.parametrize(
    ("name", "move"), [("Sue", "revive"), ("Ann", "promote"), ("Sue", "hand-over"), ("Mona", "demote")]
)
def test_a_move_that_is_not_yours_or_not_possible_is_forbidden(name: str, move: str):
    assert signed_in(name).post(f"/leads/{make_lead().pk}/stage/{move}/", {"reason": "x"}).status_code == 403


def test_there_is_no_move_of_another_name():
    assert signed_in("Mona").get(f"/leads/{make_lead().pk}/stage/delete/").status_code == 404


def log(name: str, lead: Lead, type_key: str, **said: str) -> int:
    at = (timezone.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    data = {"type": ActivityType.objects.get(key=type_key).pk, "at": at, "subject": "Talked at the fair"} | said
    return signed_in(name).post(f"/leads/{lead.pk}/log/", data).status_code


def test_an_activity_is_logged_by_hand():
    lead = make_lead()

    assert log("Mona", lead, "sales_meeting") == 302
    deed = lead.activities.get()
    assert (deed.type.key, deed.subject, deed.recorded_by, deed.verdict) == (
        "sales_meeting",
        "Talked at the fair",
        person("Mona"),
        Verdict.PERSON,
    )


@pytest.mark.parametrize("at", ["", "yesterday", "2999-01-01T10:00", "1999-01-01T10:00", "0000-00-00T00:00"])
def test_a_wrong_moment_is_said_and_nothing_logged(at: str):
    lead = make_lead()

    assert log("Mona", lead, "sales_meeting", at=at) == 200
    assert lead.activities.count() == 0


def test_what_stops_a_clock_is_logged_with_the_handoff():
    lead = claimed_by("Rita")

    assert log("Rita", lead, "sales_call") == 200
    assert log("Rita", lead, "event_attended") == 302


def test_a_machines_hit_is_judged_and_judged_back():
    lead = make_lead()
    deed = make_activity(lead, "email_opened")
    client, url = signed_in("Mona"), f"/leads/{lead.pk}/activities/{deed.pk}/judge/"

    for verdict in (Verdict.MACHINE, Verdict.PERSON):
        assert client.post(url).status_code == 302
        deed.refresh_from_db()
        assert deed.verdict == verdict


def test_an_activity_of_another_lead_is_not_judged_here():
    deed = make_activity(make_lead())
    assert signed_in("Mona").post(f"/leads/{make_lead().pk}/activities/{deed.pk}/judge/").status_code == 404


def test_dates_of_the_path_are_the_latest():
    lead = make_lead(at=NOON - timedelta(days=30))
    for days, to in ((20, Stage.MARKETING_QUALIFIED), (10, Stage.LEAD), (5, Stage.MARKETING_QUALIFIED)):
        lead.move(to=to, at=NOON - timedelta(days=days), cause=Cause.SCORE)

    dates = signed_in("Mona").get(f"/leads/{lead.pk}/").context["dates"]

    assert dates["mql"] == (NOON - timedelta(days=5)).date()
