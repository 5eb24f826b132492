"""/healthz for supervisors, and the workspace page for people."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from leadhub.testing import assert_same_queries, make_lead, person, signed_in
from outbox.models import Mail
from outbox.sweeper import beat


@pytest.mark.django_db
def test_alive_without_a_session_and_never_cached():
    response = Client().get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_without_the_database_it_says_so_and_does_not_break(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_args: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", refuse)
    response = Client().get("/healthz")
    assert (response.status_code, response.json()) == (503, {"status": "no database"})


@pytest.mark.django_db
def test_redis_is_a_doorbell_and_never_makes_it_unhealthy(settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "unix:///nowhere.sock"}
    }
    settings.CELERY_BROKER_URL = "redis+socket:///nowhere.sock"
    assert Client().get("/healthz").status_code == 200


@pytest.mark.django_db
def test_the_workspace_page_says_whether_the_work_goes_round():
    page = signed_in("Sue").get("/settings/workspace/").content.decode()
    assert "has not gone round yet" in page
    beat(timezone.now() - timedelta(minutes=10))
    assert "Reminders and mails stand still" in signed_in("Ada").get("/settings/workspace/").content.decode()
    beat(timezone.now())
    assert "Reminders and mails stand still" not in signed_in("Ada").get("/settings/workspace/").content.decode()


@pytest.mark.django_db
def test_mail_that_waits_too_long_is_shown_as_a_fault():
    now = timezone.now()
    page = signed_in("Ada").get("/settings/workspace/").content.decode()
    assert "Look here" not in page
    details = {"to": "x@example.com", "subject": "x", "body": "x", "recipient": person("Rita"), "created_at": now}
    Mail.objects.create(**details, message_id="1", dedupe_key="1", next_try_at=now - timedelta(minutes=6))
    assert "Look here" in signed_in("Ada").get("/settings/workspace/").content.decode()


@pytest.mark.django_db
def test_the_workspace_page_asks_equally_often_whatever_waits():
    assert_same_queries(signed_in("Ada"), "/settings/workspace/", make_lead, most=15)
