"""BANT as sales found it (R18, R19, R21): each item's answer, evidence and how it was verified."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actor import act_as
from accounts.models import User

from ..gate import ITEMS
from ..refusals import already_closed


class Answer(models.TextChoices):
    """What sales found out about one item."""

    UNKNOWN = "unknown", _("Unknown")
    NO = "no", _("No")
    PARTLY = "partly", _("Partly")
    YES = "yes", _("Yes")


class Verified(models.TextChoices):
    """How it was found out: by talk, or by a thorough form (R18)."""

    NOT = "", _("Not verified")
    CALL = "call", _("Call")
    MEETING = "meeting", _("Meeting")
    EMAIL = "email", _("E-mail")
    FORM = "form", _("Form")


#: What people may write; everything else of the row is kept by the verbs.
FIELDS = (
    *("budget", "budget_amount", "budget_currency", "budget_evidence", "budget_verified"),
    *("authority", "authority_role", "authority_evidence", "authority_verified"),
    *("need", "need_evidence", "need_verified"),
    *("timeline", "timeline_on", "timeline_evidence", "timeline_verified"),
)


class Qualification(models.Model):
    """The four items of one handoff; a draft until the handoff is decided, read only afterwards."""

    Answer, Verified = Answer, Verified

    handoff = models.OneToOneField(
        "handoff.Handoff", primary_key=True, on_delete=models.CASCADE, related_name="qualification"
    )
    budget = models.CharField(_("budget"), max_length=8, choices=Answer.choices, default=Answer.UNKNOWN)
    budget_amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    budget_currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    budget_evidence = models.TextField(_("evidence"), blank=True, default="")
    budget_verified = models.CharField(_("verified by"), max_length=8, choices=Verified.choices, blank=True, default="")
    authority = models.CharField(_("authority"), max_length=8, choices=Answer.choices, default=Answer.UNKNOWN)
    authority_role = models.CharField(_("role in the decision"), max_length=120, blank=True, default="")
    authority_evidence = models.TextField(_("evidence"), blank=True, default="")
    authority_verified = models.CharField(
        _("verified by"), max_length=8, choices=Verified.choices, blank=True, default=""
    )
    need = models.CharField(_("need"), max_length=8, choices=Answer.choices, default=Answer.UNKNOWN)
    need_evidence = models.TextField(_("evidence"), blank=True, default="")
    need_verified = models.CharField(_("verified by"), max_length=8, choices=Verified.choices, blank=True, default="")
    timeline = models.CharField(_("timeline"), max_length=8, choices=Answer.choices, default=Answer.UNKNOWN)
    timeline_on = models.DateField(_("plans to buy on"), null=True, blank=True)
    timeline_evidence = models.TextField(_("evidence"), blank=True, default="")
    timeline_verified = models.CharField(
        _("verified by"), max_length=8, choices=Verified.choices, blank=True, default=""
    )
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            *(
                models.CheckConstraint(
                    name=f"qualification_{item}_known", condition=Q(**{f"{item}__in": Answer.values})
                )
                for item in ITEMS
            ),
            models.CheckConstraint(
                name="qualification_budget_positive", condition=Q(budget_amount=None) | Q(budget_amount__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"BANT {self.known_count}/{len(ITEMS)}"

    @property
    def answers(self) -> dict[str, str]:
        return {item: getattr(self, item) for item in ITEMS}

    @property
    def known_count(self) -> int:
        """How many of the four letters are known."""
        return sum(answer != Answer.UNKNOWN for answer in self.answers.values())

    def buys_in_coming_quarter(self, today: date) -> bool | None:
        """Whether the lead plans to buy by the end of the next calendar quarter (R19); None where no date is known."""
        if self.timeline_on is None:
            return None
        return self.timeline_on < end_of_coming_quarter(today)

    def save_draft(self, answers: Mapping[str, Any], *, by: User, at: datetime) -> None:
        """Keep what is known so far; any subset of `FIELDS`. Raises `AlreadyClosed` once the handoff is decided."""
        unknown = set(answers) - set(FIELDS)
        if unknown:
            raise ValueError(f"No such items: {sorted(unknown)}")
        handoffs = type(self.handoff).objects
        with transaction.atomic():
            act_as(f"user:{by.pk}", at)
            open_one = handoffs.filter(pk=self.handoff_id).open().select_for_update()
            if not open_one.exists():
                raise already_closed(handoffs.with_people().get(pk=self.handoff_id), at)
            for name, value in answers.items():
                setattr(self, name, value)
            self.updated_at, self.updated_by = at, by
            self.save(update_fields=[*answers, "updated_at", "updated_by"])


def end_of_coming_quarter(today: date) -> date:
    """The first day after the calendar quarter that follows today's."""
    quarters = today.year * 4 + (today.month - 1) // 3 + 2
    return date(quarters // 4, quarters % 4 * 3 + 1, 1)
