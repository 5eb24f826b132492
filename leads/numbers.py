"""Numbers in addresses and forms, which anybody may write."""

from collections.abc import Iterable

#: The most rows that one act on chosen rows takes by their ids.
MOST_CHOSEN = 1_000
#: So many leads change hands or stage at once without a fresh password (quality.md §4).
MANY = 200


def ids_of(texts: Iterable[str]) -> list[int]:
    """The ids among the texts, each once, in order; whatever is no id is left out."""
    return sorted({number for text in texts if (number := id_of(text)) is not None})[:MOST_CHOSEN]


def id_of(text: str) -> int | None:
    """The id that the text is, or None: ASCII digits only, and no more of them than the database holds."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
