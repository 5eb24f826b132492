"""Conditions mean the same to the database as in Python: every operator, on every kind of field, for any value."""

import json
import unicodedata
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import BooleanField, Case, Value, When
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadhub.testing import examples, make_activity, make_company, make_lead
from leads.condition_fields import ACTIVITY_FIELDS, LEAD_FIELDS
from leads.condition_queries import as_query
from leads.condition_values import fold
from leads.conditions import OPERATORS, Condition, ConditionFault, FieldSet, matches_all, parse_conditions
from leads.documents import storable
from leads.fact_history import facts_of
from leads.models import Activity, Company, Lead

pytestmark = pytest.mark.django_db


def each_row_anew(most: int) -> settings:
    return examples(most, suppress_health_check=[HealthCheck.function_scoped_fixture])


NASTY = [
    "VP", "vp", " vp\u00a0", "İstanbul", "istanbul", "ΟΔΟΣ", "οδος", "οδοσ", "ẞ", "ß", "ss", "Ǆ", "ǅ", "ａ", "K", "k",
    "1.50", "1.5", "+1.5", "-0", "0", "007", "7", "1e5", "100000", ".5", "5.", "9" * 40, "true", "True", "null", "NaN",
    "2026-11-21", "2026-11-21T10:00:00Z", "2026-11-21 ", "2026-13-99", "20261121", "%", "_", "\\", "'", '"', "{}", "a\nb",
    "\t", "   ", "", "０１", "1\u00a0000",
]  # fmt: skip
texts = st.sampled_from(NASTY) | st.text(max_size=6).filter(storable)
numbers = (
    st.sampled_from([0, -0.0, 1.5, 7, 100000, 1e21, 1e-7, 10**25, 0.1, 250])
    | st.integers(-300, 300)
    | st.floats(allow_nan=False, allow_infinity=False)
)
scalars = texts | numbers | st.booleans()
stored = scalars | st.none() | st.lists(scalars, max_size=2) | st.dictionaries(texts, scalars, max_size=2)
wanted = st.one_of(
    st.tuples(st.sampled_from(["is", "is_not", "contains", "starts_with", "at_least", "at_most"]), scalars),
    st.tuples(st.sampled_from(["in", "not_in"]), st.lists(scalars, min_size=1, max_size=3)),
    st.tuples(
        st.just("between"), st.tuples(numbers | st.just("2026-01-01"), numbers | st.just("2027-01-01")).map(list)
    ),
    st.tuples(st.sampled_from(["known", "unknown"]), st.none()),
)


def conditions(field: str, asked: list[tuple[str, Any]], fields: FieldSet) -> list[Condition]:
    """Those of the conditions that the language allows."""
    found: list[Condition] = []
    for op, value in asked:
        try:
            found += parse_conditions(
                [{"field": field, "op": op} | ({} if value is None else {"value": value})], fields
            )
        except ConditionFault:
            continue
    return found


def answers(model: Any, pk: int, asked: list[Condition], fields: FieldSet) -> list[bool]:
    """What the database says about one row to each condition."""
    cases = {
        f"c{n}": Case(
            When(as_query([one], fields), then=Value(True)), default=Value(False), output_field=BooleanField()
        )
        for n, one in enumerate(asked)
    }
    return list(model.objects.filter(pk=pk).annotate(**cases).values_list(*cases).get()) if cases else []


@pytest.fixture
def lead() -> Lead:
    return make_lead(company=make_company(domain="nusantara.example"), external_id="x")


@given(known=st.lists(stored, min_size=1, max_size=4), asked=st.lists(wanted, min_size=1, max_size=5))
@each_row_anew(40)
def test_custom_fields_of_any_json(lead: Lead, known: list[Any], asked: list[tuple[str, Any]]) -> None:
    asked = [*asked, *(("is", value) for value in known), ("contains", known[0])]
    Lead.objects.filter(pk=lead.pk).update(custom={f"x{n}": value for n, value in enumerate(known)})
    every = [one for n in range(len(known)) for one in conditions(f"custom.x{n}", asked, LEAD_FIELDS)]
    facts = facts_of([lead.pk])[lead.pk]
    assert answers(Lead, lead.pk, every, LEAD_FIELDS) == [one.matches(facts) for one in every]


