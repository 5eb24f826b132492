"""How many leads lists hold and conditions choose, counted no further than 1,000."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import OperationalError, connection, transaction

from accounts.models import User
from leads.conditions import Condition
from leads.models import Lead
from leads.paging import MOST_COUNTED
from scoring.lead_fields import leads_matching

from .models import LeadList
from .models.entering import ids_of

#: So many leads are shown while conditions are typed, and so long that may take.
TASTED, PATIENCE_MS = 5, 4_000


def counts_of(lists: Iterable[LeadList], *, user: User) -> dict[int, int]:
    """List id → leads in it that the person may see; 1,001 stands for more than a thousand."""
    questions: list[str] = []
    params: list[Any] = []
    for one in lists:
        sql, more = ids_of(one.only(Lead.objects.visible_to(user)), most=MOST_COUNTED + 1)
        questions.append(f"(SELECT {int(one.pk)}, count(*) FROM ({sql}) AS counted)")  # noqa: S608 - the compiler's own SQL
        params += more
    if not questions:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(questions), params)
        return dict(cursor.fetchall())


class TakesLong(Exception):
    """Counting takes longer than somebody who types would wait."""


def taste(conditions: Sequence[Condition], *, user: User) -> tuple[int, list[Lead]]:
    """How many leads fulfil the conditions, counted to 1,001, and the newest few of them; raises `TakesLong`."""
    found = leads_matching(Lead.objects.visible_to(user), conditions).order_by("-pk")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", [PATIENCE_MS])
            ids = list(found.values_list("pk", flat=True)[: MOST_COUNTED + 1])
            cursor.execute("SET LOCAL statement_timeout = DEFAULT")
    except OperationalError as slow:
        raise TakesLong from slow
    return len(ids), list(Lead.objects.filter(pk__in=ids[:TASTED]).with_people())
