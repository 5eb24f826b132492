"""Questions to a lead by a signed link (R18): answered once, without sign-in, shown as such, dead with the decision."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.urls import reverse

from handoff.models import Handoff, QualificationChange, QuestionForm
from handoff.refusals import FormRefused
from leadhub.testing import NOON, person, signed_in
from leads import api_limits
from outbox.models import Mail, Notice

from .offering import claimed, reason

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _an_hour_later() -> Any:
    api_limits._shared().storage.reset()
    with time_machine.travel(NOON + HOUR, tick=False):
        yield


def asked(**facts: Any) -> QuestionForm:
    facts = {"email": "ayu@example.com", "first_name": "Ayu", "last_name": "Putri"} | facts
    return QuestionForm.objects.send(claimed(**facts), language="en", by=person("Rita"), at=NOON)


def page_of(form: QuestionForm) -> str:
    return reverse("questions", args=[form.token])


def test_the_lead_gets_a_link_by_mail() -> None:
    handoff = claimed(email="ayu@example.com", first_name="Ayu")
    assert signed_in("Rita").post(reverse("handoff_ask", args=[handoff.pk]), {"ask-language": "en"}).status_code == 302
    mail = Mail.objects.get()
    assert (mail.to, mail.recipient) == ("ayu@example.com", None)
    assert page_of(QuestionForm.objects.get()) in mail.body


def test_answers_fill_what_is_unknown_and_stand_as_given_by_form() -> None:
    form = asked()
    form.handoff.qualification.save_draft({"need": "no"}, by=person("Rita"), at=NOON)
    given = {
        "budget": "yes",
        "budget_amount": "8000",
        "budget_currency": "EUR",
        "need": "yes",
        "timeline_on": "2027-02-01",
    }
    page = Client().post(page_of(form), given).content.decode()
    assert "Thank you, we have your answers." in page
    stands = Handoff.objects.get().qualification
    assert (stands.budget, stands.budget_verified, str(stands.budget_amount)) == ("yes", "form", "8000.00")
    assert (stands.need, str(stands.timeline_on)) == ("no", "2027-02-01")
    beside = QualificationChange.objects.get(field="need", by_lead=True)
    assert (beside.new, beside.applied, beside.verified) == ("yes", False, "form")
    why = signed_in("Rita").get(reverse("handoff_why", args=[stands.pk, "need"])).content.decode()
    assert "The lead, by form" in why
    assert "Kept beside what sales found out." in why
    assert Notice.objects.get(recipient=person("Rita")).text == "Ayu Putri answered your questions."


def test_looking_changes_nothing_and_shows_no_more_than_a_first_name() -> None:
    form = asked()
    page = Client().get(page_of(form)).content.decode()
    assert "Dear Ayu," in page
    assert not [word for word in ("Putri", "ayu@example.com", "Rita") if word in page]
    form.refresh_from_db()
    assert (form.answered_at, QualificationChange.objects.exists()) == (None, False)


def test_a_second_answer_is_thanked_and_not_taken() -> None:
    form = asked()
    for answer in ("yes", "no"):
        Client().post(page_of(form), {"budget": answer})
    assert Handoff.objects.get().qualification.budget == "yes"


def test_the_link_dies_with_the_decision() -> None:
    form = asked()
    form.handoff.disqualify(reason=reason("competitor"), by=person("Rita"), at=NOON)
    for response in (Client().get(page_of(form)), Client().post(page_of(form), {"budget": "yes"})):
        assert response.status_code == 410
        assert "We do not need these answers any more." in response.content.decode()


def test_a_link_that_is_too_old_is_none() -> None:
    form = asked()
    with time_machine.travel(NOON + timedelta(days=22), tick=False):
        assert Client().get(page_of(form)).status_code == 404


@pytest.mark.parametrize(
    "token", ["x", "1", "..", "%00", "a" * 3_000, "MQ:1abc:xyz", "☃", signing.dumps(1), signing.dumps("x", salt="handoff.questions")],
    ids=range(9),
)  # fmt: skip
def test_a_forged_link_is_a_sentence_and_reveals_nothing(token: str) -> None:
    response = Client().get(f"/questions/{token}/")
    assert response.status_code in {400, 404}
    assert "Ayu" not in response.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"budget": "perhaps"},
        {"budget_amount": "1e999"},
        {"timeline_on": "0000-00-00"},
        {"need_evidence": "x" * 2_001},
    ],
)
def test_wrong_answers_are_sentences(wrong: dict[str, str]) -> None:
    response = Client().post(page_of(asked()), wrong)
    assert response.status_code == 422
    assert not QualificationChange.objects.exists()


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"email": "", "external_id": "x"}, "No e-mail address"),
        ({"suppressed_at": NOON}, "does not want mail"),
        ({"email": "a@b.example"}, "were sent"),
    ],
)
def test_what_must_not_be_sent_is_refused_in_words(facts: dict[str, Any], sentence: str) -> None:
    handoff = claimed(**facts)
    if "were" in sentence:
        QuestionForm.objects.send(handoff, language="en", by=person("Rita"), at=NOON)
    with pytest.raises(FormRefused, match=sentence):
        QuestionForm.objects.send(handoff, language="en", by=person("Rita"), at=NOON)


def test_one_address_may_not_try_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handoff.views_questions.RATE", "2/10minutes")
    browser = Client(REMOTE_ADDR="198.51.100.77")
    codes = [browser.get("/questions/x/").status_code for _try in range(3)]
    assert codes == [404, 404, 429]
