"""Where offers go: rules in order, queues and teams, reasons on record, nobody left in silence (product.md §5)."""

from collections import Counter
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import Role, User
from handoff.models import Handoff, Pointer, Queue, Routed, RuleSet
from handoff.queues import put_away
from handoff.refusals import NothingToClaim, RoutingRefused
from handoff.rehearsal_reading import rehearse
from leadhub.testing import NOON, make_company, make_lead, person
from leads.models import Lead
from leads.stages import Cause, Stage
from outbox.models import Notice

from .offering import claimed, offered
from .routes import holders, pull, push, queue, rep, rules, seat, week, where

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _house(db: Any) -> None:
    for name in ("Rita", "Sam", "Sue"):
        person(name)


# --- Where it goes ----------------------------------------------------------------------------------------------------
def test_without_rules_everything_waits_in_the_default_queue_and_the_log_says_so() -> None:
    handoff = offered()
    line = Routed.objects.get()
    assert (handoff.queue, line.how, line.to) == (Queue.objects.default(), "default", None)


def test_the_first_rule_that_matches_decides() -> None:
    south, north = queue("South"), queue("North")
    rules(pull(south, conditions=where("country", "Indonesia")), pull(north))
    assert offered(country="Indonesia").queue == south
    assert offered(country="Poland").queue == north


def test_a_push_gives_it_to_a_rep_at_once_with_the_lead_and_a_notice() -> None:
    rules(push())
    handoff = offered(lead=make_lead(first_name="Dewi"))
    rita = person("Rita")
    assert (handoff.claimed_by, handoff.claimed_at, handoff.lead.owner_id) == (rita, NOON, rita.pk)
    assert handoff.due_at == NOON + 24 * HOUR
    assert Notice.objects.get().text == "Routing gave you Dewi Lestari. The clock is running."


def test_shares_follow_weights() -> None:
    rules(push())
    seat("Sam", weight=2)
    assert sorted(holders(*[offered() for _n in range(6)])) == ["Rita", "Rita", "Sam", "Sam", "Sam", "Sam"]


def test_a_newcomer_starts_at_the_mean_and_does_not_get_all_that_follows() -> None:
    rules(push())
    for _n in range(4):
        offered()
    rep("Tom")
    assert sorted(holders(*[offered() for _n in range(6)])) == ["Rita", "Rita", "Sam", "Sam", "Tom", "Tom"]


def test_who_is_full_or_off_work_is_passed_over_and_the_line_says_why() -> None:
    rules(push())
    seat("Rita", capacity=1)
    claimed("Rita")
    seat("Sam", week=week("08:00-12:00, 14:00-16:00"))  # it is noon
    handoff, line = offered(), Routed.objects.first()
    assert (handoff.claimed_by, line.how) == (None, "nobody")  # type: ignore[union-attr]
    assert line.passed == [[person("Rita").pk, "full"], [person("Sam").pk, "closed"]]  # type: ignore[union-attr]
    assert offered(at=NOON + 3 * HOUR).claimed_by == person("Sam")


def test_where_nobody_can_take_it_it_waits_in_the_queue_of_the_rule() -> None:
    late = queue("Night")
    rules(push("Nobody here", queue=late))
    assert (offered().queue, Routed.objects.get().how) == (late, "nobody")


def test_a_rep_who_works_with_the_company_gets_the_next_of_it() -> None:
    firm, away = make_company(), rep("Tom", team="Other")
    first = offered(company=firm)
    first.claim(by=away, at=NOON)
    rules(push(prefers_owner=True))
    assert holders(offered(company=firm), offered()) == ["Tom", "Rita"]
    assert Routed.objects.first().owner is None  # type: ignore[union-attr]


def test_least_loaded() -> None:
    for _n in range(2):
        claimed("Rita")
    rules(push(method="least"))
    assert holders(offered(), offered()) == ["Sam", "Sam"]


def test_managers_and_analysts_are_given_nothing() -> None:
    rules(push())
    User.objects.filter(roles__contains=[Role.SALES_REP]).update(is_active=False)
    assert offered().claimed_by is None


# --- Queues -----------------------------------------------------------------------------------------------------------
def test_a_queue_of_another_team_is_neither_seen_nor_claimed() -> None:
    rules(pull(queue("East", "East team")))
    handoff, rita = offered(), person("Rita")
    assert not Handoff.objects.visible_to(rita).exists()
    assert not Handoff.objects.offered_to(rita).exists()
    with pytest.raises(NothingToClaim):
        Handoff.objects.claim_next(by=rita, at=NOON)
    assert Handoff.objects.claim_next(by=rep("Tom", "East team"), at=NOON) == handoff


def test_who_has_no_team_claims_from_everybodys_queues() -> None:
    rules(pull(queue("East", "East team"), conditions=where("country", "Japan")), pull(queue("All")))
    offered(country="Japan")
    mine = offered()
    loner = User.objects.create_user(email="l@x.io", name="Lea", roles=["sales_rep"])
    assert Handoff.objects.claim_next(by=loner, at=NOON) == mine
    with pytest.raises(NothingToClaim):
        Handoff.objects.claim_next(by=loner, at=NOON)


