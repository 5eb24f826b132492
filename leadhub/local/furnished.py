"""The test database: made of a template that migrations filled once, and furnished anew after a test that committed."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from .home import CHECKOUT

#: Where what ships with LeadHub is kept beside the tables.
KEPT = sql.Identifier("furnished")
TEMPLATE = "leadhub_template"


def name_template(folder: Path) -> None:
    """The database that is about to be made becomes a copy of one that all migrations of this checkout have filled.

    The first worker of a run makes it while others wait; later runs find it until a migration changes.
    """
    name = f"{TEMPLATE}_{_digest_of_migrations()}"
    with (folder / "template.lock").open("a") as turn, connection._nodb_cursor() as cursor:
        fcntl.flock(turn, fcntl.LOCK_EX)
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{TEMPLATE}%"])
        known = {row[0] for row in cursor.fetchall()}
        if name not in known:
            for old in known:
                cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
            _make(name, cursor)
    connection.settings_dict["TEST"]["TEMPLATE"] = name


def _make(name: str, cursor: object) -> None:
    """A half-made one has another name, so that a killed run leaves none that looks whole."""
    half, whole = sql.Identifier(f"{TEMPLATE}_half"), sql.Identifier(name)
    cursor.execute(sql.SQL("CREATE DATABASE {}").format(half))  # type: ignore[attr-defined]
    with _named(f"{TEMPLATE}_half"):
        call_command("migrate", verbosity=0, interactive=False)
    cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(half, whole))  # type: ignore[attr-defined]


@contextmanager
def _named(database: str) -> Iterator[None]:
    """The connection of this process leads there meanwhile."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def _digest_of_migrations() -> str:
    digest = hashlib.sha256(django.__version__.encode())
    for path in sorted(CHECKOUT.glob("*/migrations/*.py")):
        digest.update(path.relative_to(CHECKOUT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


class Furniture:
    """What stands in a database that nobody has used, kept beside it to be put back."""

    def __init__(self) -> None:
        """Empty the tables, let the rooms furnish them as after `migrate`, and keep a copy of every row."""
        call_command("flush", verbosity=0, interactive=False)
        self.tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
        self.kept: dict[str, list[str]] = {}
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {0} CASCADE; CREATE SCHEMA {0}").format(KEPT))
            for table in self.tables:
                cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table)))
                if cursor.fetchone()[0]:
                    self._keep(table, cursor)

    def _keep(self, table: str, cursor: object) -> None:
        cursor.execute(  # type: ignore[attr-defined]
            sql.SQL("CREATE TABLE {}.{} AS TABLE {}").format(KEPT, sql.Identifier(table), sql.Identifier(table))
        )
        cursor.execute(  # type: ignore[attr-defined]
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
            "AND attgenerated = ''",
            [table],
        )
        self.kept[table] = [name for (name,) in cursor.fetchall()]  # type: ignore[attr-defined]

    def put_back(self) -> None:
        """Every table as it was kept: what `flush` does, without 200 new files and without asking the rooms again."""
        every = sql.SQL(", ").join(map(sql.Identifier, self.tables))
        steps = [
            # Waits for whoever still writes, as `flush` would; keys between tables hold again at the end.
            sql.SQL("BEGIN; LOCK TABLE {} IN EXCLUSIVE MODE; SET LOCAL session_replication_role = replica").format(
                every
            ),
            *(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table in self.tables),
            *(self._again(table) for table in self.kept),
            sql.SQL("COMMIT"),
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("; ").join(steps))

    def _again(self, table: str) -> sql.Composed:
        columns = sql.SQL(", ").join(map(sql.Identifier, self.kept[table]))
        name = sql.Identifier(table)
        return sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}.{}").format(name, columns, columns, KEPT, name)


def may_put_back() -> bool:
    """Whether the database lets us pass over keys between tables for a moment; the local one does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        return bool(cursor.fetchone()[0])
