"""Hypothesis strategies for scoring models and histories, and the plan that the kernel needs for them."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from scoring.cuts import Cuts
from scoring.definition import Model
from scoring.definition_reading import parse
from scoring.plan import Plan
from scoring.vectors import Entries, pack

TYPES = ("page_visit", "email_clicked", "webinar_attended", "demo_requested")
PATHS = ("/pricing", "/Pricing/teams", "/careers", "/", "")
TODAY = 9_800
DAYS = range(TODAY - 800, TODAY + 40)

points = st.integers(-3_000, 3_000).map(lambda n: n / 100) | st.integers(-40, 40)
bounds = st.none() | st.integers(0, 6_000).map(lambda n: n / 100)
days = st.integers(1, 400)
fades = st.one_of(
    st.just({"kind": "never"}),
    st.builds(lambda kind, d: {"kind": kind, "days": d}, st.sampled_from(["window", "linear", "half_life"]), days),
)
counts = st.one_of(
    st.sampled_from([{"kind": "every"}, {"kind": "once"}]),
    st.builds(lambda n: {"kind": "at_most", "n": n}, st.integers(1, 80)),
    st.builds(lambda n, d: {"kind": "at_least", "n": n, "days": d}, st.integers(1, 5), days),
)
switches = st.sampled_from([{}, {}, {"off": False}, {"off": None}, {"off": True}])
activities = st.fixed_dictionaries(
    {"types": st.lists(st.sampled_from(TYPES), min_size=1, max_size=3, unique=True)},
    optional={"when": st.sampled_from(PATHS[:3]).map(lambda p: [{"field": "path", "op": "starts_with", "value": p}])},
)
facts = st.fixed_dictionaries(
    {"seniority": st.sampled_from(["VP", "vp", "Intern", "", None]), "employees": st.integers(0, 500)}
)
whens = st.lists(
    st.sampled_from(
        [
            {"field": "seniority", "op": "in", "value": ["VP", "C-level"]},
            {"field": "seniority", "op": "is_not", "value": "intern"},
            {"field": "seniority", "op": "unknown"},
            {"field": "employees", "op": "at_least", "value": 50},
        ]
    ),
    min_size=1,
    max_size=2,
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A whole model of up to twelve rules with every kind of count, fade, cap and floor."""
    axes = {name: _bounded(draw) for name in ("fit", "engagement")}
    groups = [
        {"key": f"g{n}", "axis": axis} | _bounded(draw) for n, axis in enumerate(["fit", "engagement", "engagement"])
    ]
    rules = []
    for number in range(draw(st.integers(0, 12))):
        rule = {
            "key": f"r{number}",
            "group": f"g{draw(st.integers(0, 2))}",
            "points": draw(points),
            "cap": draw(bounds),
        } | draw(switches)
        if rule["group"] == "g0":
            rules.append(rule | {"when": draw(whens)})
        else:
            rules.append(rule | {"activity": draw(activities), "count": draw(counts), "fade": draw(fades)})
    return {"name": "Generated", "axes": axes, "groups": groups, "rules": rules}


def _bounded(draw: st.DrawFn) -> dict[str, Any]:
    floor = draw(bounds)
    return {"floor": None if floor is None else -floor, "cap": draw(bounds)}


deeds = st.tuples(
    st.sampled_from(DAYS) | st.integers(TODAY - 5, TODAY + 3),
    st.fixed_dictionaries({"type": st.sampled_from(TYPES), "path": st.sampled_from(PATHS)}),
    st.sampled_from([1, 1, 1, 2, 5, 70]),
)
histories = st.lists(deeds, max_size=25)
#: Days up to which deeds count less, with the per cent left; most leads have none.
cuts = st.just([]) | st.lists(
    st.tuples(st.integers(TODAY - 60, TODAY + 35) | st.sampled_from(DAYS), st.sampled_from([50, 50, 0])), max_size=3
)
databases = st.lists(st.tuples(histories, cuts), max_size=6)


def every_deed(history: list[Any]) -> list[Any]:
    """A history with counts as one deed after the other."""
    return [(day, facts) for day, facts, times in history for _ in range(times)]


#: Deeds that differ for no rule above share a class; each pair of type and path is one.
PAIRS = [(kind, path) for kind in TYPES for path in PATHS]


def class_of(facts: dict[str, Any]) -> int:
    return PAIRS.index((facts["type"], facts["path"]))


def entries_of(history: list[Any]) -> Entries:
    """The packed form of a history."""
    columns = [(day, class_of(facts), times) for day, facts, times in history]
    return pack(*np.array(columns, np.int64).reshape(-1, 3).T)


def cuts_of(*leads: list[tuple[int, int]]) -> Cuts | None:
    """The cuts of these leads as the kernel takes them."""
    rows = [(place, day, share) for place, said in enumerate(leads) for day, share in said]
    return Cuts.of(*zip(*rows, strict=True)) if rows else None


def plan_for(model: Model | dict[str, Any]) -> Plan:
    """The plan of a model for the classes above; demo requests show intent."""
    model = parse(model) if isinstance(model, dict) else model
    rules = [
        [rule.deed.matches({"type": kind, "path": path}) for rule in model.engagement_rules] for kind, path in PAIRS
    ]
    return Plan(model, rules, [kind == "demo_requested" for kind, _path in PAIRS])
