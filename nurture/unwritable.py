"""Whom marketing may not write to, and why: asked when letters are planned, and again in the moment one leaves (rule 10)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from leads.bulk import Among
from leads.stages import Stage

from .models import Optout
from .suppressions import suppressed

#: Marketing writes to those it owns: from SQL on sales speaks with them (R16, R24), and whoever is lost or disqualified rests.
MARKETING_STAGES = frozenset({Stage.LEAD, Stage.MARKETING_QUALIFIED})
#: What leads say, or files say of them, when they do not consent; compared in lower case.
NO_CONSENT = frozenset({"withdrawn", "refused", "denied", "revoked", "no", "opt-out", "opted out", "unsubscribed"})


class Addressee(Protocol):
    """What of a lead decides whether it may be written to, and where."""

    pk: int
    email: str
    email_key: str | None
    stage: str
    consent: str
    suppressed_at: datetime | None


class Unwritable(TextChoices):
    """Why a lead gets no letter. The first three come with the address, the others with the person."""

    NO_ADDRESS = "no_address", _("No e-mail address is known")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed from everything")
    BOUNCED = "bounced", _("The address does not take mail")
    COMPLAINED = "complained", _("Complained about mail from us")
    SUPPRESSED = "suppressed", _("Is not to be written to")
    LEFT_MARKETING = "left_marketing", _("No longer with marketing")
    OPTED_OUT = "opted_out", _("Left e-mails on this topic")
    NO_CONSENT = "no_consent", _("Has not consented to e-mails")


def unwritable(leads: Iterable[Addressee], topic: str) -> dict[int, str]:
    """Lead id → an `Unwritable`, for those of the leads that may not be written to about the topic. Two questions for all."""
    known = list(leads)
    hashed = suppressed(lead.email for lead in known)
    optouts = Optout.objects.filter(lead__in=Among(lead.pk for lead in known), topic=topic)
    left = set(optouts.values_list("lead", flat=True))
    reasons = {lead.pk: _reason(lead, hashed.get(lead.email_key or "", ""), lead.pk in left) for lead in known}
    return {pk: reason for pk, reason in reasons.items() if reason}


def _reason(lead: Addressee, why: str, left_topic: bool) -> str:
    if not lead.email_key:
        return Unwritable.NO_ADDRESS
    if why or lead.suppressed_at:
        return why if why in Unwritable.values else Unwritable.SUPPRESSED  # by a person, or erased
    if lead.stage not in MARKETING_STAGES:
        return Unwritable.LEFT_MARKETING
    if left_topic:
        return Unwritable.OPTED_OUT
    return "" if consents(lead) else Unwritable.NO_CONSENT


def consents(lead: Addressee) -> bool:
    """Whether the lead's consent allows e-mails: never once it was withdrawn; said outright where the workspace asks for it."""
    said = lead.consent.strip().lower()
    asked_for = {status.strip().lower() for status in settings.NURTURE_CONSENT}
    return said in asked_for if asked_for else said not in NO_CONSENT
