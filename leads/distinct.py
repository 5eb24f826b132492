"""The different values of an indexed column, from one to the next along its index: of a million rows some tens are looked at."""

from django.db import connection, models
from psycopg import sql

_STATEMENT = """
WITH RECURSIVE found (value) AS (
    (SELECT {column} FROM {table} ORDER BY {column} LIMIT 1)
    UNION ALL
    SELECT (SELECT t.{column} FROM {table} AS t WHERE t.{column} > f.value ORDER BY t.{column} LIMIT 1)
    FROM found AS f WHERE f.value IS NOT NULL
)
SELECT value, hashtextextended(value, 0) FROM found WHERE value IS NOT NULL
"""


def distinct_texts(model: type[models.Model], field: str) -> dict[str, int]:
    """The values of a text field in their order, each with its hash (PostgreSQL's `hashtextextended` with seed 0)."""
    statement = sql.SQL(_STATEMENT).format(column=sql.Identifier(field), table=sql.Identifier(model._meta.db_table))
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return dict(cursor.fetchall())
