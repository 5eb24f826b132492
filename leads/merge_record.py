"""Rows that a merge moves, drops or changes, noted as it does so, and put back from the note: set-wise, by any room."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from psycopg import sql

Rows = dict[str, list[Any]]


@dataclass
class Record:
    """The note of one merge: `kept` and `gone` are ids of leads. Rows are kept as the database writes them, as JSON text."""

    kept: int
    gone: int
    moved: Rows = field(default_factory=dict)  # table → ids
    dropped: Rows = field(default_factory=dict)  # table → rows
    changed: list[list[Any]] = field(default_factory=list)  # table, id, columns, before, after
    watched: list[list[Any]] = field(default_factory=list)  # table, id, columns, as moved

    def move(self, model: type[models.Model], *, watch: Sequence[str] = ()) -> list[int]:
        """Give the rows of the lead that is gone to the kept one; an undo is refused once the `watch`ed columns changed."""
        table = model._meta.db_table
        moved = _ids("UPDATE {table} SET lead_id = %s WHERE lead_id = %s RETURNING {pk}", model, [self.kept, self.gone])
        self.moved[table] = self.moved.get(table, []) + moved
        if watch:
            self.watched += [[table, pk, list(watch), row] for pk, row in images(model, moved).items()]
        return moved

    def drop(self, model: type[models.Model], ids: Iterable[Any]) -> None:
        """Delete these rows; an undo writes them again."""
        rows = _ids("DELETE FROM {table} AS t WHERE {pk} = ANY(%s) RETURNING to_jsonb(t)::text", model, [list(ids)])
        self.dropped[model._meta.db_table] = self.dropped.get(model._meta.db_table, []) + rows

    def change(self, model: type[models.Model], pk: int, **values: Any) -> None:
        """Set the columns of one row; an undo sets them back, and is refused once somebody else has set them."""
        before = images(model, [pk])[pk]
        model._base_manager.filter(pk=pk).update(**values)
        columns = [column_of(model, name) for name in values]
        self.changed.append([model._meta.db_table, pk, columns, before, images(model, [pk])[pk]])

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("moved", "dropped", "changed", "watched")}


def column_of(model: type[models.Model], name: str) -> str:
    """The column that a field is kept in."""
    return getattr(model._meta.get_field(name), "column", None) or name


def images(model: type[models.Model], ids: Iterable[Any]) -> dict[int, str]:
    """These rows as JSON text by id, exactly as the database holds them."""
    statement = _named("SELECT {pk}, to_jsonb(t)::text FROM {table} AS t WHERE {pk} = ANY(%s) ORDER BY 1", model)
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids)])
        return dict(cursor.fetchall())


def worked_on_since(note: dict[str, Any]) -> list[str]:
    """The tables with a row that is not any more as the merge left it."""
    left = [one[:3] + one[4:] for one in note["changed"]] + note["watched"]
    found = []
    for table, pk, columns, row in left:
        model = _model(table)
        now = images(model, [pk]).get(pk)
        if now is None or _of(columns, now) != _of(columns, row):
            found.append(table)
    return found


def put_back(note: dict[str, Any], *, gone: int) -> None:
    """Rows go back to the lead they came from, dropped ones are written again, changed ones are as before."""
    for table, ids in note["moved"].items():
        _ids("UPDATE {table} SET lead_id = %s WHERE {pk} = ANY(%s) RETURNING {pk}", _model(table), [gone, ids])
    for table, rows in note["dropped"].items():
        write_again(_model(table), rows)
    for table, pk, columns, before, _after in reversed(note["changed"]):
        set_back(_model(table), pk, columns, before)


def write_again(model: type[models.Model], rows: Sequence[str]) -> None:
    """Insert rows that were dropped, with their ids; those that somebody wrote meanwhile stand."""
    statement = (
        "INSERT INTO {table} SELECT (jsonb_populate_record(null::{table}, r::jsonb)).* FROM unnest(%s::text[]) AS r"
    )
    with connection.cursor() as cursor:
        cursor.execute(_named(statement + " ON CONFLICT DO NOTHING", model), [list(rows)])


def set_back(model: type[models.Model], pk: int, columns: Sequence[str], row: str) -> None:
    """These columns of one row, as they stood in its image."""
    if not columns:
        return
    sets = sql.SQL(", ").join(sql.SQL("{0} = b.{0}").format(sql.Identifier(name)) for name in columns)
    statement = (
        "UPDATE {table} AS t SET {sets} FROM jsonb_populate_record(null::{table}, %s::jsonb) AS b WHERE t.{pk} = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(_named(statement, model, sets=sets), [row, pk])


def _of(columns: Sequence[str], row: str) -> list[Any]:
    values = json.loads(row)
    return [values.get(name) for name in columns]


def _model(table: str) -> type[models.Model]:
    """The model of a table that some room named."""
    from django.apps import apps  # noqa: PLC0415 - known once all rooms are loaded

    return next(model for model in apps.get_models() if model._meta.db_table == table)


def _ids(statement: str, model: type[models.Model], params: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_named(statement, model), params)
        return [row[0] for row in cursor.fetchall()]


def _named(statement: str, model: type[models.Model], **more: sql.Composable) -> sql.Composed:
    key = column_of(model, model._meta.pk.name if model._meta.pk else "id")
    names = {"table": sql.Identifier(model._meta.db_table), "pk": sql.Identifier(key)}
    return sql.SQL(statement).format(**names, **more)
