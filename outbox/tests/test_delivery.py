"""Mail is sent at least once, always under the same Message-ID, and what cannot be sent is seen (quality.md R9 to R11)."""

import os
import subprocess
import sys
import time
from datetime import timedelta
from typing import Any

import pytest

from conftest import database_url_of_this_process
from leadhub.testing import NOON, person
from outbox import delivery, mails
from outbox.clock import Clock
from outbox.models import Mail

from .mail_server import MailServer

pytestmark = pytest.mark.django_db
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def decided(key: str = "k", name: str = "Rita") -> Mail:
    mails.decide(person(name), subject="Due now", body="Call Dewi.", key=key, at=NOON)
    return Mail.objects.latest("id")


def test_a_mail_leaves_once_as_it_was_decided(smtp: MailServer) -> None:
    mail = decided()
    assert delivery.deliver(NOON) == 1
    assert delivery.deliver(NOON) == 0
    [message] = smtp.taken
    assert (message["Subject"], message["To"]) == ("Due now", "rita@leadhub.example")
    assert message["Message-ID"] == mail.message_id
    assert message.get_payload().strip() == "Call Dewi."


def test_a_sent_mail_says_when(smtp: MailServer) -> None:
    mail = decided()
    delivery.deliver(NOON + MINUTE)
    mail.refresh_from_db()
    assert (mail.state, mail.attempt, mail.lease_until) == ("sent", 1, None)
    assert mail.sent_at
    assert NOON + MINUTE < mail.sent_at < NOON + 2 * MINUTE


def test_time_goes_on_during_a_round() -> None:
    """A server that hangs takes no second from the next lease, nor from the minutes until the next attempt (quality.md R11)."""
    clock = Clock(NOON, began=time.monotonic() - 15)
    assert NOON + 15 * SECOND <= clock.at < NOON + MINUTE
    assert not clock.is_over
    assert Clock(NOON, began=time.monotonic() - 21).is_over


def test_the_same_key_is_one_mail_per_person() -> None:
    for name in ("Rita", "Rita", "Sam"):
        decided("same", name)
    assert sorted(Mail.objects.values_list("to", flat=True)) == ["rita@leadhub.example", "sam@leadhub.example"]


def test_who_left_the_house_gets_no_mail() -> None:
    rita = person("Rita")
    rita.is_active = False
    mails.decide(rita, subject="s", body="b", key="k", at=NOON)
    assert not Mail.objects.exists()


def test_without_a_server_mail_is_shown_only(settings: Any) -> None:
    settings.EMAIL_URL = ""
    mail = decided()
    assert delivery.deliver(NOON) == 1
    mail.refresh_from_db()
    assert (mail.state, mail.attempt) == ("shown", 0)


def test_4xx_is_tried_again_after_1_5_15_60_and_240_minutes_then_seen_as_failed(smtp: MailServer) -> None:
    mail, now, waits = decided(), NOON, []
    smtp.answers = ["451 Try later"] * 6
    for _attempt in range(6):
        delivery.deliver(now)
        mail.refresh_from_db()
        waits.append((mail.next_try_at - now) / MINUTE)
        now = mail.next_try_at
    # The attempt itself takes a while.
    limits = [(0.8 * minutes, 1.2 * minutes + 0.05) for minutes in delivery.RETRY_MINUTES]
    assert all(low <= got <= high for (low, high), got in zip(limits, waits[:5], strict=True))
    assert (mail.state, mail.attempt, mail.problem) == ("failed", 6, "The mail server said: 451 Try later")
    assert smtp.taken == []


def test_a_mail_is_not_tried_before_its_time(smtp: MailServer) -> None:
    decided()
    smtp.answers = ["451 Try later"]
    delivery.deliver(NOON)
    assert delivery.deliver(NOON + timedelta(seconds=30)) == 0
    assert delivery.deliver(NOON + timedelta(minutes=2)) == 1
    assert len(smtp.taken) == 1


def test_5xx_is_final_and_holds_up_nobody(smtp: MailServer) -> None:
    bad, good = decided("a"), decided("b")
    smtp.answers = ["550 No such person"]
    delivery.deliver(NOON)
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.problem) == ("failed", "The mail server said: 550 No such person")
    assert good.state == "sent"


