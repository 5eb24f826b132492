"""Who leaves gives back what they held, and the clocks start anew, visibly (quality.md §4)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.signals import person_deactivated
from handoff.models import DeadlineChange, Handoff
from handoff.record import record_of
from leadhub.testing import NOON, person, signed_in
from leads.models import Lead

from .offering import called, claimed, qualified, reason

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def leaves(name: str) -> None:
    person_deactivated.send(sender=None, person=person(name), by=person("Ada"), at=NOON + 5 * HOUR)


def test_what_they_held_waits_for_everybody_with_a_fresh_clock() -> None:
    handoff, other = claimed("Rita"), claimed("Sam")
    leaves("Rita")
    handoff.refresh_from_db()
    assert (handoff.is_waiting, handoff.clock_from, handoff.due_at) == (True, NOON + 5 * HOUR, NOON + 29 * HOUR)
    assert handoff.offered_at == NOON
    assert Lead.objects.get(pk=handoff.lead_id).owner is None
    assert Handoff.objects.get(pk=other.pk).claimed_by == person("Sam")


def test_the_deadline_says_why_it_moved_and_a_stopped_clock_does_not_move() -> None:
    handoff, done = claimed("Rita"), claimed("Rita")
    called(done, at=NOON + HOUR)
    leaves("Rita")
    moved = DeadlineChange.objects.get()
    assert (moved.handoff, moved.by, moved.at, moved.change) == (handoff, person("Ada"), NOON + 5 * HOUR, None)
    assert (moved.old_due, moved.new_due) == (NOON + 24 * HOUR, NOON + 29 * HOUR)
    page = signed_in("Sue").get(reverse("handoff_page", args=[handoff.pk])).content.decode()
    assert "Rita left, so the clock started anew (Ada, " in page
    told = [entry.text for entry in record_of(Handoff.objects.get(pk=handoff.pk))]
    assert "Due 19 Nov, 17:00 instead of 19 Nov, 12:00: Rita left, so the clock started anew" in told


def test_a_clock_that_was_stopped_stays_stopped() -> None:
    handoff = claimed("Rita")
    called(handoff, at=NOON + HOUR)
    leaves("Rita")
    handoff.refresh_from_db()
    assert (handoff.is_waiting, handoff.first_follow_up_at, handoff.due_at) == (True, NOON + HOUR, NOON + 24 * HOUR)


def test_open_deals_stay_with_their_history_and_the_manager_is_told() -> None:
    person("Sue")
    handoff = qualified("Rita")
    handoff.accept(by=person("Rita"), at=NOON)
    leaves("Rita")
    assert Lead.objects.get(pk=handoff.lead_id).owner == person("Rita")
    assert [notice.text for notice in person("Sue").notices.all()] == [
        "Rita left: 1 open opportunity needs another owner."
    ]


def test_the_new_owner_of_a_deal_works_on_it_and_the_claim_stays_on_record() -> None:
    handoff = qualified("Rita")
    handoff.accept(by=person("Rita"), at=NOON)
    address = reverse("handoff_reassign", args=[handoff.pk])
    signed_in("Sue").post(address, {"reassign-to": str(person("Sam").pk)})
    assert Lead.objects.get(pk=handoff.lead_id).owner == person("Sam")
    assert Handoff.objects.get().claimed_by == person("Rita")
    lost = {"lost-reason": str(reason("lost_price").pk)}
    assert signed_in("Rita").post(reverse("handoff_lost", args=[handoff.pk]), lost).status_code == 403
    assert signed_in("Sam").post(reverse("handoff_lost", args=[handoff.pk]), lost).status_code == 302
