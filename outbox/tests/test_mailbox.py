"""The mailbox shows what was or would have been sent, to whom it concerns (issue 2, item 6)."""

import pytest
from django.urls import reverse

from leadhub.testing import NOON, assert_same_queries, person, signed_in
from outbox import mails
from outbox.models import Mail

pytestmark = pytest.mark.django_db


def decide(name: str, key: str = "k", **facts: object) -> Mail:
    mails.decide(person(name), subject=f"For {name}", body="Call <b>Dewi</b>.", key=key, at=NOON)
    mail = Mail.objects.latest("id")
    Mail.objects.filter(pk=mail.pk).update(**facts)
    return mail


@pytest.mark.parametrize("name", ["Sue", "Mick", "Ada"])
def test_managers_and_administrators_see_all(name: str) -> None:
    decide("Rita")
    assert "For Rita" in signed_in(name).get(reverse("mailbox")).content.decode()


@pytest.mark.parametrize("name", ["Sam", "Mona", "Ann"])
def test_others_see_their_own_only(name: str) -> None:
    rita, own = decide("Rita"), decide(name)
    page = signed_in(name).get(reverse("mailbox")).content.decode()
    assert f"For {name}" in page
    assert "For Rita" not in page
    assert signed_in(name).get(reverse("mail_page", args=[own.pk])).status_code == 200
    assert signed_in(name).get(reverse("mail_page", args=[rita.pk])).status_code == 404


def test_the_body_is_shown_as_text() -> None:
    page = signed_in("Rita").get(reverse("mail_page", args=[decide("Rita").pk])).content.decode()
    assert "Call &lt;b&gt;Dewi&lt;/b&gt;." in page


def test_a_failed_mail_says_why_and_the_marketing_manager_sends_it_again() -> None:
    mail = decide("Rita", state="failed", problem="The mail server said: 550 No")
    mick = signed_in("Mick")
    assert "550 No" in mick.get(reverse("mail_page", args=[mail.pk])).content.decode()
    mick.post(reverse("mail_retry", args=[mail.pk]))
    mail.refresh_from_db()
    assert mail.state == "waiting"


@pytest.mark.parametrize("name", ["Rita", "Sue"])
def test_sales_cannot_send_again(name: str) -> None:
    mail = decide("Rita", state="failed")
    assert signed_in(name).post(reverse("mail_retry", args=[mail.pk])).status_code == 403


def test_a_mail_that_did_not_fail_is_not_sent_again() -> None:
    mail = decide("Rita", state="sent", sent_at=NOON)
    response = signed_in("Mick").post(reverse("mail_retry", args=[mail.pk]), follow=True)
    assert "not failed" in response.content.decode()
    mail.refresh_from_db()
    assert mail.state == "sent"


@pytest.mark.parametrize("state", ["failed", "sent", "shown", "waiting", "", "nonsense", "'"])
def test_the_list_can_be_narrowed_to_a_state(state: str) -> None:
    decide("Rita", key="a", state="failed")
    page = signed_in("Sue").get(reverse("mailbox"), {"state": state}).content.decode()
    assert ("For Rita" in page) is (state not in {"sent", "shown", "waiting"})


def test_an_empty_mailbox_says_what_it_is_for() -> None:
    assert "No mail yet" in signed_in("Rita").get(reverse("mailbox")).content.decode()


def test_the_list_asks_as_often_for_one_row_as_for_three() -> None:
    numbers = iter(range(10))
    assert_same_queries(signed_in("Sue"), reverse("mailbox"), lambda: decide("Rita", key=str(next(numbers))))