@given(
    own=texts, firm=texts, people=st.none() | st.integers(0, 2**31 - 1), asked=st.lists(wanted, min_size=1, max_size=5)
)
@each_row_anew(30)
def test_columns_of_lead_and_company(
    lead: Lead, own: str, firm: str, people: int | None, asked: list[tuple[str, Any]]
) -> None:
    asked = [*asked, ("is", own), ("starts_with", firm), ("at_least", people), ("contains", own[:2])]
    Lead.objects.filter(pk=lead.pk).update(job_title=own, country=own, city="", external_id=own.strip() or None)
    Company.objects.filter(pk=lead.company_id).update(country=firm, city=firm, name=firm or "?", employees=people)
    fields = ("job_title", "country", "city", "external_id", "company", "employees", "email", "email_domain", "domain")
    every = [one for field in fields for one in conditions(field, asked, LEAD_FIELDS)]
    facts = facts_of([lead.pk])[lead.pk]
    assert answers(Lead, lead.pk, every, LEAD_FIELDS) == [one.matches(facts) for one in every]


@given(said=texts, extra=stored, asked=st.lists(wanted, min_size=1, max_size=5))
@each_row_anew(30)
def test_what_an_activity_says(lead: Lead, said: str, extra: Any, asked: list[tuple[str, Any]]) -> None:
    asked = [*asked, ("is", said), ("starts_with", said[:2])]
    deed = make_activity(
        lead, "page_visit", subject=said, campaign=said, url=f"https://a.example{said}", properties={"p": extra}
    )
    deed.refresh_from_db()
    facts = {"type": "page_visit", "subject": said, "campaign": said, "url": deed.url, "path": deed.path, "properties.p": extra,
             "funnel_stage": deed.funnel_stage}  # fmt: skip
    fields = (*facts, "asset")
    every = [one for field in fields for one in conditions(field, asked, ACTIVITY_FIELDS)]
    facts["properties.p"] = json.loads(json.dumps(extra))
    assert answers(Activity, deed.pk, every, ACTIVITY_FIELDS) == [one.matches(facts) for one in every]


@pytest.mark.parametrize("op", OPERATORS)
def test_unknown_facts_fulfil_nothing_but_unknown(op: str, lead: Lead) -> None:
    value = {
        "between": [1, 2],
        "in": ["a"],
        "not_in": ["a"],
        "at_least": 1,
        "at_most": 1,
        "known": None,
        "unknown": None,
    }.get(op, "a")
    [one] = conditions("custom.missing", [(op, value)], LEAD_FIELDS)
    assert answers(Lead, lead.pk, [one], LEAD_FIELDS) == [op == "unknown"]
    assert matches_all([one], {}) is (op == "unknown")


def test_a_day_long_ago_and_a_moment_compare_as_days(lead: Lead) -> None:
    Lead.objects.filter(pk=lead.pk).update(custom={"since": datetime(2026, 3, 1, 12, tzinfo=UTC).isoformat()})
    asked = conditions("custom.since", [("at_least", "2026-03-01"), ("at_most", "2026-02-28")], LEAD_FIELDS)
    assert answers(Lead, lead.pk, asked, LEAD_FIELDS) == [True, False]


@pytest.mark.parametrize(
    ("known", "op", "part"),
    [
        ("10 \u212a", "contains", "k"), ("\u212a1", "is", "K1"), ("\u0130x", "starts_with", "IX"),
        ("\u00a0vp", "starts_with", "vp"), ("SÃO PAULO", "contains", "paulo"),
    ],
)  # fmt: skip
def test_the_quick_look_rules_out_nobody_who_fulfils_the_condition(lead: Lead, known: str, op: str, part: str) -> None:
    """A Kelvin sign is a k in lower case, a dotted İ an i: what is not ASCII alone is always looked at in full."""
    Lead.objects.filter(pk=lead.pk).update(job_title=known)
    assert answers(Lead, lead.pk, conditions("job_title", [(op, part)], LEAD_FIELDS), LEAD_FIELDS) == [True]


def test_python_and_the_database_fold_every_character_alike() -> None:
    points = [*range(1, 0xD800), *range(0xE000, 0x110000)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p, lower(chr(p)) FROM generate_series(1, 1114111) AS p"
            " WHERE p NOT BETWEEN 55296 AND 57343 AND lower(chr(p)) <> chr(p)"
        )
        theirs = dict(cursor.fetchall())
    ours = {point: fold(chr(point)) for point in points if fold(chr(point)) != chr(point)}
    different = [point for point in theirs.keys() | ours.keys() if theirs.get(point) != ours.get(point)]
    # The database may know letters that came into Unicode after this Python.
    assert [f"{point:X}" for point in different if unicodedata.category(chr(point)) != "Cn"] == []
