"""The inbox: whom do I call now? Who, why now, how long left (product.md §9)."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from handoff.models import Handoff
from leadhub.testing import NOON, assert_same_queries, make_activity, make_company, make_lead, person, signed_in
from scoring.models import LeadScore

from .offering import called, claimed, offered

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _two_hours_later() -> Any:
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        yield


def names(rows: Any) -> list[str]:
    return [row.handoff.lead.first_name for row in rows]


def scored(handoff: Handoff, points: int) -> None:
    LeadScore.objects.update_or_create(
        lead=handoff.lead,
        defaults={"total": points * 100, "label": "A1", "stage": "sql", "stage_since": NOON, "scored_on": NOON.date()},
    )


def test_mine_come_first_the_most_urgent_on_top_the_followed_up_last() -> None:
    done = claimed(at=NOON - 9 * HOUR, first_name="Done")
    called(done, at=NOON)
    claimed(at=NOON, first_name="Calm")
    claimed(at=NOON - 5 * HOUR, first_name="Urgent")
    offered(first_name="Free")
    claimed("Sam", first_name="Sams")
    inbox = signed_in("Rita").get(reverse("inbox")).context["inbox"]
    assert names(inbox.mine.rows) == ["Urgent", "Calm", "Done"]
    assert names(inbox.waiting.rows) == ["Free"]


def test_to_claim_is_best_first_or_oldest_first() -> None:
    for number, (name, points) in enumerate((("Old", 50), ("Best", 90), ("New", 70))):
        scored(offered(at=NOON - (3 - number) * HOUR, first_name=name), points)
    rita = signed_in("Rita")
    assert names(rita.get("/inbox/").context["inbox"].waiting.rows) == ["Best", "New", "Old"]
    assert names(rita.get("/inbox/?order=oldest").context["inbox"].waiting.rows) == ["Old", "Best", "New"]


def test_a_row_says_who_why_now_and_how_long_left() -> None:
    lead = make_lead(job_title="Head of operations", company=make_company("Nusantara Logistics"))
    make_activity(lead, "demo_requested", at=NOON - 24 * HOUR)
    scored(offered(lead=lead), 92)
    page = signed_in("Rita").get(reverse("inbox")).content.decode()
    for words in (
        "Dewi Lestari",
        "Head of operations · Nusantara Logistics",
        "Demo requested yesterday",
        "22 h left",
        "92",
    ):
        assert words in page


def test_a_handed_over_lead_shows_the_marketers_word_first() -> None:
    offered(note="Budget is approved")
    assert "Mona: “Budget is approved”" in signed_in("Rita").get(reverse("inbox")).content.decode()


def test_an_empty_inbox_says_what_will_come() -> None:
    page = signed_in("Rita").get(reverse("inbox")).content.decode()
    assert "Nothing waits for you" in page


def test_followed_up_ones_come_by_the_day_of_their_next_step() -> None:
    for name, days in (("Open", None), ("Later", 5), ("Today", 0)):
        handoff = claimed(at=NOON, first_name=name)
        day = None if days is None else (NOON + days * 24 * HOUR).date()
        handoff.log_follow_up(
            kind="call", result="reached", at=NOON, by=person("Rita"), next_step=f"Call {name}", next_on=day
        )
    page = signed_in("Rita").get(reverse("inbox"))
    assert names(page.context["inbox"].mine.rows) == ["Today", "Later", "Open"]
    assert "Mon 23 Nov" in page.content.decode()


@pytest.mark.parametrize("name", ["Mona", "Mick", "Ann", "Ada"])
def test_only_sellers_have_an_inbox(name: str) -> None:
    assert signed_in(name).get(reverse("inbox")).status_code == 403


@pytest.mark.parametrize(
    "query", ["order=x", "after=x", "before=%00", "after=" + "9" * 300, "order=oldest&after=WzAsW119"]
)
def test_junk_in_the_address_is_no_error(query: str) -> None:
    offered()
    assert signed_in("Rita").get(f"/inbox/?{query}").status_code in {200, 400}


def test_pages_go_on_where_the_last_ended(settings: Any) -> None:
    settings.PAGE_ROWS = 2
    for number in range(5):
        scored(offered(first_name=f"L{number}"), number)
    rita, seen, after = signed_in("Rita"), [], ""
    while True:
        waiting = rita.get("/inbox/", {"after": after}).context["inbox"].waiting
        seen += names(waiting.rows)
        after = waiting.next
        if not after:
            break
    assert seen == ["L4", "L3", "L2", "L1", "L0"]


def one_of_each() -> None:
    scored(offered(), 80)
    claimed("Rita")
    claimed("Sam")


@pytest.mark.parametrize("name", ["Rita", "Sue"])
def test_the_inbox_asks_as_often_for_one_row_as_for_three(name: str) -> None:
    assert_same_queries(signed_in(name), reverse("inbox"), one_of_each)


def test_claiming_by_htmx_answers_the_panel_and_tells_the_list() -> None:
    handoff = offered()
    response = signed_in("Rita").post(
        reverse("handoff_claim", args=[handoff.pk]), headers=HTMX | {"HX-Target": "panel"}
    )
    assert "panel-card" in response.content.decode()
    assert set(json.loads(response["HX-Trigger"])) == {"handoffs-changed", "toast"}
    assert Handoff.objects.get().claimed_by == person("Rita")


def test_the_loser_of_a_race_is_told_who_won_and_the_list_loads_itself_again() -> None:
    handoff = claimed("Sam", at=NOON)
    response = signed_in("Sue").post(reverse("handoff_claim", args=[handoff.pk]), headers=HTMX)
    assert (response.status_code, response.content.decode()) == (409, "Sam took this 2 hours ago.")
    assert "handoffs-changed" in response["HX-Trigger"]


def test_a_rep_who_loses_is_told_too_though_the_lead_is_hidden_now() -> None:
    handoff = offered()
    rita = signed_in("Rita")
    handoff.claim(by=person("Sam"), at=NOON)
    response = rita.post(reverse("handoff_claim", args=[handoff.pk]), headers=HTMX)
    assert (response.status_code, response.content.decode()) == (409, "Sam took this 2 hours ago.")


def test_without_javascript_the_loser_reads_it_on_the_inbox() -> None:
    handoff = claimed("Sam", at=NOON)
    response = signed_in("Rita").post(reverse("handoff_claim", args=[handoff.pk]), follow=True)
    assert response.redirect_chain == [("/inbox/", 302)]
    assert "Sam took this 2 hours ago." in response.content.decode()


def test_claim_next_takes_the_most_urgent_and_says_when_there_is_none() -> None:
    offered(first_name="Calm", at=NOON)
    offered(first_name="Urgent", at=NOON - HOUR)
    rita = signed_in("Rita")
    rita.post(reverse("claim_next"))
    assert Handoff.objects.get(claimed_by=person("Rita")).lead.first_name == "Urgent"
    rita.post(reverse("claim_next"))
    assert "Nothing waits to be claimed" in rita.post(reverse("claim_next"), follow=True).content.decode()


def test_the_list_alone_is_a_fragment() -> None:
    offered()
    page = signed_in("Rita").get("/inbox/", headers=HTMX | {"HX-Target": "inbox"}).content.decode()
    assert page.lstrip().startswith("<div")
    assert "<html" not in page


@pytest.mark.parametrize("name", ["Dewi " * 40, "<script>alert(1)</script>", "Ünï العربية 🙂"])
def test_any_name_is_shown_and_none_breaks_the_page(name: str) -> None:
    offered(first_name=name[:120], last_name="")
    page = signed_in("Rita").get(reverse("inbox")).content.decode()
    assert "<script>alert" not in page
