"""Leads become MQL and SQL by their score, and lead again, once and with history (R8, R9, R15; product.md §3, §4)."""

import contextlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from leadhub.testing import NOON, make_lead, person
from leads.models import Lead, MoveRefused, StageMove
from leads.moving import told_together
from leads.stages import Cause, Stage
from scoring.days import workspace_day
from scoring.models import LeadScore, ScoringModel, Snapshot
from scoring.sweep import drain, score_day, sweep_day
from scoring.versions import draft, publish

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def rules(**definitions: Any) -> ScoringModel:
    """A version in which a demo earns 60 that fade linearly over 60 days, a visit 10 for ever, and a VP 20."""
    deed = {"group": "deeds", "activity": {"types": ["demo_requested"]}}
    document = {
        "name": "Moves",
        "groups": [{"key": "who", "axis": "fit"}, {"key": "deeds", "axis": "engagement", "cap": 90}],
        "rules": [
            {"key": "vp", "group": "who", "points": 20, "when": [{"field": "seniority", "op": "is", "value": "VP"}]},
            {"key": "demo", "points": 60, "fade": {"kind": "linear", "days": 60}} | deed,
            {"key": "visit", "points": 10} | deed | {"activity": {"types": ["page_visit"]}},
        ],
        "definitions": definitions,
    }
    version = draft(document, by=None, at=NOON - 400 * DAY)
    publish(version, by=None, at=NOON - 400 * DAY)
    return version


def history(lead: Lead) -> list[tuple[str, str, str]]:
    return list(StageMove.objects.filter(lead=lead).order_by("id").values_list("from_stage", "to_stage", "cause"))


def sweep_until(moment: datetime, *, since: datetime = NOON) -> None:
    """Every day's sweep between the two moments."""
    for n in range(1, (moment - since).days + 1):
        sweep_day(since + n * DAY)


def test_enough_points_fit_and_a_recent_deed_make_an_mql_with_the_reason_written() -> None:
    version = rules(mql={"total": 50, "fit": 10, "active_within_days": 90})
    lead = make_lead(seniority="VP")
    lead.record("demo_requested", at=NOON)
    drain(NOON)
    move = StageMove.objects.get(lead=lead)
    assert (move.to_stage, move.cause, move.fit, move.engagement, move.total) == ("mql", Cause.SCORE, 2000, 6000, 8000)
    assert (move.model_version, move.reason) == (
        version.version,
        "Score 80 (50 needed), fit 20 (10 needed), active on 2026-11-18",
    )


@pytest.mark.parametrize(("facts", "visits"), [({}, 9), ({"seniority": "VP"}, 1)])
def test_without_enough_fit_or_points_a_lead_stays(facts: dict[str, str], visits: int) -> None:
    rules(mql={"total": 50, "fit": 10})
    lead = make_lead(**facts)
    for n in range(visits):
        lead.record("page_visit", at=NOON - n * DAY)
    drain(NOON)
    assert history(lead) == []


def test_sql_by_score_comes_before_mql_and_passes_no_stage_in_between() -> None:
    rules(mql={"total": 30}, sql={"total": 80, "fit": 20})
    lead = make_lead(seniority="VP")
    lead.record("demo_requested", at=NOON)
    drain(NOON)
    assert history(lead) == [("lead", "sql", "score")]


def test_an_intent_deed_makes_an_sql_of_a_lead_that_fits_whatever_the_total() -> None:
    rules(mql={"total": 100}, sql={"total": 200, "intent_within_days": 30, "intent_fit": 10})
    fitting, other = make_lead(seniority="VP"), make_lead()
    for lead in (fitting, other):
        lead.record("demo_requested", at=NOON)
    drain(NOON)
    assert (history(fitting), history(other)) == ([("lead", "sql", "intent")], [])


def test_intent_long_ago_counts_no_more() -> None:
    rules(sql={"intent_within_days": 30, "intent_fit": 0})
    leads = [make_lead(), make_lead()]
    leads[0].record("demo_requested", at=NOON - 29 * DAY, recorded_at=NOON)
    leads[1].record("demo_requested", at=NOON - 30 * DAY, recorded_at=NOON)
    drain(NOON)
    assert [len(history(lead)) for lead in leads] == [1, 0]


def test_an_mql_falls_back_under_the_leave_mark_and_not_before_and_rises_no_more() -> None:
    rules(mql={"total": 50, "leave_total": 40, "min_stay_days": 3})
    lead = make_lead(seniority="VP")
    lead.record("demo_requested", at=NOON)  # 80, one less each day: 50 after 30 days, 40 after 40, 39 after 41
    drain(NOON)
    sweep_until(NOON + 60 * DAY)
    moves = list(StageMove.objects.filter(lead=lead).order_by("id").values_list("to_stage", "at", "total"))
    assert moves == [("mql", NOON, 8000), ("lead", NOON + 41 * DAY, 3900)]


