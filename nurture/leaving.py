"""Leaving: everything or one topic, by a click, a bounce or a complaint; from then on nothing more leaves (quality.md D6, D7)."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from leads.models import Lead

from .letters import call_off
from .models import Email, EndReason, Hit, Letter, Optout, Suppression
from .stopping import stop_leads
from .suppressions import lift, suppress

Why = Suppression.Why
_KINDS = {Why.UNSUBSCRIBED: Hit.Kind.UNSUBSCRIBE, Why.BOUNCED: Hit.Kind.BOUNCE, Why.COMPLAINED: Hit.Kind.COMPLAINT}


def leave_everything(letter: Letter, why: Suppression.Why, *, at: datetime, words: str = "") -> None:
    """Never write to the letter's reader again, at the address it went to and the one they have now. Twice is once.

    The lead is held first, then its ways through programs, then its letters, as everybody does.
    """
    if letter.is_test:
        return
    with transaction.atomic():
        hold(letter.lead_id)
        suppress([letter.to, letter.lead.email if letter.lead else ""], why=why, at=at)
        if not Hit.objects.filter(letter=letter, kind=_KINDS[why]).exists():
            Hit.objects.create(letter=letter, kind=_KINDS[why], at=at, why=words[:200])
        _stop(letter.lead_id, why, at)


def stop_writing(lead: Lead, *, at: datetime) -> None:
    """Never write to this person again, because somebody of the house says so."""
    with transaction.atomic():
        hold(lead.pk)
        suppress([lead.email], why=Why.PERSON, at=at)
        _stop(lead.pk, Why.PERSON, at)


def write_again(lead: Lead) -> bool:
    """Take the person's address off the list of those never written to, whatever put it there; whether it was on it."""
    with transaction.atomic():
        hold(lead.pk)
        was_held = Lead.objects.filter(pk=lead.pk).exclude(suppressed_at=None).update(suppressed_at=None)
        return lift(lead.email) or bool(was_held)


def _stop(lead: int | None, why: Suppression.Why, at: datetime) -> None:
    if lead:
        stop_leads([lead], EndReason(why.value if why.value in EndReason.values else EndReason.SUPPRESSED), at=at)
    call_off(Letter.objects.filter(lead=lead, is_test=False), why=str(why.label), at=at)


def hold(lead: int | None) -> None:
    """Hold the lead's row until the transaction ends, as whoever moves or merges it does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM leads_lead WHERE id = %s FOR NO KEY UPDATE", [lead])


def topics_of(lead: Lead) -> list[str]:
    """The topics on which this lead was ever written to, or could be asked about: each only once, by name."""
    about = Email.objects.filter(versions__letters__lead=lead).exclude(topic="")
    return sorted(set(about.order_by().values_list("topic", flat=True)))


def left_topics(lead: Lead) -> set[str]:
    return set(Optout.objects.filter(lead=lead).values_list("topic", flat=True))


def choose_topics(letter: Letter, lead: Lead, kept: Collection[str], *, at: datetime) -> None:
    """Keep these topics and leave the others of the lead's; who had left everything by choice is written to again."""
    if letter.is_test:
        return
    with transaction.atomic():
        hold(lead.pk)
        topics = topics_of(lead)
        gone = [topic for topic in topics if topic not in kept]
        Optout.objects.bulk_create([Optout(lead=lead, topic=topic, at=at) for topic in gone], ignore_conflicts=True)
        Optout.objects.filter(lead=lead, topic__in=set(topics) - set(gone)).delete()
        lift(lead.email, only=[Why.UNSUBSCRIBED])
        left = Letter.objects.filter(lead=lead, is_test=False, version__email__topic__in=gone)
        call_off(left, why=_("Left e-mails on this topic"), at=at)
