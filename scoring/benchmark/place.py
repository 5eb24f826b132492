"""A database of the benchmark's own beside the real one, dropped afterwards, so that real data is never touched."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection
from django.db.utils import DatabaseError, ProgrammingError
from django.utils.translation import gettext as _
from psycopg import sql


class NoPlace(Exception):
    """The database server does not let us make a database; the text is a sentence for people."""


@contextmanager
def own_database() -> Iterator[None]:
    """Inside, every query goes to an empty database with the whole schema."""
    real = connection.settings_dict["NAME"]
    own = f"{real}_bench"
    _replace(own)
    try:
        _turn_to(own)
        call_command("migrate", verbosity=0, interactive=False)
        yield
    finally:
        _turn_to(real)
        _drop(own)


def _turn_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _replace(name: str) -> None:
    _drop(name)
    try:
        _run("CREATE DATABASE {}", name)
    except (ProgrammingError, DatabaseError) as problem:
        raise NoPlace(_("No database can be made for the benchmark: %(reason)s") % {"reason": problem}) from None


def _drop(name: str) -> None:
    _run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _run(words: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(words).format(sql.Identifier(name)))
