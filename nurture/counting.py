"""How many leads each of many lists holds, counted in one question and no further than 1,000."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from accounts.models import User
from leads.models import Lead
from leads.paging import MOST_COUNTED, count_at_most
from scoring.lead_fields import leads_matching

from .models import LeadList


def counts_of(lists: Iterable[LeadList], *, user: User) -> dict[int, int]:
    """List id → leads in it that the person may see; 1,001 stands for more than a thousand."""
    questions: list[str] = []
    params: list[Any] = []
    for one in lists:
        sql, more = (
            one.only(Lead.objects.visible_to(user)).order_by().values("pk")[: MOST_COUNTED + 1].query.sql_with_params()
        )
        questions.append(f"(SELECT {int(one.pk)}, count(*) FROM ({sql}) AS counted)")  # noqa: S608 - the compiler's own SQL
        params += more
    if not questions:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(questions), params)
        return dict(cursor.fetchall())


def count_matching(conditions: Iterable[object], *, user: User) -> int:
    """How many leads fulfil the conditions, counted to 1,001."""
    return count_at_most(leads_matching(Lead.objects.visible_to(user), list(conditions)))  # type: ignore[arg-type]
