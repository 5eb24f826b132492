"""What an accepted lead became, and why it was won or lost (R31)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.actor import act_as
from accounts.models import Role, User
from leads.models import Lead
from leads.stages import Stage

from .. import crm, telling
from ..owning import give_lead
from ..refusals import AlreadyClosed, AmountRefused, ReasonRefused, ago, not_in_the_house
from .reason import Reason

#: The most a DecimalField(14, 2) holds.
MOST = Decimal("999999999999.99")


class Ending(models.TextChoices):
    """How an opportunity ended."""

    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class Opportunity(models.Model):
    """One accepted handoff on its way to a deal. `amount` is in `currency`, null until known."""

    handoff = models.OneToOneField("handoff.Handoff", on_delete=models.CASCADE, related_name="opportunity")
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="opportunities", db_index=False)
    opened_at = models.DateTimeField()
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    expected_on = models.DateField(_("expected close"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ending = models.CharField(max_length=4, choices=Ending.choices, blank=True, default="")
    reason = models.ForeignKey(Reason, null=True, on_delete=models.PROTECT, related_name="opportunities")
    reason_text = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ["-opened_at", "-id"]
        verbose_name_plural = "opportunities"
        constraints = [
            models.UniqueConstraint(fields=["lead"], condition=Q(closed_at=None), name="opportunity_one_open"),
            models.CheckConstraint(
                name="opportunity_closed_has_ending",
                condition=Q(closed_at=None, ending="") | Q(closed_at__isnull=False, ending__in=["won", "lost"]),
            ),
            models.CheckConstraint(name="opportunity_amount_positive", condition=Q(amount=None) | Q(amount__gte=0)),
        ]
        indexes = [
            models.Index(fields=["lead", "-opened_at"], name="opportunity_of_lead"),
            models.Index(fields=["closed_at"], name="opportunity_closed"),
        ]

    def __str__(self) -> str:
        return f"{self.ending or 'open'} {self.amount or ''}".strip()

    def plan(self, *, amount: Decimal | None, currency: str, expected_on: date | None, by: User, at: datetime) -> None:
        """What the deal is thought to be worth, and when it should close; while it is open."""
        Worth(amount, currency).check()
        facts = {"amount": amount, "currency": currency if amount is not None else "", "expected_on": expected_on}
        with transaction.atomic():
            act_as(f"user:{by.pk}", at)
            if not Opportunity.objects.filter(pk=self.pk, closed_at=None).update(**facts):
                raise self._already_closed(at)
            self.refresh_from_db()
            crm.tell(crm.CHANGED, [self], at=at)

    def close_won(
        self,
        *,
        amount: Decimal | None,
        by: User,
        at: datetime,
        reason: Reason | None = None,
        text: str = "",
        currency: str = "",
    ) -> None:
        """The deal is made: the lead becomes a customer. `reason`: why they chose us (R31)."""
        if reason and not reason.wins:
            raise ReasonRefused(_t("“%(reason)s” is not why a customer came.") % {"reason": reason})
        self._close(Ending.WON, Why(reason, text), Worth(amount, currency), by=by, at=at)

    def close_lost(
        self,
        *,
        reason: Reason,
        by: User,
        at: datetime,
        text: str = "",
        amount: Decimal | None = None,
        currency: str = "",
    ) -> None:
        """They went: the lead is lost, with the reason (R31)."""
        if not reason.loses:
            raise ReasonRefused(_t("“%(reason)s” is not why an opportunity is lost.") % {"reason": reason})
        self._close(Ending.LOST, Why(reason, text), Worth(amount, currency), by=by, at=at)

    def reassign(self, *, to: User, by: User, at: datetime) -> None:
        """Another seller goes on with it; the lead's owner changes, whoever claimed the handoff stays on record."""
        if not to.holds(Role.SALES_REP, Role.SALES_MANAGER):
            raise not_in_the_house(to)
        with transaction.atomic():
            act_as(f"user:{by.pk}", at)
            Lead.objects.select_for_update().get(pk=self.lead_id)
            if not Opportunity.objects.filter(pk=self.pk, closed_at=None).exists():
                raise self._already_closed(at)
            give_lead(self.lead_id, to, at)
            telling.opportunity_given(self, to, by=by, at=at)

    def _close(self, ending: Ending, why: "Why", worth: "Worth", *, by: User, at: datetime) -> None:
        worth.check()
        why.check()
        known = (
            {"amount": worth.amount, "currency": worth.currency or self.currency} if worth.amount is not None else {}
        )
        facts = {
            "ending": ending,
            "closed_at": at,
            "closed_by": by,
            "reason": why.reason,
            "reason_text": why.text[:500],
        }
        stage = Stage.CUSTOMER if ending == Ending.WON else Stage.LOST
        with transaction.atomic():
            act_as(f"user:{by.pk}", at)
            lead = Lead.objects.select_for_update(of=("self",)).get(pk=self.lead_id)
            if not Opportunity.objects.filter(pk=self.pk, closed_at=None).update(**facts, **known):
                raise self._already_closed(at)
            lead.move(to=stage, at=at, by=by, reason=why.line or ending.label)
            self.refresh_from_db()
            crm.tell(crm.WON if ending == Ending.WON else crm.LOST, [self], at=at)

    def _already_closed(self, now: datetime) -> AlreadyClosed:
        self.refresh_from_db()
        who = self.closed_by.name if self.closed_by else _t("Somebody")
        said = (
            _t("%(name)s closed this as won %(ago)s.")
            if self.ending == Ending.WON
            else _t("%(name)s closed this as lost %(ago)s.")
        )
        return AlreadyClosed(said % {"name": who, "ago": ago(self.closed_at or now, now)})


@dataclass(frozen=True)
class Why:
    """A reason and words."""

    reason: Reason | None
    typed: str

    @property
    def text(self) -> str:
        return self.typed.strip()

    @property
    def line(self) -> str:
        return ": ".join(filter(None, (str(self.reason or ""), self.text)))

    def check(self) -> None:
        if self.reason and self.reason.asks_for_text and not self.text:
            raise ReasonRefused(_t("“%(reason)s” needs a few words.") % {"reason": self.reason})


@dataclass(frozen=True)
class Worth:
    """An amount in a currency; None while unknown."""

    amount: Decimal | None
    currency: str

    def check(self) -> None:
        if self.amount is not None and not 0 <= self.amount <= MOST:
            raise AmountRefused(_t("An amount lies between 0 and 999,999,999,999.99."))
