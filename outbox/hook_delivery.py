"""Sending what other programs are told: at least once, under a lease with an attempt number, signed (quality.md E11)."""

import json
import logging
import random
from datetime import datetime, timedelta

from standardwebhooks import Webhook

from . import webclient
from .clock import Clock
from .delivery import RETRY_MINUTES, give_up_poison, take
from .models_hooks import HookMessage, SecretGone

log = logging.getLogger(__name__)


def deliver(now: datetime) -> int:
    """Send what is due, as long as a round lasts; returns how many were settled. Safe to run in many places at once."""
    clock, settled = Clock(now), 0
    give_up_poison(HookMessage.objects.due(now))
    while not clock.is_over and (message := take(clock.at, HookMessage.objects.due(clock.at))):
        settled += settle(message, *carry(message, clock.at), clock.at)
    return settled


def carry(message: HookMessage, now: datetime) -> tuple[int | None, str]:
    """Sign it and hand it over; the status code, and what went wrong in words, blank for nothing."""
    text = json.dumps(message.body, ensure_ascii=False)
    try:
        signature = Webhook(message.hook.secret).sign(message.message_id, now, text)
        status = webclient.post(
            message.hook.url,
            text.encode(),
            {
                "content-type": "application/json",
                "user-agent": "LeadHub",
                "webhook-id": message.message_id,
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": signature,
            },
        )
    except (webclient.Refused, webclient.Unreachable, SecretGone) as problem:
        return None, str(problem)
    return status, "" if 200 <= status < 300 else f"HTTP {status}"


def settle(message: HookMessage, status: int | None, problem: str, now: datetime) -> int:
    """Note the result of this attempt, unless another attempt has begun since. Returns how many rows changed (0 or 1)."""
    mine = HookMessage.objects.filter(pk=message.pk, attempt=message.attempt, state=HookMessage.State.WAITING)
    if not problem:
        return mine.update(state=HookMessage.State.SENT, sent_at=now, lease_until=None, status=status, problem="")
    log.warning("Message %s was not taken at attempt %s", message.pk, message.attempt)
    tries = message.attempt - message.first_attempt
    if status == 410 or tries > len(RETRY_MINUTES):  # 410: the other side says it listens no more
        return mine.update(state=HookMessage.State.FAILED, lease_until=None, status=status, problem=problem)
    wait = timedelta(minutes=RETRY_MINUTES[tries - 1]) * random.uniform(0.8, 1.2)  # noqa: S311 (spreads load)
    return mine.update(next_try_at=now + wait, lease_until=None, status=status, problem=problem)
