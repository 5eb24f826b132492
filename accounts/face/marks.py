"""Small marks: icons, badges, avatars, bars, key caps, and words that explain themselves."""

import json
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .wording import initials

register = template.Library()
SIZES = {14: " icon-s", 16: "", 20: " icon-l", 32: " icon-xl"}
SHARE_DECIMALS = 2


@cache
def known_icons() -> frozenset[str]:
    """Names of the sprite, as static/icons.json lists them."""
    return frozenset(json.loads((Path(settings.BASE_DIR) / "static" / "icons.json").read_text()))


def unique_id(kind: str) -> str:
    """An id that no other fragment on the page has."""
    return f"{kind}-{secrets.token_hex(4)}"


def share_of(value: Any, total: Any) -> float:
    """`value` as a percentage of `total`, kept within 0 and 100; nothing of nothing is 0."""
    return round(max(0.0, min(100.0, 100.0 * float(value or 0) / float(total))), SHARE_DECIMALS) if total else 0.0


@register.simple_tag
def icon(name: str, label: str = "", size: int = 16) -> SafeString:
    """An icon of the sprite; a name the sprite does not know shows as a dot (a test finds such names)."""
    known = name if name in known_icons() else "dot"
    voice = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"></use></svg>',
        SIZES.get(size, ""),
        voice,
        static("dist/icons.svg"),
        known,
    )


@register.simple_tag
def badge(text: Any, tone: str = "neutral") -> SafeString:
    return format_html('<span class="badge" data-tone="{}">{}</span>', tone, text)


@register.simple_tag
def avatar(name: Any = "", size: str = "m") -> SafeString:
    """Initials in a circle; decoration beside a name, so readers skip it."""
    return format_html('<span class="avatar avatar-{}" aria-hidden="true">{}</span>', size, initials(str(name or "")))


@register.simple_tag
def kbd(keys: str) -> SafeString:
    return format_html(
        '<span class="keys">{}</span>', format_html_join("", "<kbd>{}</kbd>", ((key,) for key in keys.split()))
    )


@register.simple_tag
def bar(value: Any, total: Any, tone: str = "neutral", label: str = "") -> SafeString:
    """A thin bar: `value` of `total`. Without a label it only repeats words beside it, so readers skip it."""
    voice = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="bar" data-tone="{}" viewBox="0 0 100 6" preserveAspectRatio="none" {}><rect width="{}" height="6"></rect></svg>',
        tone,
        voice,
        str(share_of(value, total)),
    )


@register.inclusion_tag("components/why.html")
def why(text: Any, label: str = "", href: str = "") -> dict[str, Any]:
    """A definition on hover, focus and tap; with a label, the word itself opens it."""
    return {"text": text, "label": label, "href": href, "id": unique_id("why")}


@register.simple_block_tag
def hint(content: str, *, label: str) -> str:
    """`why` with any content."""
    return render_to_string("components/why.html", {"text": content, "label": label, "id": unique_id("why")})


@register.inclusion_tag("components/diff_line.html")
def diff_line(
    text: str, before: Any = None, after: Any = None, unit: str = "", tone: str = "neutral"
) -> dict[str, Any]:
    """What changed: "Pricing page 4 → 6"."""
    return {"text": text, "before": before, "after": after, "unit": unit, "tone": tone}


@register.inclusion_tag("components/fact.html")
def fact(label: str, value: Any = None, href: str = "", note: str = "", verified: str = "") -> dict[str, Any]:
    """One line of `dl.facts`; an unknown fact invites to add it."""
    add = _("Add %(fact)s") % {"fact": label[:1].lower() + label[1:]}
    return {"label": label, "value": value, "href": href, "note": note, "verified": verified, "add": add}
