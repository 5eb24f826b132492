"""The ways that the benchmark compares do the same work: all say the same score."""

import random

import pytest
from django.db import connection

from scoring.benchmark.one_statement import engagement_statement
from scoring.benchmark.orm_loop import engagement_of
from scoring.benchmark.promises import Kept
from scoring.benchmark.rules import HAPPENS, PAGES, document
from scoring.definition_reading import parse
from scoring.models import LeadScore
from scoring.vectors import date_of

from .database import lead_with, published
from .models import TODAY


def test_the_model_has_forty_rules_of_every_kind() -> None:
    model = parse(document())
    assert (len(model.fit_rules), len(model.engagement_rules)) == (12, 28)
    assert {rule.count.kind for rule in model.engagement_rules} == {"every", "once", "at_most", "at_least"}
    assert {rule.fade.kind for rule in model.engagement_rules} == {"never", "window", "linear", "half_life"}


@pytest.mark.django_db
def test_engine_statement_and_loop_say_the_same() -> None:
    dice, leads = random.Random(7), []
    for _n in range(12):
        deeds = [(TODAY - dice.randint(0, 400), dice.choice(list(HAPPENS)), dice.choice(PAGES)) for _n in range(40)]
        leads.append(
            lead_with(
                {},
                [
                    (day, {"type": kind, "path": f"{path}/x" if kind == "page_visit" else ""}, 1)
                    for day, kind, path in deeds
                ],
            )
        )
    version = published(document(), TODAY)
    stored = dict(LeadScore.objects.values_list("lead_id", "engagement"))
    looped = {lead.pk: engagement_of(lead, version.model, date_of(TODAY)) for lead in leads}
    with connection.cursor() as cursor:
        cursor.execute(engagement_statement(version.model, date_of(TODAY), of_leads=True), [list(stored)])
        assert dict(cursor.fetchall()) == stored == looped
    assert len(set(stored.values())) > 5


@pytest.mark.parametrize(
    ("ratio", "at_most", "ok"), [(1.5, True, True), (1.51, True, False), (8, False, True), (7.9, False, False)]
)
def test_a_promise_is_kept_or_missed(ratio: float, at_most: bool, ok: bool) -> None:
    assert Kept("P1", "", "", ratio, 1.5 if at_most else 8, at_most).ok is ok
