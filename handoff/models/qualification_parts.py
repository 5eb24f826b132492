"""What every item of a qualification is made of: an answer, evidence in words, and how it was verified (R18)."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..gate import ITEMS


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


#: What is asked beside the answer; money and time are one fact, whichever framework shows them.
_EXTRAS = {
    "budget": ("budget_amount", "budget_currency"),
    "authority": ("authority_role",),
    "timeline": ("timeline_on",),
    "economic_buyer": ("budget_amount", "budget_currency"),
    "decision_process": ("timeline_on",),
}


def extras_of(item: str) -> tuple[str, ...]:
    """The further fields of an item."""
    return _EXTRAS.get(item, ())


def fields_of(item: str) -> tuple[str, ...]:
    """Every field that belongs to an item."""
    return (item, *extras_of(item), f"{item}_evidence", f"{item}_verified")


#: What people may write; everything else of the row is kept by the verbs.
FIELDS = tuple(dict.fromkeys(field for item in ITEMS for field in fields_of(item)))


def answer(label: Any) -> Any:
    return models.CharField(label, max_length=8, choices=Answer.choices, default=Answer.UNKNOWN)


def evidence() -> Any:
    return models.TextField(_("evidence"), blank=True, default="")


def verified() -> Any:
    return models.CharField(_("verified by"), max_length=8, choices=Verified.choices, blank=True, default="")


class Bant(models.Model):
    """Budget, authority, need, timeline."""

    budget = answer(_("budget"))
    budget_amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    budget_currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    budget_evidence, budget_verified = evidence(), verified()
    authority = answer(_("authority"))
    authority_role = models.CharField(_("role in the decision"), max_length=120, blank=True, default="")
    authority_evidence, authority_verified = evidence(), verified()
    need = answer(_("need"))
    need_evidence, need_verified = evidence(), verified()
    timeline = answer(_("timeline"))
    timeline_on = models.DateField(_("plans to buy on"), null=True, blank=True)
    timeline_evidence, timeline_verified = evidence(), verified()

    class Meta:
        abstract = True


class Meddic(models.Model):
    """Metrics, economic buyer, decision criteria, decision process, identify pain, champion."""

    metrics = answer(_("metrics"))
    metrics_evidence, metrics_verified = evidence(), verified()
    economic_buyer = answer(_("economic buyer"))
    economic_buyer_evidence, economic_buyer_verified = evidence(), verified()
    decision_criteria = answer(_("decision criteria"))
    decision_criteria_evidence, decision_criteria_verified = evidence(), verified()
    decision_process = answer(_("decision process"))
    decision_process_evidence, decision_process_verified = evidence(), verified()
    identify_pain = answer(_("pain"))
    identify_pain_evidence, identify_pain_verified = evidence(), verified()
    champion = answer(_("champion"))
    champion_evidence, champion_verified = evidence(), verified()

    class Meta:
        abstract = True
