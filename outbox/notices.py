"""Telling people something inside LeadHub: set-wise, in the transaction of the cause, once per person and key."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User

from .models import Notice

TEXT_LENGTH = 300


@dataclass(frozen=True)
class NewNotice:
    """What one person is to be told. The same `key` for the same person is told once, whoever tries again."""

    recipient: User
    kind: str
    text: str
    url: str
    key: str
    detail: str = ""


def tell(recipients: Iterable[User], kind: str, text: str, url: str, key: str, at: datetime) -> None:
    """Tell several people the same thing; those who were told under this key before are not told again."""
    tell_all([NewNotice(recipient, kind, text, url, key) for recipient in recipients], at=at)


def tell_all(notices: Iterable[NewNotice], *, at: datetime) -> None:
    """Tell many people many things in one statement."""
    Notice.objects.bulk_create(
        [
            Notice(
                recipient=new.recipient,
                kind=new.kind,
                text=shortened(new.text, TEXT_LENGTH),
                url=new.url,
                detail=new.detail,
                about=new.key,
                dedupe_key=f"{new.key}:{new.recipient.pk}",
                created_at=at,
            )
            for new in notices
        ],
        ignore_conflicts=True,
        batch_size=2_000,
    )


def shortened(text: str, length: int) -> str:
    """The text on one line, cut with an ellipsis where a column would end."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
