"""Taking a queue out of use: what waits there goes to the default queue."""

from datetime import datetime

from django.db import transaction
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
