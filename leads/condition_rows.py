"""Conditions as people type them: rows of field, operator and value, in a form or in an address."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from django.utils.translation import gettext as _

from .condition_values import BLANKS
from .conditions import MOST_CONDITIONS, Condition, ConditionFault, FieldSet, Narrow, parse_conditions
from .documents import DocumentFault, Problem, load_json

VALUELESS = ("known", "unknown")
LISTED = ("in", "not_in", "between")
#: What each row of a form sends; the last four say more of deeds and are blank for other fields.
COLUMNS = ("field", "op", "value", "deed_times", "deed_days", "deed_about", "deed_part")
MOST_PACKED = 2_000
_BREAK = ":"


class Params(Protocol):
    """What `request.GET` and `request.POST` offer."""

    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True)
class Row:
    """One row as typed; `problem` says what is wrong with it."""

    field: str = ""
    op: str = ""
    value: str = ""
    problem: str = ""
    #: Of deeds: how often at least, within how many days, and what they were about ("path:starts_with", "/pricing").
    times: str = ""
    days: str = ""
    about: str = ""
    part: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.field and not self.value.strip()


def typed_rows(params: Params) -> list[Row]:
    """The rows of a form (the `COLUMNS` repeated), blank ones left out."""
    columns = [params.getlist(name)[: MOST_CONDITIONS + 1] for name in COLUMNS]
    longest = max(map(len, columns))
    padded = [column + [""] * (longest - len(column)) for column in columns]
    rows = [_row(*(text[:600] for text in texts)) for texts in zip(*padded, strict=True)]
    return [row for row in rows if not row.is_blank]


def _row(field: str, op: str, value: str, *deed: str) -> Row:
    times, days, about, part = deed
    return Row(field, op, value, times=times, days=days, about=about, part=part)


def packed_rows(params: Params) -> list[Row]:
    """The rows of an address: each `where=FIELD:OP:VALUE`, or in the JSON form, as `row_of` writes it."""
    packed = [text for text in params.getlist("where")[: MOST_CONDITIONS + 1] if text.strip()]
    return [
        _unpacked(text) if text.startswith("{") else Row(*[*text[:700].split(_BREAK, 2), "", ""][:3]) for text in packed
    ]


def _unpacked(text: str) -> Row:
    """A row from its JSON form; junk makes a row whose field is not known."""
    try:
        said = load_json(text[:MOST_PACKED])
        when = (said.get("when") or [{}])[0]
        about = _BREAK.join((str(when["field"]), str(when["op"]))) if when else ""
        return _row(
            str(said.get("field", "")), str(said.get("op", "")), text_of_value(said.get("value")),
            _text(said.get("times")), _text(said.get("days")), about, text_of_value(when.get("value")),
        )  # fmt: skip
    except (DocumentFault, AttributeError, KeyError, IndexError, TypeError):
        return Row(text[:40])


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def conditions_of_rows(params: Params, fields: FieldSet) -> tuple[Condition, ...]:
    """The conditions an address or a filter form asks for; raises `ConditionFault`."""
    return parse_conditions([document_of(row) for row in (*packed_rows(params), *typed_rows(params))], fields)


def check_rows(rows: Sequence[Row], fields: FieldSet) -> tuple[list[Row], tuple[Condition, ...]]:
    """The rows, each with its own problem if it has one, and the conditions if all are fine."""
    told: list[Row] = []
    found: list[Condition] = []
    for row in rows:
        try:
            found += parse_conditions([document_of(row)], fields)
            told.append(row)
        except ConditionFault as fault:
            told.append(replace(row, problem=_sentence(fault.problems[0])))
    return told, tuple(found) if len(found) == len(rows) else ()


def document_of(row: Row) -> dict[str, Any]:
    """The row in the JSON form of the language."""
    said: dict[str, Any] = {"field": row.field, "op": row.op} | _narrowing(row)
    if row.op in VALUELESS:
        return said
    if row.op in LISTED:
        return said | {"value": [_bound(part, row.op) for part in _parts(row.value)]}
    return said | {"value": _bound(row.value.strip(BLANKS), row.op)}


def _narrowing(row: Row) -> dict[str, Any]:
    """What a row says of deeds, in the JSON form."""
    said: dict[str, Any] = {
        name: int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
        for name, text in (("times", row.times.strip()), ("days", row.days.strip()))
        if text
    }
    if row.about:
        field, _sign, op = row.about.partition(_BREAK)
        said["when"] = [{"field": field, "op": op, "value": row.part.strip(BLANKS)}]
    return said


def _parts(text: str) -> list[str]:
    """The values of a typed list; one that holds a comma stands in double quotes."""
    line = next(csv.reader([text.replace("\r", " ").replace("\n", " ")], skipinitialspace=True), [])
    return [part.strip(BLANKS) for part in line if part.strip(BLANKS)]


def _bound(text: str, op: str) -> Any:
    """The text as the language reads it: a number may carry a real minus sign."""
    return text.replace("\N{MINUS SIGN}", "-") if op in ("between", "at_least", "at_most") else text


def _sentence(problem: Problem) -> str:
    return _("Choose how to compare.") if problem.path.endswith(".op") else problem.sentence


def row_of(condition: Condition) -> str:
    """The condition as one parameter of an address: "country:in:Poland, Indonesia"; one that is narrowed in the JSON form."""
    if condition.narrow:
        return json.dumps(condition.to_json(), ensure_ascii=False, separators=(",", ":"), default=str)
    return _BREAK.join((condition.field, condition.op, text_of_value(condition.value)))


def text_of_value(value: Any) -> str:
    """A condition's value as it is typed."""
    if value is None:
        return ""
    if isinstance(value, (tuple, list)):
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(map(text_of_value, value))
        return line.getvalue().replace(",", ", ") if '"' not in line.getvalue() else line.getvalue()
    return value if isinstance(value, str) else json.dumps(value, default=str)


def rows_of(conditions: Iterable[Condition]) -> list[Row]:
    """Stored conditions as rows to edit."""
    return [_row(one.field, one.op, text_of_value(one.value), *_deed(one.narrow or Narrow())) for one in conditions]


def _deed(narrow: Narrow) -> tuple[str, str, str, str]:
    when = narrow.when[0] if narrow.when else None
    about, part = (_BREAK.join((when.field, when.op)), text_of_value(when.value)) if when else ("", "")
    return (str(narrow.times) if narrow.times > 1 else "", _text(narrow.days), about, part)
