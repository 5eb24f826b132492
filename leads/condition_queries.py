"""Conditions as questions to the database, with the meaning of `leads.conditions` to the letter; a test compares the two."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, F, Func, Q, TextField, Value

from . import condition_values as values
from .conditions import Condition, FieldSet

#: Fields of integer columns, and those whose text is a part of the path's.
NUMBERS = frozenset({"employees"})
PARTS = {"email_domain": "substring(<0> from '[^@]*$')"}


class Sql(Func):
    """Our own words of SQL with expressions in the places <0>, <1> and so on, each as often as it is named."""

    def __init__(self, words: str, *expressions: Any, output_field: Any = None) -> None:
        super().__init__(*expressions, output_field=output_field or BooleanField())
        self.words = words

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        compiled = [compiler.compile(expression) for expression in self.source_expressions]
        pieces, params = [], []
        for n, piece in enumerate(re.split(r"<(\d)>", self.words)):
            if n % 2:
                sql, more = compiled[int(piece)]
                pieces.append(sql)
                params.extend(more)
            else:
                pieces.append(piece)
        return f"({''.join(pieces)})", params

    @property
    def identity(self) -> tuple[Any, ...]:
        return (*super().identity, ("words", self.words))


def as_query(conditions: Iterable[Condition], fields: FieldSet) -> Q:
    """All conditions as one `Q` on the rows that the paths of the fields start from. Unknown facts fail the test."""
    query = Q()
    for condition in conditions:
        query &= Q(Sql("COALESCE(<0>, false)", _quickly(condition, fields, _test(condition, fields))))
    return query


def _quickly(condition: Condition, fields: FieldSet, test: Any) -> Any:
    """The same test, asked only where a cheap look at the column does not rule it out: most rows of a million fail there.

    A text of ASCII alone holds an ASCII part in any case or does not; in others (a Kelvin sign folds to a k) nothing is ruled out.
    """
    part, field = _part_of(condition), fields.get(condition.field)
    if not part or not part.isascii() or field is None or len(field.paths) != 1 or condition.field in NUMBERS:
        return test
    words = '(strpos(lower(<0>::text COLLATE "C"), <1>) > 0 OR octet_length(<0>::text) <> length(<0>::text)) AND <2>'
    return Sql(words, F(field.paths[0]), _text(part), test)


def _part_of(condition: Condition) -> str:
    """Folded text without which the column cannot meet the condition; empty where there is none."""
    listed = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    if condition.op in ("contains", "starts_with") or (condition.op in ("is", "in") and len(listed) == 1):
        return "" if values.is_number(listed[0]) else values.fold(values.text_of(listed[0]) or "")
    return ""


def text_of(name: str, fields: FieldSet) -> Any:
    """A field as text without blanks around it, null where it is unknown."""
    field = fields.get(name)
    prefix, _dot, key = name.partition(".")
    if field is None or not field.paths:
        return _text_in_json(fields.open_ended[prefix], key)
    known = [_known_text(path, name) for path in field.paths]
    words = ", ".join(f"<{n}>" for n in range(len(known)))
    return Sql(f"COALESCE({words})", *known, output_field=TextField())


def _known_text(path: str, name: str) -> Any:
    words = "NULLIF(btrim(<0>::text, <1>), '')"
    text = Sql(words, F(path), _text(values.BLANKS), output_field=TextField())
    return Sql(PARTS[name], text, output_field=TextField()) if name in PARTS else text


def _text_in_json(column: str, key: str) -> Any:
    """Texts, numbers (without needless zeros) and booleans; a list or an object counts as unknown."""
    words = (
        "CASE jsonb_typeof(<0> -> <1>) WHEN 'string' THEN NULLIF(btrim(<0> ->> <1>, <2>), '')"
        " WHEN 'number' THEN trim_scale((<0> ->> <1>)::numeric)::text WHEN 'boolean' THEN <0> ->> <1> END"
    )
    return Sql(words, F(column), _text(key), _text(values.BLANKS), output_field=TextField())


def _number_by_type(name: str, fields: FieldSet) -> Any:
    """Whether the field's value is a number by type, not a text that looks like one."""
    prefix, dot, key = name.partition(".")
    if dot and prefix in fields.open_ended:
        return Sql("COALESCE(jsonb_typeof(<0> -> <1>) = 'number', false)", F(fields.open_ended[prefix]), _text(key))
    return Sql("true" if name in NUMBERS else "false")


