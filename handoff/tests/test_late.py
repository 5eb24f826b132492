"""What stays late goes back to everybody where the policy says so: once, on record, and its holder is told (R17)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from handoff.models import Handoff, Holding, Reminder, SlaPolicy
from handoff.reminders import remind
from leadhub.testing import NOON, person
from leads.models import Lead
from outbox.models import Notice

from .offering import called, claimed

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def patience_of_six_hours() -> None:
    for name in ("Rita", "Sue"):
        person(name)
    SlaPolicy.objects.update(release_after=6 * 60)


def test_it_goes_back_when_the_patience_of_the_policy_ends() -> None:
    handoff = claimed("Rita")
    remind(NOON + 30 * HOUR - timedelta(seconds=1))
    assert Handoff.objects.get().claimed_by == person("Rita")
    remind(NOON + 30 * HOUR)
    handoff.refresh_from_db()
    assert (handoff.is_waiting, Lead.objects.get().owner) == (True, None)
    assert handoff.remind_at == NOON + 32 * HOUR
    assert Holding.objects.get().ended_by == "system:late"


def test_the_holder_is_told_once_and_it_is_on_record() -> None:
    claimed("Rita")
    for hours in (30, 31):
        remind(NOON + hours * HOUR)
    told = Notice.objects.get(kind="released_late")
    assert (told.recipient, told.mail is not None) == (person("Rita"), True)
    assert told.text == "Dewi Lestari went back to everybody: no follow-up is on record, late by 6 hours."
    assert Reminder.objects.get(kind="release").key == told.about


def test_who_takes_it_again_keeps_it() -> None:
    handoff = claimed("Rita")
    remind(NOON + 30 * HOUR)
    handoff.claim(by=person("Rita"), at=NOON + 31 * HOUR)
    remind(NOON + 40 * HOUR)
    assert Handoff.objects.get().claimed_by == person("Rita")


def test_what_was_followed_up_or_has_a_patient_policy_stays() -> None:
    called(claimed("Rita"), at=NOON + HOUR)
    SlaPolicy.objects.update(release_after=None)
    claimed("Rita")
    remind(NOON + 100 * HOUR)
    assert Handoff.objects.filter(claimed_by=person("Rita")).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_put_back_once() -> None:
    SlaPolicy.objects.update(release_after=6 * 60)
    for _n in range(5):
        claimed("Rita")

    def sweep(_number: int) -> None:
        try:
            remind(NOON + 30 * HOUR)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(sweep, range(2)))
    assert Handoff.objects.waiting().count() == 5
    assert Reminder.objects.filter(kind="release").count() == Notice.objects.filter(kind="released_late").count() == 5
