"""The pages of routing: rules in words, a draft beside them, the log with reasons, the rehearsal, seats and queues."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Team
from handoff.models import Handoff, Queue, RoutingRule, RuleSet, Seat
from handoff.routing_page import hours_of
from leadhub.testing import person, signed_in

from .offering import offered
from .routes import pull, push, queue, rules, seat, week, where

pytestmark = pytest.mark.django_db
ROWS = {"field": ["country"], "op": ["is"], "value": ["Poland"]}


@pytest.fixture(autouse=True)
def _house(db: Any) -> None:
    for name in ("Rita", "Sam", "Sue"):
        person(name)


def drafted() -> RuleSet:
    signed_in("Sue").post(reverse("routing_draft"))
    return RuleSet.objects.draft()  # type: ignore[return-value]


def typed(**facts: Any) -> dict[str, Any]:
    team = person("Sue").team_id
    return {"name": "Poland", "mode": "push", "team": str(team), "method": "turns", "queue": "", **ROWS} | facts


def words(name: str, url: str) -> str:
    return " ".join(signed_in(name).get(url).content.decode().split())


def test_a_rule_is_written_ordered_and_put_in_force() -> None:
    drafted()
    sue = signed_in("Sue")
    sue.post(reverse("routing_rule_new"), typed())
    sue.post(reverse("routing_rule_new"), typed(name="Rest", field=[], op=[], value=[]))
    first, rest = RoutingRule.objects.all()
    assert (first.conditions, rest.conditions) == (where("country", "Poland"), [])
    sue.post(reverse("routing_rule_shift", args=[rest.pk]), {"to": "up"})
    sue.post(reverse("routing_publish"))
    page = words("Ann", reverse("routing"))
    assert page.index("Rest") < page.index("When Country is Poland: given to somebody of Sales by turns")
    assert "New rule" not in page


def test_what_counts_cannot_be_edited_and_strange_numbers_are_not_found() -> None:
    live = rules(push())
    rule, sue = live.rules.get(), signed_in("Sue")
    for name in ("routing_rule_shift", "routing_rule_remove", "routing_rule"):
        assert sue.post(reverse(name, args=[rule.pk]), typed()).status_code == 404
        assert sue.post(reverse(name, args=[987_654_321]), typed()).status_code == 404
    assert sue.post(reverse("routing_publish")).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"team": ""},
        {"team": "987654321"},
        {"mode": "shove"},
        {"queue": "99999999999999999999999"},
        {"name": ""},
        {"field": ["no such"]},
        {"value": [""]},
    ],
)
def test_a_rule_that_cannot_be_is_a_sentence(wrong: dict[str, Any]) -> None:
    drafted()
    answer = signed_in("Sue").post(reverse("routing_rule_new"), typed(**wrong))
    assert (answer.status_code, RoutingRule.objects.count()) == (422, 0)


def test_a_teams_manager_rules_the_own_team_only() -> None:
    drafted()
    other = Team.objects.create(name="Other")
    assert signed_in("Sue").post(reverse("routing_rule_new"), typed(team=str(other.pk))).status_code == 422
    theirs = RoutingRule.objects.create(rule_set=RuleSet.objects.draft(), position=1, name="x", mode="push", team=other)
    assert signed_in("Sue").get(reverse("routing_rule", args=[theirs.pk])).status_code == 403
    assert signed_in("Ada").get(reverse("routing_rule", args=[theirs.pk])).status_code == 200


def test_a_condition_row_is_answered_and_taken_away_without_javascript() -> None:
    drafted()
    sue = signed_in("Sue")
    assert b"is at least" in sue.get(reverse("routing_condition"), {"field": "employees"}).content
    answer = sue.post(reverse("routing_rule_new"), typed() | {"remove": "0"})
    assert (answer.status_code, b'Poland" placeholder' in answer.content) == (200, False)


def test_the_log_says_why_and_who_was_passed_over() -> None:
    rules(push(name="All to us"))
    seat("Rita", weight=0)
    offered(first_name="Dewi")
    page = words("Sue", reverse("routing_log"))
    assert "<strong>All to us</strong>: The turn fell to Sam." in page
    assert "Passed over: Rita (takes none by turns)." in page
    assert "Counters before and after: Sam 0 → 0." in page
    masked = words("Ann", reverse("routing_log"))
    assert "Dewi" not in masked
    assert "Lead #" in masked


def test_the_card_says_why_me() -> None:
    rules(push(name="All to us"))
    handoff = offered()
    page = words("Rita", reverse("handoff_page", args=[handoff.pk]))
    assert "Why me" in page
    assert "The turn fell to Rita." in page


@pytest.mark.parametrize("days", ["7", "90", "x", "-1", "9" * 40])
def test_a_rehearsal_comes_in_two_steps_and_any_number_of_days_is_answered(days: str) -> None:
    rules(push())
    offered()
    sue, page = signed_in("Sue"), reverse("routing_rehearsal")
    assert b"Dealing the offers again" in sue.get(page, {"days": days}).content
    asked = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "rehearsal"}
    assert sue.get(page, {"days": days}, **asked).status_code == 200  # type: ignore[arg-type]


def test_empty_pages_teach_the_next_step() -> None:
    assert "Every SQL waits in one queue" in words("Sue", reverse("routing"))
    assert "No rules to rehearse" in words("Sue", reverse("routing_rehearsal"))
    assert "Nothing was routed yet" in words("Sue", reverse("routing_log"))


def test_a_seat_is_changed_and_the_weight_only_by_the_manager() -> None:
    page = reverse("seller", args=[person("Rita").pk])
    facts = {"weight": "3", "capacity": "9", "day_0": "9-12, 13-17", "day_4": "9-12, 13-17"}
    signed_in("Rita").post(page, facts)
    mine = Seat.objects.get()
    assert (mine.weight, mine.capacity, mine.week) == (1, 9, week("9-12, 13-17", days=(0, 4)))
    signed_in("Sue").post(page, facts)
    mine.refresh_from_db()
    assert mine.weight == 3
    assert "Mon 09:00–12:00, 13:00–17:00; Fri 09:00–12:00, 13:00–17:00" in words("Ann", reverse("sellers"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"capacity": "0"},
        {"capacity": "9" * 30},
        {"day_0": "09:00"},
        {"day_0": "25:00-26:00"},
        {"day_1": "9-12, 11-13"},
        {"day_6": "22:00-06:00"},
    ],
)
def test_a_seat_that_cannot_be_is_a_sentence(wrong: dict[str, Any]) -> None:
    page = reverse("seller", args=[person("Rita").pk])
    assert signed_in("Rita").post(page, {"capacity": "5"} | wrong).status_code == 422


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "always"),
        ({"week": week("9-17")}, "Mon–Fri 09:00–17:00"),
        ({"week": week("9-12, 13-17", days=(0, 2))}, "Mon 09:00–12:00, 13:00–17:00; Wed 09:00–12:00, 13:00–17:00"),
    ],
)
def test_hours_in_words(facts: dict[str, Any], said: str) -> None:
    assert hours_of(Seat(**facts)) == said


def test_queues_are_made_named_once_and_put_away() -> None:
    sue, team = signed_in("Sue"), person("Sue").team_id
    sue.post(reverse("queue_new"), {"name": "East", "teams": [str(team)]})
    assert sue.post(reverse("queue_new"), {"name": "east"}).status_code == 422
    east = Queue.objects.get(name="East")
    rules(pull(east))
    offered()
    Handoff.objects.update(queue=None)  # as those from before there were queues: they wait in the default one
    page = words("Ann", reverse("queues"))
    assert '<td class="num" data-label="Waiting">1</td>' in page.split("East")[0]
    sue.post(reverse("queue_put_away", args=[east.pk]))
    assert Queue.objects.in_use().filter(pk=east.pk).exists()
    tray = queue("Tray")
    sue.post(reverse("queue_put_away", args=[tray.pk]))
    assert not Queue.objects.in_use().filter(pk=tray.pk).exists()
