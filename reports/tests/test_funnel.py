"""The funnel of a cohort against a plain reading of each lead's history."""

from datetime import date, timedelta
from statistics import median
from typing import Any

import pytest
from django.conf import settings as house
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from leadhub.testing import NOON, examples, make_lead
from leads.models import Lead
from leads.stages import MOVES, PATH, Stage
from reports.funnel import USUAL_RIPENING, Cohort, funnel

from .makers import moved

DAY = timedelta(days=1)


def followed(**filters: Any) -> Cohort:
    return funnel(Lead.objects.filter(**filters), zone=house.WORKSPACE_ZONE).total


@pytest.mark.django_db
class TestDefinitions:
    def test_a_lead_that_fell_back_still_reached_mql(self) -> None:
        lead = make_lead()
        moved(lead, Stage.MARKETING_QUALIFIED, NOON + DAY)
        moved(lead, Stage.LEAD, NOON + 9 * DAY, Stage.MARKETING_QUALIFIED)
        assert followed().reached == (1, 1, 0, 0, 0)

    def test_a_lead_that_skipped_mql_counts_as_having_passed_it(self) -> None:
        moved(make_lead(), Stage.SALES_QUALIFIED, NOON + DAY)
        cohort = followed()
        assert cohort.reached == (1, 1, 1, 0, 0)
        assert cohort.took[:2] == (DAY, timedelta(0))

    def test_the_first_time_counts_not_the_latest(self) -> None:
        lead = make_lead()
        moved(lead, Stage.MARKETING_QUALIFIED, NOON + 9 * DAY)
        moved(lead, Stage.MARKETING_QUALIFIED, NOON + 2 * DAY)
        assert followed().took[0] == 2 * DAY

    def test_a_lost_one_was_an_opportunity(self) -> None:
        lead = make_lead()
        moved(lead, Stage.SALES_QUALIFIED, NOON + DAY)
        moved(lead, Stage.OPPORTUNITY, NOON + 2 * DAY, Stage.SALES_QUALIFIED)
        moved(lead, Stage.LOST, NOON + 3 * DAY, Stage.OPPORTUNITY)
        assert followed().reached == (1, 1, 1, 1, 0)

    def test_groups_by_source_and_by_the_month_of_coming(self) -> None:
        make_lead(source="Webinar")
        moved(make_lead(source="Ads", at=NOON - 40 * DAY), Stage.MARKETING_QUALIFIED, NOON)
        found = funnel(Lead.objects.all(), zone=house.WORKSPACE_ZONE)
        assert {source: cohort.reached[:2] for source, cohort in found.source.items()} == {
            "Webinar": (1, 0),
            "Ads": (1, 1),
        }
        assert {month: cohort.size for month, cohort in found.month.items()} == {
            date(2026, 11, 1): 1,
            date(2026, 10, 1): 1,
        }

    def test_nobody_is_an_empty_funnel_that_ripens_as_usual(self) -> None:
        found = funnel(Lead.objects.all(), zone=house.WORKSPACE_ZONE)
        assert found.total.size == 0
        assert found.ripens_in == USUAL_RIPENING


class AgainstTheOracle(TestCase):
    """Generated walks over the table of moves, read one by one."""

    walk = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 400)), max_size=8)

    @examples(25, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(walk, max_size=6))
    def test_counts_and_medians(self, walks: list[list[tuple[int, int]]]) -> None:
        histories = [self.live(walk) for walk in walks]
        cohort = followed()
        firsts = [[self.first(history, step) for step in range(len(PATH))] for history in histories]
        assert cohort.reached == tuple(sum(moments[n] is not None for moments in firsts) for n in range(len(PATH)))
        for n in range(1, len(PATH)):
            spans = [(m[n] - m[n - 1]).total_seconds() for m in firsts if m[n] is not None]
            found = cohort.took[n - 1]
            assert (found.total_seconds() if found is not None else None) == (
                pytest.approx(median(spans)) if spans else None
            )

    def live(self, walk: list[tuple[int, int]]) -> list[tuple[Stage, Any]]:
        """A lead that takes one of the allowed moves at each step; its history."""
        lead, stage, at = make_lead(), Stage.LEAD, NOON
        history = [(stage, at)]
        for choice, hours in walk:
            onward = [end for start, end in MOVES if start == stage]
            if not onward:
                break
            at += timedelta(hours=hours)
            moved(lead, onward[choice % len(onward)], at, stage)
            stage = onward[choice % len(onward)]
            history.append((stage, at))
        return history

    def first(self, history: list[tuple[Stage, Any]], step: int) -> Any:
        """When the lead first stood at the step or beyond; the coming itself is the first step."""
        if step == 0:
            return history[0][1]
        return min((at for stage, at in history[1:] if stage in PATH[step:]), default=None)
