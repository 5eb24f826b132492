"""The rows of a condition builder: for each, the operators and the kind of value its field allows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .condition_rows import LISTED, VALUELESS, Row
from .conditions import Field, FieldSet

OPERATORS_OF = {
    "text": ("is", "is_not", "in", "not_in", "contains", "starts_with", "known", "unknown"),
    "number": ("at_least", "at_most", "between", "is", "known", "unknown"),
    "date": ("at_least", "at_most", "between", "known", "unknown"),
    "choice": ("is", "is_not", "known", "unknown"),
    "flag": ("is", "known", "unknown"),
    "search": ("contains", "is_not"),
    "listed": ("is", "is_not"),
}
#: What a deed can be about: field and operator of an activity.
ABOUT = ("path:starts_with", "path:contains", "asset:is", "campaign:is", "subject:contains", "funnel_stage:is")
INPUTS = {"number": "number", "date": "date"}
Offered = list[tuple[str, str]]


@dataclass(frozen=True)
class RowForm:
    """One row as the form shows it."""

    row: Row
    field: Field | None
    fields: Offered
    operators: Offered
    listed: Mapping[str, Callable[[], Offered]]

    @property
    def op(self) -> str:
        return self.row.op or self.operators[0][0]

    @property
    def needs_value(self) -> bool:
        return self.op not in VALUELESS

    @property
    def choices(self) -> Offered:
        """What the value is chosen from; empty where it is typed."""
        if self.op in LISTED or not self.field:
            return []
        if self.field.kind == "flag":
            return [("true", _("yes")), ("false", _("no"))]
        if self.field.name in self.listed:
            return self.listed[self.field.name]()
        return [(value, str(label)) for value, label in self.field.choices]

    @property
    def narrows(self) -> bool:
        """Whether it is about deeds, so that how often, since when and about what can be said."""
        return bool(self.field and self.field.narrowed_by)

    @property
    def abouts(self) -> Offered:
        """What the deeds can be about: "Path starts with"."""
        if not self.field or not self.field.narrowed_by:
            return []
        words = operator_words()
        offered = ABOUT if self.row.about in ("", *ABOUT) else (*ABOUT, self.row.about)
        pairs = [(one, *one.split(":", 1)) for one in offered if ":" in one]
        return [(one, f"{self.field.narrowed_by.label(name)} {words.get(op, op)}") for one, name, op in pairs]

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


@dataclass(frozen=True)
class Builder:
    """What a builder offers: fields as (name, label), and for fields whose values are rows, how to read those."""

    known: FieldSet
    offered: Offered
    listed: Mapping[str, Callable[[], Offered]] = field(default_factory=dict)

    def rows(self, rows: Iterable[Row], *, blank: int = 0) -> list[RowForm]:
        """The rows and as many blank ones after them."""
        return [self.row(row) for row in [*rows, *[Row()] * blank]]

    def row(self, row: Row) -> RowForm:
        """The row with what it offers. A field or operator that is not offered but stands there is kept."""
        named = self.known.get(row.field) if row.field else None
        words = operator_words()
        operators = list(OPERATORS_OF[named.kind if named else "text"])
        if row.op in words and row.op not in operators and row.value:
            operators.append(row.op)
        kept = [(row.field, str(named.label))] if named and row.field not in dict(self.offered) else []
        return RowForm(row, named, [*self.offered, *kept], [(op, words[op]) for op in operators], self.listed)


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
