"""The handoff: one offer of one SQL to sales, and the verbs that carry it (R16, R17, R22; product.md §5)."""

import uuid
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from leads.models import Lead, StageMove
from leads.stages import Stage
from scoring.days import end_of, workspace_day

from .. import contacts, crm, telling, words
from ..contacts import Contact
from ..gate import Missing
from ..owning import acting, give_lead
from ..refusals import (
    AlreadyClosed,
    GateNotMet,
    HandoffRefused,
    NotClaimed,
    already_claimed,
    already_closed,
    not_in_the_house,
)
from .follow_up import FollowUp
from .opportunity import Opportunity
from .qualification_rules import QualificationRules
from .queryset import HandoffQuerySet
from .queue import Queue
from .reason import Reason
from .sla_policy import SlaPolicy

#: All that the SLA report reads (P11).
SLA_FACTS = ("due_at", "first_follow_up_at", "closed_at", "claimed_at", "claimed_by", "is_given", "outcome", "source")


class Outcome(models.TextChoices):
    """How a handoff ended."""

    ACCEPTED = "accepted", _("Accepted")
    SENT_BACK = "sent_back", _("Sent back")
    DISQUALIFIED = "disqualified", _("Disqualified")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Handoff(models.Model):
    """One offer of one SQL to sales; at most one open per lead (R16). All times UTC; `due_at` is the follow-up's (R17).
    `clock_from` to `due_at` is what the clock shows. `remind_at` is when a sweep looks at it next; null once nobody needs reminding. Verbs lock the lead's row first and
    then change the handoff by one conditional UPDATE, in the order in which moves of stage do it.
    """

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="handoffs", db_index=False)
    move = models.OneToOneField(StageMove, on_delete=models.PROTECT, related_name="handoff")
    cycle = models.PositiveSmallIntegerField()
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.TextField(_("note for sales"), blank=True, default="")
    brief = models.JSONField(default=dict)
    source = models.CharField(max_length=80, blank=True, default="", editable=False)  # where the lead was from, as then
    clock_from = models.DateTimeField()  # the offer, or when the clock was restarted since its holder left the house
    due_at = models.DateTimeField()
    sla_policy = models.ForeignKey(SlaPolicy, on_delete=models.PROTECT, related_name="handoffs")
    promise = models.JSONField(default=dict)  # what the policy said then: due_at explains itself
    remind_at = models.DateTimeField(null=True)
    queue = models.ForeignKey(Queue, null=True, on_delete=models.SET_NULL, related_name="handoffs", db_index=False)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="handoffs", db_index=False
    )
    claimed_at = models.DateTimeField(null=True)
    is_given = models.BooleanField(
        db_default=False, editable=False
    )  # its holder did not claim it: rules or a manager gave it
    first_follow_up_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, default="")
    reason = models.ForeignKey(Reason, null=True, on_delete=models.PROTECT, related_name="handoffs")
    reason_text = models.CharField(max_length=500, blank=True, default="")
    return_on = models.DateField(null=True)
    next_step = models.CharField(max_length=200, blank=True, default="")  # as the latest follow-up said
    next_on = models.DateField(null=True)
    changed_in = models.BigIntegerField(
        editable=False, db_default=0
    )  # the transaction that last changed what lists show

    objects = HandoffQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["lead"], condition=Q(closed_at=None), name="handoff_one_open"),
            models.CheckConstraint(
                name="handoff_claim_whole", condition=Q(claimed_by=None, claimed_at=None) | Q(claimed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="handoff_closed_has_outcome",
                condition=Q(closed_at=None, outcome="") | Q(closed_at__isnull=False, outcome__in=Outcome.values),
            ),
            models.CheckConstraint(
                name="handoff_due_after_offer",
                condition=Q(due_at__gte=F("clock_from"), clock_from__gte=F("offered_at")),
            ),
            models.CheckConstraint(
                name="handoff_quiet_when_done", condition=Q(remind_at=None) | Q(closed_at=None, first_follow_up_at=None)
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(closed_at=None, claimed_by=None), name="handoff_waiting"),
            models.Index(fields=["claimed_by", "due_at", "id"], condition=Q(closed_at=None), name="handoff_mine"),
            models.Index(fields=["remind_at", "id"], condition=Q(remind_at__isnull=False), name="handoff_to_remind"),
            models.Index(fields=["queue"], condition=Q(closed_at=None), name="handoff_in_queue"),
            models.Index(fields=["offered_at"], include=SLA_FACTS, name="handoff_offered"),
            models.Index(fields=["return_on"], condition=Q(return_on__isnull=False), name="handoff_returns"),
            models.Index(fields=["lead", "-offered_at"], name="handoff_of_lead"),
            models.Index(fields=["changed_in"], name="handoff_changed"),
            models.Index(fields=["source"], name="handoff_by_source"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_waiting(self) -> bool:
        return self.closed_at is None and self.claimed_by_id is None

    @property
    def is_running(self) -> bool:
        """Whether its clock still runs: open, and nobody has followed up."""
        return self.closed_at is None and self.first_follow_up_at is None

    @property
    def takes_contacts(self) -> bool:
        """Whether contacts may be logged: somebody holds it, or it was accepted and they go on calling."""
        return self.claimed_by_id is not None and (self.closed_at is None or self.outcome == Outcome.ACCEPTED)

    # --- Who holds it ---------------------------------------------------------------------------------------------
    def claim(self, *, by: User, at: datetime) -> None:
        """Take it, and with it the lead. Raises `AlreadyClaimed` naming the winner; claiming what one holds is nothing."""
        with self._acting(by, at):
            if not self._myself().waiting().update(claimed_by=by, claimed_at=at, is_given=False):
                self._now()
                if self.closed_at:
                    raise already_closed(self, at)
                if self.claimed_by_id != by.pk:
                    raise already_claimed(self, at)
            give_lead(self.lead_id, by, at)
        self.refresh_from_db()

    def release(self, *, by: User, at: datetime) -> None:
        """Put it back for everybody to claim. The clock goes on running."""
        with self._acting(by, at):
            held = self._now().claimed_by
            if not self._myself().claimed().update(claimed_by=None, claimed_at=None):
                raise self.not_workable(at)
            give_lead(self.lead_id, None, at)
            telling.released(self, held, by=by, at=at)
        self.refresh_from_db()

    def reassign(self, *, to: User, by: User, at: datetime) -> None:
        """Give it to another seller, who is told; also straight from the queue. The clock goes on running."""
        if not to.holds(Role.SALES_REP, Role.SALES_MANAGER):
            raise not_in_the_house(to)
        with self._acting(by, at):
            held = self._now().claimed_by
            if not self._myself().open().exclude(claimed_by=to).update(claimed_by=to, claimed_at=at, is_given=to != by):
                raise already_closed(self, at) if self.closed_at else already_claimed(self, at)
            give_lead(self.lead_id, to, at)
            telling.reassigned(self, held, to, by=by, at=at)
        self.refresh_from_db()

    # --- Work -----------------------------------------------------------------------------------------------------
    def log_follow_up(  # noqa: PLR0913 - a contact has that many sides; half of them have a default
        self, *, kind: str, result: str, at: datetime, by: User, notes: str = "", recorded_at: datetime | None = None,
        token: uuid.UUID | None = None, next_step: str = "", next_on: date | None = None,
    ) -> FollowUp:  # fmt: skip
        """Log a contact that happened `at`; the first stops the clock (R17, R20). The same `token` twice is one follow-up.

        What comes next, and on which day, is what the latest recorded one said.
        Raises `NotClaimed`, `AlreadyClosed` (unless accepted: sellers go on calling), `MomentRefused`.
        """
        recorded_at = recorded_at or at
        with self._acting(by, recorded_at):
            if token and (known := FollowUp.objects.filter(token=token, handoff=self).first()):
                return known
            self.refresh_from_db()
            contact = Contact(self, kind, result, at, by, recorded_at, notes, next_step, next_on, token or uuid.uuid4())
            if refusal := contact.refusal():
                raise refusal
            return contacts.write([contact])[0]

    def rules(self) -> QualificationRules:
        """The framework and the gate that its holder's team works by."""
        return QualificationRules.objects.of(self)

    def missing_for_acceptance(self, rules: QualificationRules | None = None) -> list[Missing]:
        """What still stands between this lead and acceptance by the gate (R21); empty: nothing."""
        followed_up = self.first_follow_up_at is not None
        return (rules or self.rules()).gate.missing(self.qualification.answers, followed_up=followed_up)

    # --- Decision -------------------------------------------------------------------------------------------------
    def accept(self, *, by: User, at: datetime) -> Opportunity:
        """Sales confirms the lead: SQL → Opportunity. Raises `GateNotMet` with what is missing in words."""
        with self._acting(by, at) as lead:
            self.refresh_from_db()
            if self.is_open and (missing := self.missing_for_acceptance()):
                raise GateNotMet(words.missing_sentence(missing))
            self._close(Outcome.ACCEPTED, by=by, at=at)
            found = self.qualification
            opportunity = Opportunity.objects.create(
                handoff=self, lead=lead, opened_at=at, amount=found.budget_amount, currency=found.budget_currency,
                expected_on=found.timeline_on,
            )  # fmt: skip
            lead.move(to=Stage.OPPORTUNITY, at=at, by=by)
            telling.decided(self, by=by, at=at)
            crm.tell(crm.OPENED, [opportunity], at=at)
        return opportunity

    def send_back(
        self, *, reason: Reason, by: User, at: datetime, text: str = "", return_on: date | None = None,
        to: Stage = Stage.MARKETING_QUALIFIED,
    ) -> None:  # fmt: skip
        """Back to marketing with a reason: a new cycle, and no automatic SQL before the date, or the reason's days of rest."""
        words.check_reason(
            self, reason, fits=reason.sends_back, text=text, return_on=return_on, today=workspace_day(at)
        )
        with self._acting(by, at) as lead:
            self._close(
                Outcome.SENT_BACK, by=by, at=at, reason=reason, reason_text=text.strip()[:500], return_on=return_on
            )
            until = end_of(return_on - timedelta(days=1)) if return_on else at + timedelta(days=reason.rest_days)
            Lead.objects.filter(pk=lead.pk).update(cooling_until=until)
            move = lead.move(to=to, at=at, by=by, reason=words.reason_line(reason, text))
            reason.cut(move, at=at)
            telling.decided(self, by=by, at=at)

    def disqualify(self, *, reason: Reason, by: User, at: datetime, text: str = "") -> None:
        """Nothing for us, with a reason: SQL → Disqualified."""
        words.check_reason(self, reason, fits=reason.disqualifies, text=text, return_on=None, today=None)
        with self._acting(by, at) as lead:
            self._close(Outcome.DISQUALIFIED, by=by, at=at, reason=reason, reason_text=text.strip()[:500])
            lead.move(to=Stage.DISQUALIFIED, at=at, by=by, reason=words.reason_line(reason, text))
            telling.decided(self, by=by, at=at)

    def close_won(
        self, *, amount: Decimal | None, by: User, at: datetime, reason: Reason | None = None, text: str = ""
    ) -> None:
        """The opportunity of this handoff is won (R31)."""
        self.opportunity_now().close_won(amount=amount, by=by, at=at, reason=reason, text=text)

    def close_lost(self, *, reason: Reason, by: User, at: datetime, text: str = "") -> None:
        """The opportunity of this handoff is lost (R31)."""
        self.opportunity_now().close_lost(reason=reason, by=by, at=at, text=text)

    # --- How ------------------------------------------------------------------------------------------------------
    def _acting(self, by: User, at: datetime) -> AbstractContextManager[Lead]:
        """A transaction in which `by` acts and the lead's row is locked before anything of the handoff."""
        return acting(self, by, at)

    def _myself(self) -> HandoffQuerySet:
        return Handoff.objects.filter(pk=self.pk)

    def _now(self) -> "Handoff":
        """This handoff as the database has it, with the people who hold or closed it."""
        self.refresh_from_db(from_queryset=Handoff.objects.with_people())
        return self

    def _close(self, outcome: Outcome, **facts: Any) -> None:
        by, at = facts.pop("by"), facts.pop("at")
        closed = {"closed_at": at, "closed_by": by, "outcome": outcome, "remind_at": None} | facts
        if not self._myself().claimed().update(**closed):
            raise self.not_workable(at)
        for name, value in closed.items():  # as the database has it now: others wait for the lead's row
            setattr(self, name, value)

    def not_workable(self, at: datetime) -> HandoffRefused:
        """Why nobody can work on it: it is closed, or nobody holds it."""
        self._now()
        return already_closed(self, at) if self.closed_at else NotClaimed(_t("Claim this handoff first."))

    def opportunity_now(self) -> Opportunity:
        """The opportunity it became; raises `AlreadyClosed` where it was not accepted."""
        found = Opportunity.objects.filter(handoff=self).first()
        if not found:
            raise AlreadyClosed(_t("This handoff was not accepted, so there is no opportunity to close."))
        return found
