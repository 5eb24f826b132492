"""The promise about lists for `manage.py bench`: a dynamic list refreshes within twice the time of its own count (L1)."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from django.db import connection

from leads.models import Lead
from nurture.filling import fill
from nurture.models import LeadList
from scoring.benchmark.clock import timed
from scoring.benchmark.data import NOW
from scoring.benchmark.promises import Kept, in_seconds, without

LIMIT = 2
#: What is asked of the leads: facts and score; what they did, counted, in a window.
LISTS: dict[str, list[dict[str, Any]]] = {
    "facts and score": [
        {"field": "employees", "op": "at_least", "value": 1_500},
        {"field": "score", "op": "at_least", "value": 5},
    ],
    "deeds counted": [
        {"field": "employees", "op": "at_least", "value": 500},
        {"field": "activity", "op": "is", "value": "page_visit", "times": 3, "days": 365},
    ],
}
#: One lead in so many changes between two refreshes, and half of those enter or leave.
CHANGED = 100


def promises(_leads: int) -> Iterator[Kept]:
    """Each kind of list: filled once, then refreshed after one lead in a hundred has changed."""
    without()()
    for name, conditions in LISTS.items():
        chosen = LeadList.objects.create(name=name, kind="dynamic", conditions=conditions, created_at=NOW)
        first = timed(lambda chosen=chosen: fill(chosen.pk, NOW), 1)  # type: ignore[misc]
        counted = timed(chosen.matching(Lead.objects.all()).count, 3)
        refreshed = timed(lambda chosen=chosen: fill(chosen.pk, NOW), 3, before=_changes())  # type: ignore[misc]
        said = f"{in_seconds(refreshed)} / {in_seconds(counted)}, {chosen.stays.open().count()} in it, first {in_seconds(first)}"
        yield Kept("L1", f"refresh of a list by {name}, its own count(*)", said, refreshed.cpu / counted.cpu, LIMIT)


def _changes() -> Callable[[], None]:
    numbers = count()

    def change() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE leads_lead SET employees = 3000 - COALESCE(employees, 0) WHERE id %% %s = %s",
                [CHANGED, next(numbers)],
            )

    return change
