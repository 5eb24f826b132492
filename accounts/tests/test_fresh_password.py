"""Acts that reach far ask for the password when it was given too long ago, then do what was asked (quality.md §4)."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.fresh_password import GIVEN_AT, is_fresh, remember_password
from accounts.models import ApiKey, SignInFailure, Team, User
from leadhub.testing import LONG_AGO, NOON, PASSWORD, fail_again, person, signed_in

pytestmark = pytest.mark.django_db
TYPED = 'North "& South" <1>'
WRONG = "This is not your password."


def ada() -> Client:
    return signed_in("Ada", ago=LONG_AGO)


def make_team(client: Client, name: str = TYPED, **more: str) -> HttpResponse:
    return client.post(reverse("team_new"), {"name": name, **more})


def carried(page: HttpResponse) -> dict[str, str]:
    """What the page that asks would send, but for its own fields."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


# --- When it is asked -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("minutes", "fresh"), [(0, True), (14.9, True), (15, True), (15.1, False), (600, False), (-1, False)]
)
def test_a_password_is_fresh_for_a_quarter_of_an_hour(minutes: float, fresh: bool):
    session = Client().session
    remember_password(session, NOON)
    assert is_fresh(session, NOON + timedelta(minutes=minutes)) is fresh


@pytest.mark.parametrize("kept", [None, "x", True, [], "1e9"])
def test_a_session_that_says_nothing_sensible_is_not_fresh(kept: object):
    session = Client().session
    session[GIVEN_AT] = kept
    assert not is_fresh(session, NOON)


def test_signing_in_and_a_new_password_count_as_giving_it():
    person("Ada")
    client = Client()
    client.post(reverse("sign_in"), {"email": "ada@leadhub.example", "password": PASSWORD})
    assert make_team(client).status_code == 302

    later, new = ada(), "four new words here"
    later.post(reverse("change_password"), {"old": PASSWORD, "password": new, "again": new})
    assert make_team(later, "South").status_code == 302


def test_what_is_wrong_with_the_form_is_said_first():
    page = make_team(ada(), "")
    assert (page.status_code, "Confirm it is you" in page.text) == (422, False)


# --- Asked, given, done ---------------------------------------------------------------------------------------------
def test_the_page_says_what_it_is_for_changes_nothing_and_holds_what_was_typed():
    page = make_team(ada())
    assert page.status_code == 422
    assert "Confirm it is you" in page.text
    assert f"New team: {TYPED}" in unescape(page.text)
    assert carried(page) == {"name": TYPED}
    assert not Team.objects.exists()


def test_the_right_password_does_the_act_and_is_fresh_from_then_on():
    client = ada()
    assert make_team(client, your_password=PASSWORD)["Location"] == reverse("teams")
    assert make_team(client, "South").status_code == 302
    assert set(Team.objects.values_list("name", flat=True)) == {TYPED, "South"}
    assert not SignInFailure.objects.exists()


def test_a_wrong_password_loses_nothing():
    client = ada()
    page = make_team(client, your_password="guess")
    assert (page.status_code, WRONG in page.text, carried(page)) == (422, True, {"name": TYPED})
    assert "guess" not in page.text
    assert not Team.objects.exists()
    assert make_team(client, your_password=PASSWORD).status_code == 302


def test_what_another_tab_confirmed_meanwhile_is_not_asked_again():
    client = ada()
    assert carried(make_team(client)) == {"name": TYPED}
    assert make_team(client, "South", your_password=PASSWORD).status_code == 302
    assert make_team(client, your_password="").status_code == 302
    assert Team.objects.count() == 2


@pytest.mark.parametrize("typed", ["", "x" * 129, " " + PASSWORD, PASSWORD.upper()])
def test_nearly_right_is_wrong(typed: str):
    assert make_team(ada(), your_password=typed).status_code == 422
    assert not Team.objects.exists()


def test_an_address_never_gives_the_password():
    page = ada().post(f"{reverse('team_new')}?your_password={PASSWORD.replace(' ', '+')}", {"name": TYPED})
    assert page.status_code == 422


def test_the_password_of_somebody_else_does_not_do():
    User.objects.filter(pk=person("Mick").pk).update(roles=["administrator"])
    mick = person("Mick")
    mick.set_password("another few words of his")
    mick.save(update_fields=["password"])
    assert make_team(ada(), your_password="another few words of his").status_code == 422


def test_a_screen_reader_hears_what_is_wrong_with_the_field():
    page = make_team(ada(), your_password="guess")
    field = re.search(r'<input type="password"[^>]*>', page.text)
    assert field is not None
    assert 'autocomplete="current-password"' in field[0]
    assert 'aria-invalid="true"' in field[0]
    told = re.search(r'aria-describedby="([^"]+)"', field[0])
    assert told is not None
    assert all(f'id="{one}"' in page.text for one in told[1].split())
    assert 'for="id_your_password"' in page.text


