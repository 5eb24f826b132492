"""Handoffs, named by what the rows are, and the verb that takes the most urgent of them."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import Case, Exists, ExpressionWrapper, F, OuterRef, Q, Value, When
from django.utils.translation import gettext as _t

from accounts.actor import act_as
from accounts.models import Role, User
from leads.models import Lead

from .. import telling
from ..owning import give_leads
from ..permissions import sees_every_handoff
from ..refusals import AlreadyClaimed, AlreadyClosed, NothingToClaim
from ..schedule import RELEASE
from .queue import Queue
from .reminder import Reminder

if TYPE_CHECKING:
    from .handoff import Handoff

#: Who is told within so long of the moment is told in time (quality.md R3).
IN_TIME = timedelta(minutes=1)


class HandoffQuerySet(models.QuerySet["Handoff"]):
    """Handoffs, named by what the rows are."""

    def visible_to(self, user: User) -> Self:
        """Marketing, analysts and administrators know of all; a rep of the own and what waits in their queues; a sales manager of the team's."""
        if sees_every_handoff(user):
            return self
        seen = Q(pk=None)
        waits_for_them = Q(claimed_by=None, closed_at=None) & _in_queues_of(user)
        if user.holds(Role.SALES_REP):
            seen |= Q(claimed_by=user) | waits_for_them | Q(lead__owner=user, outcome="accepted")
        if user.holds(Role.SALES_MANAGER):
            if user.team_id is None:
                return self
            seen |= waits_for_them | Q(claimed_by=None, closed_at__isnull=False) | Q(claimed_by__team=user.team_id)
        return self.filter(seen)

    def claimable_by(self, user: User) -> Self:
        """Those that wait in a queue the person may claim from."""
        return self.waiting().filter(_in_queues_of(user))

    def offered_to(self, user: User) -> Self:
        """What the person may have seen waiting a moment ago, taken by somebody since or not: who loses a claim is told to whom."""
        open_for_them = Q(closed_at=None) & _in_queues_of(user)
        return self.filter(Q(pk__in=self.visible_to(user).values("pk")) | open_for_them)

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def waiting(self) -> Self:
        """Open and claimed by nobody."""
        return self.open().filter(claimed_by=None)

    def claimed(self) -> Self:
        """Open and held by somebody."""
        return self.open().filter(claimed_by__isnull=False)

    def mine(self, user: User) -> Self:
        """Open and held by this person."""
        return self.open().filter(claimed_by=user)

    def of_lead(self, lead: Lead) -> Self:
        """All of one lead, the newest offer first."""
        return self.filter(lead=lead).order_by("-offered_at", "-id")

    def held_by_others(self, user: User) -> Self:
        return self.exclude(claimed_by=user)

    def scored(self) -> Self:
        return self.filter(lead__score__isnull=False)

    def unscored(self) -> Self:
        return self.filter(lead__score__isnull=True)

    def running(self) -> Self:
        """Open, and nobody has followed up: the clock runs."""
        return self.open().filter(first_follow_up_at=None)

    def followed_up(self) -> Self:
        """Open, and somebody has followed up: a decision is left."""
        return self.open().exclude(first_follow_up_at=None)

    def overdue(self, now: datetime) -> Self:
        return self.running().filter(due_at__lt=now)

    def to_remind(self, now: datetime) -> Self:
        """Those a sweep has to look at, the longest due first; a constraint says that only running clocks have a `remind_at`."""
        return (
            self.filter(remind_at__lte=now)
            .select_related("lead", "claimed_by", "sla_policy")
            .order_by("remind_at", "id")
        )

    def just_due(self, now: datetime) -> Self:
        """Of those to remind the ones whose moment came within the last minute: they can still be told in time."""
        return self.to_remind(now).filter(remind_at__gt=now - IN_TIME)

    def long_due(self, now: datetime) -> Self:
        """Of those to remind the ones that waited for longer, as after an outage."""
        return self.to_remind(now).filter(remind_at__lte=now - IN_TIME)

    def holders(self) -> "models.QuerySet[Any, int | None]":
        """Who holds each, in this order."""
        return self.values_list("claimed_by", flat=True)

    def said_no(self) -> Self:
        """Those sales did not want: sent back or disqualified."""
        return self.filter(outcome__in=["sent_back", "disqualified"])

    def to_come_back(self, day: date) -> Self:
        """Sent back until a day that has come, and nobody was told yet."""
        rows = self.filter(outcome="sent_back", return_on__lte=day, came_back=None)
        return rows.select_related("lead", "offered_by").order_by("return_on", "id")

    def to_release(self, now: datetime) -> Self:
        """Held and late for longer than the policy bears, and not put back for it before."""
        bears = ExpressionWrapper(F("sla_policy__release_after") * timedelta(minutes=1), models.DurationField())
        patience_ends = ExpressionWrapper(F("due_at") + bears, models.DateTimeField())
        back = Reminder.objects.filter(handoff=OuterRef("pk"), kind=RELEASE, due_at__gte=OuterRef("due_at"))
        held = self.running().claimed().filter(due_at__lte=now, sla_policy__release_after__isnull=False)
        return (
            held.alias(patience_ends=patience_ends)
            .filter(~Exists(back), patience_ends__lte=now)
            .order_by("due_at", "id")
        )

    def most_urgent_first(self) -> Self:
        """Running clocks by due time, then those followed up: by the day of their next step, and last those without one."""
        followed = Case(When(first_follow_up_at=None, then=Value(0)), default=Value(1))
        return self.order_by(followed, F("next_on").asc(nulls_last=True), "due_at", "id")

    def overseen_by(self, manager: User) -> Self:
        """What a sales manager answers for: what nobody holds and what the team does, without a team everything."""
        if manager.team_id is None:
            return self
        return self.filter((Q(claimed_by=None) & _in_queues_of(manager)) | Q(claimed_by__team=manager.team_id))

    def oldest_first(self) -> Self:
        return self.order_by("due_at", "id")

    def best_first(self) -> Self:
        """By score, highest first; leads that were never scored last."""
        return self.order_by(F("lead__score__total").desc(nulls_last=True), "-lead_id")

    def with_holder(self) -> Self:
        return self.select_related("claimed_by")

    def with_people(self) -> Self:
        return self.select_related("claimed_by", "closed_by", "offered_by")

    def for_rows(self) -> Self:
        """All that a row or a panel shows, in one query."""
        return self.select_related(
            "lead__company",
            "lead__score",
            "claimed_by",
            "closed_by",
            "offered_by",
            "reason",
            "move",
            "qualification",
            "sla_policy",
        )

    def pass_on(self, *, to: User | None, by: User, at: datetime) -> int:
        """Give those that are open to one seller, or with None back to everybody; how many changed hands. Clocks run on.

        Leads are locked in order of id, then all change by one statement; who gains and who loses is told once for the set.
        """
        with transaction.atomic():
            act_as(f"user:{by.pk}", at)
            leads = list(self.open().values_list("lead_id", flat=True))
            list(Lead.objects.select_for_update().filter(pk__in=leads).order_by("pk").values_list("pk"))
            others = self.exclude(claimed_by=None) if to is None else self.exclude(claimed_by=to)
            moved = list(others.open().filter(lead__in=leads).select_related("lead", "claimed_by"))
            self.model._base_manager.filter(pk__in=[one.pk for one in moved]).update(
                claimed_by=to, claimed_at=at if to else None, is_given=to not in (None, by)
            )
            give_leads([one.lead_id for one in moved], to, at)
            telling.passed_on(moved, to, by=by, at=at)
        return len(moved)

    def claim_next(self, *, by: User, at: datetime) -> "Handoff":
        """Take the most urgent one this person may take; others who press at the same moment get the ones after it.

        Raises `NothingToClaim`. The lead's row is what is skipped when locked, as verbs lock leads before handoffs.
        """
        while True:
            with transaction.atomic():
                found = (
                    self.visible_to(by)
                    .claimable_by(by)
                    .oldest_first()
                    .select_related("lead")
                    .select_for_update(of=("lead",), skip_locked=True)
                    .first()
                )
                if found is None:
                    raise NothingToClaim(_t("Nothing waits to be claimed right now."))
                try:
                    found.claim(by=by, at=at)
                except (AlreadyClaimed, AlreadyClosed):  # settled between our snapshot and the lock: look again
                    continue
                return found


def _in_queues_of(user: User) -> Q:
    """Of everybody's queues and the own team's; a handoff without a queue is the default queue's."""
    return Q(queue=None) | Q(queue__in=Queue.objects.claimable_by(user).order_by().values("pk"))
