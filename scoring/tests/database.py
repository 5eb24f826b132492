"""Leads, deeds and versions in the database for the tests of the engine; days are numbers as in the oracle."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import transaction
from hypothesis import Phase

from leadhub import testing
from leadhub.testing import make_lead
from leads.models import Activity, ActivityType, Lead, StageMove
from leads.stages import Cause, Stage
from scoring.models import Cut, LeadScore, ScoringModel
from scoring.vectors import date_of
from scoring.versions import draft, publish

LABELS = {"fit": {"A": 20, "B": 10, "C": 0}, "engagement": {"1": 20, "2": 5}}
FIGURES = ("fit", "engagement", "total", "label", "last_active_on", "last_intent_on", "stage")


def examples(most: int, **more: Any) -> Any:
    """So many examples, shown as found: making them smaller takes minutes where each asks the database a hundred times."""
    return testing.examples(most, phases=[Phase.reuse, Phase.generate], **more)


class _Undo(Exception):
    pass


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves nothing in the database: one example of hypothesis never meets the next."""
    with suppress(_Undo), transaction.atomic():
        yield
        raise _Undo


def noon(day: int) -> datetime:
    """The moment at noon (UTC) of a day number."""
    return datetime.combine(date_of(day), time(12), UTC)  # type: ignore[arg-type]


def published(document: dict[str, Any], day: int) -> ScoringModel:
    """The document as the published version, with labels."""
    axes = document.get("axes", {})
    labelled = {axis: (axes.get(axis) or {}) | {"labels": LABELS[axis]} for axis in LABELS}
    version = draft(document | {"axes": labelled}, by=None, at=noon(day))
    publish(version, by=None, at=noon(day))
    return version


def lead_with(facts: dict[str, Any], history: Sequence[Any], cuts: Sequence[tuple[int, int]] = ()) -> Lead:
    """A lead with these facts, deeds (day number, facts, times) and cuts, as raw rows that nobody was told of."""
    lead = make_lead(seniority=facts.get("seniority") or "", employees=facts.get("employees"))
    types = {kind.key: kind for kind in ActivityType.objects.all()}
    Activity.objects.bulk_create(
        Activity(
            lead=lead, type=types[said["type"]], url=said["path"], occurred_at=noon(day), recorded_at=noon(day),
            funnel_stage="top", external_id=f"{lead.pk}-{n}-{time}",
        )
        for n, (day, said, times) in enumerate(history)
        for time in range(times)
    )  # fmt: skip
    for day, share in cuts:
        morning = noon(day) - timedelta(hours=3)
        Cut.objects.create(lead=lead, move=sent_back(lead, morning), at=morning, day=date_of(day), share=share)
    return lead


def sent_back(lead: Lead, at: datetime) -> StageMove:
    """The row of a move that nobody was told of."""
    stages = {"from_stage": Stage.SALES_QUALIFIED, "to_stage": Stage.MARKETING_QUALIFIED}
    return StageMove.objects.create(lead=lead, at=at, cause=Cause.PERSON, cycle=1, **stages)


def figures(leads: Sequence[Lead] | None = None) -> dict[int, tuple[Any, ...]]:
    """The stored scores by lead id."""
    rows = LeadScore.objects.all() if leads is None else LeadScore.objects.filter(lead__in=leads)
    return {row[0]: row[1:] for row in rows.values_list("lead_id", *FIGURES)}
