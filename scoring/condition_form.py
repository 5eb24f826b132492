"""The rows of conditions in the rule editor: for each, the fields, operators and kind of value that fit."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from leads.condition_fields import ACTIVITY_FIELDS
from leads.condition_rows import VALUELESS, Row
from leads.conditions import OPERATORS, FieldSet
from leads.models import CustomField


@dataclass(frozen=True)
class RowForm:
    """One row as the form shows it. The field is typed with suggestions, since properties and custom fields are open-ended."""

    row: Row
    operators: list[tuple[str, str]]

    @property
    def op(self) -> str:
        return self.row.op or "is"

    @property
    def needs_value(self) -> bool:
        return self.op not in VALUELESS


def row_forms(rows: Iterable[Row], *, blank: int) -> list[RowForm]:
    """The rows and as many blank ones after them."""
    words = operator_words()
    return [RowForm(row, words) for row in [*rows, *[Row()] * blank]]


def suggestions(fields: FieldSet) -> list[tuple[str, str]]:
    """Fields to choose from, by name, with what they are called."""
    known = [(field.name, str(field.label)) for field in fields]
    if fields is ACTIVITY_FIELDS:
        return [*known, ("properties.", _("A property, by its name"))]
    return known + [(f"custom.{field.key}", field.label) for field in CustomField.objects.all()]


def operator_words() -> list[tuple[str, str]]:
    words = {
        "is": _("is"),
        "is_not": _("is not"),
        "in": _("is one of"),
        "not_in": _("is none of"),
        "contains": _("contains"),
        "starts_with": _("starts with"),
        "between": _("is between"),
        "at_least": _("is at least"),
        "at_most": _("is at most"),
        "known": _("is known"),
        "unknown": _("is unknown"),
    }
    return [(op, words[op]) for op in OPERATORS]
