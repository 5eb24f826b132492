"""What comes back by mail or from a provider: replies count once, bounces and complaints end all mail (R24, D6, S14)."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from leadhub.testing import make_lead
from leads.models import Activity, Verdict
from nurture.incoming import take_mail
from nurture.models import Hit, Letter
from nurture.suppressions import suppressed

from .writing import make_letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter() -> Letter:
    at = timezone.now() - timedelta(hours=1)
    made = make_letter(make_lead("dewi@example.com"), at=at)
    Letter.objects.update(state="sent", handed_at=at)
    return made


def mail(*heads: str, sender: str = "dewi@example.com", body: str = "Yes please") -> bytes:
    return "\r\n".join([f"From: Dewi <{sender}>", "Message-ID: <reply@example.com>", *heads, "", body]).encode()


def test_a_reply_is_an_activity_once_however_often_it_comes(letter: Letter) -> None:
    for _again in range(3):
        assert take_mail(mail(f"In-Reply-To: {letter.message_id}"), at=timezone.now()).kind == "reply"
    activity = Activity.objects.get()
    assert (activity.type.key, activity.lead_id, activity.verdict) == ("email_replied", letter.lead_id, Verdict.PERSON)


def test_a_reply_is_known_by_its_references_or_by_who_wrote_it(letter: Letter) -> None:
    other = mail(f"References: <a@b> {letter.message_id}", sender="colleague@example.com")
    assert take_mail(other, at=timezone.now()).letter == letter
    assert take_mail(mail(), at=timezone.now()).letter == letter
    assert take_mail(mail(sender="stranger@example.com"), at=timezone.now()).letter is None


@pytest.mark.parametrize("head", ["Auto-Submitted: auto-replied", "Precedence: auto_reply"])
def test_an_automatic_answer_earns_nothing(letter: Letter, head: str) -> None:
    take_mail(mail(f"In-Reply-To: {letter.message_id}", head), at=timezone.now())
    assert [(hit.is_machine, hit.why) for hit in Hit.objects.all()] == [(True, "An automatic answer.")]
    assert Activity.objects.get().verdict == Verdict.MACHINE


@pytest.mark.parametrize(
    ("action", "status", "gone"), [("failed", "5.1.1", True), ("delayed", "4.4.1", False), ("failed", "5.2.2", False)]
)
def test_a_report_of_no_such_address_ends_all_mail(letter: Letter, action: str, status: str, gone: bool) -> None:
    head = 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"'
    body = f"--b\n\nAction: {action}\nStatus: {status}\n--b\n\nMessage-ID: {letter.message_id}\n--b--"
    take_mail(mail(head, sender="mailer-daemon@example.com", body=body), at=timezone.now())
    assert bool(suppressed([letter.to])) is gone


@pytest.mark.parametrize(
    "junk", [b"", b"\x00\xff\xfe", b"From: \xff\r\nIn-Reply-To: <\x00>\r\n\r\n", b"\n" * 9_000, b"From: @\n\n"]
)
def test_junk_answers_nothing(letter: Letter, junk: bytes) -> None:
    assert take_mail(junk, at=timezone.now()).kind == ""


def told(letter: Letter, record: dict[str, Any], secret: str = "user:secret") -> int:
    sent = json.dumps(record | {"Metadata": {"letter": str(letter.pk)}, "MessageID": "1", "Email": letter.to})
    key = base64.b64encode(secret.encode()).decode()
    headers = {"Authorization": f"Basic {key}"}
    return (
        Client(enforce_csrf_checks=True).post("/letters/events/", sent, "application/json", headers=headers).status_code
    )


def test_a_provider_tells_of_bounces_only_with_its_secret(letter: Letter, settings: Any) -> None:
    bounce = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "BouncedAt": "2026-11-22T10:00:00Z",
        "Description": "Unknown",
    }
    assert told(letter, bounce) == 404
    settings.NURTURE_PROVIDER, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": "user:secret"}
    assert told(letter, bounce, "user:wrong") == 400
    assert not suppressed([letter.to])
    assert told(letter, bounce) == 200
    assert suppressed([letter.to]) == {letter.to: "bounced"}


def test_a_delivery_that_is_reported_clears_a_doubt(letter: Letter, settings: Any) -> None:
    settings.NURTURE_PROVIDER, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": "user:secret"}
    Letter.objects.update(state="unknown")
    told(letter, {"RecordType": "Delivery", "DeliveredAt": "2026-11-22T10:00:00Z"})
    assert Letter.objects.get().state == "sent"


def test_a_provider_takes_letters_instead_of_a_mail_server(letter: Letter, settings: Any) -> None:
    from django.core.mail import outbox

    from nurture.posting_letters import deliver

    settings.NURTURE_PROVIDER, settings.EMAIL_URL = "test", ""
    new = make_letter(letter.lead, at=timezone.now(), key="new")
    deliver(timezone.now())
    new.refresh_from_db()
    assert (new.state, outbox[0].metadata) == ("sent", {"letter": str(new.pk)})
