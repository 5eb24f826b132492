"""The pages of a list: history with reasons, kept out, circles refused, files that no spreadsheet calculates."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from handoff.models import SlaPolicy
from leadhub.lead_filter import LeadFilter, as_conditions
from leadhub.lead_rows import wanted_leads
from leadhub.testing import NOON, assert_same_queries, make_activity, make_lead, person, signed_in
from leads.condition_rows import row_of, rows_of
from leads.conditions import Condition, Narrow, parse_conditions
from leads.models import Lead
from leads.stages import Stage
from nurture import exporting
from nurture.filling import fill
from nurture.list_order import circle_through, in_order
from nurture.list_users import users_of
from nurture.models import KeptOut, LeadList, ListRefused
from scoring.lead_fields import LIST_FIELDS, leads_matching
from scoring.models import LeadScore

from .programs import drafted

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=5)


def static(name: str = "Warm") -> LeadList:
    return LeadList.objects.create(name=name, kind="static", created_at=NOON)


def dynamic(*conditions: dict[str, Any], name: str = "Poles") -> LeadList:
    document = list(conditions) or [{"field": "country", "op": "is", "value": "Poland"}]
    return LeadList.objects.create(name=name, kind="dynamic", conditions=document, created_at=NOON)


def naming(other: LeadList, name: str) -> LeadList:
    return dynamic({"field": "list", "op": "is", "value": str(other.pk)}, name=name)


def filled(chosen: LeadList, *leads: Lead) -> LeadList:
    chosen.put_in(Lead.objects.filter(pk__in=[lead.pk for lead in leads]), by=person("Mona"), at=NOON)
    return chosen


def test_history_says_who_came_and_who_left_when_and_why():
    warm = filled(static(), make_lead(first_name="Ayu"), make_lead(first_name="Jan"))
    warm.take_out(Lead.objects.filter(first_name="Jan"), by=person("Mick"), at=LATER)

    page = signed_in("Mona").get(f"/lists/{warm.pk}/history/")
    left = signed_in("Mona").get(f"/lists/{warm.pk}/history/?left")

    assert {stay.lead.first_name for stay in page.context["page"].rows} == {"Ayu", "Jan"}
    assert [stay.lead.first_name for stay in left.context["page"].rows] == ["Jan"]
    assert "put in by Mona" in left.text
    assert "taken out by Mick" in left.text


def test_the_pages_of_a_list_ask_equally_often_whatever_the_rows():
    chosen = dynamic()
    fill(chosen.pk, NOON)

    def make() -> None:
        lead = make_lead(country="Poland")
        fill(chosen.pk, NOON)
        other = make_lead(country="Poland")
        fill(chosen.pk, NOON)
        chosen.take_out(Lead.objects.filter(pk=other.pk), by=person("Mick"), at=LATER)
        assert lead.stays.exists()

    for number, page in enumerate(("", "history/", "history/?left", "kept-out/")):
        assert_same_queries(signed_in("Mona"), f"/lists/{chosen.pk}/{page}", make, counts=(1, 3 + number))


def test_a_rep_reads_only_the_history_of_leads_within_sight():
    pooled = make_lead(stage=Stage.SALES_QUALIFIED)
    warm = filled(static(), make_lead(), pooled)
    page = signed_in("Rita").get(f"/lists/{warm.pk}/history/").context["page"]
    assert [stay.lead for stay in page.rows] == [pooled]


def test_an_analyst_reads_no_names_in_history_and_files():
    warm = filled(static(), make_lead("dewi@secret.example", first_name="Dewi"))
    client = signed_in("Ann")
    assert "Dewi" not in client.get(f"/lists/{warm.pk}/history/").text
    told = b"".join(client.get(f"/lists/{warm.pk}/export/").streaming_content).decode()  # type: ignore[attr-defined]
    assert not {"Dewi", "secret.example", "Mona"} & set(told.replace(",", " ").split())
    assert told.count("\r\n") == 2


def test_who_is_kept_out_is_let_in_again_from_the_page():
    chosen, lead = dynamic(), make_lead(country="Poland")
    fill(chosen.pk, NOON)
    client = signed_in("Mona")
    sent = {"action": "take_out", "ids": str(lead.pk), "list": str(chosen.pk), "confirmed": "1"}
    client.post("/leads/bulk/", sent)
    assert [one.lead for one in client.get(f"/lists/{chosen.pk}/kept-out/").context["page"].rows] == [lead]

    client.post(f"/lists/{chosen.pk}/kept-out/{lead.pk}/let-in/")
    fill(chosen.pk, LATER)
    assert (KeptOut.objects.count(), list(chosen.members())) == (0, [lead])
    assert client.post(f"/lists/{chosen.pk}/kept-out/{lead.pk}/let-in/").status_code == 302


def test_the_state_reloads_the_page_once_the_list_is_filled():
    chosen, client = dynamic(), signed_in("Mona")
    assert "Being filled" in client.get(f"/lists/{chosen.pk}/").text
    waiting = client.get(f"/lists/{chosen.pk}/state/", headers={"HX-Request": "true"})
    fill(chosen.pk, NOON)
    done = client.get(f"/lists/{chosen.pk}/state/", headers={"HX-Request": "true"})
    assert ("HX-Refresh" in waiting, done["HX-Refresh"]) == (False, "true")


def test_saving_a_list_asks_for_a_refresh():
    client, chosen = signed_in("Mona"), dynamic()
    fill(chosen.pk, NOON)
    client.post(f"/lists/{chosen.pk}/edit/", {"name": "Poles", "field": "country", "op": "is", "value": "Japan"})
    chosen.refresh_from_db()
    assert chosen.asked_at is not None


def test_a_circle_is_refused_with_the_way_it_goes():
    first = dynamic(name="First")
    second = naming(first, "Second")
    third = naming(second, "Third")
    typed = {"name": "First", "field": "list", "op": "is_not", "value": str(third.pk)}

    told = signed_in("Mona").post(f"/lists/{first.pk}/edit/", typed).text
    assert "This would go round in a circle: “First” names “Third” names “Second” names “First”." in told
    first.refresh_from_db()
    assert first.sentence() == "Country is Poland"


@pytest.mark.parametrize("value", ["987654", "x", "-1", "9" * 30])
def test_a_list_that_does_not_exist_cannot_be_named(value: str):
    typed = {"name": "New", "kind": "dynamic", "field": "list", "op": "is", "value": value}
    assert "names a list that does not exist" in signed_in("Mona").post("/lists/new/", typed).text
    assert not LeadList.objects.exists()


def test_a_list_that_others_name_is_not_archived_and_an_archived_one_is_told():
    warm = static()
    other = naming(warm, "Follows")
    client = signed_in("Mona")
    assert "is used by the list “Follows”; change" in client.post(f"/lists/{warm.pk}/archive/", follow=True).text

    LeadList.objects.filter(pk=warm.pk).update(archived_at=NOON)
    assert "“Warm” is archived: who is in it does not change" in client.get(f"/lists/{other.pk}/").text
    row = client.get(f"/lists/conditions/row/?field=list&op=is&value={warm.pk}").context["one"]
    assert (str(warm.pk), "Warm (archived)") in row.choices


def test_who_else_uses_a_list_is_named_when_it_is_put_away():
    """Programs by their entry, steps, questions or goal, drafts too; deadline policies; ended and removed ones no more."""
    lists = [static(f"L{n}") for n in range(4)]
    named = [{"field": "list", "op": "is", "value": str(one.pk)} for one in lists]
    asks = {"key": "s1", "kind": "branch", "by": "conditions", "conditions": [named[1]], "yes": [], "no": []}
    puts = {"key": "s2", "kind": "list", "how": "take", "list": lists[2].pk}
    program = drafted(asks, puts, entry={"by": "list", "list": lists[0].pk}, goal={"by": "conditions", "conditions": [named[3]]})  # fmt: skip
    policy = SlaPolicy.objects.create(name="Poland", position=1, minutes=60, conditions=[named[0]])

    assert users_of(lists[0]) == ["the program “Warm up”", "the deadline policy “Poland”"]
    assert [users_of(one) for one in lists[1:]] == [["the program “Warm up”"]] * 3
    with pytest.raises(
        ListRefused, match="is used by the program “Warm up”, the deadline policy “Poland”; change those"
    ):
        lists[0].archive(at=NOON)
    program.end(at=NOON)
    SlaPolicy.objects.filter(pk=policy.pk).update(removed_at=NOON)
    assert users_of(lists[0]) == []


@pytest.mark.parametrize(
    ("names", "order"),
    [({1: [2], 2: [3], 3: []}, [3, 2, 1]), ({1: [9], 2: [1]}, [1, 2]), ({1: [2], 2: [1]}, [2, 1]), ({1: [1]}, [1])],
)
def test_lists_fill_after_those_they_name(names: dict[int, list[int]], order: list[int]):
    assert in_order(names) == order
    assert bool(circle_through(1, names)) == (1 in names[1] or names == {1: [2], 2: [1]})


def test_a_file_holds_every_lead_and_no_formula():
    warm = filled(
        static(), make_lead("=1+1@x.example", first_name="=cmd|'/c calc'!a", job_title="@SUM(A1)"), make_lead()
    )
    response = signed_in("Mick").get(f"/lists/{warm.pk}/export/")
    told = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]

    assert told.startswith("\ufeffLead,E-mail,First name")
    assert {"'=1+1@x.example", "'=cmd|'/c calc'!a", "'@SUM(A1)"} <= set(told.replace("\r\n", ",").split(","))
    assert (told.count("\r\n"), told.count("put in by Mona")) == (3, 2)
    assert response["Content-Disposition"] == 'attachment; filename="warm.csv"'


def test_how_much_may_be_taken_along_follows_the_role(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exporting, "MARKETERS", 1)
    own = make_lead(stage=Stage.OPPORTUNITY, owner=person("Rita"))
    warm = filled(static(), own, make_lead(), make_lead(stage=Stage.SALES_QUALIFIED))

    refused = signed_in("Mona").get(f"/lists/{warm.pk}/export/", follow=True)
    assert "You may export up to 1 leads at once" in refused.text
    for name, leads in (("Mick", 3), ("Ada", 3), ("Ann", 3), ("Rita", 1), ("Sue", 1)):
        assert exporting.leads_for(warm, person(name)).count() == leads, name


QUERIES = [
    "q=dewi", "q=no+such", "stage=mql", "stage=mql&stage=lead", "owner=me", "owner=nobody", "source=Fair", "industry=Steel", "country=Poland",
    "score=50", "label=A", "label=A1&label=B", "active=7", "consent=known", "consent=unknown", "consent=given", "complete=30", "where=employees:at_least:50",
    "where=activity:is:page_visit", 'where={"field":"activity","op":"is","value":"page_visit","times":2,"days":9}',
]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
def test_every_filter_saved_as_a_list_holds_the_same_leads(query: str):
    today = timezone.localdate()
    steel = make_lead(
        country="Poland", industry="Steel", source="Fair", employees=90, consent="given", first_name="Dewi"
    )
    rita = make_lead(stage=Stage.OPPORTUNITY, owner=person("Mona"), first_name="Jan", last_name="K")
    known = {"scored_on": today, "stage_since": NOON, "last_active_on": today}
    LeadScore.objects.create(lead=steel, stage="lead", fit=0, total=6000, label="A1", **known)
    LeadScore.objects.create(lead=rita, stage="opportunity", fit=0, total=100, label="B3", **known)
    for _n in range(2):
        make_activity(steel, at=timezone.now())
    wanted = LeadFilter.read(QueryDict(query), LIST_FIELDS)
    conditions = as_conditions(wanted, {("owner", "me"): "Mona"})

    stored = parse_conditions([one.to_json() for one in conditions], LIST_FIELDS)
    assert wanted.problems == ()
    assert stored
    found = set(wanted_leads(wanted, user=person("Mona"), today=today))
    assert set(leads_matching(Lead.objects.all(), stored)) == found


def test_the_link_to_save_a_filter_carries_it_whole_into_the_form():
    client = signed_in("Mona")
    make_lead(country="Poland")
    query = client.get("/leads/", {"country": "Poland", "where": COUNTED}).context["saved_query"]
    rows = client.get(f"/lists/new/?kind=dynamic&{query}").context["condition_rows"]
    assert [(one.row.field, one.row.times, one.row.days, one.row.about, one.row.part) for one in rows][:2] == [
        ("country", "", "", "", ""),
        ("activity", "3", "14", "path:starts_with", "/pricing"),
    ]


ABOUT = Narrow(3, 14, (Condition("path", "starts_with", "/pricing"),))
COUNTED = row_of(Condition("activity", "is", "page_visit", ABOUT))


@pytest.mark.parametrize(
    "junk", ["{", "{}", "[]", '{"field":1}', '{"field":"activity","op":"is","when":[3]}', "{" * 999, '{"when":{}}']
)
def test_junk_in_the_json_form_of_an_address_is_no_fault(junk: str):
    assert signed_in("Mona").get("/leads/", {"where": junk}).status_code == 200
    assert signed_in("Mona").get("/lists/new/", {"where": junk}).status_code == 200


def test_counted_deeds_go_through_form_and_document_unchanged():
    typed = {
        "name": "Hot", "kind": "dynamic", "field": ["activity", "country"], "op": ["is", "is"], "value": ["page_visit", "Poland"],
        "deed_times": ["3", ""], "deed_days": ["14", ""], "deed_about": ["path:starts_with", ""], "deed_part": ["/pricing", ""],
    }  # fmt: skip
    signed_in("Mona").post("/lists/new/", typed)
    wanted = LeadList.objects.get().wanted()
    assert wanted == (Condition("activity", "is", "page_visit", ABOUT), Condition("country", "is", "Poland"))
    assert [(row.times, row.about) for row in rows_of(wanted)] == [("3", "path:starts_with"), ("", "")]


@pytest.mark.parametrize(
    "wrong", [{"deed_times": "0"}, {"deed_times": "x"}, {"deed_days": "9999"}, {"deed_about": "shoe:is", "deed_part": "x"}, {"deed_about": "path:is"}]
)  # fmt: skip
def test_what_cannot_be_said_of_deeds_is_told(wrong: dict[str, str]):
    typed = {"name": "Hot", "kind": "dynamic", "field": "activity", "op": "is", "value": "page_visit"} | wrong
    assert "A condition is not complete yet" in signed_in("Mona").post("/lists/new/", typed).text


def test_typed_conditions_show_a_taste_of_whom_they_choose():
    make_lead(first_name="Ayu", country="Poland")
    make_lead(first_name="Jan")
    told = signed_in("Mona").get("/lists/conditions/count/?field=country&op=is&value=Poland").text
    assert ("Ayu" in told, "Jan" in told) == (True, False)


@pytest.mark.parametrize("field", ["properties.email", "subject", "url"])
def test_an_analyst_cannot_find_out_who_somebody_is_by_what_a_deed_said(field: str):
    about = Narrow(when=(Condition(field, "contains", "dewi"),))
    asked = row_of(Condition("activity", "is", "form_submitted", about))
    told = signed_in("Ann").get("/leads/", {"where": asked}).text
    assert "Leads cannot be chosen by personal data" in told
