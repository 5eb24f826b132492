"""What a draft would do to all leads, against the ledgers of each of them: every figure, for any rules, histories and days."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.models import Lead, StageMove
from scoring.definition_reading import parse
from scoring.definitions import Standing, is_mql, is_sql
from scoring.explain import ledger_of
from scoring.ledger import Ledger
from scoring.models import ScoringModel
from scoring.sweep import forget_sweeps
from scoring.trying import EDGES, KINDS, MOVES, Tried, effect_of
from scoring.vectors import date_of

from .database import examples, figures, lead_with, noon, published, undone
from .models import TODAY, cuts, documents, facts, histories

pytestmark = pytest.mark.django_db
people = st.lists(st.tuples(facts, histories, cuts), min_size=1, max_size=4)
marks = st.none() | st.integers(-20, 60)
definitions = st.fixed_dictionaries(
    {
        "mql": st.fixed_dictionaries({"total": marks, "fit": marks, "active_within_days": st.sampled_from([None, 30])}),
        "sql": st.fixed_dictionaries({"total": marks, "intent_within_days": st.sampled_from([None, 90])}),
    }
)


def version_of(document: dict[str, Any]) -> ScoringModel:
    """The document as a version that is in no table."""
    return ScoringModel(document=document)


def standing(ledger: Ledger) -> Standing:
    return Standing(ledger.fit, ledger.total, ledger.last_active, ledger.last_intent, ledger.day)


def without(document: dict[str, Any], key: str) -> dict[str, Any]:
    return document | {"rules": [rule for rule in document["rules"] if rule["key"] != key]}


class Slow:
    """The same from the ledgers of each lead, one after the other."""

    def __init__(self, leads: list[Lead], old: dict[str, Any], new: dict[str, Any], day: int) -> None:
        self.leads, self.new, self.day = leads, new, day
        self.was, self.says = (version_of(document).model.definitions for document in (old, new))
        self.before, self.after = (self.ledgers(document) for document in (old, new))

    def ledgers(self, document: dict[str, Any]) -> list[Ledger]:
        return [ledger_of(lead, day=date_of(self.day), model=version_of(document)) for lead in self.leads]  # type: ignore[arg-type]

    def crossing(self) -> dict[str, set[tuple[int, int, int]]]:
        """Lead, total before and after of everybody who enters or leaves."""
        found: dict[str, set[tuple[int, int, int]]] = {kind: set() for kind in KINDS}
        for lead, one, other in zip(self.leads, self.before, self.after, strict=True):
            for stage, test in (("mql", is_mql), ("sql", is_sql)):
                met = bool(test(getattr(self.was, stage), standing(one)))
                meets = bool(test(getattr(self.says, stage), standing(other)))
                if met != meets:
                    found[f"{stage}_{'in' if meets else 'out'}"].add((lead.pk, one.total, other.total))
        return found

    def bars(self, ledgers: list[Ledger]) -> tuple[int, ...]:
        found = [0] * len(EDGES)
        for ledger in ledgers:
            found[sum(ledger.total >= 100 * edge for edge in EDGES[1:].tolist())] += 1
        return tuple(found)

    def work(self, key: str) -> tuple[int, ...]:
        lines = [next(line for line in ledger.lines if (line.kind, line.key) == ("rule", key)) for ledger in self.after]
        free = all(rule["points"] == 0 for rule in self.new["rules"] if rule["key"] == key)
        fires = sum(bool(line.events) and (free or line.before != 0) for line in lines)
        sums = [sum(getattr(line, name) for line in lines) for name in ("events", "before", "after")]
        less = sum(ledger.total for ledger in self.ledgers(without(self.new, key)))
        return fires, *sums, sum(ledger.total for ledger in self.after) - less


def agrees(tried: Tried, slow: Slow) -> None:
    assert tried.ended
    assert tried.of == tried.leads == len(slow.leads)
    assert tried.other == sum(one.total != two.total for one, two in zip(slow.before, slow.after, strict=True))
    assert (tried.before, tried.after) == (slow.bars(slow.before), slow.bars(slow.after))
    told = {kind: {(one.lead, one.before, one.after) for one in tried.movers[kind].first} for kind in KINDS}
    assert told == slow.crossing()
    assert {kind: tried.movers[kind].count for kind in KINDS} == {kind: len(told[kind]) for kind in KINDS}
    for work in tried.works:
        found = (work.leads, work.events, work.earned, work.capped, work.reaching)
        assert found == slow.work(work.key), work.key


@given(documents(), definitions, documents(), definitions, people, st.integers(0, 3))
@examples(10)
def test_every_figure_is_what_the_ledgers_of_all_leads_say(
    now: dict[str, Any], says_now: Any, other: dict[str, Any], says_then: Any, told: list[Any], ahead: int
) -> None:
    """Rules that vectors know and rules they never heard of, on the day that was swept, on one that was not, and amid a publishing."""
    old, new = now | {"definitions": says_now}, other | {"definitions": says_then}
    with undone():
        leads = [lead_with(*life) for life in told]
        published(old, TODAY)
        if ahead == 3:
            forget_sweeps()
        before, day = figures(), TODAY + ahead
        keys = [rule["key"] for rule in new["rules"]]
        agrees(effect_of(parse(new), at=noon(day), watched=keys), Slow(leads, old, new, day))
        assert figures() == before


@given(documents(), definitions, documents(), definitions, st.integers(0, 20), people)
@examples(10)
def test_publishing_moves_whom_it_was_said_to_move(
    now: dict[str, Any], says_now: Any, other: dict[str, Any], says_then: Any, under: int, told: list[Any]
) -> None:
    for says in (says_now, says_then):
        if says["mql"]["total"] is not None:
            says["mql"]["leave_total"] = says["mql"]["total"] - under
    with undone():
        for life in told:
            lead_with(*life)
        published(now | {"definitions": says_now}, TODAY)
        new, before = other | {"definitions": says_then}, StageMove.objects.count()
        tried = effect_of(parse(new), at=noon(TODAY))
        published(new, TODAY)
        moved = list(StageMove.objects.order_by("id").values_list("to_stage", flat=True))[before:]
        assert tried.moves == {to: moved.count(to) for to in MOVES}


@given(documents(), people, st.data())
@examples(10)
def test_a_draft_that_changes_one_rule_is_told_exactly_too(
    document: dict[str, Any], told: list[Any], data: Any
) -> None:
    """What does not change is not counted again; that must not be seen."""
    rules = document["rules"]
    place = data.draw(st.integers(0, max(0, len(rules) - 1)))
    changed = [
        rule | {"points": data.draw(st.integers(-20, 40))} if n == place else rule for n, rule in enumerate(rules)
    ]
    new = document | {"rules": changed, "definitions": {"mql": {"total": 10}, "sql": {"total": 25}}}
    with undone():
        leads = [lead_with(*life) for life in told]
        published(document, TODAY)
        keys = [changed[place]["key"]] if rules else []
        agrees(effect_of(parse(new), at=noon(TODAY), watched=keys), Slow(leads, document, new, TODAY))
