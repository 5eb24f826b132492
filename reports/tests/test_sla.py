"""What counts as met, late, overdue, missed, running and set aside, case by case; and all figures against an oracle."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from handoff.models import Handoff, Outcome
from handoff.tests.offering import offered as really_offered
from handoff.tests.routes import push, rules
from leadhub.testing import NOON, examples, make_lead, person, signed_in
from reports.sla import SlaFigures, sla_report
from reports.sla_rows import Standing, with_standing

from .makers import HOUR, offered

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Warsaw")


def standing(now: datetime) -> str:
    return with_standing(Handoff.objects.all(), now).get().standing


def report(now: datetime = NOON + 100 * HOUR):
    return sla_report(Handoff.objects.all(), now=now, zone=ZONE)


def test_a_follow_up_by_the_deadline_is_met_to_the_second() -> None:
    offered(follow_up=24 * HOUR)
    assert standing(NOON + 25 * HOUR) == Standing.MET


def test_a_follow_up_after_the_deadline_is_late_but_done() -> None:
    offered(follow_up=24 * HOUR + timedelta(seconds=1))
    assert standing(NOON + 25 * HOUR) == Standing.LATE


def test_an_open_one_before_its_deadline_is_still_running() -> None:
    offered(claimed_by=person("Rita"))
    assert standing(NOON + 24 * HOUR) == Standing.RUNNING


def test_an_open_one_after_its_deadline_is_overdue_even_when_claimed() -> None:
    offered(claimed_by=person("Rita"))
    assert standing(NOON + 24 * HOUR + timedelta(seconds=1)) == Standing.OVERDUE


def test_one_closed_late_without_contact_is_missed() -> None:
    offered(closed=25 * HOUR)
    assert standing(NOON + 30 * HOUR) == Standing.MISSED


def test_one_closed_in_time_without_contact_is_set_aside() -> None:
    offered(closed=3 * HOUR)
    assert standing(NOON + 30 * HOUR) == Standing.SET_ASIDE


def test_running_and_set_aside_are_no_part_of_the_share() -> None:
    offered(follow_up=HOUR)
    offered(NOON + 90 * HOUR)
    offered(closed=HOUR)
    total = report().total
    assert (total.offered, total.decided, total.met_share) == (3, 1, 1.0)


def test_nothing_decided_is_no_share_and_not_zero() -> None:
    offered()
    assert report(NOON + HOUR).total.met_share is None


def test_a_recycled_lead_counts_once_for_each_of_its_handoffs() -> None:
    lead = make_lead()
    offered(lead=lead, follow_up=HOUR, closed=40 * HOUR)
    offered(NOON + 50 * HOUR, lead=lead)
    total = report().total
    assert (total.offered, total.met, total.overdue) == (2, 1, 1)


def test_groups_by_rep_week_hour_and_source() -> None:
    rita = person("Rita")
    offered(lead=make_lead(source="Webinar"), follow_up=HOUR, claimed_by=rita)
    offered(datetime(2026, 11, 15, 23, 30, tzinfo=UTC), lead=make_lead(source="Webinar"))
    found = report()
    assert {key: f.offered for key, f in found.rep.items()} == {rita.pk: 1, None: 1}
    # 23:30 UTC on Sunday is half past midnight on Monday in Warsaw.
    assert [monday.isoformat() for monday in found.week] == ["2026-11-16"]
    assert {hour: f.offered for hour, f in found.hour.items()} == {13: 1, 0: 1}
    assert found.source["Webinar"].offered == 2


def test_accepted_share_is_of_those_that_sales_closed() -> None:
    offered(follow_up=HOUR, closed=5 * HOUR, outcome=Outcome.ACCEPTED)
    offered(follow_up=HOUR, closed=5 * HOUR)
    offered()
    assert report().total.accepted_share == 0.5


def test_what_was_given_to_somebody_has_no_time_to_claim_and_says_how_many() -> None:
    """One pushed by rules, one claimed after an hour, one claimed and then passed on by the manager."""
    rita, sam = person("Rita"), person("Sam")
    rules(push())
    really_offered(at=NOON)
    rules(at=NOON)
    claimed_one, passed_on = really_offered(at=NOON), really_offered(at=NOON)
    claimed_one.claim(by=rita, at=NOON + HOUR)
    passed_on.claim(by=rita, at=NOON + HOUR)
    passed_on.reassign(to=sam, by=person("Sue"), at=NOON + 2 * HOUR)
    total = report().total
    assert (total.claimed, total.given, total.claim_median) == (1, 2, HOUR)
    page = signed_in("Mick").get("/reports/sla/?period=custom&first=2026-11-01&last=2026-11-30").content.decode()
    assert "2 were given, not claimed" in page
    rows = signed_in("Mick").get("/reports/sla/handoffs/?only=given&period=custom&first=2026-11-01&last=2026-11-30")
    assert rows.content.decode().count('<span class="muted">given</span>') == 2


def test_no_handoffs_are_an_empty_report() -> None:
    assert report().total == SlaFigures()


def percentile(values: list[float], share: float) -> timedelta | None:
    """The definition, slowly: between the two neighbours of the place, in proportion."""
    if not values:
        return None
    values = sorted(values)
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return timedelta(seconds=values[low] + (values[high] - values[low]) * (place - low))


def close(one: timedelta | None, other: timedelta | None) -> bool:
    return one == other or (one is not None and other is not None and abs(one - other) < timedelta(milliseconds=1))


class AgainstTheOracle(TestCase):
    """Generated handoffs, counted in plain Python."""

    case = st.tuples(
        st.integers(0, 40),  # hours after noon of the offer
        st.none() | st.integers(0, 60 * 60),  # minutes to the claim
        st.none() | st.integers(0, 60 * 60),  # minutes to the first follow-up
        st.none() | st.integers(0, 60),  # hours to the close
    )

    @examples(25, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(case, max_size=12))
    def test_all_figures(self, cases: list[tuple[int, int | None, int | None, int | None]]) -> None:
        rita, now = person("Rita"), NOON + 50 * HOUR
        rows = [
            offered(
                NOON + after * HOUR,
                follow_up=None if follow is None else timedelta(minutes=follow),
                claimed_by=None if claim is None else rita,
                claimed_at=None if claim is None else NOON + after * HOUR + timedelta(minutes=claim),
                closed=None if closed is None else closed * HOUR,
                is_given=after % 3 == 0,
            )
            for after, claim, follow, closed in cases
        ]
        self.compare(sla_report(Handoff.objects.all(), now=now, zone=ZONE).total, rows, now)

    def compare(self, total: SlaFigures, rows: list[Handoff], now: datetime) -> None:
        touched = [h for h in rows if h.first_follow_up_at]
        untouched = [h for h in rows if not h.first_follow_up_at]
        assert total.offered == len(rows)
        assert total.met == sum(h.first_follow_up_at <= h.due_at for h in touched)
        assert total.late == sum(h.first_follow_up_at > h.due_at for h in touched)
        assert total.overdue == sum(h.closed_at is None and h.due_at < now for h in untouched)
        assert total.running == sum(h.closed_at is None and h.due_at >= now for h in untouched)
        assert total.missed == sum(h.closed_at is not None and h.closed_at > h.due_at for h in untouched)
        assert total.set_aside == sum(h.closed_at is not None and h.closed_at <= h.due_at for h in untouched)
        claims = [(h.claimed_at - h.offered_at).total_seconds() for h in rows if h.claimed_at and not h.is_given]
        follows = [(h.first_follow_up_at - h.offered_at).total_seconds() for h in touched]
        given = sum(h.is_given and h.claimed_at is not None for h in rows)
        assert (total.claimed, total.given, total.followed_up) == (len(claims), given, len(follows))
        assert close(total.claim_median, percentile(claims, 0.5))
        assert close(total.claim_p90, percentile(claims, 0.9))
        assert close(total.follow_up_median, percentile(follows, 0.5))
        assert close(total.follow_up_p90, percentile(follows, 0.9))
