"""Where the links of one letter lead: signed, through LeadHub where answers may be noted, straight to their end where not."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.urls import reverse

from leads.models import Lead

from .models import Letter
from .tokens import Purpose, token
from .unwritable import consents

#: Stands where a token would: an address that says nothing of anybody.
NOBODY = "none"


@dataclass(frozen=True)
class LetterAddresses:
    """The addresses in one letter (`nurture.writing.Addresses`)."""

    letter: Letter

    @cached_property
    def tracked(self) -> bool:
        return self.letter.lead is not None and tracks(self.letter.lead)

    def link(self, key: str, /) -> str:
        """Through LeadHub to the place that the version keeps under the key."""
        if self.tracked:
            return _absolute("letter_click", token(Purpose.CLICK, self.letter.pk, key))
        return target(self.letter, key)

    @property
    def pixel(self) -> str:
        return _absolute("letter_open", self._token(Purpose.OPEN))

    @property
    def trap(self) -> str:
        return _absolute("letter_trap", self._token(Purpose.TRAP))

    @property
    def unsubscribe(self) -> str:
        return _absolute("letter_unsubscribe", token(Purpose.UNSUBSCRIBE, self.letter.pk))

    @property
    def preferences(self) -> str:
        return _absolute("letter_preferences", token(Purpose.PREFERENCES, self.letter.pk))

    def _token(self, purpose: Purpose) -> str:
        return token(purpose, self.letter.pk) if self.tracked else NOBODY


@dataclass(frozen=True)
class PlainAddresses:
    """The same places for people of the house who look at a letter: nothing they follow is an answer of the lead."""

    letter: Letter
    pixel: str = ""
    trap: str = ""
    unsubscribe: str = f"{settings.BASE_URL}/e/u/…"
    preferences: str = f"{settings.BASE_URL}/e/p/…"

    def link(self, key: str, /) -> str:
        return target(self.letter, key)


def target(letter: Letter, key: str) -> str:
    """Where a link of the letter leads, from the database (quality.md S12); blank for a key that it does not have."""
    return next((str(link["url"]) for link in letter.version.links if link.get("key") == key), "")


def tracks(lead: Lead) -> bool:
    """Whether opens and clicks of this person may be noted (quality.md D8)."""
    if settings.NURTURE_TRACKING == "consent":
        return bool(lead.consent.strip()) and consents(lead)
    return settings.NURTURE_TRACKING == "everybody" and consents(lead)


def _absolute(name: str, text: str) -> str:
    return f"{settings.BASE_URL}{reverse(name, args=[text])}"
