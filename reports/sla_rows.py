"""Each handoff's standing against its deadline: the one definition that every SLA figure and list uses (R17)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Case, F, IntegerChoices, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from handoff.models import Handoff
from handoff.models.queryset import HandoffQuerySet

from .periods import Period


class Standing(IntegerChoices):
    """Where a handoff stands against the deadline of its first follow-up. Only a logged contact counts, never a status."""

    MET = 0, _("Met")
    LATE = 1, _("Late but done")
    OVERDUE = 2, _("Overdue and untouched")
    MISSED = 3, _("Closed late, untouched")
    RUNNING = 4, _("Still running")
    SET_ASIDE = 5, _("Closed in time, untouched")

    @property
    def key(self) -> str:
        """Its name in addresses and figures."""
        return self.name.lower()


#: What each standing means, in the words of the report.
DEFINITIONS = {
    Standing.MET: _("A call, meeting or e-mail to the lead was logged by the deadline."),
    Standing.LATE: _("The first call, meeting or e-mail was logged after the deadline."),
    Standing.OVERDUE: _("Open, the deadline has passed, and nothing was logged."),
    Standing.MISSED: _("Closed after the deadline without anything logged."),
    Standing.RUNNING: _("Open, nothing logged yet, and the deadline lies ahead: neither met nor missed."),
    Standing.SET_ASIDE: _("Closed before the deadline without anything logged, for example bad data: not counted."),
}
#: The standings that SLA met % is a share of.
DECIDED = (Standing.MET, Standing.LATE, Standing.OVERDUE, Standing.MISSED)


def with_standing(handoffs: "QuerySet[Handoff]", now: datetime) -> "QuerySet[Handoff]":
    """The handoffs, each with its `standing` as of `now`."""
    untouched = Q(first_follow_up_at=None)
    return handoffs.annotate(
        standing=Case(
            When(first_follow_up_at__lte=F("due_at"), then=Value(Standing.MET.value)),
            When(~untouched, then=Value(Standing.LATE.value)),
            When(closed_at=None, due_at__lt=now, then=Value(Standing.OVERDUE.value)),
            When(closed_at=None, then=Value(Standing.RUNNING.value)),
            When(closed_at__gt=F("due_at"), then=Value(Standing.MISSED.value)),
            default=Value(Standing.SET_ASIDE.value),
        )
    )


def offered_in(period: Period, zone: ZoneInfo) -> HandoffQuerySet:
    """The handoffs offered to sales in the period; every figure of the SLA report is about these."""
    begin, end = period.bounds(zone)
    return Handoff.objects.filter(offered_at__gte=begin, offered_at__lt=end)
