"""Numbers in addresses and forms, which anybody may write."""


def id_of(text: str) -> int | None:
    """The id that the text is, or None: ASCII digits only, and no more of them than the database holds."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
