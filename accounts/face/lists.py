"""Lists: filters as a sentence, search, sorting, the table, choosing rows, pages, and nothing-here."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.http import urlencode

from .marks import unique_id

register = template.Library()
CURSORS = ("after", "before")


def query_of(context: Any, *without: str) -> list[tuple[str, str]]:
    """Parameters of the page's address, but those named."""
    request = context.get("request")
    if request is None:
        return []
    return [(key, value) for key, values in request.GET.lists() if key not in without for value in values]


def address(pairs: list[tuple[str, str]]) -> str:
    return f"?{urlencode(pairs)}"


@register.filter
def first_items(groups: Any, count: int) -> list[Any]:
    """The first lines of a navigation, across its groups: what fits on a phone's bottom bar."""
    return [item for group in groups or [] for item in group["items"]][:count]


@register.inclusion_tag("components/filter_chips.html")
def filter_chips(chips: Sequence[Any], intro: str = "", clear_url: str = "", all_text: str = "") -> dict[str, Any]:
    """What the list is narrowed to, as a sentence; each part can be taken away."""
    return {"chips": chips, "intro": intro, "clear_url": clear_url, "all_text": all_text}


@register.inclusion_tag("components/search_box.html", takes_context=True)
def search_box(
    context: Any, value: str = "", label: str = "", target: str = "", name: str = "q", action: str = "", key: str = "/"
) -> dict[str, Any]:
    """A search form by GET that keeps the other parameters; with a target it searches while typing."""
    kept = query_of(context, name, *CURSORS)
    request = context.get("request")
    action = action or (request.path if request else "")
    return {
        "value": value,
        "label": label,
        "target": target,
        "name": name,
        "action": action,
        "kept": kept,
        "key": key,
        "id": unique_id("search"),
    }


@register.inclusion_tag("components/sort_link.html", takes_context=True)
def sort_link(
    context: Any, text: str, key: str, first: str = "", param: str = "sort", default: str = ""
) -> dict[str, Any]:
    """A column head that sorts; `first="-"` starts with the largest. `default` is the order without the parameter."""
    request = context.get("request")
    now = (request.GET.get(param, default) if request else default) or default
    active = now.lstrip("-") == key
    falling = now.startswith("-")
    wanted = ("" if falling else "-") if active else first
    pairs = [*query_of(context, param, *CURSORS), (param, f"{wanted}{key}")]
    return {"text": text, "url": address(pairs), "active": active, "falling": falling}


@register.simple_block_tag(takes_context=True)
def data_table(context: Any, content: str, *, label: str, id: str = "", fold: bool = True) -> str:  # noqa: A002
    """The shell of a list; rows become blocks on a phone unless fold=False."""
    return render_to_string("components/data_table.html", {"content": content, "label": label, "id": id, "fold": fold})


@register.simple_block_tag(takes_context=True)
def bulk_bar(context: Any, content: str, *, noun: str = "", total: int | None = None) -> str:
    """Appears when rows are chosen; holds the buttons that act on them."""
    return render_to_string("components/bulk_bar.html", {"content": content, "noun": noun, "total": total})


@register.inclusion_tag("components/keyset_pager.html", takes_context=True)
def keyset_pager(
    context: Any,
    next: str | None = None,  # noqa: A002
    previous: str | None = None,
    shown: int | None = None,
    total: Any = None,
) -> dict[str, Any]:
    """Next and previous by cursor; no page numbers, so a page deep in a million costs as much as the first."""
    kept = query_of(context, *CURSORS)
    return {
        "next_url": address([*kept, ("after", str(next))]) if next else "",
        "previous_url": address([*kept, ("before", str(previous))]) if previous else "",
        "shown": shown,
        "total": total,
    }


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    title: str, text: str = "", icon: str = "", action: str = "", href: str = "", hint: str = "", small: bool = False
) -> dict[str, Any]:
    """What this place is for, and the one thing to do next."""
    return {"title": title, "text": text, "icon": icon, "action": action, "href": href, "hint": hint, "small": small}


@register.inclusion_tag("components/error_state.html")
def error_state(text: str, retry_url: str = "") -> dict[str, Any]:
    return {"text": text, "retry_url": retry_url}


@register.inclusion_tag("components/skeleton.html")
def skeleton(rows: int = 5) -> dict[str, Any]:
    """Grey rows of the size of what comes."""
    return {"rows": range(rows)}
