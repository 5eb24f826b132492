"""A letter leaves at most once, and whatever becomes of it is seen (quality.md R2, R10, R11, S17)."""

from datetime import timedelta
from email.message import Message
from typing import Any

import pytest
from anymail.exceptions import AnymailRecipientsRefused, AnymailRequestsAPIError
from requests import Response

from leadhub.testing import NOON, make_lead
from leads.models import Lead
from leads.stages import Cause, Stage
from nurture import posting_letters
from nurture.models import Letter
from nurture.post_office import Outcome, answer_of
from nurture.posting_letters import deliver, hand_over, park, take
from nurture.suppressions import suppress, suppressed
from outbox.delivery import RETRY_MINUTES
from outbox.tests.mail_server import MailServer

from .programs import active, enrolled, finished_email, go, letters_of, mail
from .writing import make_letter, make_version

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def state(letter: Letter) -> str:
    return Letter.objects.get(pk=letter.pk).state


def parts(message: Message) -> dict[str, str]:
    return {
        part.get_content_type(): part.get_payload(decode=True).decode()  # type: ignore[union-attr]
        for part in message.walk()
        if not part.is_multipart()
    }


def test_a_letter_leaves_once_in_both_forms_with_the_way_out(smtp: MailServer, settings: Any) -> None:
    settings.BASE_URL = "https://hub.example.com"
    letter = make_letter()
    assert (deliver(NOON), deliver(NOON)) == (1, 0)
    [message] = smtp.taken
    assert message["Message-ID"] == letter.message_id
    assert message["To"] == f"Dewi Lestari <{letter.to}>"
    assert message["List-Unsubscribe"].strip().startswith("<https://hub.example.com/e/u/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    said = parts(message)
    assert set(said) == {"text/plain", "text/html"}
    assert "https://hub.example.com/e/c/" in said["text/plain"]
    assert "www.example.com/guide" not in said["text/html"]


def test_a_sent_letter_says_when_it_was_handed_over(smtp: MailServer) -> None:
    letter = make_letter()
    deliver(NOON + MINUTE)
    letter.refresh_from_db()
    assert (letter.state, letter.attempt, letter.lease_until) == ("sent", 1, None)
    assert letter.handed_at
    assert NOON + MINUTE <= letter.handed_at <= letter.settled_at


def test_without_a_server_letters_are_shown_only_but_not_to_those_who_left(settings: Any) -> None:
    settings.EMAIL_URL = ""
    shown, left = make_letter(), make_letter()
    suppress([left.to], why="unsubscribed", at=NOON)
    deliver(NOON)
    assert (state(shown), state(left)) == ("shown", "suppressed")


@pytest.mark.parametrize("what", ["suppressed", "left", "sql", "erased"])
def test_who_must_not_be_written_to_is_asked_again_when_it_leaves(smtp: MailServer, what: str) -> None:
    letter = make_letter()
    lead = letter.lead
    assert lead
    if what == "suppressed":
        suppress([lead.email], why="complained", at=NOON)
    elif what == "left":
        Lead.objects.filter(pk=lead.pk).update(suppressed_at=NOON)
    elif what == "sql":
        lead.move(to=Stage.SALES_QUALIFIED, at=NOON, cause=Cause.SCORE)
    else:
        lead.delete()
    deliver(NOON)
    assert smtp.taken == []
    assert not Letter.objects.exclude(state="suppressed").exists()


def test_between_lease_and_hand_over_it_is_asked_as_well() -> None:
    letter = make_letter()
    taken = take(NOON)
    assert taken
    suppress([letter.to], why="unsubscribed", at=NOON)
    assert not hand_over(taken, NOON)
    assert state(letter) == "suppressed"


def test_a_sender_that_died_before_hand_over_costs_nothing_and_after_it_leaves_a_doubt(smtp: MailServer) -> None:
    first, second = make_letter(), make_letter()
    take(NOON)
    handed = take(NOON)
    assert handed
    assert hand_over(handed, NOON)
    deliver(NOON + posting_letters.LEASE)
    assert (state(first), state(second)) == ("sent", "unknown")
    deliver(NOON + timedelta(days=30))
    assert smtp.message_ids == [first.message_id]


def test_a_late_answer_clears_a_doubt_that_was_parked() -> None:
    letter = make_letter()
    slow = take(NOON)
    assert slow
    assert hand_over(slow, NOON)
    assert park(NOON + posting_letters.LEASE) == 1
    posting_letters.note(slow, posting_letters.Answer(Outcome.TAKEN), NOON)
    assert state(letter) == "sent"


def test_a_late_no_to_a_parked_letter_is_final_as_its_program_may_have_gone_on() -> None:
    letter = make_letter()
    slow = take(NOON)
    assert slow
    assert hand_over(slow, NOON)
    park(NOON + posting_letters.LEASE)
    posting_letters.note(slow, posting_letters.Answer(Outcome.LATER, "451 Later"), NOON)
    assert state(letter) == "failed"


def test_the_second_letter_of_a_program_waits_for_the_first(smtp: MailServer) -> None:
    smtp.answers = ["451 Try later"]
    enrolment = enrolled(active(mail("a", finished_email(name="One")), mail("b", finished_email(name="Two"))))
    go(NOON)
    for at in (NOON, NOON + 10 * MINUTE, NOON + 20 * MINUTE):
        deliver(at)
    assert smtp.message_ids == [one.message_id for one in sorted(letters_of(enrolment), key=lambda one: one.pk)]


@pytest.mark.parametrize(
    ("answer", "wanted", "taken"),
    [
        ("451 Try later", "deferred", 0),
        ("421 Busy", "deferred", 0),
        ("550 No", "failed", 0),
        ("drop after 250", "unknown", 1),
        ("hang", "unknown", 0),
    ],
)
def test_only_a_clear_no_is_tried_again(smtp: MailServer, settings: Any, answer: str, wanted: str, taken: int) -> None:
    settings.EMAIL_TIMEOUT = 1
    smtp.answers = [answer]
    letter, other = make_letter(), make_letter()
    deliver(NOON)
    assert (state(letter), state(other)) == (wanted, "sent")
    assert len(smtp.taken) == 1 + taken


def test_4xx_is_tried_again_after_1_5_15_60_and_240_minutes_then_seen_as_failed(smtp: MailServer) -> None:
    letter, at, waits = make_letter(), NOON, []
    smtp.answers = ["451 Try later"] * 6
    for _attempt in range(6):
        deliver(at)
        letter.refresh_from_db()
        waits.append((letter.next_try_at - at) / MINUTE)
        at = letter.next_try_at
    assert all(0.8 * want <= got <= 1.21 * want for want, got in zip(RETRY_MINUTES, waits[:5], strict=True))
    assert (letter.state, letter.attempt, letter.reason) == ("failed", 6, "The mail server said: 451 Try later")


def test_a_server_that_is_away_keeps_letters_in_line(smtp: MailServer, settings: Any) -> None:
    letter = make_letter()
    settings.EMAIL_PORT = 1
    deliver(NOON)
    assert (state(letter), smtp.taken) == ("deferred", [])


@pytest.mark.parametrize(
    ("said", "is_suppressed"),
    [("550 5.1.1 No such user", True), ("550 unknown", True), ("554 5.7.1 Policy", False), ("552 5.2.2 Full", False)],
)
def test_an_address_that_is_refused_for_good_is_never_tried_again(
    smtp: MailServer, said: str, is_suppressed: bool
) -> None:
    letter, other = make_letter(), make_letter()
    smtp.refused = {letter.to: said}
    deliver(NOON)
    assert (state(letter), state(other)) == ("failed", "sent")
    assert bool(suppressed([letter.to])) is is_suppressed
    assert letter.hits.filter(kind="bounce").exists() is is_suppressed


def test_what_every_sender_dies_of_is_given_up(smtp: MailServer) -> None:
    letter, at = make_letter(), NOON
    for _death in range(5):
        assert take(at)
        at += posting_letters.LEASE
    assert take(at) is None
    deliver(at)
    assert state(letter) == "failed"


def test_what_cannot_be_written_fails_alone(smtp: MailServer) -> None:
    broken = make_letter(version=make_version("Broken", subject="{% nothing %}"))
    other = make_letter()
    deliver(NOON)
    assert (state(broken), state(other)) == ("failed", "sent")


def test_a_domain_gets_so_many_a_minute_and_others_do_not_wait_for_it(smtp: MailServer, settings: Any) -> None:
    settings.NURTURE_PER_DOMAIN = 2
    version = make_version()
    slow = [make_letter(make_lead(f"n{n}@slow.example"), version=version) for n in range(5)]
    quick = make_letter(version=version)
    deliver(NOON)
    assert [state(letter) for letter in slow] == ["sent"] * 2 + ["queued"] * 3
    assert state(quick) == "sent"
    deliver(NOON + MINUTE)
    assert [state(letter) for letter in slow] == ["sent"] * 4 + ["queued"]
    deliver(NOON + 2 * MINUTE)
    assert state(slow[4]) == "sent"


def test_so_many_leave_in_a_minute_in_all(smtp: MailServer, settings: Any) -> None:
    settings.NURTURE_PER_MINUTE = 2
    version = make_version()
    letters = [make_letter(version=version) for _n in range(3)]
    deliver(NOON)
    assert len(smtp.taken) == 2
    deliver(NOON + MINUTE)
    assert {state(letter) for letter in letters} == {"sent"}


HOSTILE = [
    "Dewi\r\nBcc: eve@evil.example", "Dewi\nX-Spam: 1", "a, eve@evil.example", 'Dew"i <eve@evil.example>', "=?utf-8?q?x?=",
    "Dewi\u2028Bcc: eve@evil.example", "Dewi\x0bTo: eve@evil.example", "\u202eDewi", "D\u00e9wi \u0141", "; eve@evil.example:", "<>",
    "Dewi\u0085Cc: eve@evil.example", "x" * 120, "(eve@evil.example)", "@", "\\", '"', "Dewi\tLestari", "\U0001f600",
]  # fmt: skip


def test_no_name_and_no_value_adds_a_header_or_a_receiver(smtp: MailServer) -> None:
    version = make_version("Hello", subject="Hello {{ first_name }}")
    for text in HOSTILE:
        lead = make_lead(first_name=text, last_name=text[:100])
        make_letter(lead, version=version, values={"first_name": text})
    plain = make_letter(version=version, values={"first_name": "Dewi"})
    deliver(NOON)
    [honest] = [message for message in smtp.taken if message["Message-ID"] == plain.message_id]
    assert len(smtp.taken) == len(HOSTILE) + 1
    assert {tuple(message.keys()) for message in smtp.taken} == {tuple(honest.keys())}
    assert all(len(envelope) == 1 and "evil" not in envelope[0] for envelope in smtp.receivers)


@pytest.mark.parametrize(
    ("problem", "wanted"),
    [
        (401, Outcome.LATER),
        (429, Outcome.LATER),
        (422, Outcome.REFUSED),
        (503, Outcome.DOUBTFUL),
        (None, Outcome.DOUBTFUL),
        (AnymailRecipientsRefused(), Outcome.NO_SUCH_ADDRESS),
    ],
)
def test_what_a_provider_answers(problem: Any, wanted: Outcome) -> None:
    if not isinstance(problem, Exception):
        response = Response()
        response.status_code = problem or 0
        problem = AnymailRequestsAPIError("x", response=response if problem else None)
    assert answer_of(problem, words_left=True).outcome is wanted
