"""Addresses that are never written to again, known by a keyed hash only: a lost table names nobody (quality.md rule 21, D6)."""

import hmac
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models.functions import Coalesce

from accounts.addresses import email_key
from leads.models import Lead

from .models import Suppression


def address_hash(address: str, key: str | None = None) -> str:
    """HMAC-SHA256 of the normalised address under the key of this house."""
    return _hash_of(email_key(address), settings.SUPPRESSION_KEY if key is None else key)


def _hash_of(normalised: str, secret: str) -> str:
    return hmac.digest(secret.encode(), normalised.encode("utf-8", "surrogatepass"), "sha256").hex()


def suppressed(addresses: Iterable[str]) -> dict[str, str]:
    """Normalised address → why it is never written to; only those for which that holds. One question for all."""
    keys = {email_key(address) for address in addresses} - {""}
    told = {_hash_of(key, secret): key for key in keys for secret in _secrets()}
    found = Suppression.objects.filter(address_hash__in=list(told)).values_list("address_hash", "why") if told else ()
    return {told[digest]: why for digest, why in found}


def suppress(addresses: Iterable[str], *, why: str, at: datetime) -> None:
    """Never write to these again, whoever has them; those that were suppressed before keep their reason."""
    keys = {email_key(address) for address in addresses} - {""}
    rows = [Suppression(address_hash=address_hash(key), why=why, at=at) for key in sorted(keys)]
    Suppression.objects.bulk_create(rows, ignore_conflicts=True)
    Lead.objects.filter(email_key__in=sorted(keys)).update(suppressed_at=Coalesce("suppressed_at", at))


def lift(address: str, *, only: Iterable[str] = Suppression.Why.values) -> bool:
    """Write to the address again, where it was suppressed for one of these reasons; whether it was."""
    key = email_key(address)
    hashes = [address_hash(key, secret) for secret in _secrets()]
    lifted = Suppression.objects.filter(address_hash__in=hashes, why__in=list(only)).delete()[0]
    if lifted:
        Lead.objects.filter(email_key=key).update(suppressed_at=None)
    return bool(lifted)


def _secrets() -> list[str]:
    """The key of today, and those that were used before the secret key was changed."""
    return [settings.SUPPRESSION_KEY, *settings.SECRET_KEY_FALLBACKS]
