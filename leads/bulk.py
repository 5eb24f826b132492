"""Rows into PostgreSQL as sets: one statement whatever their number, the rows sent as one JSON text."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models
from psycopg import sql

Rows = Sequence[Sequence[Any]]


def insert_new(
    model: type[models.Model], columns: Sequence[str], rows: Rows, returning: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Insert the rows that break no unique constraint and return the `returning` columns of those."""
    if not rows:
        return []
    statement = sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {rows} ON CONFLICT DO NOTHING RETURNING {returning}"
    )
    return _run(
        statement.format(
            table=sql.Identifier(model._meta.db_table),
            columns=_names(columns),
            rows=_record(model, columns),
            returning=_names(returning),
        ),
        columns,
        rows,
    )


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
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value))
