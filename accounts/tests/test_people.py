"""Letting people in and out, and what they may do (quality.md §4)."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import LastAdministrator, Role, Team, User
from leadhub.testing import assert_same_queries, person, signed_in

pytestmark = pytest.mark.django_db
NEW = {
    "name": "Dana Scully",
    "email": "Dana@LeadHub.example",
    "roles": [Role.SALES_REP],
    "team": "",
    "time_zone": "Europe/Warsaw",
}
PASSWORDS = {"password": "four new words here", "again": "four new words here"}


def link_in(response) -> str:
    return response.context["link"].removeprefix("http://testserver")


def test_a_new_person_comes_with_a_link_that_lets_them_choose_a_password_once():
    link = link_in(signed_in("Ada").post(reverse("person_new"), NEW))
    dana = Client()
    assert "Welcome, Dana" in dana.get(link).content.decode()
    assert dana.post(link, PASSWORDS)["Location"] == "/"
    assert dana.get(reverse("profile")).status_code == 200
    assert Client().get(link).status_code == 404
    assert User.objects.get(name="Dana Scully").time_zone == "Europe/Warsaw"


def test_before_they_choose_one_no_password_lets_them_in():
    signed_in("Ada").post(reverse("person_new"), NEW)
    for password in ["", "None", "!", "password"]:
        assert Client().post(reverse("sign_in"), {"email": NEW["email"], "password": password}).status_code == 422


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"email": "RITA@leadhub.example "}, "Somebody with this e-mail address is here already."),
        ({"email": "no address"}, "“no address” is not an e-mail address."),
        ({"email": "a" * 300 + "@x.io"}, "is not an e-mail address"),
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"roles": ["owner"]}, "Select a valid choice."),
        ({"roles": []}, "This field is required."),
        ({"team": "999999999999999999999"}, "Select a valid choice."),
        ({"time_zone": "Mars/Base"}, "Select a valid choice."),
    ],
)
def test_a_person_who_cannot_be_is_refused_with_a_sentence(given: dict[str, object], sentence: str):
    person("Rita")
    response = signed_in("Ada").post(reverse("person_new"), NEW | given)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not User.objects.filter(name__startswith="Dana").exists()


def test_two_administrators_who_add_the_same_person_at_once_are_told():
    person("Rita")
    from accounts.models import Taken

    with pytest.raises(Taken, match="Somebody with this e-mail address"):
        User.objects.invite(email="rita@LEADHUB.example", name="x", roles=[])


@pytest.mark.parametrize("change", ["password", "sessions", "deactivation", "another link used"])
def test_a_link_is_worthless_after(change: str):
    rita = person("Rita")
    ada = signed_in("Ada")
    link = link_in(ada.post(reverse("person_link", args=[rita.pk])))
    if change == "password":
        rita.choose_password("something long enough")
    elif change == "sessions":
        rita.end_sessions()
    elif change == "deactivation":
        rita.deactivate(by=person("Ada"), at=timezone.now())
    else:
        Client().post(link_in(ada.post(reverse("person_link", args=[rita.pk]))), PASSWORDS)
    assert Client().post(link, PASSWORDS).status_code == 404


def test_flipped_and_foreign_tokens_open_nothing():
    rita, sam = person("Rita"), person("Sam")
    link = link_in(signed_in("Ada").post(reverse("person_link", args=[rita.pk])))
    number, token = link.strip("/").split("/")[1:]
    flipped = [
        token[:i] + ("b" if token[i] == "a" else "a") + token[i + 1 :] for i in range(len(token)) if token[i] != "-"
    ]
    for forged in [*flipped, "", "x-y", "a" * 500]:
        assert Client().get(f"/welcome/{number}/{forged}/").status_code == 404
    for other in ["0", "zzzzzzzzzzzzz", "z" * 20, format(sam.pk, "d"), "-1"]:
        assert Client().get(f"/welcome/{other}/{token}/").status_code == 404


def test_reading_a_link_changes_nothing_and_a_weak_password_is_refused_there_too():
    rita = person("Rita")
    link = link_in(signed_in("Ada").post(reverse("person_link", args=[rita.pk])))
    for _ in range(2):
        assert Client().get(link).status_code == 200
    assert Client().post(link, {"password": "short", "again": "short"}).status_code == 422
    rita.refresh_from_db()
    assert rita.check_password("correct horse battery staple")


def test_roles_and_team_are_assigned_and_only_the_named_fields_change():
    ann, team = person("Ann"), Team.objects.create(name="North")
    stranger = {
        "is_active": "",
        "email": "evil@x.io",
        "email_key": "x",
        "password": "x",
        "session_mark": "x",
        "is_superuser": "on",
    }
    given = {"name": "Ann B.", "roles": [Role.ANALYST, Role.MARKETER], "team": team.pk} | stranger
    before = User.objects.filter(pk=ann.pk).values().get()
    assert signed_in("Ada").post(reverse("person_edit", args=[ann.pk]), given).status_code == 302
    after = User.objects.filter(pk=ann.pk).values().get()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"name", "roles", "team_id"}


def test_a_profile_changes_only_what_it_shows():
    rita = person("Rita")
    before = User.objects.filter(pk=rita.pk).values().get()
    given = {
        "name": "Rita R.",
        "time_zone": "Asia/Jakarta",
        "language": "pl",
        "roles": ["administrator"],
        "team": "",
        "is_active": "",
    }
    client = signed_in("Rita")
    assert client.post(reverse("profile"), given).status_code == 302
    after = User.objects.filter(pk=rita.pk).values().get()
    assert {name for name in after if after[name] != before[name]} == {"name", "time_zone", "language"}
    assert 'lang="pl"' in client.get(reverse("profile")).content.decode()


def test_the_last_administrator_stays():
    ada = person("Ada")
    client = signed_in("Ada")
    response = client.post(reverse("person_edit", args=[ada.pk]), {"name": "Ada", "roles": [Role.ANALYST], "team": ""})
    assert "last active administrator" in response.content.decode()
    with pytest.raises(LastAdministrator):
        ada.deactivate(by=ada, at=timezone.now())
    ada.refresh_from_db()
    assert (ada.is_active, ada.roles) == (True, [Role.ADMINISTRATOR])


def test_a_deactivated_administrator_does_not_count():
    ada, mick = person("Ada"), person("Mick")
    User.objects.filter(pk=mick.pk).update(roles=[Role.ADMINISTRATOR], is_active=False)
    with pytest.raises(LastAdministrator):
        ada.deactivate(by=ada, at=timezone.now())


def test_nobody_deactivates_themselves_by_one_press():
    User.objects.filter(pk=person("Mick").pk).update(roles=[Role.ADMINISTRATOR])
    assert signed_in("Ada").post(reverse("person_deactivate", args=[person("Ada").pk])).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_remove_each_other_at_once_leave_one():
    ada, mick = person("Ada"), person("Mick")
    User.objects.filter(pk=mick.pk).update(roles=[Role.ADMINISTRATOR])
    start, refused = threading.Barrier(2), []

    def remove(gone: User, by: User) -> None:
        try:
            start.wait(5)
            gone.deactivate(by=by, at=timezone.now())
        except LastAdministrator as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=remove, args=pair) for pair in [(mick, ada), (ada, mick)]]
    [thread.start() for thread in threads]
    [thread.join(20) for thread in threads]
    assert len(refused) == 1
    assert User.objects.active().holding(Role.ADMINISTRATOR).count() == 1


def test_a_sales_manager_sees_the_team_and_nothing_to_press():
    person("Rita"), person("Mona")
    page = signed_in("Sue").get(reverse("people")).content.decode()
    assert "rita@leadhub.example" in page
    assert "mona@leadhub.example" not in page
    assert "New person" not in page
    assert signed_in("Sue").get(reverse("person_page", args=[person("Mona").pk])).status_code == 404


def test_a_sales_manager_without_a_team_sees_only_themselves():
    sue = person("Sue")
    person("Rita")
    User.objects.filter(pk=sue.pk).update(team=None)
    assert "rita@leadhub.example" not in signed_in("Sue").get(reverse("people")).content.decode()


def test_the_list_asks_equally_often_whatever_its_length():
    person("Ada")
    numbers = iter(range(100))

    def one_more() -> None:
        team = Team.objects.create(name=f"T{next(numbers)}")
        User.objects.create_user(email=f"{team.name}@x.io", name=team.name, roles=["analyst"], team=team)

    assert_same_queries(signed_in("Ada"), reverse("people"), one_more)


def test_pages_of_people_show_everybody_once_forward_and_back(settings):
    settings.PAGE_ROWS = 3
    ada = signed_in("Ada")
    for number in range(9):
        User.objects.create_user(email=f"{number}@x.io", name="Same name" if number % 2 else f"Name {number}", roles=[])
    seen, url = [], "?"
    while url:
        page = ada.get(reverse("people") + url).context["page"]
        seen += [person.pk for person in page.rows]
        last, url = page, f"?after={page.next}" if page.next else ""
    assert sorted(seen) == sorted(User.objects.values_list("pk", flat=True))
    back = ada.get(reverse("people") + f"?before={last.previous}").context["page"]
    assert [person.pk for person in back.rows] == seen[-3 - len(last.rows) : -len(last.rows)]


def test_people_are_found_by_name_and_address():
    person("Rita"), person("Mona")
    ada = signed_in("Ada")
    for text, found in {
        "rit": ["Rita"],
        "MONA@": ["Mona"],
        "leadhub.example": ["Ada", "Mona", "Rita"],
        "%": [],
        "_": [],
    }.items():
        assert [one.name for one in ada.get(reverse("people"), {"q": text}).context["page"].rows] == found


def test_a_team_with_people_is_not_deleted():
    team = person("Rita").team
    ada = signed_in("Ada")
    ada.post(reverse("team_delete", args=[team.pk]))
    assert Team.objects.filter(pk=team.pk).exists()
    User.objects.update(team=None)
    ada.post(reverse("team_delete", args=[team.pk]))
    assert not Team.objects.filter(pk=team.pk).exists()


def test_two_teams_of_one_name_are_refused_also_at_once():
    from accounts.models import Taken

    Team.objects.create(name="North")
    ada = signed_in("Ada")
    assert ada.post(reverse("team_new"), {"name": "North"}).status_code == 422
    assert ada.post(reverse("team_new"), {"name": "South"}).status_code == 302
    with pytest.raises(Taken):
        Team().rename("South")
