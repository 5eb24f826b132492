"""The nightly check: every stored score is what its ledger's lines sum to, and one that is not is named and scored anew."""

from datetime import timedelta

import pytest

from leadhub.testing import NOON, make_lead, signed_in
from leads.models import Lead
from scoring import care, checking
from scoring.models import LeadScore, Pending, Sweep
from scoring.models_health import ScoreCheck
from scoring.sweep import drain, forget_sweeps, sweep_day

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def leads() -> list[Lead]:
    """Nine leads with deeds and facts, all scored for the day."""
    found = [make_lead(seniority="Director", country="Poland", employees=20 * n) for n in range(9)]
    for n, lead in enumerate(found):
        for age in range(n):
            lead.record("page_visit", at=NOON - timedelta(days=5 * age), url="https://x.example/pricing")
    forget_sweeps()  # of the day on which the tests run
    drain(NOON)
    sweep_day(NOON)
    return found


def check() -> ScoreCheck:
    checking.begin_nightly(NOON)
    checking.go_on(NOON, portions=20)
    return ScoreCheck.objects.get()


def test_every_score_is_checked_and_none_differs(leads: list[Lead]) -> None:
    done = check()
    assert (done.leads, done.sampled, done.waiting, done.differing, done.named) == (9, 9, 0, 0, [])
    assert done.finished_at == NOON


@pytest.mark.parametrize("column", ["fit", "engagement", "total"])
def test_a_hundredth_of_a_point_too_much_is_found_and_set_right(leads: list[Lead], column: str) -> None:
    wrong = LeadScore.objects.get(lead=leads[3])
    LeadScore.objects.filter(lead=leads[3]).update(**{column: getattr(wrong, column) + 1})
    assert check().named == [leads[3].pk]
    drain(NOON)
    assert getattr(LeadScore.objects.get(lead=leads[3]), column) == getattr(wrong, column)


def test_what_only_the_full_ledger_would_see_is_found_without_the_arrays(leads: list[Lead], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(checking, "_by_lines", lambda *_args: [])
    LeadScore.objects.filter(lead=leads[8]).update(total=1)
    assert check().named == [leads[8].pk]


def test_leads_that_wait_to_be_counted_are_left_out(leads: list[Lead]) -> None:
    LeadScore.objects.filter(lead=leads[2]).update(total=1)
    Pending.objects.create(lead=leads[2])
    done = check()
    assert (done.leads, done.waiting, done.differing) == (8, 1, 0)


def test_one_that_was_cut_off_goes_on_where_it_was(leads: list[Lead], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "PORTION", 2)
    checking.begin_nightly(NOON)
    checking.go_on(NOON, portions=2)
    assert ScoreCheck.objects.get().leads == 4
    assert check().leads == 9


def test_it_waits_for_the_sweep_of_the_day_and_runs_once(leads: list[Lead]) -> None:
    Sweep.objects.update(finished_at=None)
    checking.begin_nightly(NOON)
    assert not ScoreCheck.objects.exists()
    Sweep.objects.update(finished_at=NOON)
    care.look_after(NOON, portions=9)
    care.look_after(NOON + timedelta(hours=2), portions=9)
    assert ScoreCheck.objects.get().finished_at == NOON


def test_not_more_than_a_hundred_are_named() -> None:
    one = ScoreCheck.objects.create(day=NOON.date(), version=1, started_at=NOON)
    one.note(upto=500, leads=500, sampled=20, waiting=0, differing=list(range(1, 301)))
    assert (one.differing, len(one.named)) == (300, 100)


class TestPage:
    def test_before_the_first_check_it_says_so(self) -> None:
        assert "have not been checked yet" in signed_in("Rita").get("/scoring/check/").content.decode()

    def test_a_calm_sentence_where_all_is_well(self, leads: list[Lead]) -> None:
        check()
        page = signed_in("Ann").get("/scoring/check/").content.decode()
        assert "Every score was checked on" in page
        assert "the lines of 9 leads add up exactly" in page

    def test_those_that_differed_are_named(self, leads: list[Lead]) -> None:
        LeadScore.objects.filter(lead=leads[3]).update(total=1)
        check()
        page = signed_in("Mona").get("/scoring/check/").content.decode()
        assert "1 of 9 scores was not what its lines say" in page
        assert f"Lead #{leads[3].pk}" in page

    def test_earlier_checks_stay(self, leads: list[Lead]) -> None:
        check()
        sweep_day(NOON + DAY)
        care.look_after(NOON + DAY, portions=9)
        page = signed_in("Mona").get("/scoring/check/").content.decode()
        assert "Earlier checks" in page
