"""Recording activities: once each, by whom, when, and what is refused; and the verbs of a lead's stage."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadhub.testing import NOON, make_lead, person
from leads.intake import IntakeRefused, NewActivity
from leads.models import Activity, Asset, MoveRefused, Verdict
from leads.signals import activities_recorded, stages_changed
from leads.stages import Stage

pytestmark = pytest.mark.django_db


def record(*rows, at=NOON):
    return Activity.objects.record_many(rows, at=at, actor="system:test")


def test_a_deed_is_stored_with_what_is_known_of_it():
    activity = make_lead().record(
        "content_downloaded",
        at=NOON,
        url="https://example.org/guides/scoring?utm=1",
        asset="Scoring guide",
        by=person("Rita"),
    )
    assert (activity.type.key, activity.path, activity.asset.key) == (
        "content_downloaded",
        "/guides/scoring",
        "Scoring guide",
    )
    assert (activity.funnel_stage, activity.recorded_by, activity.recorded_at) == ("top", person("Rita"), NOON)


def test_sending_it_twice_stores_it_once():
    lead = make_lead()
    row = {"lead": lead.pk, "source_system": "site", "external_id": "e-1"}
    first = record(NewActivity("page_visit", NOON, **row), NewActivity("page_visit", NOON, **row))
    again = record(NewActivity("page_visit", NOON, **row))
    assert (first.outcomes, again.outcomes) == (["stored", "duplicate"], ["duplicate"])
    assert lead.record("page_visit", at=NOON, source_system="site", external_id="e-1").pk == first.ids[0]


def test_equal_rows_without_an_id_are_distinct_in_one_batch_and_known_in_the_next():
    lead = make_lead()
    rows = [("page_visit", NOON), ("page_visit", NOON), ("page_visit", NOON + timedelta(hours=1))]
    assert record(*(NewActivity(*row, lead=lead.pk) for row in rows)).stored == 3
    assert record(*(NewActivity(*row, lead=lead.pk) for row in rows)).duplicates == 3


def test_without_an_id_a_deed_recorded_by_hand_is_always_new():
    lead = make_lead()
    for _time in range(2):
        lead.record("sales_call", at=NOON)
    assert lead.activities.count() == 2


def test_the_lead_is_told_by_mail_or_by_its_id():
    lead = make_lead("Dewi@example.org", external_id="crm-1")
    recorded = record(
        NewActivity("page_visit", NOON, email="DEWI@EXAMPLE.ORG", external_id="1"),
        NewActivity("page_visit", NOON, lead_external_id="crm-1", external_id="2"),
    )
    assert recorded.stored == lead.activities.count() == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"type": "telepathy"}, "no type of activity"),
        ({"occurred_at": datetime(1999, 12, 31, tzinfo=UTC)}, "too long ago"),
        ({"occurred_at": NOON + timedelta(days=1, minutes=1)}, "in the future"),
        ({"email": "ghost@example.net"}, "No lead has the e-mail"),
        ({"email": "nul\x00@example.net"}, "cannot be stored"),
        ({"email": ""}, "Neither"),
        ({"lead_external_id": "?", "email": ""}, "No lead has the id"),
        ({"url": "x" * 2001}, "longer than 2000"),
        ({"subject": "\ud800"}, "cannot be stored"),
        ({"funnel_stage": "sideways"}, "funnel stage"),
        ({"properties": {"a": "\x00"}}, "cannot be stored"),
        ({"properties": {"a": float("inf")}}, "not JSON"),
    ],
)
def test_what_cannot_be_is_refused_and_stops_no_other(change, said):
    make_lead("dewi@example.org")
    good = {"type": "page_visit", "occurred_at": NOON, "email": "dewi@example.org"}
    recorded = record(NewActivity(**good | change), NewActivity(**good))
    assert recorded.outcomes == ["refused", "stored"]
    assert said in recorded.faults[0].reason


def test_an_image_proxy_is_a_machine_and_a_told_verdict_wins():
    lead = make_lead()
    recorded = record(
        NewActivity("email_opened", NOON, lead=lead.pk, external_id="1", properties={"user_agent": "GoogleImageProxy"}),
        NewActivity("email_opened", NOON, lead=lead.pk, external_id="2", properties={"user_agent": "Mozilla/5.0"}),
        NewActivity(
            "email_opened", NOON, lead=lead.pk, external_id="3", properties={"user_agent": "AhrefsBot/7.0"}, verdict=1
        ),
    )
    verdicts = [Activity.objects.get(pk=pk).verdict for pk in recorded.ids]
    assert verdicts == [Verdict.MACHINE, Verdict.PERSON, Verdict.PERSON]


def test_the_funnel_stage_is_the_told_one_else_the_assets_else_the_types():
    Asset.objects.create(key="Price list", funnel_stage="bottom")
    lead = make_lead()
    told = [{"funnel_stage": "middle", "asset": "Price list"}, {"asset": "Price list"}, {}]
    assert [lead.record("page_visit", at=NOON, **row).funnel_stage for row in told] == ["middle", "bottom", "top"]


def test_other_rooms_hear_once_per_set_and_again_when_the_verdict_flips():
    heard = []

    def listen(activity_ids, lead_ids, verdicts_changed, **_kw):
        heard.append((activity_ids, lead_ids, verdicts_changed))

    activities_recorded.connect(listen)
    try:
        lead = make_lead()
        ids = record(*(NewActivity("page_visit", NOON, lead=lead.pk, external_id=str(n)) for n in range(3))).ids
        activity = Activity.objects.get(pk=ids[0])
        assert activity.judge(Verdict.MACHINE, by=person("Mona"), at=NOON)
        assert not activity.judge(Verdict.MACHINE, by=person("Mona"), at=NOON)
    finally:
        activities_recorded.disconnect(listen)
    assert heard == [(sorted(ids), [lead.pk], False), ([ids[0]], [lead.pk], True)]


def test_a_batch_asks_the_database_equally_often_for_one_row_and_for_many():
    leads = [make_lead() for _n in range(20)]
    leads[0].record("page_visit", at=NOON, asset="A")
    with CaptureQueriesContext(connection) as one:
        record(NewActivity("page_visit", NOON, email=leads[0].email, asset="A"))
    with CaptureQueriesContext(connection) as many:
        record(*(NewActivity("page_visit", NOON, email=lead.email, subject="x", asset="A") for lead in leads))
    assert len(many) == len(one)


class TestStageVerbs:
    def test_promote_and_demote_need_a_reason(self):
        lead = make_lead()
        with pytest.raises(MoveRefused, match="reason"):
            lead.promote(reason=" ", by=person("Mona"), at=NOON)
        assert lead.promote(reason="Met at the fair", by=person("Mona"), at=NOON).reason == "Met at the fair"
        assert lead.demote(reason="A student", by=person("Mona"), at=NOON).to_stage == lead.stage == Stage.LEAD

    def test_handing_over_passes_the_note_on(self):
        notes = []

        def listen(note, **_kw):
            notes.append(note)

        stages_changed.connect(listen)
        try:
            make_lead().hand_over(note="Asked twice for prices", by=person("Mona"), at=NOON)
        finally:
            stages_changed.disconnect(listen)
        assert notes == ["Asked twice for prices"]

    @pytest.mark.parametrize(("start", "to"), [("lost", "mql"), ("disqualified", "lead")])
    def test_reviving_begins_a_new_cycle(self, start, to):
        lead = make_lead(stage=start)
        lead.revive(reason="Wrote to us again", by=person("Mona"), at=NOON)
        assert (lead.stage, lead.cycle) == (to, 2)

    def test_a_lead_at_another_stage_is_refused_in_words(self):
        with pytest.raises(MoveRefused, match="Dewi Lestari is Customer now"):
            make_lead(stage="customer").promote(reason="x", by=person("Mona"), at=NOON)

    def test_a_lost_lead_is_not_promoted_but_revived(self):
        with pytest.raises(MoveRefused):
            make_lead(stage="lost").promote(reason="x", by=person("Mona"), at=NOON)


def test_recording_refuses_in_words():
    with pytest.raises(IntakeRefused, match="no type of activity"):
        make_lead().record("telepathy", at=NOON)


def test_many_at_once_are_stored_as_a_few_are():
    lead = make_lead()
    rows = [
        NewActivity("page_visit", NOON, lead=lead.pk, external_id=str(n % 700), properties={"n": n, "said": 'a "b"\\'})
        for n in range(800)
    ]
    recorded = record(*rows)
    assert (recorded.stored, recorded.duplicates) == (700, 100)
    assert record(*rows).stored == 0
    assert Activity.objects.get(external_id="7").properties == {"n": 7, "said": 'a "b"\\'}
