"""Telling people something inside LeadHub: set-wise, in the transaction of the cause, once per person and key."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

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


def tell_all(notices: Iterable[NewNotice], *, at: datetime, mails: Mapping[int, int] | None = None) -> None:
    """Tell many people many things in one statement; `mails` says by person which mail carries what is told now."""
    carriers = mails or {}
    rows = [
        (new.recipient.pk, new.kind, shortened(new.text, TEXT_LENGTH), new.url, new.detail, new.key, carriers.get(new.recipient.pk))
        for new in notices
    ]  # fmt: skip
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_TELL, [at, *map(list, zip(*rows, strict=True))])


def untold(notices: Iterable[NewNotice]) -> list[NewNotice]:
    """Those that their people were not told before, each once."""
    told = list(notices)
    known = set(Notice.objects.about({new.key for new in told}).values_list("about", "recipient"))
    once = {(new.key, new.recipient.pk): new for new in told}
    return [new for key, new in once.items() if key not in known]


def shortened(text: str, length: int) -> str:
    """The text on one line, cut with an ellipsis where a column would end."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


_TELL = """
INSERT INTO outbox_notice (recipient_id, kind, text, url, detail, about, mail_id, dedupe_key, created_at)
SELECT recipient, kind, text, url, detail, about, mail, about || ':' || recipient, %s
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[])
    AS told (recipient, kind, text, url, detail, about, mail)
ON CONFLICT DO NOTHING
"""
