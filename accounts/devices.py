"""Known devices: a signed cookie of a browser in which a person has signed in before."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

SALT = "accounts.devices"
LASTS = timedelta(days=180)
MOST_PEOPLE = 5


def _mark(key: str) -> str:
    return salted_hmac(SALT, key, algorithm="sha256").hexdigest()[:32]


@dataclass
class Device:
    """A browser: a random name, and keyed hashes of the last few people who signed in there."""

    name: str = field(default_factory=lambda: secrets.token_hex(8))
    people: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """The device that the request's cookie proves, else a new one that knows nobody."""
        try:
            said = signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=LASTS)
            return cls(said["name"], list(said["people"]))
        except (signing.BadSignature, KeyError, TypeError, ValueError):
            return cls()

    def knows(self, key: str) -> bool:
        """Whether the person with this normalised address has signed in on the device before."""
        return _mark(key) in self.people

    def remember(self, key: str, response: HttpResponse) -> None:
        """Send the cookie that makes the device known for the person."""
        people = [_mark(key), *(mark for mark in self.people if mark != _mark(key))][:MOST_PEOPLE]
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            signing.dumps({"name": self.name, "people": people}, salt=SALT),
            max_age=LASTS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def is_known(request: HttpRequest, credentials: dict[str, Any] | None) -> bool:
    """For axes: known devices have a budget of their own (`accounts.throttling.PER_DEVICE`)."""
    return Device.of(request).knows((credentials or {}).get("username") or "")
