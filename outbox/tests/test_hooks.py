"""Webhooks: decided with their cause, signed, tried again, seen; the secret is shown once and stored nowhere."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from standardwebhooks import Webhook

from leadhub.testing import NOON, assert_same_queries, person, signed_in
from outbox import hook_delivery, hooks
from outbox.models import Hook, HookMessage
from outbox.models_hooks import SecretGone

from .test_webclient import Echo, listener

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
__all__ = ["listener"]


def hooked(url: str, label: str = "CRM") -> tuple[Hook, str]:
    hook = Hook(label=label, url=url, created_at=NOON)
    return hook, hook.renew_secret()


def test_a_message_leaves_once_signed_and_says_when(listener: str) -> None:
    _hook, secret = hooked(f"{listener}/200")
    now = timezone.now()
    [message] = hooks.decide("opportunity.won", {"amount": "12000.00"}, at=now)
    assert (hook_delivery.deliver(now), hook_delivery.deliver(now)) == (1, 0)
    [(headers, body)] = Echo.came
    told = Webhook(secret).verify(body, headers)
    assert (told["type"], told["data"]) == ("opportunity.won", {"amount": "12000.00"})
    message.refresh_from_db()
    assert (headers["webhook-id"], message.state, message.status) == (message.message_id, "sent", 200)


def test_what_fails_is_tried_again_and_at_last_seen_as_failed(listener: str) -> None:
    hooked(f"{listener}/500")
    [message] = hooks.decide("test", {}, at=NOON)
    for tries in range(6):
        hook_delivery.deliver(NOON + timedelta(days=tries))
    message.refresh_from_db()
    assert (message.state, message.attempt, message.status, message.problem) == ("failed", 6, 500, "HTTP 500")
    assert len({headers["webhook-id"] for headers, _body in Echo.came}) == 1


def test_who_says_gone_is_not_asked_again(listener: str) -> None:
    hooked(f"{listener}/410")
    hooks.decide("test", {}, at=NOON)
    hook_delivery.deliver(NOON)
    assert HookMessage.objects.get().state == "failed"


def test_a_paused_program_is_told_nothing() -> None:
    hook, _secret = hooked("https://crm.example.com/")
    hook.is_active = False
    hook.save()
    assert hooks.decide("test", {}, at=NOON) == []


def test_a_result_that_comes_after_another_attempt_began_changes_nothing() -> None:
    hooked("https://crm.example.com/")
    [message] = hooks.decide("test", {}, at=NOON)
    HookMessage.objects.update(attempt=2)
    assert hook_delivery.settle(message, 200, "", NOON) == 0


def test_the_secret_outlives_a_new_key_of_the_house_and_not_its_end(settings: Any) -> None:
    hook, _secret = hooked("https://crm.example.com/")
    before, former = hook.secret, settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [former]
    assert hook.secret == before
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(SecretGone, match="make a new secret"):
        _ = hook.secret


def test_the_secret_is_shown_once() -> None:
    ada = signed_in("Ada")
    page = ada.post(reverse("hook_new"), {"label": "CRM", "url": "https://crm.example.com/in", "is_active": "on"})
    assert "whsec_" in page.content.decode()
    hook = Hook.objects.get()
    assert "whsec_" not in ada.get(reverse("hook_page", args=[hook.pk])).content.decode()
    assert hook.created_by == person("Ada")


@pytest.mark.parametrize("url", ["http://crm.example.com/", "https://", "x" * 501, "https://a:b@c.example/"])
def test_an_address_nobody_goes_to_is_refused(url: str) -> None:
    response = signed_in("Ada").post(reverse("hook_new"), {"label": "CRM", "url": url})
    assert response.status_code == 422
    assert not Hook.objects.exists()


def test_a_failed_message_can_be_sent_again_under_its_id() -> None:
    hook, _secret = hooked("https://crm.example.com/")
    [message] = hooks.decide("test", {}, at=NOON)
    HookMessage.objects.update(state="failed", problem="HTTP 500", attempt=6)
    signed_in("Ada").post(reverse("hook_resend", args=[message.pk]))
    again = HookMessage.objects.get()
    assert (again.state, again.message_id, again.first_attempt) == ("waiting", message.message_id, 6)
    page = signed_in("Ada").get(reverse("hook_page", args=[hook.pk])).content.decode()
    assert "6 attempts" in page


def test_a_programs_page_asks_equally_often_whatever_the_messages() -> None:
    hook, _secret = hooked("https://crm.example.com/")
    address = reverse("hook_page", args=[hook.pk])
    assert_same_queries(signed_in("Ada"), address, lambda: hooks.decide("test", {}, at=NOON))
