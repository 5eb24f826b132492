"""A letter's Markdown as HTML and as plain text, with what a reader would meet in it: links, pictures, headings. Pure.

Merge fields are taken out before Markdown sees the text and put back after it, so that neither spoils the other.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .layout import PLACES
from .layout.styles import BUTTON, STYLES
from .letter_text import text_of
from .merge_language import TAG, too_much

#: Links of one letter, and characters of an address, at most.
MOST_LINKS, LONGEST_ADDRESS = 50, 500
MOST_SIGNS = 1_000
_OPEN, _CLOSE = "\ue000", "\ue001"
_SHIELDED = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_CONDITION_ALONE = re.compile(f"<p[^>]*>((?:{_OPEN}\\d+{_CLOSE}\\s*)+)</p>")
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 12})


@dataclass(frozen=True)
class Link:
    """A link of a letter: its key (blank for mailto), where it leads, and the words that stand on it."""

    key: str
    url: str
    words: str


@dataclass
class Letter:
    """A body as HTML and plain text, still with its merge fields, and what stands in it."""

    html: str = ""
    text: str = ""
    links: list[Link] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)  # what each picture says instead
    headings: list[int] = field(default_factory=list)  # levels, in order
    faults: list[str] = field(default_factory=list)


def letter_of(body: str, keys: Mapping[str, str] | None = None) -> Letter:
    """Read a body; what is wrong with it is in `faults`. `keys` are those that addresses had before and keep."""
    if fault := too_much(body) or _too_many_signs(body):
        return Letter(faults=[fault])
    tags: list[str] = []

    def shield(found: re.Match[str]) -> str:
        tags.append(found.group())
        return f"{_OPEN}{len(tags) - 1}{_CLOSE}"

    def back(text: str) -> str:
        return _SHIELDED.sub(lambda found: tags[int(found.group(1))], text)

    plain = re.sub(f"[{_OPEN}{_CLOSE}\x00]", "", body).replace("\r\n", "\n").replace("\r", "\n")
    reading = _Reading(_MARKDOWN.parse(TAG.sub(shield, plain)), dict(keys or {}))
    letter = reading.letter
    html = _MARKDOWN.renderer.render(reading.tokens, _MARKDOWN.options, {})
    conditions = [number for number, tag in enumerate(tags) if tag.startswith("{%")]
    letter.html = back(_CONDITION_ALONE.sub(lambda found: _freed(found, conditions), html))
    letter.text = back(text_of(reading.tokens))
    letter.links = [Link(one.key, one.url, back(one.words)) for one in letter.links]
    letter.pictures = [back(one) for one in letter.pictures]
    return letter


def _too_many_signs(body: str) -> str:
    """Markdown's own signs in such numbers are no letter, and reading them takes long."""
    sign = next((sign for sign in "<[*_`!&" if body.count(sign) > MOST_SIGNS), "")
    return _("The text holds more than %(n)d of “%(sign)s”.") % {"n": MOST_SIGNS, "sign": sign} if sign else ""


def _freed(found: re.Match[str], conditions: Sequence[int]) -> str:
    """A condition in a paragraph of its own, without the paragraph: it shows or hides whole paragraphs."""
    numbers = [int(number) for number in _SHIELDED.findall(found.group(1))]
    return found.group(1) if set(numbers) <= set(conditions) else found.group()


def problem_of_address(address: str, *, schemes: Sequence[str]) -> str:
    """What is wrong with an address in a letter, as a sentence; blank where nothing is."""
    if _OPEN in address or "%EE%80%80" in address:
        return _("An address cannot hold merge fields; clicks could not be told apart.")
    if len(address) > LONGEST_ADDRESS:
        return _("An address is longer than %(n)d characters.") % {"n": LONGEST_ADDRESS}
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme in schemes and bool(parts.path if parts.scheme == "mailto" else parts.hostname)
    except ValueError:
        is_whole = False
    return "" if is_whole else _("“%(address)s” must begin with https://.") % {"address": address[:80]}


class _Reading:
    """One pass over the tokens of a body: gives elements their looks and links their places, and notes what there is."""

    def __init__(self, tokens: list[Token], keys: dict[str, str]) -> None:
        self.tokens, self.keys, self.letter = tokens, keys, Letter()
        for number, token in enumerate(tokens):
            self._dress(token)
            if token.type == "heading_open":
                self.letter.headings.append(int(token.markup.count("#")) or int(token.tag[1]))
            if token.type == "inline":
                before = tokens[number - 1]
                self._inline(token.children or [], alone=before.type == "paragraph_open" and before.level == 0)

    def _dress(self, token: Token) -> None:
        """Give an element its looks; mail programs read no style sheets. Small headings look like the third."""
        if token.type in ("heading_open", "heading_close") and token.tag > "h3":
            token.tag = "h3"
        if token.nesting >= 0 and token.tag in STYLES:
            token.attrSet("style", STYLES[token.tag])

    def _inline(self, children: Sequence[Token], *, alone: bool) -> None:
        words: list[str] = []
        whole = alone and len(children) > 2 and children[-1].type == "link_close"
        for number, token in enumerate(children):
            self._dress(token)
            if token.type == "image":
                self._picture(token)
            if token.type == "link_open":
                words = []
                ends = next(n for n in range(number, len(children)) if children[n].type == "link_close")
                self._link(token, is_button=whole and number == 0 and ends == len(children) - 1)
            elif token.type == "link_close":
                self._name_last_link("".join(words))
            else:
                words.append(token.content)

    def _picture(self, token: Token) -> None:
        self.letter.pictures.append(token.content)
        if problem := problem_of_address(str(token.attrGet("src") or ""), schemes=("https",)):
            self.letter.faults.append(problem)

    def _link(self, token: Token, *, is_button: bool) -> None:
        address, key = str(token.attrGet("href") or ""), ""
        if problem := problem_of_address(address, schemes=("https", "http", "mailto")):
            self.letter.faults.append(problem)
        elif not address.startswith("mailto:"):
            key = self._key_of(address)
            token.attrSet("href", f"{PLACES}{key}")
        self.letter.links.append(Link(key, address, ""))
        if len({one.url for one in self.letter.links}) == MOST_LINKS + 1:
            self.letter.faults.append(_("A letter can hold %(n)d links.") % {"n": MOST_LINKS})
        if is_button:
            token.attrSet("class", "button")
            token.attrSet("style", BUTTON)

    def _key_of(self, address: str) -> str:
        """The key that the address had, else the first free one."""
        if address not in self.keys:
            taken = set(self.keys.values())
            self.keys[address] = next(key for number in range(1, len(taken) + 2) if (key := f"l{number}") not in taken)
        return self.keys[address]

    def _name_last_link(self, words: str) -> None:
        last = self.letter.links[-1]
        self.letter.links[-1] = Link(last.key, last.url, words.strip())
