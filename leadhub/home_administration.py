"""The administrator's home: is the house well, who is in it, and where things are set."""

from datetime import datetime
from typing import Any

from django.db.models import Count

from accounts.models import ApiKey, Role, User
from leads.models import ImportJob, Lead
from outbox.models import Mail
from outbox.sweeper import is_late, last_beat
from scoring.models import Pending

WAITING_AT_MOST = 1_000


def context(_user: User, now: datetime) -> dict[str, Any]:
    """What the administrator's home shows; at most eight queries."""
    mails = dict(Mail.objects.order_by().values_list("state").annotate(count=Count("pk")))
    people = list(User.objects.active())
    return {
        "is_empty": not Lead.objects.exists(),
        "late": is_late(now),
        "beat": last_beat(),
        "waiting": Pending.objects.order_by()[: WAITING_AT_MOST + 1].count(),
        "mails_waiting": mails.get(Mail.State.WAITING, 0),
        "mails_failed": mails.get(Mail.State.FAILED, 0),
        "people_count": len(people),
        "roles": [(role.label, sum(role in person.roles for person in people)) for role in Role],
        "keys": ApiKey.objects.usable(now).count(),
        "imports": list(ImportJob.objects.select_related("created_by").order_by("-id")[:5]),
    }