def test_an_mql_stays_for_the_minimum_stay() -> None:
    rules(mql={"total": 50, "leave_total": 40, "min_stay_days": 5})
    lead = make_lead(seniority="VP")
    lead.record("demo_requested", at=NOON - 28 * DAY, recorded_at=NOON)
    drain(NOON)
    lead.edit({"seniority": "Intern"}, by=person("Mona"), at=NOON + DAY)
    sweep_until(NOON + 4 * DAY)
    assert Lead.objects.get(pk=lead.pk).stage == Stage.MARKETING_QUALIFIED
    sweep_day(NOON + 5 * DAY)
    assert history(lead) == [("lead", "mql", "score"), ("mql", "lead", "score")]


def test_sweeping_again_moves_nobody_twice() -> None:
    rules(mql={"total": 50, "leave_total": 50})
    lead = make_lead(seniority="VP")
    lead.record("demo_requested", at=NOON - 30 * DAY, recorded_at=NOON)
    drain(NOON)
    for _n in range(3):
        score_day(workspace_day(NOON), at=NOON, refit=True)
    assert history(lead) == [("lead", "mql", "score")]


def test_a_lead_that_cools_down_is_not_promoted_before_its_time() -> None:
    rules(mql={"total": 50})
    lead = make_lead(seniority="VP", cooling_until=NOON + 2 * DAY)
    lead.record("demo_requested", at=NOON)
    drain(NOON)
    assert history(lead) == []
    sweep_until(NOON + 3 * DAY)
    assert history(lead) == [("lead", "mql", "score")]


def test_stages_of_sales_are_left_alone() -> None:
    rules(mql={"total": 50, "leave_total": 40}, sql={"total": 80})
    lead = make_lead(seniority="VP", stage=Stage.DISQUALIFIED)
    lead.record("demo_requested", at=NOON)
    drain(NOON)
    assert history(lead) == []


def test_the_snapshot_of_a_move_sums_exactly_to_its_marks() -> None:
    rules(mql={"total": 50})
    lead = make_lead(seniority="VP")
    for n in range(9):
        lead.record("page_visit", at=NOON - n * DAY, recorded_at=NOON)
    lead.record("demo_requested", at=NOON - 7 * DAY, recorded_at=NOON)
    drain(NOON)
    move = StageMove.objects.get(lead=lead)
    ledger = Snapshot.objects.get(move=move).ledger
    assert ledger["total"] * 100 == move.total == 2000 + 9000
    assert sum(line["points"] for line in ledger["lines"]) == ledger["total"]


def test_a_move_by_hand_says_the_score_of_the_moment_too() -> None:
    version = rules(mql={"total": 500})
    lead = make_lead(seniority="VP")
    lead.record("page_visit", at=NOON)
    drain(NOON)
    move = lead.promote(reason="Met at the fair", by=person("Mona"), at=NOON)
    stored = StageMove.objects.get(pk=move.pk)
    assert (stored.fit, stored.engagement, stored.total, stored.model_version) == (2000, 1000, 3000, version.version)
    assert LeadScore.objects.get(lead=lead).stage == Stage.MARKETING_QUALIFIED


def test_moves_that_are_told_together_are_frozen_each_on_its_own_day() -> None:
    rules(mql={"total": 500})
    lead, other = make_lead(seniority="VP"), make_lead()
    for one in (lead, other):
        one.record("demo_requested", at=NOON)
    drain(NOON)
    with transaction.atomic(), told_together():
        lead.promote(reason="Met at the fair", by=person("Mona"), at=NOON)
        other.promote(reason="Met at the fair", by=person("Mona"), at=NOON + 30 * DAY)
        lead.demote(reason="A student", by=person("Mona"), at=NOON + 60 * DAY)
        assert not Snapshot.objects.exists()
    moves = StageMove.objects.order_by("at").values_list("lead", "total", "snapshot__day")
    days = [workspace_day(NOON + n * DAY) for n in (0, 30, 60)]
    assert list(moves) == [(lead.pk, 8000, days[0]), (other.pk, 3000, days[1]), (lead.pk, 2000, days[2])]
    assert LeadScore.objects.get(lead=lead).stage == Stage.LEAD


def test_a_move_that_was_taken_back_is_not_told() -> None:
    rules(mql={"total": 500})
    lead, other = make_lead(seniority="VP"), make_lead()
    with transaction.atomic(), told_together():
        lead.promote(reason="Met at the fair", by=person("Mona"), at=NOON)
        with contextlib.suppress(MoveRefused), transaction.atomic():
            other.promote(reason="Met at the fair", by=person("Mona"), at=NOON)
            other.promote(reason="Once more", by=person("Mona"), at=NOON)
    assert list(Snapshot.objects.values_list("move__lead", flat=True)) == [lead.pk]
