"""Conditions that nothing can fulfil at once: "Country is Poland and Country is Spain". Said as a warning, never refused."""

from collections.abc import Iterable, Sequence
from typing import Any

from .condition_values import number_of
from .conditions import Condition

_BOUNDS = ("at_least", "at_most", "between")
_LIKE = ("contains", "starts_with")


def impossible_field(conditions: Iterable[Condition]) -> str:
    """The first field of which no value fulfils all that is asked of it; blank where there is none that we can tell."""
    asked: dict[str, list[Condition]] = {}
    for condition in conditions:
        asked.setdefault(condition.field, []).append(condition)
    return next((field for field, its in asked.items() if not _possible(its)), "")


def _possible(its: Sequence[Condition]) -> bool:
    ops = {condition.op for condition in its}
    if "unknown" in ops:
        return ops == {"unknown"}
    listed = [value for condition in its if condition.op in ("is", "in") for value in _all_of(condition)]
    if listed:
        return any(_fulfils(value, its) for value in listed)
    bounds = [condition for condition in its if condition.op in _BOUNDS]
    marks = [value for condition in bounds for value in _all_of(condition)]
    return not bounds or any(_fulfils(mark, bounds) for mark in marks)


def _fulfils(value: Any, its: Sequence[Condition]) -> bool:
    """A number can be written in other ways, "5" and "5.0", so what its text is like tells nothing."""
    is_number = number_of(value) is not None
    return all(
        condition.matches({condition.field: value}) for condition in its if not (is_number and condition.op in _LIKE)
    )


def _all_of(condition: Condition) -> tuple[Any, ...]:
    return condition.value if isinstance(condition.value, tuple) else (condition.value,)
