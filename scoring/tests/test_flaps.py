"""The flap report: who moves to and fro, and how many promotions come back, counted on planted moves."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.utils import timezone

from leadhub.testing import assert_same_queries, make_lead, signed_in
from leads.models import Lead, StageMove
from leads.stages import Cause, Stage
from scoring import flaps

pytestmark = pytest.mark.django_db
NOW = timezone.now()
STAGES = (Stage.LEAD, Stage.MARKETING_QUALIFIED)


def moved(*days_ago: float, cause: Cause = Cause.SCORE, version: int = 1, **facts: str) -> Lead:
    """A lead that moved to MQL and back in turn, so many days ago."""
    lead = make_lead(at=NOW - timedelta(days=400), **facts)
    StageMove.objects.bulk_create(
        StageMove(
            lead=lead, from_stage=STAGES[n % 2], to_stage=STAGES[1 - n % 2], at=NOW - timedelta(days=days), cause=cause,
            cycle=1, total=(5_100, 3_900)[n % 2], model_version=version,
        )
        for n, days in enumerate(days_ago)
    )  # fmt: skip
    return lead


def flapping(days: int = 30) -> list[int]:
    found = flaps.flapping(Lead.objects.all(), since=NOW - timedelta(days=days))
    return [lead.pk for lead in found.order_by("pk")]


def test_three_moves_by_score_within_the_days_make_a_lead_flap() -> None:
    flapper = moved(20, 12, 5)
    moved(20, 12)
    moved(40, 12, 5)
    assert flapping() == [flapper.pk]


def test_moves_by_people_do_not_count() -> None:
    moved(20, 12, 5, cause=Cause.PERSON)
    assert flapping() == []


def test_each_move_tells_its_score_and_how_long_the_stay_was() -> None:
    moved(20, 12, 5)
    _page, rows = flaps.page_of(Lead.objects.all(), since=NOW - timedelta(days=30), asked={})
    assert [(step.to, step.total, step.days) for step in rows[0].steps] == [
        ("mql", 5_100, None), ("lead", 3_900, 8), ("mql", 5_100, 7),
    ]  # fmt: skip


def shares(version: int) -> Sequence[int]:
    found = {row.version: row for row in flaps.returns_by_version(NOW, days=180)}[version]
    return (found.promotions, found.old_enough_7, found.back_7, found.old_enough_30, found.back_30)


def test_promotions_that_came_back_are_counted_by_version_and_only_when_old_enough() -> None:
    moved(100, 95)
    moved(100, 80)
    moved(100, 60)
    moved(100)
    moved(20, 15)
    moved(3, 1)
    moved(50, version=2)
    assert shares(1) == (6, 5, 2, 4, 2)
    assert shares(2) == (1, 1, 0, 1, 0)


def test_a_lead_that_sales_got_meanwhile_did_not_come_back() -> None:
    lead = moved(100)
    for n, (start, end, cause) in enumerate([("mql", "sql", Cause.SCORE), ("sql", "mql", Cause.PERSON), ("mql", "lead", Cause.SCORE)]):  # fmt: skip
        at = NOW - timedelta(days=98 - n)
        StageMove.objects.create(lead=lead, from_stage=start, to_stage=end, at=at, cause=cause, cycle=1 + n // 2)
    assert shares(1) == (1, 1, 0, 1, 0)


def test_flaps_are_counted_in_the_week_in_which_they_came_back() -> None:
    moved(20, 0)
    moved(75, 70)
    moved(75, 30)
    weeks = flaps.flaps_by_week(NOW)
    assert len(weeks) == flaps.WEEKS
    assert sum(week.flaps for week in weeks) == 2
    assert weeks[-1].flaps == 1


class TestPage:
    def test_nobody_flaps(self) -> None:
        page = signed_in("Mick").get("/scoring/flaps/").content.decode()
        assert "No lead flaps" in page
        assert "leave mark" in page

    def test_a_lead_that_flaps_is_listed_with_its_moves(self) -> None:
        moved(20, 12, 5, first_name="Unmistakable")
        page = signed_in("Mick").get("/scoring/flaps/").content.decode()
        assert "Unmistakable" in page
        assert "→ 8 d →" in page

    def test_an_analyst_does_not_read_the_name_and_a_rep_sees_no_strangers(self) -> None:
        moved(20, 12, 5, first_name="Unmistakable")
        for name in ("Ann", "Rita"):
            assert "Unmistakable" not in signed_in(name).get("/scoring/flaps/").content.decode()
        assert "No lead flaps" in signed_in("Rita").get("/scoring/flaps/").content.decode()

    def test_the_database_is_asked_equally_often_whatever_the_rows(self) -> None:
        assert_same_queries(signed_in("Mick"), "/scoring/flaps/", lambda: moved(20, 12, 5))

    def test_pages_follow_one_another_without_gaps(self, settings: object) -> None:
        settings.PAGE_ROWS = 2  # type: ignore[attr-defined]
        wanted, found, cursor = {moved(20, 12, 5).pk for _n in range(5)}, list[int](), ""
        for _page in range(3):
            page = signed_in("Mick").get("/scoring/flaps/", {"after": cursor}).context["page"]
            found, cursor = [*found, *(lead.pk for lead in page.rows)], page.next
        assert (sorted(found), cursor) == (sorted(wanted), "")

    @pytest.mark.parametrize("junk", ["days=x", "days=-1", "after=!!", "days=99999999999999", "before=e30"])
    def test_junk_in_the_address_is_no_fault(self, junk: str) -> None:
        assert signed_in("Mick").get(f"/scoring/flaps/?{junk}").status_code == 200
