"""Signing in and out: who gets in, what they are told, where they go."""

import pytest
from django.test import Client
from django.urls import reverse

from leadhub.testing import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db
WRONG = "This e-mail and password do not go together."


def sign_in(client: Client, email: str = "rita@leadhub.example", password: str = PASSWORD, **more: str):
    return client.post(reverse("sign_in"), {"email": email, "password": password, **more})


def test_the_right_password_lets_in_and_goes_home():
    person("Rita")
    client = Client()
    response = sign_in(client)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get(reverse("profile")).status_code == 200


@pytest.mark.parametrize("typed", ["RITA@LeadHub.Example", "  rita@leadhub.example ", "ｒita@leadhub.example"])
def test_the_address_is_compared_in_its_normal_form(typed: str):
    person("Rita")
    assert sign_in(Client(), typed).status_code == 302


def test_unknown_wrong_and_deactivated_get_the_same_answer():
    person("Rita")
    person("Sam").deactivate(by=person("Ada"), at=person("Ada").joined_at)
    answers = {
        sign_in(Client(), email, password)
        .content.decode()
        .replace(email, "")
        .partition("<main")[2]
        .partition("csrf")[0]
        for email, password in [
            ("rita@leadhub.example", "not the password"),
            ("nobody@leadhub.example", "not the password"),
            ("sam@leadhub.example", PASSWORD),
        ]
    }
    assert len(answers) == 1


def test_an_unknown_address_costs_as_much_hashing_as_a_wrong_password(monkeypatch: pytest.MonkeyPatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: hashed.append(password) or encode(self, password, salt),
    )
    person("Rita")
    hashed.clear()
    sign_in(Client(), password="wrong for Rita")
    sign_in(Client(), "nobody@leadhub.example", "wrong for nobody")
    assert hashed == ["wrong for Rita", "wrong for nobody"]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"email": "x"},
        {"password": "x"},
        {"email": "x" * 300, "password": "y"},
        {"email": "x", "password": "y" * 10_000},
    ],
)
def test_half_a_form_is_answered_with_what_is_missing(fields: dict[str, str]):
    assert Client().post(reverse("sign_in"), fields).status_code == 422


def test_who_is_signed_in_already_goes_on():
    response = signed_in("Rita").get(reverse("sign_in"), {"next": "/profile/"})
    assert response["Location"] == "/profile/"


def test_signing_in_takes_a_new_session_key():
    person("Rita")
    client = Client()
    client.cookies["leadhub_session"] = "a" * 32
    sign_in(client)
    assert client.cookies["leadhub_session"].value != "a" * 32


def test_signing_out_is_a_post_and_ends_the_session():
    client = signed_in("Rita")
    assert client.get(reverse("sign_out")).status_code == 405
    assert client.post(reverse("sign_out"))["Location"] == reverse("sign_in")
    assert client.get(reverse("profile")).status_code == 302


def test_a_signed_out_person_comes_back_to_the_page_they_wanted():
    person("Rita")
    client = Client()
    response = client.get("/profile/?x=1")
    assert response["Location"] == "/sign-in/?next=/profile/%3Fx%3D1"
    assert sign_in(client, next="/profile/?x=1")["Location"] == "/profile/?x=1"


def test_after_a_post_while_signed_out_one_returns_to_the_page_with_the_button():
    response = Client().post(reverse("end_other_sessions"), headers={"referer": "http://testserver/profile/"})
    assert response["Location"] == "/sign-in/?next=/profile/"


def test_a_fragment_asked_for_while_signed_out_sends_the_whole_window_to_sign_in():
    response = Client().get(
        "/profile/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/settings/"}
    )
    assert (response.status_code, response["HX-Redirect"]) == (401, "/sign-in/?next=/settings/")


@pytest.mark.parametrize(
    "before", ["https://evil.example/x", "//evil.example", "javascript:alert(1)", "http://testserver@evil.example/"]
)
def test_the_page_before_is_only_believed_when_it_is_ours(before: str):
    response = Client().post(reverse("end_other_sessions"), headers={"referer": before})
    assert response["Location"] == "/sign-in/?next=/"
