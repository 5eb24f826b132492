"""The plain-text part of a letter, made of its Markdown: what people read who read no HTML. Pure."""

from collections.abc import Sequence

from markdown_it.token import Token


def text_of(tokens: Sequence[Token]) -> str:
    """The body as plain text: blank lines between blocks, signs before items, each link's address behind its words."""
    text = ""
    marks: list[tuple[str, int]] = []  # of the lists and quotations that are open: sign, number of the item
    fresh = inside = False  # the next line begins an item; the line before stands in the same list
    for token in tokens:
        if token.type in _SIGNS:
            inside = inside and bool(marks)
            marks.append((_SIGNS[token.type], int(token.attrGet("start") or 1) - 1))
        elif token.type in ("bullet_list_close", "ordered_list_close", "blockquote_close"):
            marks.pop()
            inside = inside and bool(marks)
        elif token.type == "list_item_open":
            marks[-1], fresh = (marks[-1][0], marks[-1][1] + 1), True
        elif words := _words_of(token):
            text += ("\n" if inside else "\n\n" if text else "") + _indented(words, marks, fresh=fresh)
            fresh, inside = False, bool(marks)
    return text


_SIGNS = {"bullet_list_open": "-", "ordered_list_open": "1", "blockquote_open": ">"}


def _words_of(token: Token) -> str:
    """What a block says; blank for what is no block of words."""
    if token.type == "inline":
        return _words(token.children or [])
    return (
        "-" * 20 if token.type == "hr" else token.content.rstrip("\n") if token.type in ("fence", "code_block") else ""
    )


def _indented(words: str, marks: Sequence[tuple[str, int]], *, fresh: bool) -> str:
    """The block behind the signs of what it stands in."""
    first = rest = ""
    for depth, (sign, number) in enumerate(marks):
        shown = "> " if sign == ">" else f"{number}. " if sign == "1" else "- "
        begins = sign == ">" or (fresh and depth == len(marks) - 1)
        first += shown if begins else " " * len(shown)
        rest += shown if sign == ">" else " " * len(shown)
    lines = words.split("\n")
    return "\n".join([first + lines[0], *(rest + line for line in lines[1:])])


def _words(children: Sequence[Token]) -> str:
    """What a line says; where the words of a link are its address, the address stands once."""
    said = ""
    begun: list[tuple[int, str]] = []
    for token in children:
        if token.type == "link_open":
            begun.append((len(said), str(token.attrGet("href") or "")))
        elif token.type == "link_close" and begun:
            start, address = begun.pop()
            words = said[start:].strip()
            named = words and not words.startswith(("http://", "https://"))
            said = said[:start] + (f"{words} <{address}>" if named else f"<{address}>")
        elif token.type in ("softbreak", "hardbreak"):
            said += "\n"
        else:
            said += token.content
    return said
