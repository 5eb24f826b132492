"""The rows of the condition builder: for each, the operators and the kind of value its field allows."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from leads.condition_rows import LISTED, VALUELESS, Row
from leads.conditions import Field
from leads.models import ActivityType, CustomField

from .fields import DEED, LIST_FIELDS, is_personal

OPERATORS_OF = {
    "text": ("is", "is_not", "in", "not_in", "contains", "starts_with", "known", "unknown"),
    "number": ("at_least", "at_most", "between", "is", "known", "unknown"),
    "date": ("at_least", "at_most", "between", "known", "unknown"),
    "choice": ("is", "is_not", "known", "unknown"),
    "flag": ("is", "known", "unknown"),
}
INPUTS = {"number": "number", "date": "date"}


@dataclass(frozen=True)
class RowForm:
    """One row as the form shows it."""

    row: Row
    field: Field | None
    fields: list[tuple[str, str]]
    operators: list[tuple[str, str]]

    @property
    def op(self) -> str:
        return self.row.op or self.operators[0][0]

    @property
    def needs_value(self) -> bool:
        return self.op not in VALUELESS

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What the value is chosen from; empty where it is typed."""
        if self.op in LISTED:
            return []
        if self.field and self.field.kind == "flag":
            return [("true", _("yes")), ("false", _("no"))]
        if self.field and self.field.name == DEED:
            return [(kind.key, str(kind)) for kind in ActivityType.objects.all()]
        return [(value, str(label)) for value, label in self.field.choices] if self.field else []

    @property
    def input_type(self) -> str:
        kind = self.field.kind if self.field else "text"
        return INPUTS.get(kind, "text") if self.op != "between" else "text"

    @property
    def example(self) -> str:
        """What goes into the field, in a few grey words."""
        if self.op == "between":
            return _("lowest, highest")
        return _("one, another") if self.op in ("in", "not_in") else ""


def row_form(row: Row, offered: list[tuple[str, str]]) -> RowForm:
    """The row with what it offers. A field or operator that is not offered but stands there is kept."""
    field = LIST_FIELDS.get(row.field) if row.field else None
    words = operator_words()
    operators = list(OPERATORS_OF[field.kind if field else "text"])
    if row.op in words and row.op not in operators and row.value:
        operators.append(row.op)
    kept = [(row.field, str(field.label))] if field and row.field not in dict(offered) else []
    return RowForm(row, field, [*offered, *kept], [(op, words[op]) for op in operators])


def row_forms(rows: Iterable[Row], *, blank: int = 0, personal: bool = True) -> list[RowForm]:
    """The rows and as many blank ones after them."""
    offered = fields_offered(personal=personal)
    return [row_form(row, offered) for row in [*rows, *[Row()] * blank]]


def fields_offered(*, personal: bool = True) -> list[tuple[str, str]]:
    """Fields to choose from, as (name, label); without what could tell who somebody is unless `personal`."""
    known = [(field.name, str(field.label)) for field in LIST_FIELDS if personal or not is_personal(field.name)]
    return known + [(f"custom.{field.key}", field.label) for field in CustomField.objects.all()] if personal else known


def operator_words() -> dict[str, str]:
    return {
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
