"""Makers of e-mails and letters for tests; an e-mail's text is given as it is stored when a version is finished."""

from datetime import datetime, timedelta
from typing import Any

from leadhub.testing import NOON, make_lead
from leads.models import Lead
from nurture.letters import NewLetter, queue
from nurture.models import Email, EmailVersion, Letter
from nurture.writing import compose

BODY = "Hello [the guide](https://www.example.com/guide)\n\n[Prices](https://www.example.com/prices)\n"
LINKS = [
    {"key": "l1", "url": "https://www.example.com/guide", "asset": None},
    {"key": "l2", "url": "https://www.example.com/prices", "asset": None},
]


def make_version(name: str = "Welcome", *, topic: str = "", at: datetime = NOON, **more: Any) -> EmailVersion:
    """A finished version of an e-mail with two links."""
    email = Email.objects.get_or_create(name=name, defaults={"topic": topic, "created_at": at})[0]
    composed = compose(BODY, keys={link["url"]: link["key"] for link in LINKS})
    return EmailVersion.objects.create(
        email=email, number=email.versions.count() + 1, created_at=at, finished_at=at, body=BODY,
        **{"subject": "Welcome", "html": composed.html, "text": composed.text, "links": LINKS} | more,
    )  # fmt: skip


def make_letter(lead: Lead | None = None, *, at: datetime = NOON, key: str = "", **more: Any) -> Letter:
    """A letter in line for the lead."""
    lead = lead or make_lead(at=at)
    version = more.pop("version", None) or make_version(at=at)
    new = NewLetter(key or f"k{lead.pk}-{version.pk}", lead, version, more.pop("not_before", at), **more)
    return Letter.objects.get(pk=queue([new], at=at)[new.key])


SECOND = timedelta(seconds=1)
