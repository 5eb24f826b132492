"""What becomes of the points for what a lead did, when sales sends it back: kept, halved or gone, as the reason says."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from handoff.models import Handoff, Reason
from leadhub.testing import NOON, make_lead, person, signed_in
from leads.models import Lead, StageMove
from leads.moving import told_together
from leads.stages import Stage
from scoring import cutting
from scoring.checking import differing
from scoring.days import workspace_day
from scoring.explain import ledger_of, reasons_for
from scoring.models import Cut, LeadScore, ScoringModel, Snapshot
from scoring.standings import scores_on
from scoring.sweep import check_vectors, drain, rebuild_vectors, sweep_day
from scoring.versions import draft, publish

from .offering import claimed, reason

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = workspace_day(NOON)


@pytest.fixture(autouse=True)
def rules() -> ScoringModel:
    """Eight points for a visit; MQL from 10 and SQL from 20, lead again under 5."""
    visit = {"key": "visit", "name": "Visit", "group": "web", "points": 8, "activity": {"types": ["page_visit"]}}
    says = {"mql": {"total": 10, "leave_total": 5, "min_stay_days": 3}, "sql": {"total": 20}}
    document = {"name": "Visits", "groups": [{"key": "web", "axis": "engagement"}], "rules": [visit], "definitions": says}  # fmt: skip
    version = draft(document, by=None, at=NOON - 90 * DAY)
    publish(version, by=None, at=NOON - 90 * DAY)
    return version


def sent_back(engagement: str, *, at: Any = NOON, lead: Lead | None = None, to: Stage = Stage.MARKETING_QUALIFIED) -> Handoff:  # fmt: skip
    """A lead with two visits of before, sent back for a reason that says this of engagement."""
    no_need = reason("no_need")
    no_need.write({"engagement": engagement}, by=person("Sue"), at=at)
    handoff = claimed(lead=lead or visited(2), note="Asked for a demo", at=at)
    handoff.send_back(reason=no_need, by=person("Rita"), at=at, to=to)
    drain(at)
    return handoff


def visited(times: int, *, at: Any = NOON - 10 * DAY) -> Lead:
    lead = make_lead(at=at)
    for _time in range(times):
        lead.record("page_visit", at=at)
    drain(at)
    return lead


def points(handoff: Handoff) -> float:
    return LeadScore.objects.get(lead=handoff.lead_id).total / 100


@pytest.mark.parametrize(("engagement", "left", "rows"), [("keep", 16, []), ("halve", 8, [50]), ("reset", 0, [0])])
def test_the_reason_says_what_is_left(engagement: str, left: int, rows: list[int]) -> None:
    handoff = sent_back(engagement)
    assert points(handoff) == left
    assert list(Cut.objects.values_list("share", flat=True)) == rows
    handoff.lead.record("page_visit", at=NOON + DAY)
    drain(NOON + DAY)
    sweep_day(NOON + DAY)
    assert points(handoff) == left + 8  # what comes later counts in full


def test_every_way_to_count_says_the_same() -> None:
    handoff = sent_back("halve")
    lead, listed = handoff.lead, list(scores_on(TODAY, now=NOON))
    assert [one.total for one in listed] == [800] == [ledger_of(lead, day=TODAY).total]
    assert differing([lead.pk], [lead.pk], TODAY) == []
    assert reasons_for([lead.pk], day=TODAY)[lead.pk][0].points == 800
    assert (check_vectors(NOON), rebuild_vectors(NOON), points(handoff)) == (0, 1, 8)
    draft_version = ScoringModel(document=ScoringModel.objects.published().document)
    assert ledger_of(lead, day=TODAY, model=draft_version).total == 800
    assert [ledger_of(lead, day=TODAY - n * DAY).total for n in (1, -1)] == [1600, 800]


def test_the_snapshot_of_the_move_says_what_carried_the_lead_until_then() -> None:
    handoff = sent_back("reset")
    move = StageMove.objects.get(lead=handoff.lead_id, from_stage=Stage.SALES_QUALIFIED)
    assert Snapshot.objects.get(move=move).ledger["total"] == move.total / 100 == 16
    assert Cut.objects.get().move == move


def test_a_move_is_cut_once_however_often_that_is_asked_for() -> None:
    handoff = sent_back("halve")
    cutting.cut(Cut.objects.get().move, share=0, at=NOON)
    drain(NOON)
    assert (points(handoff), Cut.objects.get().share) == (8, 50)


def test_it_goes_back_as_the_rep_said_and_is_a_lead_again_after_its_stay() -> None:
    handoff = sent_back("reset")
    stages = []
    for ahead in (0, 2, 3):
        sweep_day(NOON + ahead * DAY)
        stages.append(Lead.objects.get(pk=handoff.lead_id).stage)
    assert stages == ["mql", "mql", "lead"]


def test_while_it_rests_no_score_promotes_it() -> None:
    handoff = sent_back("halve", to=Stage.LEAD)
    for _time in range(5):
        handoff.lead.record("page_visit", at=NOON + DAY)
    drain(NOON + DAY)
    sweep_day(NOON + DAY)
    assert (points(handoff), Lead.objects.get(pk=handoff.lead_id).stage) == (48, "lead")
    sweep_day(NOON + 30 * DAY)
    assert Lead.objects.get(pk=handoff.lead_id).stage == "sql"


def test_halved_twice_is_a_quarter_and_a_merge_takes_the_cuts_along() -> None:
    handoff = sent_back("halve")
    lead = Lead.objects.get(pk=handoff.lead_id)
    sent_back("halve", at=NOON + DAY, lead=lead)
    assert points(handoff) == 4
    kept = visited(3)
    merge = kept.merge(lead, by=person("Mona"), at=NOON + 2 * DAY)
    drain(NOON + 2 * DAY)
    assert LeadScore.objects.get(lead=kept.pk).total == 1000  # five visits of one person, a quarter of each
    merge.undo(by=person("Mona"), at=NOON + 3 * DAY)
    drain(NOON + 3 * DAY)
    assert (points(handoff), LeadScore.objects.get(lead=kept.pk).total) == (4, 2400)


def test_the_score_tab_says_in_words_what_counts_less() -> None:
    handoff = sent_back("halve")
    page = signed_in("Mona").get(reverse("lead_score", args=[handoff.lead_id])).content.decode()
    assert f"What the lead did up to {TODAY:%-d %B}" in page
    assert "counts half since sales sent it back that day." in page
    assert "16.00 if it counted in full" in page


def new_reason(**typed: Any) -> dict[str, Any]:
    usual = {"label": "Too small", "sends_back": "on", "attempts": "0", "rest_days": "30", "position": "5"}
    return usual | {"engagement": "keep", "is_active": "on"} | typed


@pytest.mark.parametrize("choice", ["keep", "halve", "reset"])
def test_who_may_change_reasons_chooses_what_becomes_of_engagement(choice: str) -> None:
    signed_in("Sue").post(reverse("reason_new"), new_reason(engagement=choice))
    assert Reason.objects.get(label="Too small").engagement == choice
    assert signed_in("Rita").post(reverse("reason_new"), new_reason(engagement=choice)).status_code == 403


@pytest.mark.parametrize("wrong", ["", "double", "50"])
def test_another_choice_is_a_sentence(wrong: str) -> None:
    answer = signed_in("Sue").post(reverse("reason_new"), new_reason(engagement=wrong))
    assert (answer.status_code, Reason.objects.filter(label="Too small").exists()) == (422, False)


def test_a_snapshot_is_frozen_before_the_cut_also_where_moves_are_told_together() -> None:
    no_need = reason("no_need")
    no_need.write({"engagement": "reset"}, by=person("Sue"), at=NOON)
    handoff = claimed(lead=visited(2), note="Asked for a demo")
    with transaction.atomic(), told_together():
        handoff.send_back(reason=no_need, by=person("Rita"), at=NOON)
    drain(NOON)
    back = StageMove.objects.get(lead=handoff.lead, from_stage=Stage.SALES_QUALIFIED)
    assert (back.total, Snapshot.objects.get(move=back).ledger["total"], points(handoff)) == (1600, 16, 0)


def test_whoever_sends_back_reads_what_the_reason_does_to_the_score() -> None:
    reason("no_need").write({"engagement": "halve"}, by=person("Sue"), at=NOON)
    page = signed_in("Rita").get(reverse("handoff_page", args=[claimed().pk])).content.decode()
    assert "(what the lead did counts half from then on)" in page
    assert "counts no more)" not in page


def test_a_halved_lead_is_sent_back_by_as_many_statements_however_much_it_did(
    django_assert_max_num_queries: Any,
) -> None:
    reason("no_need").write({"engagement": "halve"}, by=person("Sue"), at=NOON)
    few, many = (claimed(lead=visited(1), note="Asked for a demo") for _time in range(2))
    for _time in range(29):
        many.lead.record("page_visit", at=NOON)
    drain(NOON)
    asked = []
    for pk in (claimed(lead=visited(1), note="Warms up").pk, few.pk, many.pk):
        handoff = Handoff.objects.get(pk=pk)
        with django_assert_max_num_queries(60) as queries:
            handoff.send_back(reason=reason("no_need"), by=person("Rita"), at=NOON)
        asked.append(len(queries))
    assert asked[1] == asked[2]
    drain(NOON)
    assert (points(few), points(many)) == (4, 120)
