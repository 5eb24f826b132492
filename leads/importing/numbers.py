"""Numbers as files write them: with either comma, with groups of three, as bands."""

import re

from django.utils.translation import gettext as _

from .faults import ValueRefused

_PLAIN = re.compile(r"-?\d{1,15}\Z")
_GROUPED = re.compile(r"-?\d{1,3}(?:([,.' \u00a0\u202f])\d{3})(?:\1\d{3})*\Z")
_BAND = re.compile(
    r"[<>~≥+]?\s*(\d[\d,.' \u00a0\u202f]*)\s*(?:(?:-|–|—|to|\.\.)\s*\d[\d,.' \u00a0\u202f]*|\+|or more|and over)?(?:\s*employees)?\s*\Z",
    re.IGNORECASE,
)
_COMMA = re.compile(r"-?\d{1,3}(?:\.\d{3})+,\d+\Z|-?\d+,\d{1,2}\Z|-?\d+,\d{4,}\Z")
_POINT = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z|-?\d+\.\d{1,2}\Z")


def whole(text: str) -> int:
    """A whole number such as 250, 1,000 or 1.000. Raises `ValueRefused`."""
    if _PLAIN.match(text):
        return int(text)
    if _GROUPED.match(text):
        return int(re.sub(r"[^\d-]", "", text))
    if text.endswith((".0", ".00")) and _PLAIN.match(text.partition(".")[0]):
        return int(text.partition(".")[0])
    if is_band(text):
        raise ValueRefused(
            _("“%(text)s” is a range; say in the mapping that its lower bound counts.") % {"text": text[:60]}
        )
    raise ValueRefused(_("“%(text)s” is not a whole number.") % {"text": text[:60]})


def lower_bound(text: str) -> int:
    """The lower bound of a band such as 500-999 or 1,000+; a whole number stands for itself. Raises `ValueRefused`."""
    found = _BAND.match(text)
    if not found:
        raise ValueRefused(_("“%(text)s” is neither a number nor a range of numbers.") % {"text": text[:60]})
    return whole(found[1].strip(" .,'"))


def is_band(text: str) -> bool:
    return bool(_BAND.match(text)) and not _PLAIN.match(text) and not _GROUPED.match(text)


class CommaEvidence:
    """Whether a column writes its numbers with a decimal comma."""

    def __init__(self) -> None:
        self.comma = self.point = False

    def see(self, text: str) -> None:
        if text[-1:].isdigit():
            self.comma |= bool(_COMMA.match(text))
            self.point |= bool(_POINT.match(text))

    @property
    def decimal_comma(self) -> bool:
        return self.comma and not self.point


class BandEvidence:
    """Whether a column holds bands; `example` is the first."""

    def __init__(self) -> None:
        self.example = ""

    def see(self, text: str) -> None:
        if not self.example and is_band(text):
            self.example = text


def with_point(text: str) -> str:
    """1.234,56 as 1234.56; what is no such number stays as it is."""
    return text.replace(".", "").replace(",", ".") if _COMMA.match(text) else text
