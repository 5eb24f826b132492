"""Letters: put in line once whoever tries again, called off while nobody has handed them over (product.md §6, R24)."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from celery import signature
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.addresses import email_domain
from leads.bulk import insert_new
from outbox.doorbell import ring_after_commit

from .models import EmailVersion, Letter
from .settling import settle
from .unwritable import Addressee, Unwritable, unwritable

__all__ = ["NewLetter", "Unwritable", "call_off", "queue", "unwritable"]

#: By its name, since whoever delivers may call letters off too.
DELIVER = signature("nurture.tasks.deliver_letters")
COLUMNS = (
    "key", "lead_id", "version_id", "variant", "to", "domain", "is_test", "values", "state", "reason", "attempt", "first_attempt",
    "next_try_at", "message_id", "created_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewLetter:
    """One e-mail that a lead is to get, not before a moment. The same `key` is in line once, whoever tries again.

    `values` are the merge values it is written with. A test goes to the address `to`, and nothing comes of its answers.
    """

    key: str
    lead: Addressee | None
    version: EmailVersion
    not_before: datetime
    variant: str = "a"
    values: Mapping[str, Any] = field(default_factory=dict)
    is_test: bool = False
    to: str = ""


def queue(new: Sequence[NewLetter], *, at: datetime) -> dict[str, int]:
    """Put letters in line in one statement; key → id of the letter, also of those that were there before.

    Whether the leads may be written to is asked again when each letter leaves. Belongs in the transaction of its cause.
    """
    host, moment = urlsplit(settings.BASE_URL).hostname or "leadhub", at.isoformat()
    begins = f"{at:%Y%m%d%H%M%S}"  # of every Message-ID, so that its index grows at one end instead of everywhere
    rows = [
        _row(one, f"<{begins}.{secrets.token_hex(12)}@{host}>", moment) for one in sorted(new, key=lambda one: one.key)
    ]
    with transaction.atomic():
        ids: dict[str, int] = dict(insert_new(Letter, COLUMNS, rows, ["key", "id"]))
        if there := [one.key for one in new if one.key not in ids]:
            ids |= dict(Letter.objects.filter(key__in=there).values_list("key", "pk"))
        if any(one.not_before <= at for one in new):
            ring_after_commit(DELIVER)
    return ids


def _row(new: NewLetter, message_id: str, at: str) -> tuple[Any, ...]:
    to = new.to if new.is_test else new.lead.email if new.lead else ""
    return (
        new.key, new.lead.pk if new.lead else None, new.version.pk, new.variant, to, email_domain(to), new.is_test,
        dict(new.values), Letter.State.QUEUED.value, "", 0, 0, new.not_before.isoformat(),
        message_id, at,
    )  # fmt: skip


def call_off(letters: "QuerySet[Letter]", *, why: str, at: datetime) -> list[int]:
    """Do not send those that no sender has handed over yet; `why` is what people read of it. The ids of those that were."""
    still_here = [Letter.State.QUEUED, Letter.State.DEFERRED, Letter.State.LEASED]
    with transaction.atomic():
        held = letters.filter(state__in=still_here).order_by("pk").select_for_update(of=("self",))
        ids = list(held.values_list("pk", flat=True))
        if ids:
            settle(ids, Letter.State.SUPPRESSED, why=why, at=at)
        return ids
