"""Which rules a lead would not have become SQL without: exact, with caps applied anew (R22, R27)."""

from typing import Any

import pytest

from scoring.definition_reading import parse
from scoring.without import carried_by, needed

MODEL = parse(
    {
        "name": "Small",
        "axes": {"fit": {"cap": 50}, "engagement": {"cap": 60}},
        "groups": [
            {"key": "persona", "axis": "fit", "cap": 30},
            {"key": "web", "axis": "engagement", "cap": 40},
            {"key": "mail", "axis": "engagement"},
        ],
        "rules": [],
        "definitions": {
            "mql": {"total": 10},
            "sql": {"total": 60, "fit": 20, "intent_within_days": 30, "intent_fit": 10},
        },
    }
)


def ledger(last_intent: str | None = None, **points: float) -> dict[str, Any]:
    """A frozen ledger: persona_x=20 is a rule of the group persona that gave 20 points."""
    lines = [
        {"kind": "rule", "group": key.split("_")[0], "key": key, "title": key.upper(), "points": given}
        for key, given in points.items()
    ]
    return {"day": "2026-11-20", "last_active": "2026-11-19", "last_intent": last_intent, "lines": lines}


@pytest.mark.parametrize(
    ("frozen", "rules"),
    [
        (ledger(persona_a=25, web_a=35), {"persona_a", "web_a"}),
        (ledger(persona_a=25, persona_b=5, web_a=40), {"persona_a", "web_a"}),  # 65 − 5 is still 60
        (ledger(persona_a=20, web_a=40, web_b=40), {"persona_a"}),  # the cap of web makes up for either
        (ledger(persona_a=20, web_a=40, web_b=10), {"persona_a", "web_a"}),
        (ledger(persona_a=20, web_a=40, mail_a=40), {"persona_a"}),  # so does the cap of engagement
        (ledger(persona_a=25, web_a=45, web_b=-10), {"persona_a", "web_a"}),  # 35 in web, just enough
        (ledger(persona_a=30, web_a=29.99), set()),  # never was SQL by its score: a person handed it over
        (ledger("2026-11-10", persona_a=10), {"persona_a"}),  # by intent, for which fit 10 is asked
        (ledger("2026-11-10", persona_a=10, persona_b=10), set()),
        (ledger("2026-10-21", persona_a=20, web_a=10), set()),  # intent too long ago
    ],
)
def test_a_rule_is_needed_where_its_lead_would_not_have_come_without_it(frozen: Any, rules: set[str]) -> None:
    assert needed(frozen, MODEL) == rules


def test_what_carried_a_lead_gave_points() -> None:
    assert carried_by(ledger(persona_a=20, web_a=0, web_b=-5)) == {"persona_a": "PERSONA_A"}
