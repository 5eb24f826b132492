"""Lists: static ones hold who was put in, dynamic ones whoever fulfils the conditions, and both count live."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from leadhub.testing import NOON, assert_same_queries, make_activity, make_company, make_lead, person, signed_in
from leads.conditions import Condition, matches_all
from leads.fact_history import facts_of
from leads.models import Lead, Verdict
from leads.stages import Cause, Stage
from nurture.counting import counts_of
from nurture.filling import fill, refresh
from nurture.models import LeadList, ListChange, ListRefused, Stay
from scoring.days import workspace_day
from scoring.lead_fields import leads_matching
from scoring.models import LeadScore

pytestmark = pytest.mark.django_db


def static(name: str = "Warm", **facts: Any) -> LeadList:
    return LeadList.objects.create(name=name, kind="static", created_at=NOON, **facts)


def dynamic(*conditions: tuple[Any, ...], name: str = "Poles") -> LeadList:
    document = [dict(zip(("field", "op", "value"), one, strict=False)) for one in conditions]
    return LeadList.objects.create(name=name, kind="dynamic", conditions=document, created_at=NOON)


def everybody() -> Any:
    return Lead.objects.all()


def test_each_lead_is_put_in_once_and_the_change_says_which_were_new():
    warm, first, second = static(), make_lead(), make_lead()

    one = warm.put_in(everybody().filter(pk=first.pk), by=person("Mona"), at=NOON)
    two = warm.put_in(everybody(), by=person("Mick"), at=NOON)

    assert (one.lead_ids, two.lead_ids) == ([first.pk], [second.pk])
    assert {(row.lead, row.came.by) for row in warm.stays.open()} == {
        (first, person("Mona")),
        (second, person("Mick")),
    }


def test_the_database_holds_a_lead_once_in_a_list():
    warm, lead = static(), make_lead()
    warm.put_in(everybody(), by=person("Mona"), at=NOON)

    with pytest.raises(IntegrityError, match="stay_once_at_a_time"), transaction.atomic():
        Stay.objects.create(list=warm, lead=lead, entered_at=NOON, came=warm.changes.get())


def test_putting_in_is_one_statement_whatever_the_number(django_assert_num_queries: Any):
    warm = static()
    for _number in range(5):
        make_lead()

    by = person("Mona")

    with django_assert_num_queries(6):  # savepoint, lock, archived?, statement, change, release
        warm.put_in(everybody(), by=by, at=NOON)


def test_a_dynamic_list_cannot_be_filled_by_hand():
    with pytest.raises(ListRefused, match="fills itself by its conditions"):
        dynamic(("country", "is", "Poland")).put_in(everybody(), by=person("Mona"), at=NOON)


def test_an_archived_list_is_left_alone_until_it_is_restored():
    warm = static()
    warm.archive(at=NOON)
    warm.refresh_from_db()

    with pytest.raises(ListRefused, match="is archived"):
        warm.take_out(everybody(), by=person("Mona"), at=NOON)
    warm.restore()
    assert LeadList.objects.active().get() == warm


def test_a_name_is_used_once_among_lists_in_use():
    old = static("Warm")
    old.archive(at=NOON)
    static("warm")

    with pytest.raises(ListRefused, match="another list called"):
        old.restore()
    with pytest.raises(IntegrityError, match="leadlist_name_once"), transaction.atomic():
        static("WARM")


CONDITIONS = [
    [Condition("country", "is", "poland")],
    [Condition("country", "in", ("Poland", "Germany")), Condition("employees", "at_least", 100)],
    [Condition("seniority", "unknown")],
    [Condition("job_title", "contains", "head")],
    [Condition("custom.region", "is", "Java")],
    [Condition("email_domain", "is", "example.org")],
    [Condition("employees", "between", (10, 400)), Condition("source", "is_not", "Webinar")],
]


@pytest.mark.parametrize("conditions", CONDITIONS, ids=str)
def test_a_dynamic_list_holds_exactly_whoever_fulfils_the_conditions(conditions: list[Condition]):
    stal = make_company("Polska Stal", country="Poland", employees=320)
    leads = [
        make_lead(company=stal, seniority="VP", source="Webinar"), make_lead(company=stal, country="Germany", job_title="Head of IT"),
        make_lead("dewi@example.org", employees=50, source="Fair"), make_lead(custom={"region": "java"}), make_lead(),
    ]  # fmt: skip

    found = set(leads_matching(everybody(), conditions))

    facts = facts_of([lead.pk for lead in leads])
    assert found == {lead for lead in leads if matches_all(conditions, facts[lead.pk])}
    assert found


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (("stage", "is", "mql"), {"Ayu"}), (("stage", "in", ["mql", "sql"]), {"Ayu", "Jan"}), (("score", "at_least", 60), {"Ayu"}),
        (("score", "between", [59, 61]), {"Ayu"}), (("score", "unknown"), {"Ewa"}), (("fit", "at_most", 10), {"Jan"}), (("label", "is", "A1"), {"Ayu"}),
        (("last_active", "at_least", "2026-11-01"), {"Ayu"}), (("owner", "is", "Rita"), {"Jan"}), (("created", "at_most", "2026-11-18"), {"Ayu", "Jan", "Ewa"}),
    ],
)  # fmt: skip
def test_lists_ask_also_where_a_lead_stands(condition: tuple[Any, ...], names: set[str]):
    ayu = make_lead(first_name="Ayu", stage=Stage.MARKETING_QUALIFIED)
    jan = make_lead(first_name="Jan", stage=Stage.SALES_QUALIFIED, owner=person("Rita"))
    make_lead(first_name="Ewa")
    common = {"scored_on": NOON.date(), "stage_since": NOON}
    LeadScore.objects.create(
        lead=ayu, stage="mql", fit=4000, total=6000, label="A1", last_active_on="2026-11-10", **common
    )
    LeadScore.objects.create(
        lead=jan, stage="sql", fit=1000, total=2050, label="C3", last_active_on="2026-10-10", **common
    )

    assert {lead.first_name for lead in dynamic(condition).matching(everybody())} == names


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (("activity", "is", "webinar_attended"), {"Ayu"}),
        (("activity", "is_not", "webinar_attended"), {"Jan", "Ewa"}),
        (("activity", "in", ["webinar_attended", "demo_requested"]), {"Ayu", "Jan"}),
        (("activity", "not_in", ["webinar_attended", "demo_requested"]), {"Ewa"}),
        (("activity", "known"), {"Ayu", "Jan"}),
        (("activity", "unknown"), {"Ewa"}),
        (("activity", "is", "no_such_kind"), set()),
    ],
)
def test_lists_ask_what_a_lead_has_done_and_machines_do_not_count(condition: tuple[Any, ...], names: set[str]):
    ayu, jan, ewa = (make_lead(first_name=name) for name in ("Ayu", "Jan", "Ewa"))
    make_activity(ayu, "webinar_attended")
    make_activity(jan, "demo_requested")
    make_activity(ewa, "webinar_attended", verdict=Verdict.MACHINE)

    assert {lead.first_name for lead in dynamic(condition).matching(everybody())} == names


def test_a_kind_of_deed_is_said_by_its_name_and_chosen_from_all():
    assert dynamic(("activity", "is", "webinar_attended")).sentence() == "Activity is Webinar attended"
    row = signed_in("Mona").get("/lists/conditions/row/?field=activity").context["one"]
    assert ("webinar_attended", "Webinar attended") in row.choices


def test_days_since_are_counted_from_today():
    today = workspace_day(timezone.now())
    ayu = make_lead(first_name="Ayu", at=timezone.now() - timedelta(days=40))
    make_lead(first_name="Ewa", at=timezone.now())
    active = {"last_active_on": today - timedelta(days=5), "scored_on": today, "stage_since": NOON, "stage": "lead"}
    LeadScore.objects.create(lead=ayu, **active)

    for condition in (("idle_days", "at_most", 5), ("idle_days", "between", [5, 5]), ("age_days", "at_least", 40)):
        assert {lead.first_name for lead in dynamic(condition, name=str(condition)).matching(everybody())} == {"Ayu"}
    assert not dynamic(("idle_days", "at_most", 4), name="none").matching(everybody()).exists()


def test_counts_are_live_and_asked_in_one_question(django_assert_num_queries: Any):
    warm, poles = static(), dynamic(("country", "is", "Poland"))
    make_lead(country="Poland")
    make_lead()
    mona = person("Mona")
    warm.put_in(everybody(), by=mona, at=NOON)
    fill(poles.pk, NOON)

    with django_assert_num_queries(1):
        assert counts_of([warm, poles], user=mona) == {warm.pk: 2, poles.pk: 1}
    make_lead(country="Poland")
    fill(poles.pk, NOON)
    assert counts_of([poles], user=person("Mona")) == {poles.pk: 2}


def test_a_rep_counts_and_sees_only_leads_within_sight():
    poles = dynamic(("country", "is", "Poland"))
    make_lead(country="Poland")
    pooled = make_lead(country="Poland", stage=Stage.SALES_QUALIFIED)
    refresh(NOON)
    client = signed_in("Rita")

    assert [row["count"] for row in client.get("/lists/").context["rows"]] == [1]
    assert [row.lead for row in client.get(f"/lists/{poles.pk}/").context["rows"]] == [pooled]


def test_the_pages_ask_equally_often():
    numbers = iter(range(99))
    warm = static()
    assert_same_queries(
        signed_in("Mona"), "/lists/", lambda: dynamic(("country", "known"), name=f"List {next(numbers)}")
    )

    def make() -> None:
        warm.put_in(everybody().filter(pk=make_lead().pk), by=person("Mona"), at=NOON)

    assert_same_queries(signed_in("Mona"), f"/lists/{warm.pk}/", make)


def test_a_list_page_can_be_filtered_further():
    warm = static()
    pole = make_lead(country="Poland")
    make_lead()
    warm.put_in(everybody(), by=person("Mona"), at=NOON)

    assert [row.lead for row in signed_in("Mona").get(f"/lists/{warm.pk}/?country=Poland").context["rows"]] == [pole]


STATIC = {"name": "Warm", "description": "For the spring letter", "kind": "static"}
DYNAMIC = {
    "name": "Poles",
    "kind": "dynamic",
    "field": ["country", "employees", ""],
    "op": ["is", "at_least", "is"],
    "value": ["Poland", "50", ""],
}


def test_lists_are_made_with_a_form():
    client = signed_in("Mona")

    client.post("/lists/new/", STATIC)
    client.post("/lists/new/", DYNAMIC)

    warm, poles = LeadList.objects.get(name="Warm"), LeadList.objects.get(name="Poles")
    assert (warm.kind, warm.conditions, warm.created_by) == ("static", [], person("Mona"))
    assert poles.sentence() == "Country is Poland and Employees is at least 50"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": ""}, "This field is required."), ({"name": "TAKEN"}, "There is a list with this name already."),
        ({"field": [], "op": [], "value": []}, "needs at least one condition"), ({"value": ["Poland", "many", ""]}, "This must be a number"),
        ({"field": ["shoe", "", ""]}, "There is no field “shoe”."), ({"op": ["like", "", ""]}, "Choose how to compare."),
        ({"kind": "magic"}, "Select a valid choice"), ({"name": "x" * 121}, "at most 120 characters"),
    ],
)  # fmt: skip
def test_bad_input_is_said_and_nothing_typed_is_lost(said: dict[str, Any], sentence: str):
    static("Taken")

    response = signed_in("Mona").post("/lists/new/", DYNAMIC | said)

    assert sentence in response.text
    assert LeadList.objects.count() == 1


def test_a_row_is_added_and_taken_away_without_javascript():
    client = signed_in("Mona")

    more = client.post("/lists/new/", DYNAMIC | {"another": "1"}).context["condition_rows"]
    less = client.post("/lists/new/", DYNAMIC | {"remove": "0"}).context["condition_rows"]

    assert [one.row.field for one in more] == ["country", "employees", ""]
    assert [one.row.field for one in less] == ["employees", ""]
    assert LeadList.objects.count() == 0


def test_a_list_is_edited_but_its_kind_stays():
    poles = dynamic(("country", "is", "Poland"))
    client = signed_in("Mona")
    client.post(
        f"/lists/{poles.pk}/edit/",
        {"name": "Germans", "kind": "static", "field": "country", "op": "in", "value": "Germany, Austria"},
    )

    poles.refresh_from_db()
    assert (poles.name, poles.kind, poles.sentence()) == ("Germans", "dynamic", "Country is one of Germany, Austria")


def test_a_row_offers_what_its_field_allows():
    client = signed_in("Mona")

    stage = client.get("/lists/conditions/row/?field=stage").context["one"]
    number = client.get("/lists/conditions/row/?field=employees&op=between&value=1").context["one"]
    unknown = client.get("/lists/conditions/row/?field=country&op=unknown").context["one"]

    assert ("mql", "MQL") in stage.choices
    assert ("contains", "contains") not in number.operators
    assert (number.op, unknown.needs_value) == ("between", False)


@pytest.mark.parametrize(
    "query", ["?field=nonsense&op=is", "?field=custom.&op=x", "?op=is", "?value=x", "?field=stage&op=%F0&value=%FF"]
)
def test_junk_for_a_row_is_no_fault(query: str):
    for page in ("row", "count"):
        assert signed_in("Mona").get(f"/lists/conditions/{page}/{query}").status_code == 200


def test_typed_conditions_are_counted_live():
    make_lead(country="Poland")
    client = signed_in("Mona")

    assert "1 lead now" in client.get("/lists/conditions/count/?field=country&op=is&value=Poland").text
    assert "This must be a number" in client.get("/lists/conditions/count/?field=employees&op=at_least&value=x").text


def test_archive_is_undone_by_the_same_press():
    warm, client = static(), signed_in("Mona")

    client.post(f"/lists/{warm.pk}/archive/")
    assert [row["list"] for row in client.get("/lists/?archived").context["rows"]] == [warm]
    client.post(f"/lists/{warm.pk}/archive/")
    assert [row["list"] for row in client.get("/lists/").context["rows"]] == [warm]


@pytest.mark.parametrize("name", ["Rita", "Sue", "Ann"])
def test_sales_reads_lists_and_changes_none(name: str):
    warm, client = static(), signed_in(name)
    change = ListChange.objects.create(list=warm, added=True, by=person("Mona"), at=NOON, lead_ids=[])

    assert client.get(f"/lists/{warm.pk}/").status_code == 200
    for address in (
        f"/lists/{warm.pk}/edit/",
        f"/lists/{warm.pk}/archive/",
        f"/lists/changes/{change.pk}/undo/",
        "/lists/new/",
    ):
        assert client.post(address, STATIC).status_code == 403


def test_empty_pages_teach_the_next_step():
    client = signed_in("Mona")

    assert "No lists yet" in client.get("/lists/").text
    assert "Choose leads in the lead list" in client.get(f"/lists/{static().pk}/").text
    poles = dynamic(("country", "is", "Poland"))
    assert "The list is being filled" in client.get(f"/lists/{poles.pk}/").text
    fill(poles.pk, NOON)
    assert "Nobody fulfils the conditions now" in client.get(f"/lists/{poles.pk}/").text


def test_a_list_may_ask_what_made_a_lead_sql():
    asked, scored = make_lead(), make_lead()
    for lead, cause in ((asked, Cause.INTENT), (scored, Cause.SCORE)):
        lead.move(to=Stage.SALES_QUALIFIED, at=NOON, cause=cause)
    assert list(dynamic(("sql_cause", "is", "intent")).matching(everybody())) == [asked]
