"""Newest-first pages by id: no page is slower than the first (quality.md P7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.db.models import QuerySet

_BIGGEST = 2**63 - 1


@dataclass(frozen=True)
class NewestFirst:
    """The rows of one page, and the cursors beside it; a blank cursor says there is none."""

    rows: list[Any]
    next: str = ""
    previous: str = ""

    @classmethod
    def of(cls, rows: "QuerySet[Any]", asked: Mapping[str, str]) -> Self:
        """The page that the parameters `after` (older than) or `before` (newer than) ask for; junk means the first."""
        size, newer, older = settings.PAGE_ROWS, _id(asked.get("before", "")), _id(asked.get("after", ""))
        if newer and (found := list(rows.filter(id__gt=newer).order_by("id")[: size + 1])):
            shown = found[:size][::-1]
            return cls(shown, str(shown[-1].pk), str(shown[0].pk) if len(found) > size else "")
        found = list((rows.filter(id__lt=older) if older else rows).order_by("-id")[: size + 1])
        shown = found[:size]
        return cls(shown, str(shown[-1].pk) if len(found) > size else "", str(shown[0].pk) if older and shown else "")


def _id(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) < 20
    return int(text) if is_number and 0 < int(text) <= _BIGGEST else None
