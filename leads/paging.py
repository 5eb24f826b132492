"""Keyset pages: every row once, forward and back, as fast on page 6,000 as on page 1 (quality.md P7)."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from typing import Any, Self

from django.conf import settings
from django.db.models import BooleanField, F, Func, Model, QuerySet, Value

from .documents import storable

MOST_COUNTED = 1_000
_BIGGEST = 2**63 - 1


def _read_int(value: Any) -> int:
    if type(value) is not int or abs(value) > _BIGGEST:
        raise ValueError(value)
    return value


def _read_text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 1_000 or not storable(value):
        raise ValueError(value)
    return value


def _read_moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_read_text(value))
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment


# How a column's value is read back from a cursor; anything that was never written there is a ValueError.
_READERS: dict[type, Callable[[Any], Any]] = {
    int: _read_int,
    str: _read_text,
    date: lambda value: date.fromisoformat(_read_text(value)),
    datetime: _read_moment,
}


class _Row(Func):
    """`(a, b)`: compared as a whole, so that one index range finds where a page starts."""

    template = "(%(expressions)s)"
    output_field = BooleanField()


class _Past(Func):
    template = "%(expressions)s"
    output_field = BooleanField()


@dataclass(frozen=True)
class Order:
    """What rows are ordered by: columns that are never null, the last one unique, all in one direction.

    `columns` maps ORM paths or annotations to their type (int, str, date, datetime).
    """

    columns: Mapping[str, type]
    descending: bool = False

    def rows(
        self, rows: "QuerySet[Any]", *, past: Sequence[Any] | None = None, backwards: bool = False
    ) -> "QuerySet[Any]":
        """The rows in this order (or backwards), only those past the given place."""
        down = self.descending is not backwards
        if past is not None:
            here, there = _Row(*map(F, self.columns)), _Row(*map(Value, past))
            rows = rows.filter(_Past(here, there, arg_joiner=" < " if down else " > "))
        return rows.order_by(*(F(path).desc() if down else F(path).asc() for path in self.columns))

    def place_of(self, row: Model) -> list[Any]:
        return [reduce(getattr, path.split("__"), row) for path in self.columns]

    def read(self, marks: Any) -> list[Any]:
        """The place that a cursor names; `ValueError` when it cannot be one."""
        if not isinstance(marks, list) or len(marks) != len(self.columns):
            raise ValueError(marks)
        return [_READERS[kind](mark) for kind, mark in zip(self.columns.values(), marks, strict=True)]


@dataclass(frozen=True)
class Run:
    """Rows in one order. A list may be several runs one after another: first the scored leads, then the others."""

    rows: "QuerySet[Any]"
    order: Order


@dataclass(frozen=True)
class Place:
    """Where a page starts: the number of the run and the last row's marks there."""

    run: int
    marks: list[Any]

    def cursor(self) -> str:
        """The place as opaque text for an address."""
        marks = [mark.isoformat() if isinstance(mark, date) else mark for mark in self.marks]
        return base64.urlsafe_b64encode(json.dumps([self.run, marks]).encode()).decode().rstrip("=")

    @classmethod
    def read(cls, cursor: str, runs: Sequence[Run]) -> Self | None:
        """The place a cursor names, or None for junk, which means the first page."""
        try:
            run, marks = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
            if type(run) is not int or not 0 <= run < len(runs):
                return None
            return cls(run, runs[run].order.read(marks))
        except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
            return None


@dataclass(frozen=True)
class Page:
    """The rows of one page, and the cursors of the pages beside it; a blank cursor says there is none."""

    rows: list[Any]
    next: str = ""
    previous: str = ""

    @property
    def is_all(self) -> bool:
        """Whether these are all rows there are, so that nobody need count them."""
        return not (self.next or self.previous)

    @classmethod
    def of(cls, rows: "QuerySet[Any]", order: Order, asked: Mapping[str, str], *, size: int | None = None) -> Self:
        """The page of `rows` that the address parameters `after` or `before` ask for."""
        return cls.of_runs([Run(rows, order)], asked, size=size)

    @classmethod
    def of_runs(cls, runs: Sequence[Run], asked: Mapping[str, str], *, size: int | None = None) -> Self:
        """The page of several runs, one after another; a page may hold rows of two of them."""
        size = size or settings.PAGE_ROWS
        if start := Place.read(asked.get("before", ""), runs):
            found = _collect(runs, start, size + 1, backwards=True)
            if found:
                shown = found[:size][::-1]
                return cls._between(runs, shown, earlier=len(found) > size, later=True)
        start = Place.read(asked.get("after", ""), runs)
        found = _collect(runs, start, size + 1, backwards=False)
        return cls._between(runs, found[:size], earlier=start is not None, later=len(found) > size)

    @classmethod
    def _between(cls, runs: Sequence[Run], shown: list[tuple[int, Any]], *, earlier: bool, later: bool) -> Self:
        def cursor(number: int, row: Any) -> str:
            return Place(number, runs[number].order.place_of(row)).cursor()

        return cls(
            rows=[row for _number, row in shown],
            next=cursor(*shown[-1]) if shown and later else "",
            previous=cursor(*shown[0]) if shown and earlier else "",
        )


def _collect(runs: Sequence[Run], start: Place | None, most: int, *, backwards: bool) -> list[tuple[int, Any]]:
    """Up to `most` rows past the start with the number of their run, going on into the next runs."""
    numbers = list(range(len(runs)))[:: -1 if backwards else 1]
    if start:
        numbers = numbers[numbers.index(start.run) :]
    found: list[tuple[int, Any]] = []
    for number in numbers:
        past = start.marks if start and number == start.run else None
        rows = runs[number].order.rows(runs[number].rows, past=past, backwards=backwards)
        found += [(number, row) for row in rows[: most - len(found)]]
        if len(found) == most:
            break
    return found


def count_at_most(rows: "QuerySet[Any]", most: int = MOST_COUNTED) -> int:
    """How many rows there are, counting no further than `most` + 1: shown as "1,000+" by the `at_most` filter."""
    return rows.order_by().values("pk")[: most + 1].count()
