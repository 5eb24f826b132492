"""Rows into PostgreSQL as sets: one statement whatever their number; a few come as one JSON text, many by COPY."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection, models
from django.db.models import Func, Value
from psycopg import sql

Rows = Sequence[Sequence[Any]]
#: From here on COPY is faster than JSON, in spite of its temporary table.
MANY = 500
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


class Among(Func):
    """Many ids as one value of a statement, for `lead__in=Among(ids)`: a thousand of them one by one cost more than the question."""

    template = "(SELECT unnest(%(expressions)s::bigint[]))"

    def __init__(self, ids: Iterable[int]) -> None:
        super().__init__(Value(list(ids)))


def insert_new(
    model: type[models.Model], columns: Sequence[str], rows: Rows, returning: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Insert the rows that break no unique constraint and return the `returning` columns of those."""
    if not rows:
        return []
    statement = sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {rows} ON CONFLICT DO NOTHING RETURNING {returning}"
    )
    many = len(rows) >= MANY
    named = statement.format(
        table=sql.Identifier(model._meta.db_table),
        columns=_names(columns),
        rows=_INCOMING if many else _record(model, columns),
        returning=_names(returning),
    )
    return _copied(model, named, columns, rows) if many else _run(named, columns, rows)


def update_rows(model: type[models.Model], columns: Sequence[str], rows: Rows) -> None:
    """Set the columns of many rows; each row is its id followed by the values of `columns`."""
    if not rows or not columns:
        return
    sets = [sql.SQL("{0} = v.{0}").format(sql.Identifier(name)) for name in columns]
    statement = sql.SQL("UPDATE {table} AS t SET {sets} FROM {rows} WHERE t.id = v.id RETURNING t.id")
    _run(
        statement.format(
            table=sql.Identifier(model._meta.db_table),
            sets=sql.SQL(", ").join(sets),
            rows=_record(model, ["id", *columns]),
        ),
        ["id", *columns],
        rows,
    )


_INCOMING = sql.Identifier("leads_incoming")


def _copied(
    model: type[models.Model], statement: sql.Composed, columns: Sequence[str], rows: Rows
) -> list[tuple[Any, ...]]:
    """Run the statement on the rows put into a table of this transaction by COPY."""
    names = {"incoming": _INCOMING, "columns": _names(columns), "table": sql.Identifier(model._meta.db_table)}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{incoming}").format(**names))
        cursor.execute(
            sql.SQL("CREATE TEMP TABLE {incoming} ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA").format(
                **names
            )
        )
        with cursor.copy(sql.SQL("COPY {incoming} ({columns}) FROM STDIN").format(**names)) as copy:
            for row in _with_json_as_text(model, columns, rows):
                copy.write_row(row)
        cursor.execute(statement)
        return cursor.fetchall()


def _with_json_as_text(model: type[models.Model], columns: Sequence[str], rows: Rows) -> Iterator[Sequence[Any]]:
    objects = {field.column for field in model._meta.concrete_fields if isinstance(field, models.JSONField)}
    places = [place for place, name in enumerate(columns) if name in objects]
    for row in rows:
        values = list(row)
        for place in places:
            values[place] = "{}" if values[place] == {} else _ENCODER.encode(values[place])
        yield values


def _run(statement: sql.Composed, columns: Sequence[str], rows: Rows) -> list[tuple[Any, ...]]:
    told = [dict(zip(columns, row, strict=True)) for row in rows]
    text = json.dumps(told, ensure_ascii=False, allow_nan=False, default=_moment)
    with connection.cursor() as cursor:
        cursor.execute(statement, [text])
        return cursor.fetchall()


def _names(columns: Sequence[str]) -> sql.Composable:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _record(model: type[models.Model], columns: Sequence[str]) -> sql.Composable:
    """The rows as a table `v` with the model's types; lengths are left to the table, so that too long stays an error."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    typed = [
        sql.SQL("{} {}").format(
            sql.Identifier(name), sql.SQL((fields[name].db_type(connection) or "text").split("(")[0])
        )
        for name in columns
    ]
    return sql.SQL("json_to_recordset(%s) AS v ({})").format(sql.SQL(", ").join(typed))


def _moment(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value))
