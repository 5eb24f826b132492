"""What ends a session, and when: always at the very next request (quality.md S9)."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from leadhub.testing import PASSWORD, fail_again, person, signed_in

pytestmark = pytest.mark.django_db
NEW = "four new words here"
CHANGE = {"old": PASSWORD, "password": NEW, "again": NEW}


def is_in(client: Client) -> bool:
    return client.get(reverse("profile")).status_code == 200


def test_deactivation_ends_it_and_letting_in_again_does_not_bring_it_back():
    client = signed_in("Rita")
    rita = person("Rita")
    rita.deactivate(by=person("Ada"), at=timezone.now())
    assert not is_in(client)
    rita.reactivate()
    assert not is_in(client)
    assert is_in(signed_in("Rita"))


def test_a_new_password_ends_the_others_and_keeps_this_one():
    here, there = signed_in("Rita"), signed_in("Rita")
    assert here.post(reverse("change_password"), CHANGE)["Location"] == reverse("profile")
    assert (is_in(here), is_in(there)) == (True, False)
    assert person("Rita").check_password(NEW)


def test_ending_my_other_sessions_keeps_this_one():
    here, there = signed_in("Rita"), signed_in("Rita")
    here.post(reverse("end_other_sessions"))
    assert (is_in(here), is_in(there)) == (True, False)


def test_an_administrator_ends_anybodys_sessions():
    client = signed_in("Mona")
    signed_in("Ada").post(reverse("person_end_sessions", args=[person("Mona").pk]))
    assert not is_in(client)


def test_a_sales_manager_ends_those_of_the_team_and_cannot_see_others():
    rita, mona = signed_in("Rita"), signed_in("Mona")
    sue = signed_in("Sue")
    assert sue.post(reverse("person_end_sessions", args=[person("Rita").pk])).status_code == 302
    assert sue.post(reverse("person_end_sessions", args=[person("Mona").pk])).status_code == 404
    assert (is_in(rita), is_in(mona)) == (False, True)


PAGES = {
    "people": Role.ADMINISTRATOR,
    "api_keys": Role.ADMINISTRATOR,
    "teams": Role.SALES_MANAGER,
    "workspace": Role.MARKETING_MANAGER,
}


@pytest.mark.parametrize(("page", "role"), PAGES.items())
def test_a_role_given_or_taken_counts_from_the_next_request(page: str, role: str):
    client = signed_in("Ann")
    assert client.get(reverse(page)).status_code == 403
    User.objects.filter(name="Ann").update(roles=[Role.ANALYST, role])
    assert client.get(reverse(page)).status_code == 200
    User.objects.filter(name="Ann").update(roles=[Role.ANALYST])
    assert client.get(reverse(page)).status_code == 403


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"old": "wrong"}, "This is not your password."),
        ({"again": "something else"}, "This is not the same as above."),
        ({"password": "short", "again": "short"}, "This password is too short."),
        ({"password": "password1234", "again": "password1234"}, "This password is too common."),
        ({"password": "192837465564738291", "again": "192837465564738291"}, "This password is entirely numeric."),
        (
            {"password": "rita@leadhub.example", "again": "rita@leadhub.example"},
            "The password is too similar to the e-mail.",
        ),
        ({"password": "x" * 129, "again": "x" * 129}, "Ensure this value has at most 128 characters"),
    ],
)
def test_a_bad_new_password_is_refused_with_a_sentence(given: dict[str, str], sentence: str):
    response = signed_in("Rita").post(reverse("change_password"), CHANGE | given)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert person("Rita").check_password(PASSWORD)


def test_guessing_the_old_password_in_a_stolen_session_is_budgeted():
    client = signed_in("Rita")
    for counted_beside in (98, 0):
        assert client.post(reverse("change_password"), CHANGE | {"old": "guess"}).status_code == 422
        fail_again(counted_beside)
    assert client.post(reverse("change_password"), CHANGE).status_code == 429
