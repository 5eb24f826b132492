"""Who leaves gives back what they held, and the clocks start anew, visibly (quality.md §4)."""

from datetime import timedelta

import pytest

from accounts.signals import person_deactivated
from handoff.models import Handoff
from leadhub.testing import NOON, person
from leads.models import Lead

from .offering import called, claimed

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


def test_a_clock_that_was_stopped_stays_stopped() -> None:
    handoff = claimed("Rita")
    called(handoff, at=NOON + HOUR)
    leaves("Rita")
    handoff.refresh_from_db()
    assert (handoff.is_waiting, handoff.first_follow_up_at, handoff.due_at) == (True, NOON + HOUR, NOON + 24 * HOUR)
