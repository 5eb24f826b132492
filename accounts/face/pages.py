"""Parts of a page: tabs, menus, panel, forms, figures, charts, progress."""

import json
from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import template
from django.forms import BaseForm
from django.template.loader import render_to_string

from .marks import share_of, unique_id

register = template.Library()


@register.simple_block_tag(takes_context=True)
def page_title(context: Any, content: str) -> str:
    """Says its content and keeps it, so that base.html can repeat the title as the default heading."""
    context["page_title"] = content
    return content


@register.inclusion_tag("components/crumbs.html")
def crumbs(items: Sequence[Any]) -> dict[str, Any]:
    """The way here: list of (label, url), nearest last."""
    return {"items": items}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Sequence[Any], label: str, target: str = "") -> dict[str, Any]:
    return {"items": items, "label": label, "target": target}


@register.inclusion_tag("components/steps.html")
def steps(items: Sequence[str], current: int) -> dict[str, Any]:
    """The steps of a wizard; `current` counts from 1."""
    return {"items": items, "current": current}


@register.simple_block_tag
def menu(
    content: str, *, label: str, icon: str = "", plain: bool = False, align: str = "start", small: bool = False
) -> str:
    """A button that opens a list of `.menu-item` links and buttons (native popover)."""
    found = {"content": content, "label": label, "icon": icon, "plain": plain, "align": align, "small": small}
    return render_to_string("components/menu.html", {**found, "id": unique_id("menu")})


@register.simple_block_tag
def panel(content: str, *, title: str, subtitle: str = "", href: str = "") -> str:
    """What fills the side panel; `href` is the full page of the same thing."""
    return render_to_string(
        "components/side_panel.html", {"content": content, "title": title, "subtitle": subtitle, "href": href}
    )


@register.inclusion_tag("components/form_page.html")
def form_page(  # noqa: PLR0913, PLR0917 - a form has that many sides; all but two have a default
    form: BaseForm,
    submit: str,
    cancel_url: str = "",
    action: str = "",
    intro: str = "",
    danger: bool = False,
    multipart: bool | None = None,
    autosave: str = "",
    htmx_target: str = "",
) -> dict[str, Any]:
    """A whole crispy form by POST, with summary of errors and buttons; knows by itself when it carries files."""
    helper = getattr(form, "helper", None) or FormHelper(form)
    helper.form_tag = False
    helper.disable_csrf = True
    return {
        "form": form,
        "helper": helper,
        "submit": submit,
        "cancel_url": cancel_url,
        "action": action,
        "intro": intro,
        "danger": danger,
        "multipart": form.is_multipart() if multipart is None else multipart,
        "autosave": autosave,
        "htmx_target": htmx_target,
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """What is wrong with a form, each line a link to its field. Crispy forms show it by themselves."""
    return {"form": form}


@register.inclusion_tag("components/figure_card.html")
def figure_card(  # noqa: PLR0913, PLR0917 - a figure carries its reason: all but the label have a default
    label: str,
    value: Any = None,
    change: str = "",
    tone: str = "neutral",
    against: str = "",
    n: int | None = None,
    definition: str = "",
    href: str = "",
    note: str = "",
    alarm: bool = False,
) -> dict[str, Any]:
    """One figure: value, change against before, how many it rests on, what it means, and its rows."""
    found = {"label": label, "value": value, "change": change, "tone": tone, "against": against, "n": n}
    rises = change.startswith("+")
    return {**found, "definition": definition, "href": href, "note": note, "alarm": alarm, "rises": rises}


@register.simple_block_tag
def chart(
    content: str, *, url: str = "", data: dict[str, Any] | None = None, title: str, summary: str = "", height: str = "m"
) -> str:
    """A chart drawn from what `url` answers, or from `data` that is at hand; the content is its table."""
    shown = {"content": content, "url": url, "title": title, "summary": summary, "height": height}
    return render_to_string("components/chart.html", shown | {"data": json.dumps(data) if data else ""})


@register.inclusion_tag("components/progress.html")
def progress(  # noqa: PLR0913, PLR0917 - long work has that many things to say
    title: str,
    done: int = 0,
    total: int | None = None,
    detail: str = "",
    state: str = "running",
    poll_url: str = "",
    cancel_url: str = "",
    href: str = "",
    action: str = "",
) -> dict[str, Any]:
    """Long work: what, how far, how long, cancel. Asks again each second while it has a `poll_url`."""
    found = {"title": title, "done": done, "total": total, "detail": detail, "state": state}
    share = 100.0 if state == "done" else share_of(done, total)
    return {**found, "poll_url": poll_url, "cancel_url": cancel_url, "href": href, "action": action, "share": share}


@register.inclusion_tag("components/banner.html")
def banner(text: str, tone: str = "neutral", href: str = "", action: str = "") -> dict[str, Any]:
    """A word from the system, over the page or a part of it."""
    icons = {"soon": "warning", "late": "error", "good": "good"}
    return {"text": text, "tone": tone, "href": href, "action": action, "icon": icons.get(tone, "info")}
