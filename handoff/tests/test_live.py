"""News for a list that is open somewhere: whatever the page could not see when it was drawn, and nothing else."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from handoff import live
from handoff.models import Handoff
from leadhub.testing import NOON, person, signed_in

from .offering import called, claimed, offered

HOUR = timedelta(hours=1)


@pytest.mark.django_db(transaction=True)
def test_each_change_that_a_list_shows_is_news() -> None:
    mark = live.mark()
    handoff = offered()
    assert live.changed_since(mark)
    for act in (
        lambda: handoff.claim(by=person("Rita"), at=NOON),
        lambda: called(handoff, at=NOON + HOUR),
        lambda: handoff.release(by=person("Rita"), at=NOON + HOUR),
    ):
        mark = live.mark()
        assert not live.changed_since(mark)
        act()
        assert live.changed_since(mark)


@pytest.mark.django_db(transaction=True)
def test_what_lists_do_not_show_is_no_news() -> None:
    claimed("Rita")
    mark = live.mark()
    Handoff.objects.update(remind_at=NOON)
    assert not live.changed_since(mark)


@pytest.mark.django_db(transaction=True)
def test_a_change_that_began_before_the_page_and_ended_after_it_is_news() -> None:
    handoff, begun, drawn = offered(), threading.Event(), threading.Event()

    def slow_claim() -> None:
        with transaction.atomic():
            handoff.claim(by=person("Sam"), at=NOON)
            begun.set()
            drawn.wait(30)
        connection.close()

    other = threading.Thread(target=slow_claim)
    person("Sam")
    other.start()
    begun.wait(30)
    claimed("Rita")  # a later transaction that ends first
    mark = live.mark()
    assert not live.changed_since(mark)
    drawn.set()
    other.join()
    assert live.changed_since(mark)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "mark", ["", "x", "1:2", "5:3:", "3:5:9", "3:9:7,5", "1:1:" + "1," * 3000, "9" * 40 + ":1:", "٣:٥:"]
)
def test_what_is_no_mark_says_draw_anew(mark: str) -> None:
    assert signed_in("Rita").get("/inbox/changes/", {"mark": mark}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_asking_costs_one_query_beside_those_of_signing_in(django_assert_num_queries: Any) -> None:
    offered()
    rita, mark = signed_in("Rita"), live.mark()
    with django_assert_num_queries(3):
        assert rita.get("/inbox/changes/", {"mark": mark}).status_code == 204
