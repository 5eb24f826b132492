"""Guessing passwords is slow for strangers and never shuts out a person on their own device (quality.md S7)."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import SignInFailure
from accounts.throttling import PER_PERSON, TooManyAttempts, attempt, client_address
from leadhub.testing import PASSWORD, fail_again, person

pytestmark = pytest.mark.django_db
RITA = "rita@leadhub.example"


def try_once(client: Client, password: str = "guess", email: str = RITA, address: str = "192.0.2.1"):
    return client.post(reverse("sign_in"), {"email": email, "password": password}, REMOTE_ADDR=address)


def known_device() -> Client:
    """A browser in which Rita has signed in before."""
    person("Rita")
    client = Client()
    assert try_once(client, PASSWORD).status_code == 302
    client.post(reverse("sign_out"))
    return client


@pytest.mark.parametrize("email", [RITA, "nobody@leadhub.example"])
def test_the_fifth_failure_from_one_address_closes_the_door(email: str):
    person("Rita")
    codes = [try_once(Client(), email=email).status_code for _ in range(7)]
    assert codes == [422] * 4 + [429] * 3


def test_a_closed_door_says_when_to_come_back_and_does_not_open_for_the_right_password():
    person("Rita")
    for _ in range(5):
        try_once(Client())
    response = try_once(Client(), PASSWORD)
    assert (response.status_code, response["Retry-After"]) == (429, "900")
    assert "closed for up to 15 minutes" in response.content.decode()


def test_changing_the_spelling_of_the_address_or_the_browser_does_not_help():
    person("Rita")
    for turn, email in enumerate(
        ["RITA@leadhub.example", " rita@leadhub.example", "Rita@LeadHub.example", RITA, "ｒita@leadhub.example"]
    ):
        Client(headers={"User-Agent": f"browser {turn}"}).post(
            reverse("sign_in"), {"email": email, "password": "x"}, REMOTE_ADDR="192.0.2.1"
        )
    assert try_once(Client()).status_code == 429


def test_another_person_at_the_same_address_is_not_shut_out():
    person("Rita"), person("Sam")
    for _ in range(6):
        try_once(Client())
    assert try_once(Client(), PASSWORD, "sam@leadhub.example").status_code == 302


def test_the_door_opens_again_after_a_quarter_of_an_hour():
    person("Rita")
    for _ in range(5):
        try_once(Client())
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert try_once(Client(), PASSWORD).status_code == 302


def test_from_everywhere_together_a_person_has_a_hundred_failures_an_hour():
    person("Rita")
    assert try_once(Client(), address="198.51.100.0").status_code == 422
    fail_again(times=96)
    codes = [try_once(Client(), address=f"198.51.100.{turn}").status_code for turn in range(1, 6)]
    assert codes == [422] * 3 + [429] * 2
    assert try_once(Client(), PASSWORD, address="203.0.113.9").status_code == 429


def test_what_was_refused_unseen_does_not_prolong_the_wait():
    now = timezone.now()
    bucket = PER_PERSON.bucket("x")
    SignInFailure.objects.bulk_create(SignInFailure(bucket=bucket, at=now) for _ in range(100))
    for _ in range(3):
        with pytest.raises(TooManyAttempts), attempt(PER_PERSON, "x", now + timedelta(minutes=59)):
            pass
    with attempt(PER_PERSON, "x", now + timedelta(minutes=61)):
        assert SignInFailure.objects.count() == 1


def test_a_person_on_a_known_device_gets_in_while_strangers_attack():
    device = known_device()
    try_once(Client(), address="198.51.100.1")
    fail_again(times=99)
    for _ in range(6):
        assert try_once(Client()).status_code == 429  # even from the same network address
    assert try_once(device, PASSWORD).status_code == 302


def test_a_known_device_has_five_guesses_of_its_own():
    device = known_device()
    assert [try_once(device).status_code for _ in range(6)] == [422] * 5 + [429]
    assert try_once(Client(), PASSWORD, address="192.0.2.77").status_code == 302


def test_a_device_is_known_only_for_whom_it_saw():
    device = known_device()
    person("Sam")
    codes = [try_once(device, email="sam@leadhub.example").status_code for _ in range(6)]
    assert codes == [422] * 4 + [429] * 2


@pytest.mark.parametrize("forged", ["x", "e30:1:2", "", "\x7f", "a:b:c:d" * 500])
def test_a_forged_device_is_nobodys(forged: str):
    person("Rita")
    client = Client()
    client.cookies["leadhub_device"] = forged
    assert [try_once(client).status_code for _ in range(5)] == [422] * 4 + [429]


def test_what_is_counted_names_nobody():
    person("Rita")
    try_once(Client())
    assert not SignInFailure.objects.filter(bucket__contains="rita").exists()
    assert SignInFailure.objects.get().bucket.isalnum()


def test_behind_our_own_proxy_its_last_word_counts(rf, settings):
    asked = rf.get("/", REMOTE_ADDR="", headers={"X-Forwarded-For": "1.1.1.1, 203.0.113.5"})
    assert client_address(asked) is None
    settings.PRODUCTION = True
    assert client_address(asked) == "203.0.113.5"
    assert client_address(rf.get("/", REMOTE_ADDR="2001:db8::1")) == "2001:db8::1"
    assert client_address(rf.get("/", REMOTE_ADDR="", headers={"X-Forwarded-For": "x', ("})) is None


def test_a_thousand_guesses_at_once_are_not_all_let_through():
    """The try is counted before the password is looked at."""
    now = timezone.now()
    running = [attempt(PER_PERSON, "x", now) for _ in range(100)]
    for trial in running:
        trial.__enter__()
    with pytest.raises(TooManyAttempts), attempt(PER_PERSON, "x", now):
        pass
