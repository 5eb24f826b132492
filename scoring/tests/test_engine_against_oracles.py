"""Every lead in the database has the score of two other ways to count: plain Python, and one SQL statement over raw rows."""

from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from leads.models import Lead
from scoring.benchmark.one_statement import engagement_statement
from scoring.explain import ledgers_of
from scoring.labels import grid_label
from scoring.models import ScoringModel
from scoring.standings import scores_on
from scoring.sweep import score_day
from scoring.vectors import date_of

from . import oracle
from .database import LABELS, examples, figures, lead_with, noon, published, undone
from .models import TODAY, cuts, documents, every_deed, facts, histories

pytestmark = pytest.mark.django_db
people = st.lists(st.tuples(facts, histories, cuts), min_size=1, max_size=4)
CUTOFFS = [{name: 100 * cutoff for name, cutoff in LABELS[axis].items()} for axis in ("fit", "engagement")]


def expected(
    document: dict[str, Any], known: dict[str, Any], history: list[Any], said: list[Any], day: int
) -> tuple[Any, ...]:
    """What plain Python says of one lead, in the order of `figures`, without intent."""
    fit, engagement = oracle.score(document, known, every_deed(history), day, said)
    active = date_of(oracle.last_active(document, every_deed(history), day))
    return fit, engagement, fit + engagement, grid_label(fit, engagement, *CUTOFFS), active


def one_statement(day: int) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(engagement_statement(ScoringModel.objects.published().model, date_of(day), cuts=True))
        return dict(cursor.fetchall())


@given(documents(), people)
@examples(20)
def test_every_lead_has_the_score_of_both_oracles_today_tomorrow_and_in_a_month(
    document: dict[str, Any], told: list[Any]
) -> None:
    with undone():
        leads = [lead_with(*life) for life in told]
        published(document, TODAY)
        for day in (TODAY, TODAY + 1, TODAY + 30):
            score_day(date_of(day), at=noon(day))
            wanted = [expected(document, *life, day) for life in told]
            stored, counted = figures(), one_statement(day)
            assert [stored[lead.pk][:5] for lead in leads] == wanted
            assert [counted.get(lead.pk, 0) for lead in leads] == [one[1] for one in wanted]


@given(documents(), people, st.integers(-400, 400))
@examples(10)
def test_ledgers_and_exports_of_any_day_say_the_same_and_store_nothing(
    document: dict[str, Any], told: list[Any], ahead: int
) -> None:
    with undone():
        leads = [lead_with(*life) for life in told]
        published(document, TODAY)
        before, day = figures(), TODAY + ahead
        ledgers = ledgers_of([lead.pk for lead in leads], day=date_of(day))
        listed = {
            one.email: (one.fit, one.engagement, one.total, one.label)
            for one in scores_on(date_of(day), now=noon(TODAY))
        }
        wanted = [expected(document, *life, day)[:4] for life in told]
        assert [listed[lead.email] for lead in leads] == wanted
        assert [(ledgers[lead.pk].fit, ledgers[lead.pk].engagement) for lead in leads] == [one[:2] for one in wanted]
        assert [sum(line.points for line in ledgers[lead.pk].lines) for lead in leads] == [one[2] for one in wanted]
        assert figures() == before


@given(documents(), documents(), people)
@examples(10)
def test_a_version_that_vectors_know_nothing_of_is_explained_from_raw_rows(
    now: dict[str, Any], other: dict[str, Any], told: list[Any]
) -> None:
    with undone():
        leads = [lead_with(*life) for life in told]
        retired = published(other, TODAY)
        published(now, TODAY)
        ledgers = ledgers_of([lead.pk for lead in leads], day=date_of(TODAY), model=retired)
        wanted = [oracle.score(other, known, every_deed(history), TODAY, said) for known, history, said in told]
        assert [(ledgers[lead.pk].fit, ledgers[lead.pk].engagement) for lead in leads] == wanted


def test_a_lead_without_facts_and_deeds_has_nothing_rather_than_a_blank() -> None:
    lead = lead_with({}, [])
    score_day(date_of(TODAY), at=noon(TODAY))
    assert figures()[lead.pk][:4] == (0, 0, 0, "D3")
    assert Lead.objects.get(pk=lead.pk).stage == "lead"
