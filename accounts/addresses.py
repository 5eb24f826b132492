"""The one place where an e-mail address is normalised (quality.md rule 23)."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

MAX_LENGTH = 254


def email_key(address: str) -> str:
    """The form under which an address is compared and unique: NFKC, trimmed, lower case.

    Python lower-cases once, here; the database never does, since its `lower()` differs on a few letters (D2).
    """
    return unicodedata.normalize("NFKC", address).strip().lower()


def check_email(address: str) -> str:
    """The address as typed, trimmed, when its syntax holds. Raises `ValidationError` with a sentence otherwise."""
    typed = address.strip()
    try:
        validate_email(typed, check_deliverability=False, allow_smtputf8=True, test_environment=True)
    except (EmailNotValidError, UnicodeError, ValueError) as fault:
        raise ValidationError(
            _("“%(address)s” is not an e-mail address.") % {"address": typed[:100]}, code="email"
        ) from fault
    if len(typed) > MAX_LENGTH:
        raise ValidationError(_("An e-mail address has at most 254 characters."), code="email")
    return typed


def email_domain(address: str) -> str:
    """The part after the last `@` of the normalised address; empty when there is none."""
    return email_key(address).rpartition("@")[2] if "@" in address else ""
