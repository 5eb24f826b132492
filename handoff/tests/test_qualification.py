"""Qualification: two frameworks, every change kept, nobody's answer overwritten unseen, gates as teams decide them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Team
from handoff.gate import MEDDIC, Gate, Missing
from handoff.models import Handoff, QualificationChange, QualificationRules
from handoff.words import gate_sentence
from leadhub.testing import NOON, person, signed_in

from .offering import GOOD_BANT, called, claimed

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
AUTOSAVE = {"X-Autosave": "1"}


def changes(field: str) -> list[tuple[str, str]]:
    return [(change.old, change.new) for change in QualificationChange.objects.filter(field=field).order_by("id")]


def team_rules(**facts: Any) -> QualificationRules:
    rules = QualificationRules(team=Team.objects.get(name="Sales"))
    rules.write(facts, by=person("Sue"), at=NOON)
    return rules


@pytest.mark.parametrize(
    ("needs", "answers", "missing"),
    [
        ({}, {}, []),
        ({"champion": "known"}, {}, [Missing("champion", "known")]),
        ({"champion": "known"}, {"champion": "no"}, []),
        ({"champion": "met"}, {"champion": "no"}, [Missing("champion", "met")]),
        ({"champion": "met"}, {"champion": "partly"}, []),
        ({"budget": "met"}, {}, []),  # not an item of MEDDIC
    ],
)
def test_a_gate_asks_for_what_its_framework_holds(needs: Any, answers: Any, missing: Any) -> None:
    assert Gate("meddic", needs).missing(answers, followed_up=True) == missing


def test_a_gate_speaks() -> None:
    assert gate_sentence(Gate("bant", {"need": "met", "authority": "known"})) == (
        "A follow-up is on record; known: authority; met at least partly: need."
    )
    assert gate_sentence(Gate("bant", {}, needs_follow_up=False)).startswith("Nothing is asked")


def test_a_team_may_qualify_by_meddic_and_is_held_to_its_own_gate() -> None:
    handoff = claimed()
    called(handoff, at=NOON)
    team_rules(framework="meddic", needs={"champion": "known", "identify_pain": "met"})
    handoff.qualification.save_draft({"identify_pain": "no"}, by=person("Rita"), at=NOON)
    assert handoff.missing_for_acceptance() == [Missing("identify_pain", "met"), Missing("champion", "known")]
    handoff.qualification.save_draft({"identify_pain": "yes", "champion": "partly"}, by=person("Rita"), at=NOON)
    handoff.accept(by=person("Rita"), at=NOON)
    assert handoff.outcome == "accepted"


def test_every_change_is_kept_with_who_when_and_how() -> None:
    handoff = claimed()
    for later, said in ((0, {"budget": "no"}), (5, {"budget": "yes", "budget_verified": "call"})):
        handoff.qualification.save_draft(said, by=person("Rita"), at=NOON + later * MINUTE)
    assert changes("budget") == [("unknown", "no"), ("no", "yes")]
    last = QualificationChange.objects.filter(field="budget").latest("id")
    assert (last.by, last.at, last.verified) == (person("Rita"), NOON + 5 * MINUTE, "call")


def test_what_one_person_types_at_a_stretch_is_one_change() -> None:
    handoff = claimed()
    for second, words in enumerate(("Nee", "Needs a", "Needs a quote")):
        at = NOON + timedelta(seconds=second)
        handoff.qualification.save_draft({"need_evidence": words}, by=person("Rita"), at=at)
    handoff.qualification.save_draft({"need_evidence": "Other"}, by=person("Sue"), at=NOON + MINUTE)
    assert changes("need_evidence") == [("", "Needs a quote"), ("Needs a quote", "Other")]


def test_saving_the_same_again_is_no_change() -> None:
    handoff = claimed()
    for amount in (Decimal(12000), Decimal("12000.00")):
        handoff.qualification.save_draft({"budget_amount": amount}, by=person("Rita"), at=NOON + MINUTE)
    assert changes("budget_amount") == [("", "12000.00")]


def test_a_field_another_changed_since_it_was_seen_is_left_alone() -> None:
    handoff = claimed()
    mine, theirs = handoff.qualification, Handoff.objects.get().qualification
    theirs.save_draft({"need": "yes"}, by=person("Sue"), at=NOON)
    left = mine.save_draft({"need": "no", "budget": "no"}, by=person("Rita"), at=NOON, seen={"need": "unknown"})
    stands = Handoff.objects.get().qualification
    assert (left, stands.need, stands.budget) == (("need",), "yes", "no")


def draft(**values: str) -> dict[str, str]:
    """A post of the form: `need="no"`, and what was seen before as `seen_need="unknown"`."""
    return {f"initial-bant-{k[5:]}" if k.startswith("seen_") else f"bant-{k}": v for k, v in values.items()}


@time_machine.travel(NOON + MINUTE, tick=False)
def test_the_later_of_two_tabs_sees_the_others_answer() -> None:
    handoff = claimed()
    address = reverse("handoff_qualify", args=[handoff.pk])
    signed_in("Sue").post(address, draft(need="yes", seen_need="unknown"), headers=AUTOSAVE)
    typed = draft(need="no", seen_need="unknown", budget="partly", seen_budget="unknown")
    told = signed_in("Rita").post(address, typed, headers=AUTOSAVE).json()
    assert told["kept"] == ["bant-budget"]
    assert told["contested"] == {"bant-need": "Sue changed this just now to “Yes”. Yours is not saved yet."}
    assert told["stored"]["bant-need"] == "yes"
    again = signed_in("Rita").post(address, draft(need="no", seen_need="yes"), headers=AUTOSAVE).json()
    assert (again["kept"], Handoff.objects.get().qualification.need) == (["bant-need"], "no")


@time_machine.travel(NOON + MINUTE, tick=False)
def test_without_scripts_the_other_answer_is_a_sentence_and_saving_again_is_meant() -> None:
    handoff = claimed()
    handoff.qualification.save_draft({"need": "yes"}, by=person("Sue"), at=NOON)
    response = signed_in("Rita").post(
        reverse("handoff_qualify", args=[handoff.pk]), draft(need="no", seen_need="unknown")
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "Sue changed this 1 minute ago to “Yes”" in page
    assert 'name="initial-bant-need" value="yes"' in page


@time_machine.travel(NOON + MINUTE, tick=False)
def test_what_others_answered_is_told_with_every_save() -> None:
    handoff = claimed()
    handoff.qualification.save_draft({"budget": "yes"}, by=person("Sue"), at=NOON)
    typed = draft(need="no", seen_need="unknown", budget="unknown", seen_budget="unknown")
    address = reverse("handoff_qualify", args=[handoff.pk])
    told = signed_in("Rita").post(address, typed, headers=AUTOSAVE).json()
    assert (told["kept"], told["stored"]["bant-budget"]) == (["bant-need"], "yes")


def test_a_decision_meanwhile_is_told_to_whoever_types_on() -> None:
    handoff = claimed()
    called(handoff, at=NOON)
    handoff.qualification.save_draft(GOOD_BANT, by=person("Rita"), at=NOON)
    handoff.accept(by=person("Rita"), at=NOON)
    address = reverse("handoff_qualify", args=[handoff.pk])
    response = signed_in("Rita").post(address, draft(need="no", seen_need="yes"), headers=AUTOSAVE)
    assert response.status_code == 409
    assert response.content.decode().startswith("Rita accepted this")


@pytest.mark.parametrize("wrong", [{"seen_need": "\ud83d"}, {"seen_need": "x" * 9_000}, {"seen_budget_amount": "NaN"}])
def test_a_forged_glance_is_no_fault(wrong: dict[str, str]) -> None:
    handoff = claimed()
    values = {k: v.encode("utf-8", "replace").decode() for k, v in wrong.items()}
    address = reverse("handoff_qualify", args=[handoff.pk])
    response = signed_in("Rita").post(address, draft(need="no", budget_amount="5", **values), headers=AUTOSAVE)
    assert response.status_code == 200, response.content


def test_the_answer_opens_to_why_it_is_so() -> None:
    handoff = claimed()
    said = {"need": "yes", "need_verified": "call", "need_evidence": "Two sites by May"}
    handoff.qualification.save_draft(said, by=person("Rita"), at=NOON)
    address = reverse("handoff_why", args=[handoff.pk, "need"])
    page = signed_in("Sue").get(address).content.decode()
    assert "Unknown → <strong>Yes</strong>" in page
    assert "<strong>Rita</strong>" in page
    assert "Two sites by May" in page
    assert "Two sites by May" not in signed_in("Ann").get(address).content.decode()
    assert signed_in("Sue").get(reverse("handoff_why", args=[handoff.pk, "luck"])).status_code == 404


def test_a_sales_manager_decides_for_the_own_team_and_the_rest_follows_the_workspace() -> None:
    sue, team = signed_in("Sue"), Team.objects.get(pk=person("Sue").team_id)
    address = reverse("qualification_rules_edit", args=[team.pk])
    given = {"framework": "meddic", "need_champion": "met", "why": "A deal without a champion dies."}
    assert sue.post(address, given).status_code == 302
    handoff = claimed()
    assert handoff.rules().items == MEDDIC
    page = signed_in("Rita").get(reverse("handoff_page", args=[handoff.pk])).content.decode()
    assert "find out the champion" in page
    assert "A deal without a champion dies." in page
    sue.post(reverse("qualification_rules_drop", args=[team.pk]))
    assert Handoff.objects.get().rules().framework == "bant"


@pytest.mark.parametrize(
    "wrong",
    [{"framework": "spin"}, {"framework": "bant", "need_need": "maybe"}, {"framework": "bant", "why": "x" * 301}],
)
def test_rules_that_cannot_be_are_refused_in_words(wrong: dict[str, str]) -> None:
    response = signed_in("Ada").post(reverse("qualification_rules_edit", args=[0]), wrong)
    assert response.status_code == 422
    assert QualificationRules.objects.for_team(None).changed_at is None
