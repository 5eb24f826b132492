"""Templates: nothing inline that the CSP would refuse, nothing unescaped, every word translatable, none too long."""

import ast
import re
from pathlib import Path

import pytest

from .source import HOUSE, code, templates

MOST_LINES = 60
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)
ATTRIBUTES = r"""(?:[^<>"']|"[^"]*"|'[^']*')*"""

FORBIDDEN = {
    "an inline script": re.compile(rf"<script(?!{ATTRIBUTES}\bsrc=)", re.IGNORECASE),
    "an inline style sheet": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"""\sstyle\s*=\s*["']""", re.IGNORECASE),
    "a handler attribute": re.compile(r"""\son[a-z]+\s*=\s*["']""", re.IGNORECASE),
    "hx-on": re.compile(r"\s(?:data-)?hx-on\b"),
    "a filter in hx-trigger (needs eval)": re.compile(r"""hx-trigger\s*=\s*["'](?:[^"']*[\s,])?(?!from:)[\w:-]*\w\["""),
    "hx-vals or hx-headers in JavaScript": re.compile(r"""hx-(?:vals|headers)\s*=\s*["']js:"""),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "unescaped text": re.compile(r"\|\s*safe(?:seq)?\b|{%\s*autoescape\s+off"),
    "an address outside": re.compile(r"""(?:src|href)\s*=\s*["'](?:https?:)?//""", re.IGNORECASE),
}


def text_of(path: Path) -> str:
    return COMMENT.sub("", path.read_text())


@pytest.mark.parametrize("what", sorted(FORBIDDEN))
def test_no_template_holds(what: str):
    faults = [
        f"{path.relative_to(HOUSE)}: {found.group(0)!r}"
        for path in templates()
        for found in FORBIDDEN[what].finditer(text_of(path))
    ]
    assert faults == []


def test_templates_stay_short():
    long = [
        f"{path.relative_to(HOUSE)}: {lines}"
        for path in templates()
        if (lines := path.read_text().count("\n")) > MOST_LINES
    ]
    assert long == []


def test_python_marks_nothing_safe_outside_the_face():
    """One reviewed place makes HTML from text: the tags of the face (rule 29); `format_html` escapes and may be used."""
    faults = [
        f"{module.where}:{call.lineno}"
        for module in code()
        if not module.name.startswith("accounts.face")
        for call in module.calls("mark_safe", "SafeString", "SafeText")
    ]
    assert faults == []


TAGS = re.compile(r"{%.*?%}|{{.*?}}|<[^<>]*>|&[a-z#0-9]+;", re.DOTALL)
BLOCK = re.compile(r"{%-?\s*blocktrans(?:late)?\b.*?{%-?\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
CLASSES = re.compile(r"{%\s*block (?:body_class|page_name)\s*%}.*?{%\s*endblock\s*%}", re.DOTALL)
QUOTED = re.compile(
    r"""(?:aria-label|title|placeholder|alt|data-confirm[a-z-]*|data-key-help)\s*=\s*"([^"{]*[A-Za-z]{3}[^"{]*)\""""
)
HTML_TAG = re.compile(r"""<(?:[^<>"'{]|"(?:[^"{]|{%.*?%}|{{.*?}}|{)*"|'[^']*'|{%.*?%}|{{.*?}})*>""", re.DOTALL)
#: Words that are names, not language.
NAMES = {"LeadHub", "Esc", "Ctrl", "Enter", "API", "BANT", "MQL", "SQL", "SLA", "CSV", "ICP", "UTC", "lh", "custom"}


def loose_words(text: str) -> list[str]:
    """Words between tags that no translate tag holds."""
    bare = re.sub(r"{%.*?%}|{{.*?}}", " ", HTML_TAG.sub(" ", BLOCK.sub(" ", CLASSES.sub(" ", text))), flags=re.DOTALL)
    bare = TAGS.sub(" ", bare)
    return [word for word in re.findall(r"[^\W\d_]{2,}", bare) if word not in NAMES]


def test_every_word_a_person_reads_can_be_translated():
    """A heuristic linter: text nodes and speaking attributes outside {% translate %} and {% blocktranslate %}."""
    faults = {
        str(path.relative_to(HOUSE)): found
        for path in templates()
        if "design" not in path.relative_to(HOUSE).as_posix()
        if (found := loose_words(text_of(path)) + QUOTED.findall(text_of(path)))
    }
    assert faults == {}


def test_every_sentence_in_python_can_be_translated():
    """What `messages.success` and its sisters say comes through gettext."""
    faults = [
        f"{module.where}:{call.lineno}"
        for module in code()
        if "design" not in module.name
        for call in module.calls("success", "info", "warning", "error")
        if isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "messages"
        for argument in call.args[1:2]
        if isinstance(argument, ast.Constant | ast.JoinedStr)
    ]
    assert faults == []
