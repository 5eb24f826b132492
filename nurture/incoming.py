"""What comes back by mail: replies, out-of-office notes, reports of what could not be delivered, complaints (R24)."""

import email
import email.policy
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr

from django.utils.translation import gettext as _

from accounts.addresses import email_key

from .hits import answer
from .leaving import Why, leave_everything
from .models import Hit, Letter
from .verdicts import Seen

#: A mail longer than this is read no further; what matters stands in its head.
MOST_BYTES = 5_000_000
#: A reply without a trace of what it answers belongs to the last letter of so many days.
LATELY = timedelta(days=60)
_ID = re.compile(r"<[^<>\s]{3,198}>")
_FAILED = re.compile(r"^Action:\s*failed", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"^Status:\s*(\d\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class TakenMail:
    """What an incoming mail was: `kind` blank where it answers no letter of ours."""

    kind: str
    letter: Letter | None = None


def take_mail(raw: bytes, *, at: datetime) -> TakenMail:
    """Note one incoming mail, once however often it comes. Anything that can be parsed at all is taken; nothing is kept of it."""
    message = email.message_from_bytes(raw[:MOST_BYTES], policy=email.policy.compat32)
    letter = _letter_of(raw[:MOST_BYTES], message, at)
    if letter is None:
        return TakenMail("")
    report = (
        str(message.get_param("report-type") or "").lower() if message.get_content_type() == "multipart/report" else ""
    )
    if report == "delivery-status":
        return TakenMail(_take_report(letter, raw.decode("utf-8", "replace"), at), letter)
    if report == "feedback-report":
        leave_everything(letter, Why.COMPLAINED, at=at)
        return TakenMail(Hit.Kind.COMPLAINT, letter)
    why = _("An automatic answer.") if _is_automatic(message) else ""
    said = _text(message, "Message-ID") or raw.decode("utf-8", "replace")
    answer(
        letter, Seen(Hit.Kind.REPLY, at, user_agent="mail"), key=hashlib.sha256(said.encode()).hexdigest()[:40], why=why
    )
    return TakenMail(Hit.Kind.REPLY, letter)


def _take_report(letter: Letter, text: str, at: datetime) -> str:
    """An address that is refused for good is left alone from now on; what is only late or full changes nothing."""
    status = _STATUS.search(text)
    if not _FAILED.search(text) or not status or not status.group(1).startswith("5.1."):
        return ""
    leave_everything(letter, Why.BOUNCED, at=at, words=status.group(1))
    return Hit.Kind.BOUNCE


def _letter_of(raw: bytes, message: "EmailMessage | email.message.Message", at: datetime) -> Letter | None:
    """The letter that the mail names; a reply that names none is about the last one to whoever wrote it."""
    named = _ID.findall(f"{_text(message, 'In-Reply-To')} {_text(message, 'References')}")[-50:]
    if message.get_content_type() == "multipart/report":  # the letter itself, or its head, is inside
        named += _ID.findall(raw.decode("utf-8", "replace"))[:50]
    rows = Letter.objects.select_related("lead", "version__email").exclude(lead=None)
    if found := rows.filter(message_id__in=named).first():
        return found
    sender = email_key(parseaddr(_text(message, "From"))[1])
    if not sender or message.get_content_type() == "multipart/report":
        return None
    mine = rows.filter(lead__email_key=sender, handed_at__gte=at - LATELY, is_test=False)
    return mine.order_by("-handed_at").first()


def _is_automatic(message: "EmailMessage | email.message.Message") -> bool:
    said = _text(message, "Auto-Submitted").lower()
    return (bool(said) and not said.startswith("no")) or _text(message, "Precedence").lower() in (
        "auto_reply",
        "bulk",
        "junk",
    )


def _text(message: "EmailMessage | email.message.Message", header: str) -> str:
    """A header as text without anything that could not be kept."""
    return str(message.get(header, "")).replace("\x00", "").encode("utf-8", "replace").decode()[:4_000]
