"""A letter as an e-mail: both forms of its words, and the headers by which its reader leaves with one click (RFC 8058)."""

from email.headerregistry import Address

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from .addresses import LetterAddresses
from .models import Letter
from .writing import Addresses, Written, one_line, write

LONGEST_NAME = 120


def written(letter: Letter, addresses: Addresses | None = None) -> Written:
    """The words of the letter, from its version and the values stored with it: the same whenever it is asked for."""
    ways = addresses or LetterAddresses(letter)
    return write(letter.version, letter.values, addresses=ways, variant=letter.variant)


def envelope(letter: Letter) -> EmailMultiAlternatives:
    """The e-mail. Raises `ValueError` where an address or a header cannot be written."""
    words = written(letter)
    message = EmailMultiAlternatives(
        header_of(words.subject),
        words.text,
        settings.NURTURE_FROM,
        [receiver(letter)],
        reply_to=[settings.NURTURE_REPLY_TO] if settings.NURTURE_REPLY_TO else None,
        headers={
            "Message-ID": letter.message_id,
            "List-Unsubscribe": f"<{LetterAddresses(letter).unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(words.html, "text/html")
    message.metadata = {"letter": str(letter.pk)}  # type: ignore[attr-defined]  # what a provider's events give back
    return message


def receiver(letter: Letter) -> str:
    """Name and address; whatever the name holds stays within its quotes (quality.md S17). Raises `ValueError` for an address
    with signs in it that steer, which none has that came in by us."""
    if header_of(letter.to) != letter.to:
        raise ValueError(letter.pk)
    lead = letter.lead
    name = header_of(f"{lead.first_name} {lead.last_name}")[:LONGEST_NAME] if lead and not letter.is_test else ""
    local, _at, domain = letter.to.rpartition("@")
    return str(Address(display_name=name, username=local, domain=domain))


def header_of(text: str) -> str:
    """The text as a header may hold it: on one line, and nothing in it that a reader's program would decode into more lines."""
    return one_line(text).replace("=?", "= ?")
