"""Signed tokens in the addresses of a letter: each for one purpose, one letter and, for clicks, one link (quality.md S11)."""

from enum import StrEnum

from django.core.signing import BadSignature, Signer

_BIGGEST = 2**63 - 1


class Purpose(StrEnum):
    """What a token is good for; each purpose signs with a salt of its own."""

    CLICK = "click"
    OPEN = "open"
    TRAP = "trap"
    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"


def token(purpose: Purpose, letter: int, link: str = "") -> str:
    """The token for one letter, and one of its links by key."""
    return _signer(purpose).sign(f"{letter}-{link}" if link else str(letter))


def read(purpose: Purpose, text: str) -> tuple[int, str] | None:
    """Letter id and link key of a token; None for anything that we did not sign for this purpose."""
    try:
        said = _signer(purpose).unsign(text)
        number, _dash, link = said.partition("-")
        letter = int(number)
    except (BadSignature, UnicodeError, ValueError):
        return None
    return (letter, link) if 0 < letter <= _BIGGEST else None


def _signer(purpose: Purpose) -> Signer:
    return Signer(salt=f"nurture.letters.{purpose}", sep=".")