def test_the_default_queue_stays_and_one_in_use_by_rules_too() -> None:
    east = queue("East")
    rules(pull(east))
    handoff = offered()
    for one in (Queue.objects.default(), east):
        with pytest.raises(RoutingRefused):
            put_away(one, at=NOON)
    rules()
    assert put_away(east, at=NOON) == 1
    handoff.refresh_from_db()
    assert handoff.queue == Queue.objects.default()


# --- Versions ---------------------------------------------------------------------------------------------------------
def test_publishing_replaces_all_live_rules_and_keeps_the_old_ones() -> None:
    old = rules(push())
    draft = RuleSet.objects.begin_draft(by=person("Sue"), at=NOON)
    assert [rule.mode for rule in draft.rules.all()] == ["push"]
    assert RuleSet.objects.begin_draft(by=person("Ada"), at=NOON) == draft
    draft.publish(by=person("Sue"), at=NOON + HOUR)
    old.refresh_from_db()
    assert (old.status, old.retired_at, RuleSet.objects.live()) == ("past", NOON + HOUR, draft)
    with pytest.raises(RoutingRefused):
        draft.publish(by=person("Sue"), at=NOON)


def test_rules_of_a_draft_change_place() -> None:
    rules(*[push(name=name) for name in "abc"])
    draft = RuleSet.objects.begin_draft(by=person("Sue"), at=NOON)
    draft.rules.get(name="c").shift(-1)
    draft.rules.get(name="a").shift(9)
    draft.rules.get(name="c").remove()
    assert [(rule.position, rule.name) for rule in draft.rules.all()] == [(1, "b"), (2, "a")]
    with pytest.raises(RoutingRefused):
        RuleSet.objects.live().rules.first().remove()  # type: ignore[union-attr]


# --- Sets and threads -------------------------------------------------------------------------------------------------
def offer(count: int, at: Any = NOON, **facts: Any) -> None:
    ids = [make_lead(at=at, **facts).pk for _n in range(count)]
    Lead.objects.move(ids, to=Stage.SALES_QUALIFIED, at=at, cause=Cause.SCORE, reason="Total 92")


def test_hundreds_are_dealt_in_as_many_statements_as_a_few(django_assert_max_num_queries: Any) -> None:
    rules(push(conditions=where("country", "Japan")), push(conditions=where("seniority", "VP")), pull(queue("Rest")))
    offer(1, country="Japan")
    asked = []
    for count in (2, 300):
        with django_assert_max_num_queries(400) as queries:
            offer(count, country="Japan")
        asked.append(len(queries) - count)  # making each lead is one
    assert asked[0] == asked[1]
    assert Counter(Routed.objects.values_list("to__name", flat=True)) == {"Rita": 152, "Sam": 151}


@pytest.mark.django_db(transaction=True)
def test_two_offers_at_once_never_give_two_leads_to_one_turn() -> None:
    rules(push())
    start = Barrier(4)

    def one() -> None:
        lead = make_lead()
        start.wait()
        with transaction.atomic():
            lead.move(to=Stage.SALES_QUALIFIED, at=NOON, cause=Cause.SCORE, reason="Total 92")
        connection.close()

    threads = [Thread(target=one) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Routed.objects.values_list("to__name", flat=True)) == ["Rita", "Rita", "Sam", "Sam"]
    assert Pointer.objects.get().turns == 4


# --- Rehearsal --------------------------------------------------------------------------------------------------------
def test_a_rehearsal_of_the_live_rules_is_the_live_log() -> None:
    live = rules(
        push("East team", conditions=where("country", "Japan"), method="least", queue=queue("East")),
        push(conditions=where("seniority", "VP"), prefers_owner=True),
        push(conditions=where("country", "Peru"), queue=queue("South", "Sales")),
    )
    seat("Rita", capacity=3, weight=2)
    seat("Sam", week=week("09:00-17:00"))
    firm, tom = make_company(), rep("Tom", "East team")
    for n in range(12):
        at = NOON + n * 5 * HOUR
        offer(2, at, country=("Japan", "Peru", "Poland")[n % 3], seniority="VP" if n % 4 else "", company=firm)
        if n == 5:
            Handoff.objects.claimed().first().release(by=person("Sue"), at=at)  # type: ignore[union-attr]
        if n == 7:
            tom.deactivate(by=person("Ada"), at=at)
    played = rehearse(live.ways(), since=NOON - DAY, until=NOON + 9 * DAY).played
    assert len(played) == Routed.objects.count() > 24
    assert [one.same for one in played] == [True] * len(played)


def test_a_draft_shows_who_would_have_got_them() -> None:
    rules(push())
    offer(4, country="Japan")
    tom = rep("Tom", "East team")
    draft = rules(push("East team", conditions=where("country", "Japan")))
    [*played] = rehearse(draft.ways(), since=NOON - DAY, until=NOON + DAY).played
    assert [one.dealt.how for one in played] == ["nobody"] * 4  # nobody of the East was here then
    offer(1, NOON + HOUR, country="Japan")
    assert rehearse(draft.ways(), since=NOON, until=NOON + DAY).played[-1].dealt.to == tom.pk


def test_what_a_draft_gives_away_counts_against_capacity_while_it_is_open() -> None:
    seat("Rita", capacity=1)
    seat("Sam", capacity=1)
    for n in range(4):
        offered(at=NOON + n * HOUR)
    draft = rules(push())
    played = rehearse(draft.ways(), since=NOON, until=NOON + DAY).played
    assert [one.dealt.how for one in played] == ["turn", "turn", "nobody", "nobody"]
