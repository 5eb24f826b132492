"""What nobody could take when it came is given once somebody can (product.md §5); what rounds keep for it is thinned."""

from datetime import timedelta
from typing import Any

import pytest

from handoff.absences import go_away
from handoff.models import Handoff, Round, Routed
from handoff.opening import give_waiting
from handoff.rehearsal_reading import rehearse
from handoff.rounds import thin
from handoff.routing_page import PERIODS
from leadhub.testing import NOON, person

from .offering import offered
from .routes import holders, pull, push, queue, rep, rules, seat, week

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORNING = NOON + 23 * HOUR  # an hour of her window is left


@pytest.fixture(autouse=True)
def _house(db: Any) -> None:
    """Rita works in the morning, until noon of her zone."""
    seat("Rita", week=week("10:00-12:00", days=range(7)))


def test_what_came_out_of_hours_is_given_when_the_window_opens_most_urgent_first() -> None:
    seat("Rita", capacity=1)
    rules(push())
    urgent, other = offered(), offered(at=NOON + HOUR)
    assert (give_waiting(MORNING - 4 * HOUR), holders(urgent, other)) == (0, ["", ""])
    assert (give_waiting(MORNING), give_waiting(MORNING)) == (1, 0)
    assert holders(urgent, other) == ["Rita", ""]
    line = Routed.objects.filter(handoff=urgent)[0]
    assert (line.cause, line.how, line.at, line.passed) == ("able", "turn", MORNING, [])
    handoff = Handoff.objects.get(pk=urgent.pk)
    assert (handoff.due_at, handoff.is_given, handoff.lead.owner) == (NOON + 24 * HOUR, True, person("Rita"))
    assert [one.text for one in person("Rita").notices.all()] == [
        "Routing gave you Dewi Lestari. The clock is running."
    ]


def test_what_waited_while_all_were_away_is_given_when_the_first_is_back() -> None:
    rules(push())
    go_away(person("Rita"), starts_at=NOON - HOUR, ends_at=MORNING + HOUR / 2, by=person("Rita"), at=NOON - HOUR)
    handoff = offered()
    assert (give_waiting(MORNING), give_waiting(MORNING + HOUR / 2), holders(handoff)) == (0, 1, ["Rita"])


def test_what_was_never_to_be_given_and_what_a_rep_put_back_goes_on_waiting() -> None:
    rules(push())
    put_back = offered()
    put_back.claim(by=person("Sam"), at=NOON + HOUR)
    put_back.release(by=person("Sam"), at=NOON + 2 * HOUR)
    rules(pull(queue("South")))
    pulled = offered()
    rules(push())
    assert (give_waiting(MORNING), holders(put_back, pulled)) == (0, ["", ""])


def test_the_rules_are_those_of_now_and_a_team_that_cannot_takes_nothing_from_the_others() -> None:
    rep("Tom", "East team")
    person("Rita")
    rules(push("East team"))
    seat("Rita", weight=0)
    rules(push())
    waits = offered()
    seat("Rita", weight=1)
    rules(push("East team"))
    assert (give_waiting(MORNING), holders(waits)) == (1, ["Tom"])


def test_a_rehearsal_of_the_live_rules_is_the_log_with_those_rounds_in_it() -> None:
    live = rules(push())
    for n in range(3):
        offered(at=NOON + n * HOUR)
    give_waiting(MORNING)
    played = rehearse(live.ways(), since=NOON - DAY, until=MORNING + DAY).played
    assert (len(played), [one.same for one in played]) == (6, [True] * 6)


def test_as_many_statements_give_few_as_many(django_assert_max_num_queries: Any) -> None:
    rules(push())
    asked = []
    for days, count in ((0, 1), (7, 12)):
        for _n in range(count):
            offered(at=NOON + days * DAY)
        with django_assert_max_num_queries(60) as queries:
            assert give_waiting(MORNING + days * DAY) == count
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_rounds_no_rehearsal_asks_for_forget_the_house_and_the_log_stays() -> None:
    rules(push())
    for days in (0, max(PERIODS)):
        offered(at=NOON - days * DAY)
    offered(at=NOON - 120 * DAY)
    assert (thin(NOON), thin(NOON)) == (1, 0)
    assert [bool(one.house) for one in Round.objects.order_by("at")] == [False, True, True]
    assert Routed.objects.count() == 3
