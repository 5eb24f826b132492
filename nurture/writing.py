"""Writing a letter: an e-mail's version and one lead's merge values become a subject, HTML and plain text. Pure.

The HTML is cleaned by nh3 after the values are in it (quality.md S16), so nothing that a person or a program typed becomes
markup; a subject is one line whatever stands in it (S17).
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import nh3
from django.conf import settings
from django.utils import translation
from django.utils.html import escape

from . import layout
from .layout.styles import PROPERTIES
from .letter_markdown import Letter, letter_of
from .merge_language import rendered

LONGEST_SUBJECT = 250
_PLACE = re.compile(re.escape(layout.PLACES) + r"(l\d{1,4}|pixel|trap|unsubscribe|preferences)(?![\w-])")
_MANY_BLANK_LINES = re.compile(r"\n\s*\n\s*\n")
_TAGS = {"p", "br", "h1", "h2", "h3", "strong", "em", "ul", "ol", "li", "blockquote", "hr", "a", "img", "code", "pre"}
_ATTRIBUTES = {
    "a": {"href", "title", "class", "style"},
    "img": {"src", "alt", "title", "style"},
    "ol": {"start", "style"},
    **{tag: {"style"} for tag in ("p", "h1", "h2", "h3", "ul", "li", "blockquote", "hr", "code")},
}


class Addresses(Protocol):
    """Where the links of one letter lead; each letter has its own, signed."""

    @property
    def pixel(self) -> str: ...
    @property
    def trap(self) -> str: ...
    @property
    def unsubscribe(self) -> str: ...
    @property
    def preferences(self) -> str: ...

    def link(self, key: str, /) -> str:
        """Where a link leads that is known by its key."""
        ...


class _Nowhere:
    """Addresses of a letter that nobody gets: a preview's lead where they would, the others nowhere."""

    pixel = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    trap = unsubscribe = preferences = "#"

    def link(self, key: str, /) -> str:
        return f"#{key}"


NOWHERE: Addresses = _Nowhere()


class Version(Protocol):
    """What of an e-mail's version a letter is written from."""

    subject: str
    subject_b: str
    preview_text: str
    body: str
    html: str
    text: str
    links: list[dict[str, Any]]


@dataclass(frozen=True)
class Written:
    """A letter as it leaves: a subject of one line, the HTML and the plain text; `preview` stands behind the subject."""

    subject: str
    html: str
    text: str
    preview: str = ""


@dataclass(frozen=True)
class Composed:
    """A body made ready for all leads at once, kept when a version is finished."""

    html: str
    text: str
    letter: Letter


@dataclass
class Draft:
    """A version as it would be, were it finished now."""

    subject: str
    subject_b: str
    preview_text: str
    body: str
    html: str
    text: str
    links: list[dict[str, Any]]


def as_finished(version: Version) -> Draft:
    """The version as it would be, were it finished now; links keep the keys they had."""
    made = compose(version.body, keys={link["url"]: link["key"] for link in version.links})
    return Draft(
        version.subject, version.subject_b, version.preview_text, version.body, made.html, made.text, version.links
    )


def compose(body: str, *, keys: Mapping[str, str] | None = None) -> Composed:
    """HTML and plain text of a body, with its merge fields, the way out and the places of links in them."""
    letter = letter_of(body, keys)
    language = translation.get_language() or settings.LANGUAGE_CODE
    before, after = layout.frame(language, layout.sender_name())
    return Composed(f"{before}{letter.html}{after}", f"{letter.text}\n\n-- \n{layout.way_out(language)}\n", letter)


def write(version: Version, values: Mapping[str, str], *, addresses: Addresses, variant: str = "a") -> Written:
    """The letter for one lead. `values` are those that were stored with it, so it can be shown again exactly.

    A draft, which only previews and test letters are written from, is made ready first.

    Raises `MergeFault` where the version cannot be written, which finishing it makes sure of.
    """
    version = version if version.html else as_finished(version)
    before, _begins, rest = version.html.partition(layout.BODY_BEGINS)
    body, _ends, after = rest.rpartition(layout.BODY_ENDS)
    preview = one_line(rendered(version.preview_text, values))
    html = before.replace(layout.PREVIEW, escape(preview)) + _clean(rendered(body, values, html=True)) + after
    text = _MANY_BLANK_LINES.sub("\n\n", rendered(version.text, values))
    return Written(
        subject=subject_of(version, values, variant),
        html=_PLACE.sub(lambda found: escape(_address(addresses, found.group(1))), html),
        text=_PLACE.sub(lambda found: _address(addresses, found.group(1)), text),
        preview=preview,
    )


def subject_of(version: Version, values: Mapping[str, str], variant: str = "a") -> str:
    """The subject for one lead: the second one where it is tried and there is one."""
    source = version.subject_b if variant == "b" and version.subject_b else version.subject
    return one_line(rendered(source, values))[:LONGEST_SUBJECT]


def sources_of(version: Version) -> tuple[str, ...]:
    """Every text of a version that may hold merge fields."""
    return (version.subject, version.subject_b, version.preview_text, version.body)


def one_line(text: str) -> str:
    """The text on one line, without signs that steer: no line break of any alphabet ever reaches a header."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = "".join(sign if unicodedata.category(sign) not in _STEERING or sign in _JOINERS else " " for sign in text)
    return " ".join(kept.split())


_STEERING, _JOINERS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"}), frozenset("\u200c\u200d")


def _address(addresses: Addresses, place: str) -> str:
    return str(getattr(addresses, place)) if place in _WAYS else addresses.link(place)


_WAYS = frozenset({"pixel", "trap", "unsubscribe", "preferences"})


def _clean(html: str) -> str:
    return _cleaner().clean(html)


@lru_cache(maxsize=1)
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "http", "mailto"},
        link_rel=None,
        url_relative="deny",
        filter_style_properties=PROPERTIES,
    )
