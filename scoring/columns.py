"""Read columns of a query straight into numpy arrays: the database joins each column to one run of bytes, sent as it is."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg
from django.db import connection
from django.db.models import QuerySet

Whole = npt.NDArray[np.int64]
#: What a moment's number counts from, in seconds since 1970: PostgreSQL's own zero.
MOMENTS_FROM = 946_684_800
#: What the database writes for the moment "-infinity".
NEVER = np.iinfo(np.int64).min


def numbers(query: str, params: Sequence[Any] = (), *, columns: int, moments: Collection[int] = ()) -> list[Whole]:
    """The columns of a query whose columns are all whole numbers and never null; rows stay in the query's order.

    Columns named in `moments` are moments, which arrive as microseconds since 2000 (`MOMENTS_FROM`).
    """
    names = [f"c{n}" for n in range(columns)]
    sent = [f"timestamptz_send(c{n})" if n in moments else f"int8send(c{n}::bigint)" for n in range(columns)]
    joined = ", ".join(f"string_agg({one}, ''::bytea)" for one in sent)
    found = one_row(f"SELECT {joined} FROM ({query}) AS q ({', '.join(names)})", params)  # noqa: S608
    return [np.frombuffer(column or b"", ">i8").astype(np.int64) for column in found]


def numbers_of(rows: "QuerySet[Any, Any]", *, columns: int, moments: Collection[int] = ()) -> list[Whole]:
    """The same for a `values_list`."""
    query, params = rows.query.sql_with_params()
    return numbers(query, params, columns=columns, moments=moments)


def one_row(query: str, params: Sequence[Any]) -> tuple[Any, ...]:
    """The only row of a query, asked for in binary: bytes as text would be twice as long, and read digit by digit."""
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(psycopg.ClientCursor(connection.connection).mogrify(query, params), binary=True)
        found = cursor.fetchone()
    assert found is not None  # noqa: S101
    return found


def array_text(values: Sequence[Any] | npt.NDArray[Any]) -> str:
    """Whole numbers, or words of letters and digits, as PostgreSQL writes an array; to be cast where it is used.

    Drivers look at each value of a list, and take longer over a hundred thousand than the database with all it does with them.
    """
    return f"{{{','.join(map(str, np.asarray(values).tolist()))}}}"


def these_leads(lead_ids: Sequence[int] | Whole) -> tuple[str, list[Any]]:
    """A condition on `lead_id` that finds these leads, and perhaps some between them, and its parameters.

    A range is asked for where the ids lie close together, since a hundred thousand of them are long to say.
    """
    wanted = np.asarray(lead_ids, np.int64)
    first, last = int(wanted.min(initial=1 << 62)), int(wanted.max(initial=0))
    if last - first <= 2 * len(wanted) > 1_000:
        return "lead_id BETWEEN %s AND %s", [first, last]
    return "lead_id = ANY(%s::bigint[])", [array_text(wanted)]
