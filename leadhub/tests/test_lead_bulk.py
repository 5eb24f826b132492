"""Bulk actions: chosen rows or all that match, what they need, what they say, and how they are undone."""

import pytest
from django.test import Client

from leadhub.testing import NOON, make_lead, person, signed_in
from leads.models import Lead
from leads.numbers import MANY
from leads.stages import Stage
from nurture.models import LeadList, ListChange, Stay

pytestmark = pytest.mark.django_db


def warm(**facts: object) -> LeadList:
    return LeadList.objects.create(**{"name": "Warm", "kind": "static", "created_at": NOON} | facts)


def members(chosen: LeadList) -> set[Lead]:
    return set(chosen.members())


def do(client: Client, action: str, leads: list[Lead], **said: object) -> list[str]:
    """Do it, and what the person is told."""
    data = {"action": action, "confirmed": "1", "ids": [lead.pk for lead in leads]} | said
    response = client.post("/leads/bulk/", data, follow=True)
    return [str(message) for message in response.context["messages"]]


def test_chosen_leads_are_put_into_a_list_once():
    chosen, first, second = warm(), make_lead(), make_lead()
    client = signed_in("Mona")

    assert do(client, "add_to_list", [first], list=chosen.pk) == ["1 lead is now in “Warm”."]
    assert do(client, "add_to_list", [first, second], list=chosen.pk) == ["1 lead is now in “Warm”."]
    assert do(client, "add_to_list", [first], list=chosen.pk) == ["All of them were in “Warm” already."]
    assert members(chosen) == {first, second}


def test_a_list_is_made_on_the_way():
    lead = make_lead()

    do(signed_in("Mona"), "add_to_list", [lead], new="Fair 2026")

    made = LeadList.objects.get(name="Fair 2026")
    assert (made.kind, made.created_by, members(made)) == ("static", person("Mona"), {lead})


@pytest.mark.parametrize("said", [{}, {"list": "1", "new": "Both"}, {"new": "warm"}, {"list": "99999"}, {"list": "x"}])
def test_a_wrong_choice_of_list_changes_nothing(said: dict[str, str]):
    warm()

    assert do(signed_in("Mona"), "add_to_list", [make_lead()], **said) == []
    assert (Stay.objects.count(), LeadList.objects.count()) == (0, 1)


def test_all_that_match_takes_the_filter_not_the_page(settings: object):
    settings.PAGE_ROWS = 2  # type: ignore[attr-defined]
    poles = {make_lead(country="Poland") for _number in range(5)}
    make_lead(country="Germany")
    chosen = warm()

    do(signed_in("Mona"), "add_to_list", [], list=chosen.pk, all_matching="1", asked="country=Poland")

    assert members(chosen) == poles


def test_taking_out_and_undoing_it():
    chosen, lead, other = warm(), make_lead(), make_lead()
    client = signed_in("Mona")
    do(client, "add_to_list", [lead, other], list=chosen.pk)

    assert do(client, "take_out", [lead], list=chosen.pk) == ["1 lead was taken out of “Warm”."]
    assert members(chosen) == {other}

    client.post(f"/lists/changes/{ListChange.objects.latest('pk').pk}/undo/")
    assert members(chosen) == {lead, other}


def test_undoing_takes_out_only_what_was_put_in():
    chosen, lead, other = warm(), make_lead(), make_lead()
    client = signed_in("Mona")
    do(client, "add_to_list", [lead], list=chosen.pk)
    do(client, "add_to_list", [lead, other], list=chosen.pk)
    change = ListChange.objects.order_by("pk").last()

    client.post(f"/lists/changes/{change.pk}/undo/")
    again = client.post(f"/lists/changes/{change.pk}/undo/", follow=True)

    assert members(chosen) == {lead}
    assert "This was undone already." in [str(message) for message in again.context["messages"]]


def test_what_somebody_else_did_is_not_undone():
    chosen, lead = warm(), make_lead()
    do(signed_in("Mona"), "add_to_list", [lead], list=chosen.pk)

    assert signed_in("Mick").post(f"/lists/changes/{ListChange.objects.get().pk}/undo/").status_code == 403
    assert members(chosen) == {lead}


