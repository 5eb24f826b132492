"""Who may see and do what: 404 for what one may not know, 403 for what one may see but not do (quality.md §4)."""

from typing import Any

import pytest
from django.urls import reverse

from handoff.models import Handoff, Reason
from leadhub.testing import NOON, person, signed_in

from .offering import called, claimed, offered, reason

pytestmark = pytest.mark.django_db
WORK = ("handoff_follow_up", "handoff_qualify", "handoff_accept", "handoff_send_back", "handoff_disqualify")


def answer(name: str, view: str, handoff: Handoff, *, get: bool = False) -> int:
    client, address = signed_in(name), reverse(view, args=[handoff.pk])
    return (client.get(address) if get else client.post(address)).status_code


@pytest.mark.parametrize(
    ("name", "sees"),
    [("Rita", 200), ("Sam", 404), ("Sue", 200), ("Mona", 200), ("Mick", 200), ("Ann", 200), ("Ada", 200)],
)
def test_who_knows_of_what_rita_holds(name: str, sees: int) -> None:
    assert answer(name, "handoff_page", claimed("Rita"), get=True) == sees


@pytest.mark.parametrize("name", ["Rita", "Sam", "Sue", "Mona", "Mick", "Ann", "Ada"])
def test_everybody_knows_of_what_waits(name: str) -> None:
    assert answer(name, "handoff_page", offered(), get=True) == 200


@pytest.mark.parametrize("view", WORK)
@pytest.mark.parametrize(
    ("name", "refused"),
    [("Sam", 404), ("Mona", 403), ("Mick", 403), ("Ann", 403), ("Rita", None), ("Sue", None), ("Ada", None)],
)
def test_who_may_work_on_what_rita_holds(view: str, name: str, refused: int | None) -> None:
    status = answer(name, view, claimed("Rita"))
    assert (status == refused) if refused else (status in {302, 422})


@pytest.mark.parametrize(
    ("name", "may"), [("Rita", True), ("Sue", True), ("Mona", False), ("Mick", False), ("Ann", False), ("Ada", False)]
)
def test_sellers_claim(name: str, may: bool) -> None:
    assert answer(name, "handoff_claim", offered()) == (302 if may else 403)


@pytest.mark.parametrize(("name", "may"), [("Rita", 403), ("Sue", 422), ("Ada", 422), ("Mona", 403)])
def test_managers_and_administrators_reassign(name: str, may: int) -> None:
    assert answer(name, "handoff_reassign", claimed("Rita")) == may


@pytest.mark.parametrize(("name", "may"), [("Rita", 302), ("Sue", 302), ("Ada", 302), ("Mona", 403), ("Sam", 404)])
def test_who_puts_back(name: str, may: int) -> None:
    assert answer(name, "handoff_release", claimed("Rita")) == may


@pytest.mark.parametrize(
    ("name", "may"), [("Mona", 422), ("Mick", 422), ("Rita", 403), ("Sue", 403), ("Ann", 403), ("Ada", 403)]
)
def test_marketers_hand_over(name: str, may: int) -> None:
    lead = offered().lead
    assert signed_in(name).post(reverse("lead_hand_over", args=[lead.pk])).status_code == may


def test_an_analyst_reads_it_masked() -> None:
    handoff = claimed(note="Her mother is ill, call gently", first_name="Dewi", email="dewi@secret.example")
    called(handoff, at=NOON)
    handoff.follow_ups.update(notes="Cried on the phone")
    handoff.send_back(reason=reason("other"), text="Divorce", by=person("Rita"), at=NOON)
    for view, number in (("handoff_page", handoff.pk), ("lead_handoff", handoff.lead_id)):
        page = signed_in("Ann").get(reverse(view, args=[number])).content.decode()
        assert f"Lead #{handoff.lead_id}" in page
        for secret in ("Dewi", "Lestari", "secret.example", "mother", "Cried", "Divorce"):
            assert secret not in page


def test_buttons_are_shown_to_those_they_would_not_refuse() -> None:
    handoff = claimed("Rita")
    for name, shown in (("Rita", True), ("Sue", True), ("Mona", False), ("Ann", False)):
        page = signed_in(name).get(reverse("handoff_page", args=[handoff.pk])).content.decode()
        assert (reverse("handoff_accept", args=[handoff.pk]) in page) is shown, name
        assert (reverse("handoff_reassign", args=[handoff.pk]) in page) is (name == "Sue"), name


@pytest.mark.parametrize(
    ("name", "may"), [("Sue", True), ("Ada", True), ("Rita", False), ("Mona", False), ("Mick", False), ("Ann", False)]
)
def test_who_edits_reasons(name: str, may: bool) -> None:
    client = signed_in(name)
    for address in (
        reverse("reasons"),
        reverse("reason_new"),
        reverse("reason_edit", args=[Reason.objects.first().pk]),
    ):  # type: ignore[union-attr]
        assert client.get(address).status_code == (200 if may else 403)


@pytest.mark.parametrize("name", ["Rita", "Mona", "Ann", "Sue", "Ada", "Mick"])
def test_everybody_reads_the_policy(name: str) -> None:
    page = signed_in(name).get(reverse("sla_policy")).content.decode()
    assert "24 h straight" in page


@pytest.mark.parametrize("number", ["999999999", "9" * 30])
@pytest.mark.parametrize("view", ["handoff_page", "lead_handoff"])
def test_what_does_not_exist_is_404(number: str, view: str) -> None:
    address = reverse(view, args=[1]).replace("/1/", f"/{number}/")
    assert signed_in("Ada").get(address).status_code == 404


def new_reason(**typed: Any) -> dict[str, Any]:
    usual = {
        "label": "Too small",
        "disqualifies": "on",
        "attempts": "0",
        "rest_days": "30",
        "engagement": "keep",
        "position": "5",
    }
    return usual | {"is_active": "on"} | typed


def test_a_reason_is_added_and_offered() -> None:
    signed_in("Sue").post(reverse("reason_new"), new_reason())
    added = Reason.objects.get(label="Too small")
    assert added in Reason.objects.for_disqualifying()
    assert added not in Reason.objects.for_sending_back()


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": ""},
        {"label": "x" * 121},
        {"disqualifies": ""},
        {"attempts": "-1"},
        {"attempts": "9" * 20},
        {"position": "x"},
    ],
)
def test_a_wrong_reason_is_a_sentence(wrong: dict[str, str]) -> None:
    before = Reason.objects.count()
    data = {key: value for key, value in new_reason(**wrong).items() if value}
    assert signed_in("Sue").post(reverse("reason_new"), data).status_code == 422
    assert Reason.objects.count() == before


def test_a_reworded_reason_keeps_its_words_in_every_language() -> None:
    first = reason("no_budget")
    data = new_reason(label="Kein Budget", sends_back="on")
    signed_in("Sue").post(reverse("reason_edit", args=[first.pk]), data)
    first.refresh_from_db()
    assert (str(first), first.is_builtin, first.key) == ("Kein Budget", False, "no_budget")


def test_a_reason_out_of_use_is_offered_no_more() -> None:
    first = reason("competitor")
    data = {k: v for k, v in new_reason(label="A competitor").items() if k != "is_active"}
    signed_in("Sue").post(reverse("reason_edit", args=[first.pk]), data)
    assert first not in Reason.objects.for_disqualifying()
