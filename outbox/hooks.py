"""Deciding what other programs are told: a row per listener in the transaction of the cause, sent afterwards under a lease."""

import uuid
from datetime import datetime
from typing import Any

from .doorbell import ring_after_commit
from .models_hooks import Hook, HookMessage
from .tasks import deliver_hooks


def decide(event: str, body: dict[str, Any], *, at: datetime, only: Hook | None = None) -> list[HookMessage]:
    """Tell every program that listens, or only this one, of an event; it leaves after commit."""
    hooks = [only] if only else Hook.objects.filter(is_active=True)
    rows = HookMessage.objects.bulk_create(
        HookMessage(
            hook=hook, event=event, body={"type": event, "timestamp": at.isoformat(), "data": body},
            message_id=f"msg_{uuid.uuid4().hex}", created_at=at, next_try_at=at,
        )
        for hook in hooks
    )  # fmt: skip
    if rows:
        ring_after_commit(deliver_hooks)
    return rows


def anybody_listens() -> bool:
    return Hook.objects.filter(is_active=True).exists()