def test_many_are_handed_over_with_one_note():
    leads = [make_lead(), make_lead(stage=Stage.MARKETING_QUALIFIED), make_lead(stage=Stage.CUSTOMER)]

    told = do(signed_in("Mona"), "hand_over", leads, reason="All came to the fair")

    assert told == ["2 leads are with sales now. 1 was left alone: its stage does not allow it."]
    assert [lead.handoffs.get().note for lead in leads[:2]] == ["All came to the fair"] * 2
    assert leads[2].handoffs.count() == 0


def test_many_are_made_mql_with_one_reason():
    leads = [make_lead(), make_lead(), make_lead(stage=Stage.LOST)]

    told = do(signed_in("Sue"), "promote", leads, reason="Met at the fair")

    assert told == ["2 leads are MQL now. 1 was left alone: its stage does not allow it."]
    assert [move.reason for lead in leads for move in lead.stage_moves.all()] == ["Met at the fair"] * 2


@pytest.mark.parametrize("action", ["promote", "hand_over"])
def test_a_reason_is_required(action: str):
    lead = make_lead()

    assert do(signed_in("Mona"), action, [lead], reason=" ") == []
    assert lead.stage_moves.count() == 0


def test_stages_of_too_many_are_not_changed_at_once():
    Lead.objects.bulk_create(
        Lead(external_id=f"crm-{number}", created_at=NOON, updated_at=NOON, stage_since=NOON)
        for number in range(MANY + 1)
    )

    told = do(signed_in("Mona"), "promote", [], reason="x", all_matching="1")

    assert told == ["This can be done with at most 200 leads at once; choose fewer."]
    assert not Lead.objects.at(Stage.MARKETING_QUALIFIED).exists()


@pytest.mark.parametrize(
    ("name", "action"), [("Rita", "add_to_list"), ("Ann", "promote"), ("Sue", "hand_over"), ("Ann", "take_out")]
)
def test_who_may_not_is_refused(name: str, action: str):
    data = {"action": action, "confirmed": "1", "ids": make_lead().pk, "reason": "x", "list": warm().pk}
    assert signed_in(name).post("/leads/bulk/", data).status_code == 403


@pytest.mark.parametrize("ids", ["", "x", "99999999", "1e3", "-1", "99999999999999999999999"])
def test_without_a_lead_there_is_nothing_to_do(ids: str):
    response = signed_in("Mona").post("/leads/bulk/", {"action": "promote", "ids": ids}, follow=True)

    assert [str(message) for message in response.context["messages"]] == ["Choose at least one lead first."]


def test_htmx_is_answered_with_the_question_and_a_refusal_with_a_sentence():
    client, lead, header = signed_in("Mona"), make_lead(), {"HX-Request": "true"}

    question = client.post("/leads/bulk/", {"action": "promote", "ids": lead.pk}, headers=header)
    refusal = client.post("/leads/bulk/", {"action": "promote"}, headers=header)

    assert ("panel-card" in question.text, "<html" in question.text) == (True, False)
    assert (refusal.status_code, refusal.text) == (409, "Choose at least one lead first.")


def test_an_action_of_another_name_does_not_exist():
    assert signed_in("Mona").post("/leads/bulk/", {"action": "delete"}).status_code == 404


def test_the_way_back_is_the_list_with_its_filter():
    chosen = warm()
    data = {"action": "add_to_list", "confirmed": "1", "ids": make_lead().pk, "list": chosen.pk}
    client = signed_in("Mona")

    assert (
        client.post("/leads/bulk/", data | {"asked": "country=Poland"}).headers["Location"] == "/leads/?country=Poland"
    )
    assert client.post("/leads/bulk/", data | {"of": chosen.pk}).headers["Location"] == f"/lists/{chosen.pk}/"
    assert (
        client.post("/leads/bulk/", data | {"asked": "//evil.example", "of": "//x"})
        .headers["Location"]
        .startswith("/leads/?")
    )
