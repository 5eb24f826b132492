"""The replay of a planted history: exact counts, and nothing that was recorded after a moment changes what it says (R13)."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.actor import act_as
from handoff.models import Outcome
from leadhub.testing import NOON, make_company, make_lead, person
from leads.facts_at import facts_at
from leads.models import Activity, Company, Lead
from leads.stages import Stage
from reports.replay import Matrix, Share
from reports.replay_moments import QUALIFIED, Moment
from reports.replay_scores import standing_at
from scoring.explain import ledger_of
from scoring.models import Cut, ScoringModel
from scoring.sweep import rebuild_vectors
from scoring.tests import models
from scoring.tests.database import examples, lead_with, noon, published, undone
from scoring.vectors import date_of

from .makers import HOUR, moved, offered
from .replayed import DAY, asked, handed, planted, versions, visited


@pytest.mark.django_db
class TestPlantedHistory:
    @pytest.fixture(autouse=True)
    def history(self) -> None:
        person("Rita"), person("Sam")
        self.published, self.draft = versions()
        planted()
        self.now, self.then = asked(self.draft).sides

    def test_the_matrix_of_each_version_against_what_sales_decided(self) -> None:
        assert self.now.by_decision == Matrix(yes_good=20, yes_bad=8, no_good=6, no_bad=4)
        assert self.then.by_decision == Matrix(yes_good=26, yes_bad=0, no_good=0, no_bad=12)
        assert (self.now.by_decision.precision, self.now.by_decision.recall) == (Share(20, 28), Share(20, 26))

    def test_the_matrix_against_won_and_lost_is_one_of_its_own_and_too_small_to_conclude(self) -> None:
        assert self.now.by_deal == Matrix(yes_good=5, yes_bad=3, no_good=0, no_bad=2)
        assert not self.now.by_deal.is_enough

    def test_open_and_withdrawn_ones_are_not_judged(self) -> None:
        page = asked(self.draft)
        assert (len(page.moments), page.decisions, page.undecided) == (42, Share(26, 38), 4)
        assert page.is_enough

    def test_flips_are_counted_by_what_came_of_them_and_open_both_ledgers(self) -> None:
        page = asked(self.draft)
        gained, lost = page.flip_counts
        assert (gained.accepted, gained.refused, gained.undecided) == (6, 0, 0)
        assert (lost.accepted, lost.refused, lost.undecided) == (0, 8, 1)
        flip = next(flip for flip in page.flips if flip.taken)
        assert flip.totals == [3_000, 6_000]
        assert flip.hrefs == [
            f"/leads/{flip.lead.pk}/score/?day=2026-11-18&version={one.version}" for one in (self.published, self.draft)
        ]

    def test_acceptance_by_band_of_ten_points(self) -> None:
        found = {row["name"]: row["shares"] for row in asked(self.draft).band_rows}
        assert found == {
            "60 to 69": [Share(20, 20), Share(26, 26)],
            "50 to 59": [Share(0, 8), Share(0, 8)],
            "40 to 49": [Share(0, 0), Share(0, 0)],
            "30 to 39": [Share(6, 6), Share(0, 0)],
            "20 to 29": [Share(0, 0), Share(0, 0)],
            "10 to 19": [Share(0, 4), Share(0, 4)],
        }

    @pytest.mark.parametrize(("wanted", "now", "then"), [(60, 10, 10), (70, 30, 50), (77, None, None)])
    def test_the_mark_that_reaches_an_acceptance(self, wanted: int, now: int | None, then: int | None) -> None:
        found = [side.acceptance_mark for side in asked(self.draft, acceptance=wanted).sides]
        assert [mark and mark.points for mark in found] == [now, then]

    @pytest.mark.parametrize(("wanted", "mark", "leads"), [(12, 60, 23), (16, 50, 32), (100, 10, 42)])
    def test_the_mark_that_keeps_to_a_number_a_week_for_each_rep(self, wanted: int, mark: int, leads: int) -> None:
        page = asked(self.draft, volume=wanted)
        assert (page.reps, page.weeks, page.per_rep) == (2, 1, 21)
        found = page.sides[0].volume_mark
        assert found is not None
        assert (found.points, found.leads) == (mark, leads)

    def test_the_published_version_alone_has_nothing_to_flip_against(self) -> None:
        page = asked(self.published)
        assert [side.version for side in page.sides] == [self.published]
        assert page.flips == []


def totals() -> list[list[int]]:
    """What both versions say of each moment, in points."""
    page = asked(ScoringModel.objects.drafts().get())
    return [[int(total) // 100 for total in side.totals] for side in page.sides]


@pytest.mark.django_db
class TestWhatWasKnown:
    @pytest.fixture(autouse=True)
    def one(self) -> None:
        versions()
        self.lead: Lead = handed(3, Outcome.ACCEPTED, seniority="VP", company=make_company()).lead
        assert totals() == [[30], [60]]

    def test_a_deed_after_the_moment_changes_nothing(self) -> None:
        visited(self.lead, 5, at=NOON + timedelta(minutes=1))
        visited(self.lead, 5, at=NOON + 3 * DAY)
        assert totals() == [[30], [60]]

    def test_nor_does_a_deed_from_before_that_was_recorded_afterwards(self) -> None:
        for late in (timedelta(seconds=1), HOUR, 9 * DAY):
            visited(self.lead, 2, at=NOON - 5 * DAY, recorded_at=NOON + late)
        assert totals() == [[30], [60]]

    def test_nor_does_one_that_was_recorded_ahead_of_its_time(self) -> None:
        for later in (HOUR, 3 * DAY):
            visited(self.lead, at=NOON + later, recorded_at=NOON - DAY)
        assert totals() == [[30], [60]]

    def test_a_deed_recorded_at_the_very_moment_was_known(self) -> None:
        visited(self.lead, at=NOON)
        assert totals() == [[40], [70]]

    def test_a_machines_deed_earns_nothing(self) -> None:
        Activity.objects.filter(lead=self.lead).update(verdict=2)
        assert totals() == [[0], [30]]

    @pytest.mark.parametrize("later", [timedelta(minutes=5), 4 * DAY])
    def test_a_fact_that_changed_afterwards_counts_as_it_stood(self, later: timedelta) -> None:
        act_as("system:test", NOON + later)
        Lead.objects.filter(pk=self.lead.pk).update(seniority="Intern")
        assert totals() == [[30], [60]]

    def test_a_fact_that_was_learnt_afterwards_was_not_known(self) -> None:
        act_as("system:test", NOON - DAY)
        Lead.objects.filter(pk=self.lead.pk).update(seniority="")
        act_as("system:test", NOON + HOUR)
        Lead.objects.filter(pk=self.lead.pk).update(seniority="VP")
        assert totals() == [[30], [30]]

    def test_that_sales_sent_it_back_that_evening_was_not_known_and_next_time_it_was(self) -> None:
        move = self.lead.stage_moves.order_by("at").last()
        Cut.objects.create(lead=self.lead, move=move, at=NOON + HOUR, day=NOON.date(), share=50)
        assert totals() == [[30], [60]]
        offered(NOON + 2 * HOUR, lead=self.lead, closed=HOUR, outcome=Outcome.SENT_BACK)
        assert totals() == [[15, 30], [45, 60]]

    def test_each_time_round_a_lead_is_scored_with_what_was_known_that_time(self) -> None:
        visited(self.lead, 2, at=NOON - 20 * DAY)
        offered(NOON - 10 * DAY, lead=self.lead, closed=HOUR, outcome=Outcome.SENT_BACK)
        assert totals() == [[50, 20], [80, 50]]


@pytest.mark.django_db
def test_facts_of_the_company_of_that_time_count() -> None:
    old, new = make_company("Old", industry="Steel"), make_company("New", industry="Wood")
    lead = make_lead(company=old)
    for at, change in [
        (NOON - 3 * DAY, lambda: Company.objects.filter(pk=old.pk).update(industry="Iron")),
        (NOON - 2 * DAY, lambda: Lead.objects.filter(pk=lead.pk).update(company=new, custom={"tier": "gold"})),
        (NOON - DAY, lambda: Company.objects.filter(pk=new.pk).update(industry="Paper")),
    ]:
        act_as("system:test", at)
        change()
    days = [NOON - n * DAY for n in (0, 1, 2, 3, 4)]
    found = facts_at([(lead.pk, day) for day in days] + [(0, NOON)])
    assert [facts.get("industry") for facts in found] == ["Paper", "Paper", "Wood", "Iron", "Steel", None]
    assert [facts.get("custom.tier") for facts in found[:4]] == ["gold", "gold", "gold", None]


@pytest.mark.django_db
def test_of_mqls_the_first_time_in_a_cycle_is_judged_by_what_sales_said_later() -> None:
    versions()
    handoff = handed(3, Outcome.SENT_BACK)
    moved(handoff.lead, Stage.MARKETING_QUALIFIED, NOON - HOUR)
    moved(handoff.lead, Stage.MARKETING_QUALIFIED, NOON - 2 * HOUR)
    moved(make_lead(), Stage.MARKETING_QUALIFIED, NOON - 3 * HOUR)  # never handed over
    page = asked(ScoringModel.objects.drafts().get(), kind=QUALIFIED)
    assert [(moment.at, moment.accepted) for moment in page.moments] == [
        (NOON - 2 * HOUR, False), (NOON - 3 * HOUR, None),
    ]  # fmt: skip
    assert page.sides[0].by_decision == Matrix(yes_bad=1)


@pytest.mark.django_db
def test_a_hundred_moments_ask_as_often_as_one() -> None:
    versions()
    counts, _mick = [], person("Mick")
    for more in (1, 30):
        for n in range(more):
            handed(2, Outcome.ACCEPTED, company=make_company(f"Firm {more} {n}"))
        with CaptureQueriesContext(connection) as queries:
            assert len(asked(ScoringModel.objects.drafts().get()).sides) == 2
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


class AgainstTheLedger(TestCase):
    """Where nothing was recorded late, any model says of a moment what the ledger of its day says."""

    @examples(12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(
        models.documents(),
        st.lists(st.tuples(models.facts, models.histories, models.cuts, models.facts), min_size=1, max_size=3),
    )
    def test_totals_and_last_days(self, document: dict, lives: list) -> None:
        with undone():
            version = published(document, models.TODAY - 900)
            moments = [moment for life in lives for moment in self.live(*life)]
            rebuild_vectors(noon(models.TODAY))
            facts = facts_at([(moment.lead, moment.at) for moment in moments])
            found = standing_at(version.model, moments, facts)
            for place, moment in enumerate(moments):
                said = ledger_of(Lead(pk=moment.lead), day=date_of(int(found.day[place])), model=version)
                assert (found.fit[place], found.total[place]) == (said.fit, said.total)
                assert (found.last_active[place], found.last_intent[place]) == (said.last_active, said.last_intent)

    def live(self, facts: dict, history: list, cuts: list, later: dict) -> list[Moment]:
        """A lead whose seniority changes one morning; it moves at noon of three days, and once more of another."""
        lead = lead_with(facts, history, cuts)
        act_as("system:test", noon(models.TODAY - 40) - 3 * HOUR)
        Lead.objects.filter(pk=lead.pk).update(seniority=later.get("seniority") or "", employees=later["employees"])
        at: list[datetime] = [noon(models.TODAY - back) for back in (0, 40, 41, 300)]
        return [Moment(moved(lead, Stage.MARKETING_QUALIFIED, one).pk, lead.pk, one) for one in at]
