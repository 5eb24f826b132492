"""Queues with what waits in them, and taking one out of use."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from .models import Handoff, Queue, RoutingRule
from .refusals import RoutingRefused


@transaction.atomic
def put_away(queue: Queue, *, at: datetime) -> int:
    """Nothing goes there any more. Raises `RoutingRefused`. Returns how many open handoffs moved to the default queue."""
    Queue.objects.select_for_update().get(pk=queue.pk)
    if queue.is_default:
        raise RoutingRefused(_("This is where leads go that no rule matches; it cannot be removed."))
    if RoutingRule.objects.of_now().filter(queue=queue).exists():
        raise RoutingRefused(_("Rules send leads to “%(queue)s”; change them first.") % {"queue": queue})
    Queue.objects.filter(pk=queue.pk).update(archived_at=at)
    return Handoff.objects.open().filter(queue=queue).update(queue=Queue.objects.default())


def with_waiting() -> list[tuple[Queue, int]]:
    """The queues in use, each with how many handoffs wait there; those of no queue wait in the default one. Three queries."""
    waits = Q(handoffs__closed_at=None, handoffs__claimed_by=None)
    rows = Queue.objects.in_use().prefetch_related("teams").annotate(n=Count("handoffs", filter=waits, distinct=True))
    elsewhere = Handoff.objects.waiting().filter(queue=None).count()
    return [(queue, queue.n + (elsewhere if queue.is_default else 0)) for queue in rows]
