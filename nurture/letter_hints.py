"""Hints on a letter: who could not read it, and which phrases filters of unwanted mail look for. Hints never stop anybody. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .letter_markdown import Letter, letter_of
from .merge_language import TAG
from .writing import Version

#: Words on a link that tell nothing to whoever hears only the links.
EMPTY_WORDS = frozenset({"here", "click here", "click", "link", "this", "this link", "read more", "more", "learn more", "tutaj", "kliknij tutaj", "więcej", "di sini", "klik di sini", "selengkapnya"})  # fmt: skip
#: Phrases that rules of Apache SpamAssassin score; its source is named beside each hint.
PHRASES = (
    ("CLICK_BELOW", re.compile(r"\bclick\s.{0,30}(?:here|below)\b", re.IGNORECASE)),
    ("DEAR_FRIEND", re.compile(r"\bdear friend\b", re.IGNORECASE)),
    ("DEAR_SOMETHING", re.compile(r"\bdear (?:sirs?|madam|candidate|investor)\b", re.IGNORECASE)),
    ("LIMITED_TIME_ONLY", re.compile(r"\blimited time (?:only|offer)\b", re.IGNORECASE)),
    ("GUARANTEED_100_PERCENT", re.compile(r"\b100 ?% guaranteed\b", re.IGNORECASE)),
    ("COMPLETELY_FREE", re.compile(r"\b(?:100 ?%|completely|totally|absolutely) free\b", re.IGNORECASE)),
    ("CALL_NOW", re.compile(r"\bcall now\b", re.IGNORECASE)),
    ("NO_QS_ASKED", re.compile(r"\bno questions asked\b", re.IGNORECASE)),
    ("FULL_REFUND", re.compile(r"\bfull refund\b", re.IGNORECASE)),
    ("NO_COST", re.compile(r"\bno (?:cost|charge)\b", re.IGNORECASE)),
    ("FREE_CONSULTATION", re.compile(r"\bfree consultation\b", re.IGNORECASE)),
    ("FOR_INSTANT_ACCESS", re.compile(r"\binstant access\b", re.IGNORECASE)),
    ("SELECTED_YOU", re.compile(r"\byou (?:have been|were) selected\b", re.IGNORECASE)),
    ("INCREASE_SOMETHING", re.compile(r"\b(?:boost|increase|grow|bigger|higher) (?:traffic|sales)\b", re.IGNORECASE)),
)


@dataclass(frozen=True)
class Hint:
    """Something worth a thought: the sentence, and for what it was taken: reading, or filters."""

    text: str
    kind: str


def hints_of(version: Version) -> list[Hint]:
    """What is worth a thought in a version, first for those who read it, then for filters."""
    letter = letter_of(version.body)
    reading = [*_of_pictures(letter), *_of_links(letter), *_of_headings(letter.headings), *_of_length(version)]
    return [Hint(text, "reading") for text in reading] + [
        Hint(text, "filters") for text in _of_filters(version, letter)
    ]


def _of_pictures(letter: Letter) -> list[str]:
    without = sum(not one.strip() for one in letter.pictures)
    told = [_("A picture says nothing to those who do not see it: ![what it shows](address).")] if without else []
    if letter.pictures and len(_words(letter)) < 20:
        told.append(_("Almost everything is in pictures; many mail programs do not load them."))
    return told


def _of_links(letter: Letter) -> list[str]:
    empty = [one.words for one in letter.links if one.words.lower().strip(" .!›»→") in EMPTY_WORDS]
    told = [
        _("“%(words)s” does not say where the link leads; people who hear only the links are lost.") % {"words": one}
        for one in dict.fromkeys(empty)
    ]
    if any(not one.words for one in letter.links):
        told.append(_("A link has no words."))
    return told


def _of_headings(levels: Sequence[int]) -> list[str]:
    jumps = any(after > before + 1 for before, after in zip((0, *levels), levels, strict=False))
    return [_("Headings jump a level; begin with # and go on with ##.")] if jumps else []


def _of_length(version: Version) -> list[str]:
    subject = TAG.sub("Xxxxxxxx", version.subject)
    told = []
    if len(subject) > 60:
        told.append(_("The subject has %(n)d characters; phones show about 40, most inboxes 60.") % {"n": len(subject)})
    if version.subject and not version.preview_text.strip():
        told.append(_("Without a preview text the inbox shows the first words of the letter."))
    return told


def _of_filters(version: Version, letter: Letter) -> list[str]:
    subject = f"{version.subject} {version.subject_b}"
    text = f"{subject} {version.preview_text} {letter.text}"
    told = [
        _("“%(phrase)s” is a phrase that SpamAssassin scores (rule %(rule)s).")
        % {"phrase": found.group(), "rule": rule}
        for rule, pattern in PHRASES
        if (found := pattern.search(text))
    ]
    plain = [sign for sign in TAG.sub("", version.subject) if sign.isalpha()]
    if len(plain) > 10 and all(sign.isupper() for sign in plain):
        told.append(_("The subject is all in capitals (SpamAssassin: SUBJ_ALL_CAPS)."))
    if re.search(r"!.*!|\?.*\?", subject):
        told.append(
            _("The subject holds several exclamation or question marks (SpamAssassin: PLING_QUERY and others).")
        )
    return told


def _words(letter: Letter) -> list[str]:
    return TAG.sub("x", letter.text).split()
