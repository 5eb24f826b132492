"""A week as people type it, a field for each weekday with its windows: of a calendar, and of a seller."""

from typing import Any

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.dates import WEEKDAYS

from .windows import Windows, WindowsField

DAYS = tuple(f"day_{number}" for number in range(7))


def add_week(form: forms.BaseForm, week: list[Windows], *, blank: Any) -> None:
    """Give the form a field for each weekday; `blank` is what an empty one means."""
    for number, name in enumerate(DAYS):
        form.fields[name] = WindowsField(
            label=WEEKDAYS[number], required=False, max_length=200, initial=week[number] if week else [],
            widget=forms.TextInput(attrs={"placeholder": blank}),
        )  # fmt: skip


def week_rows() -> list[Row]:
    """The fields as they stand on the page, two beside each other."""
    cells = [*(Column(name) for name in DAYS), Column()]
    return [Row(*cells[number : number + 2]) for number in range(0, 8, 2)]


def typed_week(said: dict[str, Any]) -> list[Windows]:
    """The windows of each day, Monday first."""
    return [said.get(name) or [] for name in DAYS]
