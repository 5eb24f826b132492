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
    field: str = ""

    @property
    def op(self) -> str:
        return self.row.op or "is"

    @property
    def needs_value(self) -> bool:
        return self.op not in VALUELESS


def row_forms(rows: Iterable[Row], *, blank: int, naming: "Naming") -> list[RowForm]:
    """The rows and as many blank ones after them."""
    words = operator_words()
    return [RowForm(row, words, naming.label(row.field)) for row in [*rows, *[Row()] * blank]]


class Naming:
    """Fields as people call them: "Job title" is typed and shown for job_title. Names are understood as well."""

    def __init__(self, fields: FieldSet) -> None:
        self._labels: dict[str, str] = {}
        self._names: dict[str, str] = {}
        for name, label in _known(fields):
            if label.casefold() not in self._names:  # of two that are called the same the later goes by its name
                self._labels[name], self._names[label.casefold()] = label, name
        self._open = [("properties.", _("A property, by its name"))] if fields is ACTIVITY_FIELDS else []

    @property
    def suggestions(self) -> list[tuple[str, str]]:
        """What the field can be, with a word about it where it does not say itself."""
        return [(label, "") for label in self._labels.values()] + self._open

    def label(self, name: str) -> str:
        return self._labels.get(name, name)

    def name(self, typed: str) -> str:
        text = typed.strip()
        return text if text in self._labels else self._names.get(text.casefold(), text)


def _known(fields: FieldSet) -> list[tuple[str, str]]:
    known = [(field.name, str(field.label)) for field in fields]
    if fields is ACTIVITY_FIELDS:
        return known
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
