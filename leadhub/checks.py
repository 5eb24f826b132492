"""Checks at start: a view that does not declare who may open it does not start (quality.md rule 24)."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every URL pattern below the resolver, with its whole route."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


@register
def every_view_declares_its_gate(app_configs: Any, **_kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"The view at /{route} does not declare who may open it: use accounts.access.gate or public.",
            id="leadhub.E001",
        )
        for route, pattern in patterns(get_resolver())
        if not hasattr(pattern.callback, "gate")
    ]