def test_htmx_gets_it_in_the_side_panel():
    page = ada().post(reverse("team_new"), {"name": TYPED}, headers={"HX-Request": "true"})
    assert (page["HX-Retarget"], page["HX-Reswap"], carried(page)) == ("#panel", "innerHTML", {"name": TYPED})
    assert "<html" not in page.text


def test_another_person_in_the_same_browser_does_not_finish_what_one_began():
    """The token of the form changes with the person, whatever the password."""
    person("Ada"), person("Rita")
    client = Client(enforce_csrf_checks=True)
    client.cookies = ada().cookies
    token = client.get(reverse("team_new")).context["csrf_token"]
    client.post(reverse("sign_out"), {"csrfmiddlewaretoken": token})
    fresh = client.get(reverse("sign_in")).context["csrf_token"]
    given = {"email": "rita@leadhub.example", "password": PASSWORD, "csrfmiddlewaretoken": str(fresh)}
    client.post(reverse("sign_in"), given)
    assert make_team(client, csrfmiddlewaretoken=str(token), your_password=PASSWORD).status_code == 403
    assert not Team.objects.filter(name=TYPED).exists()


# --- Guessing -------------------------------------------------------------------------------------------------------
def test_guessing_stops_at_the_fifth_and_what_was_typed_is_still_there():
    client = ada()
    pages = [make_team(client, your_password="guess") for _turn in range(6)]
    assert [page.status_code for page in pages] == [422] * 4 + [429] * 2
    assert (carried(pages[-1]), pages[-1]["Retry-After"]) == ({"name": TYPED}, "900")
    assert "Try again in 15 minutes" in pages[-1].text
    assert make_team(client, your_password=PASSWORD).status_code == 429


def test_guesses_here_and_at_the_door_are_counted_together():
    make_team(ada(), your_password="guess")
    fail_again(times=99)
    given = {"email": "ada@leadhub.example", "password": PASSWORD}
    assert Client().post(reverse("sign_in"), given, REMOTE_ADDR="192.0.2.9").status_code == 429
    assert make_team(ada(), your_password=PASSWORD).status_code == 429


def test_strangers_who_guess_do_not_hold_up_a_person_on_a_known_device():
    person("Ada")
    client = Client()
    client.post(reverse("sign_in"), {"email": "ada@leadhub.example", "password": PASSWORD})
    session = client.session
    session[GIVEN_AT] = (timezone.now() - LONG_AGO).timestamp()
    session.save()
    for _turn in range(6):
        Client().post(reverse("sign_in"), {"email": "ada@leadhub.example", "password": "guess"})
    assert make_team(client, your_password=PASSWORD).status_code == 302


# --- The acts of this room ------------------------------------------------------------------------------------------
ACTS = {
    "person_new": {"name": "Nina", "email": "nina@leadhub.example", "roles": "analyst", "time_zone": "UTC"},
    "person_edit": {"name": "Rita", "roles": "analyst"},
    "person_link": {},
    "person_deactivate": {},
    "person_reactivate": {},
    "team_edit": {"name": "Other"},
    "team_delete": {},
    "api_key_new": {"name": "Shop", "scopes": "leads:read"},
    "api_key_revoke": {},
}


def address(act: str) -> str:
    if act.endswith("_new"):
        return reverse(act)
    thing = {"person": lambda: person("Rita"), "team": lambda: Team.objects.create(name="East")}
    thing["api"] = lambda: ApiKey.objects.issue(name="CRM", scopes=[], by=person("Ada"))[0]
    return reverse(act, args=[thing[act.split("_", maxsplit=1)[0]]().pk])


@pytest.mark.parametrize("act", ACTS)
def test_it_is_refused_without_and_done_with_the_password(act: str):
    client, url = ada(), address(act)
    before = [list(model.objects.order_by("pk").values()) for model in (User, Team, ApiKey)]
    page = client.post(url, ACTS[act])
    assert (page.status_code, "Confirm it is you" in page.text) == (422, True)
    assert [list(model.objects.order_by("pk").values()) for model in (User, Team, ApiKey)] == before
    done = client.post(url, carried(page) | {"your_password": PASSWORD})
    assert done.status_code in (200, 302)
    assert "Confirm it is you" not in done.text


def test_ending_sessions_is_not_held_up():
    assert ada().post(reverse("person_end_sessions", args=[person("Rita").pk])).status_code == 302
