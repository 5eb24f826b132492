"""The language of merge fields: Liquid, cut down to fields, fallbacks and conditions. It reaches nothing but words. Pure.

People write it (quality.md E14 to E16, S16). A template sees a dict of plain text and nothing else; there are no loops, no
variables, no parts, six filters, and limits on its length, its nesting and what it may say.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from django.utils.translation import gettext as _
from liquid import BoundTemplate, Environment
from liquid.builtin import content, illegal, output
from liquid.builtin.tags import comment_tag, if_tag, unless_tag
from liquid.exceptions import LiquidError

#: Characters of a whole template, of one `{{ … }}` or `{% … %}`, how many of those, and what comes out at most.
MOST_CHARACTERS, LONGEST_TAG, MOST_TAGS, MOST_WRITTEN = 20_000, 300, 200, 500_000
#: One merge field or condition as it stands in a text.
TAG = re.compile(rf"\{{\{{.{{0,{LONGEST_TAG}}}?\}}\}}|\{{%.{{0,{LONGEST_TAG}}}?%\}}", re.DOTALL)
_OUTPUT = re.compile(r"\{\{-?\s*([\w-]+)")
_FALLBACK = re.compile(r"\|\s*default\s*:\s*(?:\"[^\"]*\S[^\"]*\"|'[^']*\S[^']*')")
_CONDITION = re.compile(r"\{%-?\s*(?:if|unless|elsif)\s")


class MergeFault(ValueError):
    """A template that cannot be used; the text is a sentence for people."""


def _said(value: object) -> str:
    """The words of a value; what is not known has none."""
    return "" if value is None else str(value)


def _truncate(value: object, length: object = 50) -> str:
    """So many characters at most, the last of them an ellipsis where something was left out."""
    most = min(length, 500) if isinstance(length, int) and length > 0 else 50
    text = _said(value)
    return text if len(text) <= most else text[: most - 1] + "…"


def _default(value: object, fallback: object = "") -> str:
    """The fallback where nothing is known."""
    return _said(value) if _said(value).strip() else _said(fallback)


class Language(Environment):
    """Liquid with what a letter needs and nothing more."""

    block_nesting_limit = 8
    context_depth_limit = 8
    loop_iteration_limit = 1
    local_namespace_limit = 1
    output_stream_limit = MOST_WRITTEN

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        for tag in (
            content.Literal,
            output.Output,
            illegal.Illegal,
            if_tag.IfTag,
            unless_tag.UnlessTag,
            comment_tag.CommentTag,
        ):
            self.add_tag(tag)
        self.filters = {
            "default": _default,
            "capitalize": lambda value: _said(value)[:1].upper() + _said(value)[1:],
            "downcase": lambda value: _said(value).lower(),
            "upcase": lambda value: _said(value).upper(),
            "strip": lambda value: _said(value).strip(),
            "truncate": _truncate,
        }


_PLAIN, _HTML = Language(), Language(autoescape=True)


def rendered(source: str, values: Mapping[str, str], *, html: bool = False) -> str:
    """The text with its merge fields filled in, values escaped where it is HTML. Raises `MergeFault`."""
    if "{{" not in source and "{%" not in source:
        return source
    plain = {str(name): _whole(str(value)) or None for name, value in values.items()}  # blank is unknown
    try:
        return str(_parsed(source, html=html).render(plain))
    except (LiquidError, RecursionError, ValueError, TypeError, ArithmeticError) as fault:
        raise MergeFault(_in_words(fault)) from fault


def _whole(text: str) -> str:
    """The text without halves of characters, which nothing can send."""
    return text.encode("utf-8", "ignore").decode()


@lru_cache(maxsize=256)
def _parsed(source: str, *, html: bool) -> BoundTemplate:
    """The template, read. HTML made of a text is longer than the text."""
    _refuse_what_is_too_much(source, most=MOST_WRITTEN if html else MOST_CHARACTERS * 2)
    try:
        return (_HTML if html else _PLAIN).from_string(source)
    except (LiquidError, RecursionError, ValueError) as fault:
        raise MergeFault(_in_words(fault)) from fault


def _refuse_what_is_too_much(source: str, *, most: int) -> None:
    if fault := too_much(source, most=most):
        raise MergeFault(fault)


def too_much(source: str, *, most: int = MOST_CHARACTERS) -> str:
    """Why the text is not even read: too long, too many merge fields, or one that does not end. Blank where it is."""
    if len(source) > most:
        return _("The text is longer than %(n)d characters.") % {"n": most}
    if source.count("{{") + source.count("{%") > MOST_TAGS:
        return _("There are more than %(n)d merge fields and conditions.") % {"n": MOST_TAGS}
    rest = TAG.sub("", source)
    if "{{" in rest or "{%" in rest:
        return _("A merge field is begun and not closed, or too long: each {{ needs its }}.")
    return ""


def _in_words(fault: Exception) -> str:
    if isinstance(fault, MergeFault):
        return str(fault)
    told = getattr(fault, "message", "") or ""
    return _("The merge fields cannot be read: %(what)s") % {"what": told[:200] or _("something is not closed")}


def tags_of(source: str) -> list[str]:
    """Every merge field and condition of the text, in order."""
    return TAG.findall(source)


def in_words(source: str) -> str:
    """The text for those who only look at it: merge fields as [first name], without conditions."""
    return TAG.sub(
        lambda tag: f"[{found.group(1).replace('_', ' ')}]" if (found := _OUTPUT.match(tag.group())) else "", source
    )


def check(source: str, fields: Collection[str]) -> None:
    """Raise `MergeFault` unless the text can be written for everybody with these fields."""
    _refuse_what_is_too_much(source, most=MOST_CHARACTERS)
    for name in sorted(_names(source) - set(fields)):
        raise MergeFault(_("“%(field)s” is not a merge field.") % {"field": name})
    rendered(source, dict.fromkeys(fields, ""))


def _names(source: str) -> set[str]:
    """Every name that the template asks for."""
    if not TAG.search(source):
        return set()
    try:
        found = _parsed(source, html=False).global_variables()
    except (LiquidError, RecursionError) as fault:
        raise MergeFault(_in_words(fault)) from fault
    return {str(name) for name in found}


def fields_of(source: str) -> set[str]:
    """The fields that the text names; none where it cannot be read."""
    try:
        return _names(source)
    except MergeFault:
        return set()


def fields_without_fallback(source: str) -> set[str]:
    """The fields that leave a hole where nothing is known: no fallback stands beside them and no condition asks first."""
    return set(_bare(source)) - {
        name for tag in tags_of(source) if _CONDITION.match(tag) for name in re.findall(r"[\w-]+", tag)
    }


def _bare(source: str) -> Iterator[str]:
    for tag in tags_of(source):
        if (found := _OUTPUT.match(tag)) and not _FALLBACK.search(tag):
            yield found.group(1)
