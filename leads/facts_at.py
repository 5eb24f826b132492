"""Facts of many leads, each as it stood at a moment of its own: what was known when something was decided."""

from collections.abc import Collection, Sequence
from datetime import datetime

from .conditions import Facts
from .fact_history import Row, _facts, _undo, _with_company
from .models import Company, FactChange, Lead


def facts_at(moments: Sequence[tuple[int, datetime]]) -> list[Facts]:
    """The facts of each (lead id, moment), with what changed at that very moment; four queries for any number.

    Walks back once from today to the earliest moment and undoes the changes on the way. A lead that is gone has no facts.
    """
    found: list[Facts] = [{} for _moment in moments]
    if not moments:
        return found
    earliest = min(at for _lead, at in moments)
    since = FactChange.objects.filter(at__gt=earliest).exclude(field="owner_id")  # no condition asks for it
    leads = _rows(Lead, {lead for lead, _at in moments})
    own = list(since.filter(lead_id__in=leads))
    companies = _rows(Company, _companies(leads, own))
    changes = sorted([*own, *since.filter(company_id__in=companies)], key=lambda one: (one.at, one.pk))
    for place in sorted(range(len(moments)), key=lambda n: moments[n][1], reverse=True):
        lead, at = moments[place]
        while changes and changes[-1].at > at:
            change = changes.pop()
            _undo(change, leads.get(change.lead_id or 0) or companies[change.company_id or 0])
        if lead in leads:
            found[place] = _facts(_with_company(leads[lead], companies))
    return found


def _rows(model: type[Lead] | type[Company], ids: Collection[int]) -> dict[int, Row]:
    return {row["id"]: dict(row) for row in model.objects.filter(id__in=ids).order_by().values()}


def _companies(leads: dict[int, Row], changes: Sequence[FactChange]) -> set[int]:
    """The companies that the leads have, and those they had before a change."""
    had = {change.old for change in changes if change.field == "company_id"}
    return {company for company in {row["company_id"] for row in leads.values()} | had if company is not None}
