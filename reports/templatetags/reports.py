"""What the templates of reports ask of figures and pages."""

from typing import Any

from django import template

from ..sla_lists import TONES

register = template.Library()


@register.filter
def figure(figures: Any, name: str) -> int:
    """The figure of that name."""
    count: int = getattr(figures, name)
    return count


@register.filter
def standing_tone(standing: Any) -> str:
    """The tone of a standing's bar and badge."""
    return TONES[standing]


@register.simple_tag
def rows_url(page: Any, **more: Any) -> str:
    """The address of the rows behind a figure of the page."""
    address: str = page.rows_url(**more)
    return address
