"""What nobody of a team could take when it came is given once somebody can: hours begin, a leave ends, a place is free (product.md §5)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from accounts.actor import act_as
from leads.models import Lead

from . import dealing, routing
from .house import sellers_at
from .models import Handoff, Holding, Routed, RoutingRule
from .models.queryset import HandoffQuerySet

#: What one transaction gives at most.
BATCH = 500
ACTOR = "system:routing"


def give_waiting(now: datetime) -> int:
    """The sweeper's step: by the rules as they are now, the most urgent first; returns how many were given.

    Safe to run in many places at once. What somebody held meanwhile and put back waits for everybody, as they wished.
    """
    given = 0
    if not RoutingRule.objects.giving().exists():
        return given
    while _left_over().exists() and (teams := _able_teams(now)) and (some := _give_some(teams, now)):
        given += some
        if some < BATCH:
            break
    return given


def _left_over(teams: Collection[int] | None = None) -> HandoffQuerySet:
    """Waiting ones that a rule would have given to somebody (of these teams), had anybody been able to take them; nobody has held them since."""
    newest = Routed.objects.filter(handoff=OuterRef("pk")).order_by("-id")
    held_since = Holding.objects.filter(handoff=OuterRef("pk"), since__gte=OuterRef("asked_at"))
    waiting = Handoff.objects.waiting().alias(
        how=Subquery(newest.values("how")[:1]),
        asked_at=Subquery(newest.values("at")[:1]),
        asked=Subquery(newest.values("rule__team")[:1]),
    )
    left = waiting.filter(~Exists(held_since), how=dealing.NOBODY)
    return left if teams is None else left.filter(asked__in=teams)


def _able_teams(now: datetime) -> set[int]:
    """Teams of which somebody can take a lead at this moment."""
    return {one.team for one in sellers_at(now) if one.team is not None and one.weight and not one.hindrance}


@transaction.atomic
def _give_some(teams: Collection[int], now: datetime) -> int:
    """Leads are locked first, as everywhere; those that somebody else works on at this moment are theirs."""
    act_as(ACTOR, now)
    wanted = _left_over(teams).oldest_first()
    leads = list(wanted.values_list("lead_id", flat=True)[:BATCH])
    free = Lead.objects.filter(pk__in=leads).order_by("pk").select_for_update(skip_locked=True)
    locked = list(free.values_list("pk", flat=True))
    handoffs = list(wanted.filter(lead__in=locked).select_related("move"))
    return len(routing.route(handoffs, at=now, cause=Routed.Cause.ABLE, only_given=True))
