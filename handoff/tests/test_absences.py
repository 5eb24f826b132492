"""Going on leave: leads go to others in the same transaction, at the moment it begins, once, and visibly."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from handoff.absences import begin_due, come_back, go_away
from handoff.models import Absence, Handoff, Routed
from handoff.refusals import RoutingRefused
from handoff.reminders import remind
from leadhub.testing import NOON, person, signed_in
from leads.models import Lead
from outbox.models import Notice

from .offering import claimed, offered
from .routes import holders, pull, push, queue, rep, rules

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _house(db: None) -> None:
    for name in ("Rita", "Sam", "Sue"):
        person(name)


def away(
    name: str = "Rita", *, at: datetime = NOON, starts_at: datetime | None = None, days: int | None = 5
) -> Absence:
    starts_at = starts_at or at
    ends_at = starts_at + days * DAY if days else None
    return go_away(person(name), starts_at=starts_at, ends_at=ends_at, by=person(name), at=at)


def test_open_leads_go_to_others_by_the_rules_and_the_clock_goes_on() -> None:
    handoff = claimed("Rita")
    rules(push())
    away(at=NOON + HOUR)
    handoff.refresh_from_db()
    assert (handoff.claimed_by, handoff.due_at) == (person("Sam"), NOON + 24 * HOUR)
    assert Lead.objects.get(pk=handoff.lead_id).owner == person("Sam")
    line = Routed.objects.first()
    assert (line.cause, line.held_by) == ("leave", person("Rita"))  # type: ignore[union-attr]


def test_without_rules_they_wait_for_everybody_and_the_manager_is_told() -> None:
    handoff = claimed("Rita")
    away(at=NOON + HOUR)
    assert Handoff.objects.waiting().get() == handoff
    assert [notice.text for notice in person("Sue").notices.all()] == [
        "Rita is away until 23 Nov, 13:00. 1 waits in a queue."
    ]


def test_who_is_away_is_given_nothing_and_returns_at_the_mean() -> None:
    rules(push())
    offered()
    away(at=NOON + HOUR, days=2)
    assert holders(*[offered(at=NOON + n * HOUR) for n in (2, 3, 4)]) == ["Sam"] * 3
    assert sorted(holders(*[offered(at=NOON + 3 * DAY) for _n in range(4)])) == ["Rita", "Rita", "Sam", "Sam"]


def test_a_leave_to_come_begins_by_the_sweeper_once() -> None:
    handoff = claimed("Rita")
    absence = away(starts_at=NOON + DAY)
    assert (begin_due(NOON + HOUR), Handoff.objects.get().claimed_by) == (0, person("Rita"))
    assert (begin_due(NOON + DAY), begin_due(NOON + DAY)) == (1, 0)
    absence.refresh_from_db()
    handoff.refresh_from_db()
    assert (absence.begun_at, handoff.is_waiting) == (NOON + DAY, True)


def test_a_leave_that_is_over_before_anybody_swept_takes_nothing_away() -> None:
    claimed("Rita")
    away(starts_at=NOON + DAY, days=1)
    begin_due(NOON + 9 * DAY)
    assert Handoff.objects.get().claimed_by == person("Rita")


def test_coming_back_ends_it_and_one_to_come_is_taken_back() -> None:
    now, later = away(), away(starts_at=NOON + 9 * DAY)
    come_back(now, by=person("Rita"), at=NOON + HOUR)
    come_back(later, by=person("Rita"), at=NOON + HOUR)
    assert list(Absence.objects.values_list("ends_at", flat=True)) == [NOON + HOUR]
    with pytest.raises(RoutingRefused):
        come_back(now, by=person("Rita"), at=NOON + 2 * HOUR)


def test_two_leaves_do_not_overlap_and_end_after_they_begin() -> None:
    away(days=None)
    with pytest.raises(RoutingRefused, match="away during a part"):
        away(starts_at=NOON + DAY)
    with pytest.raises(RoutingRefused, match="ends after"):
        away("Sam", days=-1)


def test_nobody_is_reminded_of_a_lead_they_cannot_claim_or_while_they_are_away() -> None:
    rep("Tom", "East team")
    rules(pull(queue("East", "East team")))
    offered()
    rules()
    offered()
    away("Sam")
    remind(NOON + 3 * HOUR)
    told = Notice.objects.filter(kind="unclaimed").values_list("recipient__name", flat=True)
    assert sorted(told) == ["Rita", "Sue", "Tom", "Tom"]


# --- On the page ------------------------------------------------------------------------------------------------------
def test_a_rep_goes_on_leave_and_comes_back_on_their_own_page() -> None:
    claimed("Rita", at=NOON)
    rita, page = signed_in("Rita"), reverse("seller", args=[person("Rita").pk])
    assert rita.get(reverse("my_seat")).url == page  # type: ignore[attr-defined]
    rita.post(f"{page}away/", {"away-starts_at": "", "away-ends_at": ""})
    absence = Absence.objects.get()
    assert (Handoff.objects.get().claimed_by, absence.ends_at) == (None, None)
    rita.post(f"{page}away/{absence.pk}/end/")
    absence.refresh_from_db()
    assert absence.ends_at is not None


@pytest.mark.parametrize("typed", ["yesterday", "2020-01-01T10:00", "0001-01-01T00:00"])
def test_a_moment_that_cannot_be_is_a_sentence(typed: str) -> None:
    page = reverse("seller_away", args=[person("Rita").pk])
    answer = signed_in("Rita").post(page, {"away-starts_at": typed, "away-ends_at": ""})
    assert (answer.status_code, Absence.objects.count()) == (422, 0)


def test_whose_seat_it_is_not_learns_nothing_and_another_teams_manager_neither() -> None:
    other = person("Sam")
    assert signed_in("Rita").get(reverse("seller", args=[other.pk])).status_code == 404
    assert signed_in("Sue").get(reverse("seller", args=[other.pk])).status_code == 200
    other.team = None
    other.save()
    assert signed_in("Sue").get(reverse("seller", args=[other.pk])).status_code == 404
    absence = away("Sam")
    page = reverse("seller_back", args=[person("Rita").pk, absence.pk])
    assert signed_in("Rita").post(page).status_code == 404
