"""What people are told comes in LeadHub at once, and by mail as each chose: together, later, or not (R17)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from leadhub.testing import NOON, person, signed_in
from outbox import delivery, posting
from outbox.models import Mail, MailChoice, Notice
from outbox.notices import NewNotice

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def post(*keys: str, to: str = "Rita", at: Any = NOON) -> None:
    told = [
        NewNotice(person(to), "due", f"Call {key}", f"/handoffs/{key}/", key, f"Long words on {key}") for key in keys
    ]
    posting.post(told, at=at)


def chooses(name: str, **facts: Any) -> None:
    MailChoice.objects.update_or_create(person=person(name), defaults=facts)


def test_one_thing_is_one_mail_with_all_its_words() -> None:
    post("1")
    mail = Mail.objects.get()
    assert (mail.subject, mail.body, mail.next_try_at) == ("Call 1", "Long words on 1", NOON)
    assert Notice.objects.get().mail == mail


def test_several_things_at_one_moment_are_one_mail() -> None:
    post("1", "2")
    post("3")
    mail = Mail.objects.get()
    assert mail.subject == "3 things for you in LeadHub: Call 1"
    assert all(f"Call {n}\n" in mail.body and f"/handoffs/{n}/" in mail.body for n in (1, 2, 3))
    assert mail.notices.count() == 3


def test_the_same_is_told_and_mailed_once() -> None:
    post("1")
    post("1")
    assert Notice.objects.count() == Mail.objects.count() == Mail.objects.get().notices.count() == 1


def test_what_a_sender_has_taken_gets_nothing_more() -> None:
    post("1")
    delivery.take(NOON)
    post("2")
    assert [mail.subject for mail in Mail.objects.order_by("id")] == ["Call 1", "Call 2"]


def test_in_quiet_hours_mail_waits_and_is_one_mail_when_they_end() -> None:
    chooses("Rita", quiet_from=11 * 60, quiet_until=15 * 60)
    post("1")
    post("2", at=NOON + HOUR)
    mail = Mail.objects.get()
    assert (mail.next_try_at, mail.notices.count(), Notice.objects.count()) == (NOON + 3 * HOUR, 2, 2)
    assert delivery.take(NOON + 2 * HOUR) is None
    assert delivery.take(NOON + 3 * HOUR) == mail


def test_once_a_day_is_once_a_day() -> None:
    chooses("Rita", how="daily")
    for hours in (0, 5, 12):
        post(str(hours), at=NOON + hours * HOUR)
    post("next", at=NOON + 21 * HOUR)
    assert [(mail.next_try_at, mail.notices.count()) for mail in Mail.objects.order_by("id")] == [
        (NOON + 20 * HOUR, 3), (NOON + 44 * HOUR, 1),
    ]  # fmt: skip


def test_who_wants_no_mail_is_still_told_in_leadhub() -> None:
    chooses("Rita", how="none")
    post("1")
    assert (Notice.objects.count(), Mail.objects.count()) == (1, 0)


def test_many_people_and_things_take_as_many_statements_as_one(django_assert_max_num_queries: Any) -> None:
    people = [person(name) for name in ("Rita", "Sam", "Sue", "Ada")]

    def told(count: int) -> int:
        new = [NewNotice(one, "due", "x", "/x/", f"{count}:{n}") for one in people[:count] for n in range(count)]
        with django_assert_max_num_queries(20) as asked:
            posting.post(new, at=NOON + count * HOUR)
        return len(asked)

    assert told(1) == told(4)


def test_each_reads_what_they_were_told_and_nothing_else() -> None:
    told = {"Rita": (1, 2), "Sam": (2, 3), "Sue": (1, 2)}
    new = [NewNotice(person(name), "due", f"Call {n}", f"/{n}/", f"{n}") for name, them in told.items() for n in them]
    posting.post(new, at=NOON)
    mails = {mail.recipient.name: mail.body for mail in Mail.objects.select_related("recipient") if mail.recipient}
    assert mails["Rita"] == mails["Sue"]
    assert [name for name in told if "Call 3" in mails[name]] == ["Sam"]
    assert "Call 1" not in mails["Sam"]


def test_the_same_sentence_with_other_words_below_is_another_mail() -> None:
    new = [
        NewNotice(person(name), "due", "Call", "/1/", "1", f"By {hour}") for name, hour in (("Rita", 12), ("Sam", 19))
    ]
    posting.post(new, at=NOON)
    assert set(Mail.objects.values_list("recipient__name", "body")) == {("Rita", "By 12"), ("Sam", "By 19")}


def test_each_chooses_for_themselves() -> None:
    rita = signed_in("Rita")
    answer = rita.post(reverse("mail_choice"), {"how": "daily", "quiet_from": "22:00", "quiet_until": "06:30"})
    assert answer.status_code == 302
    choice = MailChoice.objects.get()
    assert (choice.person, choice.how, choice.quiet_from, choice.quiet_until) == (person("Rita"), "daily", 1320, 390)
    assert b'value="22:00"' in rita.get(reverse("mail_choice")).content


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"how": "pigeon"}, "Select a valid choice"),
        ({"quiet_from": "22:00"}, "a beginning and an end"),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, "at another time than they begin"),
        ({"quiet_from": "25:00", "quiet_until": "06:00"}, "Enter a valid time"),
    ],
)
def test_what_cannot_be_a_choice_is_a_sentence(typed: dict[str, str], sentence: str) -> None:
    page = signed_in("Rita").post(reverse("mail_choice"), {"how": "now"} | typed)
    assert page.status_code == 422
    assert sentence in page.content.decode()
