"""The frame around every letter: made by MJML once, so that old mail programs show what new ones show."""

from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path

import mjml
from django.conf import settings
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _

#: Where the preview text and the body go, and what the addresses of one letter stand for until it is written.
PREVIEW, BODY_BEGINS, BODY_ENDS = "<!--preview-->", "<!--letter-->", "<!--/letter-->"
PLACES = "https://link.invalid/"
_SOURCE = Path(__file__).with_name("letter.mjml")


def sender_name() -> str:
    """Who the letters come from, in words."""
    name, address = parseaddr(settings.NURTURE_FROM)
    return name or address.rpartition("@")[2]


@lru_cache(maxsize=32)
def frame(language: str, sender: str) -> tuple[str, str]:
    """The HTML before and after the body, in a language; the way out is part of it, so no letter can lack one."""
    with translation.override(language):
        words = {
            "LANGUAGE": language,
            "SENDER": sender,
            "WHY": _("You get this e-mail because you are in touch with %(sender)s.") % {"sender": sender},
            "UNSUBSCRIBE": _("Unsubscribe"),
            "PREFERENCES": _("Choose what you get"),
        }
    source = _SOURCE.read_text(encoding="utf-8")
    for name, word in words.items():
        source = source.replace(f"[{name}]", escape(word))
    before, _between, after = mjml.mjml2html(source).partition("[BODY]")
    return before.replace("[PREVIEW]", PREVIEW) + BODY_BEGINS, BODY_ENDS + after


def way_out(language: str) -> str:
    """The same way out for the plain text."""
    with translation.override(language):
        lines = ((_("Unsubscribe"), "unsubscribe"), (_("Choose what you get"), "preferences"))
        return "\n".join(f"{word}: {PLACES}{place}" for word, place in lines)
