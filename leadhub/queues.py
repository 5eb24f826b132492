"""What waits in LeadHub and for how long, for the workspace page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, QuerySet
from django.utils.translation import gettext_lazy as _

from leads.models import ImportJob
from outbox.models import HookMessage, Mail
from scoring.models import Pending

#: Work older than this is a fault, not a queue (quality.md §3.9).
LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class Queue:
    """One kind of waiting work: how many, since when the oldest waits (None where that is not kept)."""

    label: Any
    waiting: int
    oldest: datetime | None
    late: bool
    url_name: str = ""


def queues(now: datetime) -> Iterator[Queue]:
    yield _aged(_("Mails to send"), Mail.objects.due(now), "next_try_at", now)
    failed = Mail.objects.filter(state=Mail.State.FAILED).count()
    yield Queue(_("Mails that failed for good"), failed, None, late=failed > 0)
    yield _aged(_("Messages to other programs"), HookMessage.objects.due(now), "next_try_at", now)
    refused = HookMessage.objects.filter(state=HookMessage.State.FAILED).count()
    yield Queue(_("Messages that failed for good"), refused, None, late=refused > 0)
    waiting = ImportJob.objects.filter(state__in=[ImportJob.State.QUEUED, ImportJob.State.RUNNING])
    yield _aged(_("Imports at work"), waiting, "created_at", now, patience=timedelta(hours=1))
    yield Queue(_("Leads and activities to score"), Pending.objects.count(), None, late=False)


def _aged(label: Any, rows: "QuerySet[Any]", moment: str, now: datetime, *, patience: timedelta = LATE) -> Queue:
    oldest = rows.aggregate(oldest=Min(moment))["oldest"]
    return Queue(label, rows.count(), oldest, late=oldest is not None and oldest < now - patience)
