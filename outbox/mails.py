"""Deciding a mail: a row in the transaction of its cause, with the Message-ID it keeps for ever."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from accounts.models import User

from .doorbell import ring_after_commit
from .models import Mail
from .notices import shortened
from .tasks import deliver

SUBJECT_LENGTH = 200


@dataclass(frozen=True)
class NewMail:
    """What one person is to be sent, in words; the same `key` for the same person is decided once."""

    recipient: User
    subject: str
    body: str
    key: str


def decide(recipient: User, *, subject: str, body: str, key: str, at: datetime) -> None:
    """Decide one mail. It leaves after commit, at least once, always under the same Message-ID."""
    decide_all([NewMail(recipient, subject, body, key)], at=at)


def decide_all(mails: Iterable[NewMail], *, at: datetime) -> None:
    """Decide many mails in one statement and ring for a sender. People who left the house get none."""
    rows = [_row(new, at) for new in mails if new.recipient.is_active]
    Mail.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2_000)
    if rows:
        ring_after_commit(deliver)


def decide_outside(to: str, *, subject: str, body: str, key: str, at: datetime) -> None:
    """Decide one mail to somebody who is not of the house; the same key is decided once."""
    mail = _mail(to, subject, body, at)
    mail.dedupe_key = key
    Mail.objects.bulk_create([mail], ignore_conflicts=True)
    ring_after_commit(deliver)


def begin(mails: Iterable[tuple[str, User, datetime]], *, at: datetime) -> None:
    """Begin mails by key, reader and the moment they leave; their words come later in this transaction. Those there stay."""
    rows = []
    for key, recipient, leaves_at in mails:
        mail = _mail(recipient.email, "", "", at)
        mail.recipient, mail.dedupe_key, mail.next_try_at = recipient, key, leaves_at
        rows.append(mail)
    Mail.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2_000)
    if any(row.next_try_at <= at for row in rows):
        ring_after_commit(deliver)


def _row(new: NewMail, at: datetime) -> Mail:
    mail = _mail(new.recipient.email, new.subject, new.body, at)
    mail.recipient, mail.dedupe_key = new.recipient, f"{new.key}:{new.recipient.pk}"
    return mail


def _mail(to: str, subject: str, body: str, at: datetime) -> Mail:
    return Mail(
        to=to,
        subject=shortened(subject, SUBJECT_LENGTH),
        body=body,
        message_id=f"<{uuid.uuid4().hex}@{urlsplit(settings.BASE_URL).hostname or 'leadhub'}>",
        next_try_at=at,
        created_at=at,
    )