def _text(value: str) -> Any:
    return Sql("<0>::text", Value(value), output_field=TextField())


def _number(value: Any) -> Any:
    """A number whose words are digits only; the database reads them exactly."""
    number = values.number_of(value)
    return Sql("<0>::numeric", Value("NaN" if number is None else format(number, "f")))


def _test(condition: Condition, fields: FieldSet) -> Any:
    text, op, wanted = text_of(condition.field, fields), condition.op, condition.value
    if op in ("known", "unknown"):
        return Sql("<0> IS NOT NULL" if op == "known" else "<0> IS NULL", text)
    if op == "contains":
        return Sql("strpos(lower(<0>), <1>) > 0", text, _folded(wanted))
    if op == "starts_with":
        return Sql("starts_with(lower(<0>), <1>)", text, _folded(wanted))
    if op in ("is", "is_not", "in", "not_in"):
        listed = wanted if isinstance(wanted, tuple) else (wanted,)
        same = _same_as_one(text, _number_by_type(condition.field, fields), listed)
        return Sql("<0> IS NOT NULL AND NOT <1>", text, same) if op in ("is_not", "not_in") else same
    low, high = wanted if op == "between" else (wanted, wanted)
    tests = [
        *([_bound(text, ">=", low)] if op != "at_most" else []),
        *([_bound(text, "<=", high)] if op != "at_least" else []),
    ]
    return Sql(" AND ".join(f"<{n}>" for n in range(len(tests))), *tests)


def _folded(part: Any) -> Any:
    return _text(values.fold(values.text_of(part) or ""))


def _same_as_one(text: Any, number_by_type: Any, listed: Iterable[Any]) -> Any:
    """As numbers where either side is one by type, else as text without case."""
    numbers = [_number(one) for one in listed if values.number_of(one) is not None]
    typed = [_number(one) for one in listed if values.is_number(one) and values.number_of(one) is not None]
    texts = [_folded(one) for one in listed if not values.is_number(one) and values.text_of(one) is not None]
    return Sql(
        "COALESCE(CASE WHEN <0> THEN <1> ELSE <2> OR <3> END, false)",
        number_by_type,
        _among(_as_number(text), numbers),
        _among(_as_number(text), typed),
        _among(Sql("lower(<0>)", text, output_field=TextField()), texts),
    )


def _among(value: Any, listed: list[Any]) -> Any:
    if not listed:
        return Sql("false")
    return Sql("COALESCE(<0> = ANY(ARRAY[<1>]), false)", value, _Listed(listed))


class _Listed(Func):
    """Expressions one after the other."""

    template = "%(expressions)s"

    def __init__(self, listed: list[Any]) -> None:
        super().__init__(*listed, output_field=TextField())


def _bound(text: Any, sign: str, bound: Any) -> Any:
    """As days where the bound is a day (days compare as text), else as numbers."""
    if values.is_calendar_day(bound):
        day = Sql(f"CASE WHEN <0> ~ '{values.DAY}' THEN left(<0>, 10) END", text, output_field=TextField())
        return Sql(f'<0> COLLATE "C" {sign} <1>', day, _text(bound))
    return Sql(f"<0> {sign} <1>", _as_number(text), _number(bound))


def _as_number(text: Any) -> Any:
    return Sql(f"CASE WHEN <0> ~ '{values.NUMBER}' THEN <0>::numeric END", text)