def test_a_server_that_is_away_is_tried_again(smtp: MailServer, settings: Any) -> None:
    mail = decided()
    settings.EMAIL_PORT = 1
    delivery.deliver(NOON)
    mail.refresh_from_db()
    assert (mail.state, mail.problem) == ("waiting", "The mail server could not be reached.")


def test_taken_but_unheard_is_sent_twice_under_the_same_message_id(smtp: MailServer) -> None:
    mail = decided()
    smtp.answers = ["drop after 250"]
    delivery.deliver(NOON)
    delivery.deliver(NOON + timedelta(minutes=2))
    mail.refresh_from_db()
    assert mail.state == "sent"
    assert smtp.message_ids == [mail.message_id] * 2


def test_a_lease_keeps_others_away_until_it_runs_out(smtp: MailServer) -> None:
    decided()
    assert delivery.take(NOON)
    assert delivery.take(NOON + 4 * MINUTE) is None
    again = delivery.take(NOON + 5 * MINUTE)
    assert again
    assert again.attempt == 2


def test_a_sender_that_was_paused_past_its_lease_changes_nothing(smtp: MailServer) -> None:
    mail = decided()
    paused = delivery.take(NOON)
    assert paused
    delivery.deliver(NOON + 6 * MINUTE)
    assert delivery.settle(paused, OSError("late"), NOON + 7 * MINUTE) == 0
    mail.refresh_from_db()
    assert (mail.state, mail.attempt) == ("sent", 2)
    assert mail.sent_at
    assert mail.sent_at < NOON + 7 * MINUTE


def test_a_mail_that_kills_its_senders_is_given_up_and_seen(smtp: MailServer) -> None:
    mail, now = decided(), NOON
    for _death in range(5):
        assert delivery.take(now)
        now += 6 * MINUTE
    assert delivery.take(now) is None
    delivery.deliver(now)
    mail.refresh_from_db()
    assert (mail.state, mail.problem) == ("failed", "Each attempt ended before it was done.")


def test_a_failed_mail_can_be_tried_again(smtp: MailServer) -> None:
    mail = decided()
    smtp.answers = ["550 No"]
    delivery.deliver(NOON)
    assert mail.try_again(at=NOON + MINUTE)
    delivery.deliver(NOON + MINUTE)
    mail.refresh_from_db()
    assert (mail.state, mail.attempt) == ("sent", 2)
    assert not mail.try_again(at=NOON)


@pytest.mark.parametrize("name", ["Rita\r\nBcc: eve@example.com", "Rita\x00", "Ünïcode, Inc. <x@y>", "a" * 400])
def test_no_text_makes_another_header_or_recipient(smtp: MailServer, name: str) -> None:
    mails.decide(person("Rita"), subject=f"{name} is due".replace("\x00", ""), body="b", key="k", at=NOON)
    delivery.deliver(NOON)
    [message] = smtp.taken
    assert message["Bcc"] is None
    assert message["To"] == "rita@leadhub.example"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_sender_killed_in_mid_mail_is_followed_by_another_after_its_lease(smtp_of_processes: MailServer) -> None:
    mail = decided()
    smtp_of_processes.answers = ["hang"]
    code = f"import django; django.setup()\nfrom datetime import datetime\nfrom outbox import delivery\ndelivery.deliver(datetime.fromisoformat({NOON.isoformat()!r}))"
    environment = {"DATABASE_URL": database_url_of_this_process(), "DJANGO_SETTINGS_MODULE": "leadhub.settings"}
    sender = subprocess.Popen([sys.executable, "-c", code], env=os.environ | environment)
    assert smtp_of_processes.hung.wait(60)
    sender.kill()
    sender.wait()
    assert delivery.deliver(NOON + 4 * MINUTE) == 0
    assert delivery.deliver(NOON + 6 * MINUTE) == 1
    mail.refresh_from_db()
    assert (mail.state, mail.attempt) == ("sent", 2)
    assert set(smtp_of_processes.message_ids) == {mail.message_id}
