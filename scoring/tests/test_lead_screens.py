"""The Score tab through time: any past day, half a year ahead, the days on which the stage moves, and frozen ledgers."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actor import act_as
from leadhub.testing import assert_same_queries, make_lead, person, signed_in
from leads.models import Lead, StageMove
from leads.stages import Cause, Stage
from scoring.days import workspace_day
from scoring.explain import ledger_of
from scoring.lead_path import LeadPath
from scoring.models import ScoringModel, Snapshot
from scoring.sweep import drain, sweep_day
from scoring.versions import draft, publish

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    return timezone.now().replace(hour=12, minute=0)


@pytest.fixture(autouse=True)
def rules(now: datetime) -> ScoringModel:
    """A VP has 20; a visit 50 that fades in 100 days; a cart left behind takes 30 for 10 days. MQL from 50, lead again under 40."""
    visit = {"points": 50, "activity": {"types": ["page_visit"]}, "fade": {"kind": "linear", "days": 100}, "cap": 80}
    cart = {"points": -30, "activity": {"types": ["cart_added"]}, "fade": {"kind": "window", "days": 10}}
    vp = {"points": 20, "when": [{"field": "seniority", "op": "is", "value": "VP"}]}
    rules = [
        {"key": "vp", "group": "who"} | vp,
        {"key": "visit", "group": "web"} | visit,
        {"key": "cart", "group": "web"} | cart,
    ]
    groups = [{"key": "who", "axis": "fit"}, {"key": "web", "axis": "engagement"}]
    mql = {"total": 50, "leave_total": 40, "min_stay_days": 3}
    document = {
        "name": "Time",
        "groups": groups,
        "rules": rules,
        "definitions": {"mql": mql, "sql": {"total": 90, "fit": 20}},
    }
    version = draft(document, by=None, at=now - 90 * DAY)
    publish(version, by=None, at=now - 90 * DAY)
    return version


def visited(at: datetime, **facts: Any) -> Lead:
    """A lead whose visit at that moment has been counted."""
    lead = make_lead(at=at, **facts)
    lead.record("page_visit", at=at)
    drain(at)
    return Lead.objects.get(pk=lead.pk)


def held_back(at: datetime) -> Lead:
    """A VP whose visit is worth 50, less 30 for a cart left behind: MQL once that is forgotten."""
    lead = make_lead(at=at, seniority="VP")
    for kind in ("page_visit", "cart_added"):
        lead.record(kind, at=at)
    drain(at)
    return lead


def path_of(lead: Lead, now: datetime) -> LeadPath:
    return LeadPath(Lead.objects.get(pk=lead.pk), version=ScoringModel.objects.published(), today=workspace_day(now))


def get(lead: Lead, who: str = "Mona", **asked: str) -> Any:
    return signed_in(who).get(reverse("lead_score", args=[lead.pk]), asked)


class TestForecast:
    def test_the_sweeps_do_what_was_foretold(self, now: datetime) -> None:
        """A cart left behind first holds back what will be MQL; then the points fade away."""
        lead = held_back(now)
        foretold = [
            (move.after, mark.day)
            for mark, move in zip(path_of(lead, now).marks, path_of(lead, now).moves_ahead, strict=True)
        ]
        for n in range(1, 90):
            sweep_day(now + n * DAY)
        moves = StageMove.objects.filter(lead=lead).order_by("at")
        assert [(move.to_stage, workspace_day(move.at)) for move in moves] == foretold
        assert [after for after, _day in foretold] == [Stage.MARKETING_QUALIFIED, Stage.LEAD]

    def test_the_minimum_stay_puts_off_the_day(self, now: datetime) -> None:
        lead = make_lead(at=now)
        lead.promote(reason="Met at the fair", by=person("Mona"), at=now)
        [move] = path_of(lead, now).moves_ahead
        assert move.day - path_of(lead, now).now == 3
        assert "after the minimum stay it is a lead again on" in get(lead).context["reading"].future

    @pytest.mark.parametrize(("until", "days"), [(timedelta(days=20), 21), (timedelta(days=20, hours=-12), 20)])
    def test_a_cooling_lead_is_promoted_by_the_first_sweep_after_it(
        self, until: timedelta, days: int, now: datetime
    ) -> None:
        """Cooling that ends at noon is over for the next day's sweep; one that ends at midnight for that day's."""
        lead = held_back(now)
        midday = now.replace(second=0, microsecond=0)
        Lead.objects.filter(pk=lead.pk).update(cooling_until=midday + until)
        assert path_of(lead, now).moves_ahead[0].day == path_of(lead, now).now + days
        assert "when the time for which sales sent it back is over" in get(lead).context["reading"].future

    def test_the_day_is_said_in_words(self, now: datetime) -> None:
        lead = visited(now)
        on = workspace_day(now) + 21 * DAY
        assert f"falls below MQL on {on.day} {on:%B}" in get(lead).content.decode()

    def test_who_is_with_sales_is_moved_by_nobody(self, now: datetime) -> None:
        lead = visited(now)
        lead.move(to=Stage.SALES_QUALIFIED, at=now, cause=Cause.PERSON, by=person("Mona"), reason="Asked")
        assert path_of(lead, now).moves_ahead == []
        assert get(lead).context["reading"].future == ""


class TestSlider:
    def test_it_goes_from_the_first_day_to_half_a_year_ahead(self, now: datetime) -> None:
        lead = visited(now - 40 * DAY)
        shown = get(lead).context
        assert (shown["first"], shown["last"], shown["offset"]) == (-40, 180, 0)

    def test_the_curve_is_the_ledger_of_each_day_with_the_facts_of_that_day(self, now: datetime) -> None:
        lead = visited(now - 40 * DAY)
        for days, seniority in ((30, "VP"), (20, "Intern"), (10, "VP")):
            act_as("system:test", now - days * DAY)
            Lead.objects.filter(pk=lead.pk).update(seniority=seniority)
        path = path_of(lead, now)
        assert path.totals == [ledger_of(lead, day=day).total for day in path.days]
        assert [path.totals[path.days.index(workspace_day(now) - n * DAY)] for n in (31, 30, 20, 10)] == [
            4550,
            6500,
            4000,
            5500,
        ]

    def test_a_past_day_shows_the_stage_of_that_day(self, now: datetime) -> None:
        lead = visited(now - 40 * DAY)
        for n in range(39, -1, -1):
            sweep_day(now - n * DAY)
        path, today = path_of(lead, now), workspace_day(now)
        assert [path.stage_on(today - n * DAY) for n in (50, 40, 20, 19, 0)] == [
            "mql" if n in (40, 20) else "lead" for n in (50, 40, 20, 19, 0)
        ]

    def test_a_coming_day_shows_the_stage_it_will_have(self, now: datetime) -> None:
        lead, today = visited(now), workspace_day(now)
        assert [path_of(lead, now).stage_on(today + n * DAY) for n in (20, 21)] == ["mql", "lead"]
        assert get(lead, day=str(today + 21 * DAY)).context["reading"].stage == "lead"

    def test_htmx_gets_the_day_alone(self, now: datetime) -> None:
        lead = visited(now)
        page = signed_in("Mona").get(
            reverse("lead_score", args=[lead.pk]), headers={"HX-Request": "true", "HX-Target": "score-of-day"}
        )
        assert page.content.decode().lstrip().startswith("<section")
        assert "score-slider" not in page.content.decode()

    def test_marks_stand_on_the_curve(self, now: datetime) -> None:
        lead = visited(now)
        chart = signed_in("Mona").get(reverse("lead_score_data", args=[lead.pk])).json()
        assert [mark["name"] for mark in chart["moments"]] == ["MQL", "Lead"]
        assert {mark["at"] for mark in chart["moments"]} <= set(chart["categories"])

    def test_it_asks_as_often_for_many_moves_and_deeds_as_for_few(self, now: datetime) -> None:
        lead = visited(now - 80 * DAY)
        made = iter(range(1, 100))

        def one_more() -> None:
            moment = now - 80 * DAY + next(made) * DAY
            act_as("system:test", moment)
            Lead.objects.filter(pk=lead.pk).update(seniority=f"Level {moment}")
            lead.record("page_visit", at=moment)
            Lead.objects.move([lead.pk], to=Stage.LEAD if Lead.objects.get().stage == "mql" else Stage.MARKETING_QUALIFIED, at=moment, cause=Cause.SCORE)  # fmt: skip

        assert_same_queries(signed_in("Mona"), reverse("lead_score", args=[lead.pk]), one_more, most=20)
        assert_same_queries(signed_in("Mona"), reverse("lead_score_data", args=[lead.pk]), one_more)


class TestReach:
    def test_the_page_says_what_reaches_the_next_stage_out_of_what_leads_do_here(self, now: datetime) -> None:
        visited(now)
        lead = make_lead()
        assert get(lead).context["reading"].reach.ways == ["visit"]

    def test_what_nobody_ever_did_is_no_advice(self, now: datetime) -> None:
        reach = get(make_lead()).context["reading"].reach
        assert (reach.ways, reach.why_not) == ([], "Nothing that leads did so far gives points by this version.")

    def test_missing_fit_is_named(self, now: datetime) -> None:
        reach = get(visited(now)).context["reading"].reach
        assert reach.why_not == "Fit is 0, and SQL needs 20: what somebody does adds no fit."

    def test_caps_that_keep_it_below_are_named_by_the_points(self, now: datetime) -> None:
        publish(draft(_capped(), by=None, at=now), by=None, at=now)
        reach = get(visited(now)).context["reading"].reach
        assert reach.why_not == "Even the best three typical deeds give 45 of the 50 points that MQL needs."


def _capped() -> dict[str, Any]:
    document = ScoringModel.objects.published().document
    return document | {"groups": [document["groups"][0], document["groups"][1] | {"cap": 45}]}


class TestFrozen:
    def test_a_move_opens_the_ledger_as_it_was(self, now: datetime) -> None:
        lead = visited(now)
        move = lead.stage_moves.get()
        before = Snapshot.objects.get(move=move).ledger["total"]
        Lead.objects.filter(pk=lead.pk).update(seniority="VP")
        page = signed_in("Mona").get(reverse("lead_move_score", args=[lead.pk, move.pk]))
        assert page.context["reading"].total == before == 50
        assert sum(row["points"] for row in page.context["reading"].rows if row["kind"] in ("rule", "cap")) == 50

    @pytest.mark.parametrize("page", ["lead_score", "lead_history"])
    def test_score_page_and_history_lead_to_it(self, page: str, now: datetime) -> None:
        lead = visited(now)
        url = reverse("lead_move_score", args=[lead.pk, lead.stage_moves.get().pk])
        assert url in signed_in("Mona").get(reverse(page, args=[lead.pk])).content.decode()

    def test_a_move_of_another_lead_is_not_found(self, now: datetime) -> None:
        lead, other = visited(now), visited(now)
        assert (
            signed_in("Mona").get(reverse("lead_move_score", args=[other.pk, lead.stage_moves.get().pk])).status_code
            == 404
        )
        assert (
            signed_in("Rita").get(reverse("lead_move_score", args=[lead.pk, lead.stage_moves.get().pk])).status_code
            == 404
        )

    def test_an_analyst_reads_neither_name_nor_what_somebody_wrote(self, now: datetime) -> None:
        lead = make_lead(first_name="Unmistakable")
        lead.promote(reason="Told me a secret", by=person("Mona"), at=now)
        page = (
            signed_in("Ann").get(reverse("lead_move_score", args=[lead.pk, lead.stage_moves.get().pk])).content.decode()
        )
        assert "Unmistakable" not in page
        assert "secret" not in page


@pytest.mark.parametrize("day", ["2089-09-17", "2000-01-01", "20261121", "2089-09-18", "-1", "9" * 5000])
def test_no_day_breaks_the_page(day: str, now: datetime) -> None:
    assert get(visited(now), day=day).status_code == 200


def test_the_last_day_is_within_what_the_engine_can_place(now: datetime) -> None:
    """In 2089 the future is short, and nothing fails for it."""
    lead = visited(now)
    path = LeadPath(lead, version=ScoringModel.objects.published(), today=date(2089, 9, 16))
    assert path.last == date(2089, 9, 17)
    assert path.totals[-1] == 0
