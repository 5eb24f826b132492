"""What a told lead or activity must be like to be stored; each refusal is a sentence."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import attrgetter, gt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from email_validator import SPECIAL_USE_DOMAIN_NAMES

from accounts.addresses import MAX_LENGTH, check_email

from .intake import IntakeRefused, NewActivity, NewLead
from .naming import clean_domain

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
EARLIEST_LEAD = datetime(1970, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
MOST_EMPLOYEES = 50_000_000
MOST_PROPERTIES = 20_000  # characters of JSON
MOST_NESTED = 500  # objects and lists
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
# PostgreSQL's numeric holds more, but nothing that means something is longer.
_HUGE_NUMBER = re.compile(r"(?<![\w\"])-?\d{31}|\de[+-]?\d{3}", re.IGNORECASE)
LEAD_TEXTS = {
    "email": MAX_LENGTH, "external_id": 120, "first_name": 120, "last_name": 120, "job_title": 160, "seniority": 60, "department": 80,
    "phone": 60, "company": 200, "domain": 300, "industry": 120, "business_type": 120, "revenue": 60, "country": 80, "city": 120,
    "source": 80, "campaign": 160, "consent": 60,
}  # fmt: skip
ACTIVITY_TEXTS = {
    "type": 60, "email": MAX_LENGTH, "lead_external_id": 120, "subject": 300, "url": 2000, "asset": 160, "campaign": 160,
    "source_system": 60, "external_id": 200,
}  # fmt: skip
# The addresses that email-validator accepts too, told apart thirty times faster; whatever else goes to it.
_PLAIN = re.compile(
    r"[a-zA-Z0-9_+-]+(?:\.[a-zA-Z0-9_+-]+)*@(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+([a-zA-Z]{2,20})\Z"
)
_SPECIAL = frozenset(SPECIAL_USE_DOMAIN_NAMES)


def check_lead(row: NewLead, *, at: datetime) -> None:
    """Raise `IntakeRefused` unless the lead can be stored; trims its texts and cleans its domain on the way."""
    _check_texts(row, LEAD_TEXTS)
    if not row.email and not row.external_id:
        raise IntakeRefused(_("There is neither an e-mail address nor an external id."))
    if row.email:
        row.email = known_email(row.email)
    if row.domain:
        domain = clean_domain(row.domain)
        if domain is None:
            raise IntakeRefused(_("“%(text)s” is not a domain.") % {"text": row.domain[:80]})
        row.domain = domain
    if row.employees is not None and not 0 <= row.employees <= MOST_EMPLOYEES:
        raise IntakeRefused(_("The number of employees must be between 0 and 50,000,000."))
    if row.created_at is not None:
        _check_moment(row.created_at, EARLIEST_LEAD, at)
    if row.custom:
        row.custom = check_json(row.custom)


def check_activity(row: NewActivity, *, at: datetime) -> None:
    """Raise `IntakeRefused` unless the activity can be stored; trims its texts on the way (product.md §2)."""
    _check_texts(row, ACTIVITY_TEXTS)
    _check_moment(row.occurred_at, EARLIEST, row.recorded_at or at)
    if row.properties:
        row.properties = check_json(row.properties)


def known_email(typed: str) -> str:
    """The address as typed when it is one; raises `IntakeRefused` otherwise."""
    plain = _PLAIN.match(typed) if len(typed) <= 64 else None
    if plain and plain[1].lower() not in _SPECIAL:
        return typed
    try:
        return check_email(typed)
    except ValidationError as fault:
        raise IntakeRefused(" ".join(fault.messages)) from fault


def storable(text: str) -> bool:
    """Whether PostgreSQL can hold the text: no NUL, no half of a surrogate pair."""
    if "\x00" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_json(value: Any) -> dict[str, Any]:
    """A JSON object that PostgreSQL can hold: names and texts storable, numbers finite, not too large; else a refusal."""
    try:
        text = _ENCODER.encode(value)
    except (ValueError, TypeError, RecursionError) as fault:
        raise IntakeRefused(_("The properties are not JSON that can be stored.")) from fault
    if len(text) > MOST_PROPERTIES:
        raise IntakeRefused(_("The properties are longer than 20,000 characters."))
    if (
        "\\u0000" in text
        or not storable(text)
        or _HUGE_NUMBER.search(text)
        or text.count("[") + text.count("{") > MOST_NESTED
    ):
        raise IntakeRefused(_("The properties hold characters or numbers that cannot be stored."))
    return dict(value)


def _check_texts(row: Any, limits: dict[str, int]) -> None:
    texts = _texts_of(tuple(limits))(row)
    if None in texts:
        texts = tuple(text or "" for text in texts)
    stripped = tuple(map(str.strip, texts))
    if stripped != texts:
        for name, text in zip(limits, stripped, strict=True):
            setattr(row, name, text)
    if any(map(gt, map(len, stripped), limits.values())) or not storable("".join(stripped)):
        _say_what_is_wrong(stripped, limits)


@lru_cache(maxsize=2)
def _texts_of(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*names)


def _say_what_is_wrong(texts: Sequence[str], limits: dict[str, int]) -> None:
    for (name, most), text in zip(limits.items(), texts, strict=True):
        if len(text) > most:
            raise IntakeRefused(_("%(field)s is longer than %(most)d characters.") % {"field": name, "most": most})
        if not storable(text):
            raise IntakeRefused(_("%(field)s holds characters that cannot be stored.") % {"field": name})


def _check_moment(moment: datetime, earliest: datetime, now: datetime) -> None:
    if moment < earliest:
        raise IntakeRefused(_("The date %(date)s is too long ago.") % {"date": moment.date().isoformat()})
    if moment > now + AHEAD:
        raise IntakeRefused(_("The date %(date)s lies in the future.") % {"date": moment.date().isoformat()})
