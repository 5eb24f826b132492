"""Redis is a doorbell: it rings after commit, and nothing fails where it is away (quality.md R4)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from kombu.pools import reset

from leadhub.celery import app
from leadhub.testing import person
from outbox import mails
from outbox.models import Mail

from .mail_server import MailServer


@contextmanager
def no_broker() -> Iterator[None]:
    """The broker's address names a port where nobody listens."""
    kept = app.conf.broker_url
    _point_at("redis://127.0.0.1:1/0")
    try:
        yield
    finally:
        _point_at(kept)


def _point_at(address: str) -> None:
    app.conf.broker_url = address
    app._pool = app.amqp._producer_pool = None
    reset()


def decide() -> None:
    mails.decide(person("Rita"), subject="Due now", body="b", key="k", at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_deciding_a_mail_works_without_redis() -> None:
    with no_broker(), transaction.atomic():
        decide()
    assert Mail.objects.get().state == "waiting"


@pytest.mark.django_db(transaction=True)
def test_a_ring_that_nobody_hears_waits_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def sleep(seconds: float) -> None:
        raise AssertionError(f"slept {seconds} s, once for each of a thousand rings")

    monkeypatch.setattr("kombu.utils.functional.sleep", sleep)
    with no_broker(), transaction.atomic():
        decide()
    assert Mail.objects.get().state == "waiting"


def test_a_line_that_is_gone_is_said_to_be_gone() -> None:
    """A worker connects anew for that, and ends of anything else (R5)."""
    with app.connection_for_write() as line:
        channel = line.default_channel
    with pytest.raises(line.connection_errors, match="closed"):
        channel.basic_ack("a task that ended meanwhile")
    assert app.conf.broker_channel_error_retry  # a full broker refuses to be connected to
    assert app.conf.broker_connection_max_retries is None


@pytest.mark.django_db
def test_nothing_rings_before_commit(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as rings:
        decide()
    assert len(rings) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_real_worker_sends_what_was_decided(smtp_of_processes: MailServer, celery_worker_process: Any) -> None:
    decide()
    until = time.monotonic() + 30
    while Mail.objects.get().state == "waiting" and time.monotonic() < until:
        time.sleep(0.1)
    mail = Mail.objects.get()
    assert mail.state == "sent"
    assert smtp_of_processes.message_ids == [mail.message_id]
