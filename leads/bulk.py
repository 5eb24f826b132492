"""Rows into PostgreSQL as sets: one statement whatever their number, columns sent as arrays."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models
from psycopg import sql


def insert_new(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]], returning: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Insert the rows that break no unique constraint and return the `returning` columns of those."""
    if not rows:
        return []
    statement = sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {casts} FROM unnest({arrays}) AS v ({columns})"
        " ON CONFLICT DO NOTHING RETURNING {returning}"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(
                table=sql.Identifier(model._meta.db_table),
                columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
                casts=sql.SQL(", ").join(_cast(model, name) for name in columns),
                arrays=_arrays(len(columns)),
                returning=sql.SQL(", ").join(map(sql.Identifier, returning)),
            ),
            _as_texts(rows),
        )
        return cursor.fetchall()


def update_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Set the columns of many rows; each row is its id followed by the values of `columns`."""
    if not rows or not columns:
        return
    statement = sql.SQL(
        "UPDATE {table} AS t SET {sets} FROM unnest({arrays}) AS v (id, {columns}) WHERE t.id = v.id::bigint"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(
                table=sql.Identifier(model._meta.db_table),
                sets=sql.SQL(", ").join(
                    sql.SQL("{} = {}").format(sql.Identifier(name), _cast(model, name)) for name in columns
                ),
                arrays=_arrays(len(columns) + 1),
                columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            ),
            _as_texts(rows),
        )


def _cast(model: type[models.Model], column: str) -> sql.Composable:
    """The column of `v`, which arrived as text, in the type of the model's column; too long a text stays an error."""
    field = next(field for field in model._meta.concrete_fields if field.column == column)
    kind = (field.db_type(connection) or "text").split("(")[0]
    return sql.SQL("{}::{}").format(sql.Identifier("v", column), sql.SQL(kind))


def _arrays(count: int) -> sql.Composable:
    return sql.SQL(", ").join([sql.SQL("%s::text[]")] * count)


def _as_texts(rows: Iterable[Sequence[Any]]) -> list[list[str | None]]:
    """The rows turned into columns of texts."""
    return [[_text(value) for value in column] for column in zip(*rows, strict=True)]


def _text(value: Any) -> str | None:
    if value is None or type(value) is str:
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    return str(value)
