"""What publishing a version changed is kept for its history, and what was seen after it (R12)."""

from datetime import timedelta
from typing import Any

import pytest

from leadhub.testing import NOON, make_lead
from leads.models import Lead, StageMove
from leads.stages import Cause, Stage
from scoring import blocks, sweep
from scoring.effects import Effect
from scoring.effects_seen import histories
from scoring.models import ScoringModel
from scoring.models_effect import BlockEffect
from scoring.sweep import drain, sweep_day
from scoring.trying import KINDS, effect_of
from scoring.versions import draft, publish

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
#: Visits of the three leads, and marks of the two versions: the second halves the points of a visit and asks for fewer.
VISITS = (2, 5, 9)


def version_with(points: int, mql: int, sql: int) -> ScoringModel:
    visit = {"key": "visit", "group": "web", "points": points, "activity": {"types": ["page_visit"]}}
    marks = {"mql": {"total": mql}, "sql": {"total": sql}}
    document = {"name": "Visits", "groups": [{"key": "web", "axis": "engagement"}], "rules": [visit]}
    return draft(document | {"definitions": marks}, by=None, at=NOON)


def visitors() -> list[Lead]:
    leads = [make_lead(at=NOON - 60 * DAY) for _visits in VISITS]
    for lead, visits in zip(leads, VISITS, strict=True):
        for visit in range(visits):
            lead.record("page_visit", at=NOON - 10 * DAY, url=f"/{visit}")
    publish(version_with(10, mql=40, sql=80), by=None, at=NOON - 9 * DAY)
    drain(NOON)
    sweep_day(NOON)
    return leads


def history_of(version: ScoringModel, now: Any = NOON) -> Any:
    version.refresh_from_db()
    return histories([version], now)[version.pk]


def test_what_the_preview_says_is_kept_when_the_version_is_published() -> None:
    visitors()
    version = version_with(5, mql=10, sql=50)
    said = effect_of(version.model, at=NOON)
    publish(version, by=None, at=NOON)
    kept = history_of(version).forecast
    assert kept == Effect(3, mql_in=1, mql_out=0, sql_in=0, sql_out=1, total_before=16_000, total_after=8_000)
    assert {kind: getattr(kept, kind) for kind in KINDS} == {kind: said.movers[kind].count for kind in KINDS}


def test_later_sweeps_and_a_publishing_done_in_two_days_tell_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK", 1)
    visitors()
    version = version_with(5, mql=10, sql=50)
    publish_some = sweep.sweep_day
    monkeypatch.setattr("scoring.versions.sweep_day", lambda at: publish_some(at, most=1))
    publish(version, by=None, at=NOON)
    begun = history_of(version)
    assert (begun.forecast.leads, begun.is_whole) == (1, False)
    sweep_day(NOON + DAY)
    sweep_day(NOON + 2 * DAY)
    kept = history_of(version)
    assert (kept.forecast, kept.is_whole) == (Effect(3, 1, 0, 0, 1, 16_000, 8_000), True)


def test_the_first_version_has_nothing_to_be_compared_with() -> None:
    first = ScoringModel.objects.published()
    assert (history_of(first).forecast, BlockEffect.objects.count()) == (None, 0)


def test_moves_by_the_new_score_are_seen_in_the_first_day() -> None:
    visitors()
    version = version_with(5, mql=10, sql=500)
    publish(version, by=None, at=NOON)
    late = make_lead(at=NOON - 60 * DAY)
    late.move(to=Stage.MARKETING_QUALIFIED, at=NOON + DAY, cause=Cause.SCORE)
    assert history_of(version, NOON + 2 * DAY).first_day == {"lead": 0, "mql": 1, "sql": 0}


def entered(days: float, to: str = "mql", start: str = "lead") -> None:
    move = {"from_stage": start, "to_stage": to, "at": NOON + days * DAY, "cause": "person", "cycle": 1}
    StageMove.objects.create(lead=make_lead(at=NOON - 90 * DAY), **move)


def test_entries_a_week_are_compared_with_as_many_days_before() -> None:
    version = version_with(5, mql=10, sql=50)
    publish(version, by=None, at=NOON)
    for days in (-29, -27, -8, -6, -1, 0, 1, 6.9, 7, 27.9, 28):
        entered(days)
    entered(1, start="sql")  # sent back by sales, so not become MQL
    entered(2, to="sql")
    week, month = history_of(version, NOON + 60 * DAY).spans
    assert (week.mql_before, week.mql, week.sql_before, week.sql) == (2, 3, 0, 1)
    assert (month.mql_before, month.mql, month.is_over) == (4, 5, True)
    assert month.rows == [("mql", 1.0, 1.25), ("sql", 0.0, 0.25)]


def test_a_span_ends_where_the_version_does_and_says_how_long_it_was() -> None:
    version, next_one = version_with(5, mql=10, sql=50), version_with(6, mql=10, sql=50)
    publish(version, by=None, at=NOON)
    assert [span.says_something for span in history_of(version, NOON + 0.5 * DAY).spans] == [False, False]
    publish(next_one, by=None, at=NOON + 10 * DAY)
    entered(9)
    entered(11)
    week, month = history_of(version, NOON + 60 * DAY).spans
    assert (week.length, week.mql, month.length, month.mql, month.is_over) == (7 * DAY, 0, 10 * DAY, 1, False)
