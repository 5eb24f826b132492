"""Read number columns of a query straight into numpy arrays: the database joins each column to one run of bytes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.db.models import QuerySet

Whole = npt.NDArray[np.int64]


def numbers(query: str, params: Sequence[Any] = (), *, columns: int) -> list[Whole]:
    """The columns of a query whose columns are all whole numbers and never null; rows stay in the query's order."""
    names = [f"c{n}" for n in range(columns)]
    joined = ", ".join(f"string_agg(int8send({name}::bigint), ''::bytea)" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {joined} FROM ({query}) AS q ({', '.join(names)})", params)  # noqa: S608
        found = cursor.fetchone()
    return [np.frombuffer(column or b"", ">i8").astype(np.int64) for column in found]


def numbers_of(rows: "QuerySet[Any, Any]", *, columns: int) -> list[Whole]:
    """The same for a `values_list`."""
    query, params = rows.query.sql_with_params()
    return numbers(query, params, columns=columns)
