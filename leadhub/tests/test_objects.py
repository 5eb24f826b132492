"""What belongs to one rep does not exist for another, and another team's manager only reads it (quality.md S2)."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from accounts.models import Role, Team, User
from leadhub.testing import signed_in

from .access_table import TABLE
from .world import World

pytestmark = pytest.mark.django_db
#: All but the claim: who comes too late is told who was first.
HELD = sorted(name for name in TABLE if name.startswith("handoff_") and name != "handoff_claim")
OF_THE_LEAD = [
    "lead_page",
    "lead_history",
    "lead_panel",
    "lead_edit",
    "lead_log",
    "lead_handoff",
    "lead_score",
    "lead_score_data",
]
PAGES = [
    "/leads/",
    "/leads/?q=ayu",
    "/search/?q=ayu",
    "/inbox/",
    "/",
    "/reports/sla/",
    "/reports/sla/handoffs/",
    "/companies/",
    "/notices/",
    "/mailbox/",
]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        made = World.make()
        made.furnish()
        north = Team.objects.create(name="North")
        User.objects.create_user(email="nils@leadhub.example", name="Nils", roles=[Role.SALES_MANAGER], team=north)
        yield made
        transaction.set_rollback(True)


def ask(client: Client, name: str, world: World, method: str) -> int:
    given = TABLE[name].given(world) if name in HELD else {"pk": world.held.lead_id}
    with transaction.atomic():
        code = getattr(client, method)(reverse(name, kwargs=given), TABLE[name].data).status_code
        transaction.set_rollback(True)
    return code


@pytest.mark.parametrize("name", [*HELD, *OF_THE_LEAD])
def test_another_rep_finds_nothing(name: str, world: World):
    sam = signed_in("Sam")
    for method in ["get"] * bool(TABLE[name].get) + ["post"] * bool(TABLE[name].post):
        assert ask(sam, name, world, method) == 404


@pytest.mark.parametrize("address", PAGES)
def test_no_list_search_or_report_of_another_rep_names_it(address: str, world: World):
    page_of_sam = signed_in("Sam").get(address).content.decode()
    page_of_rita = signed_in("Rita").get("/inbox/").content.decode()
    assert "ayu@example.com" not in page_of_sam
    assert f"/leads/{world.held.lead_id}/" not in page_of_sam
    assert f"/handoffs/{world.held.pk}/" not in page_of_sam
    assert f"/handoffs/{world.held.pk}/" in page_of_rita  # something was there to leak


@pytest.mark.parametrize("name", [name for name in HELD if TABLE[name].post])
def test_the_manager_of_another_team_may_not_touch_it(name: str, world: World):
    client = Client()
    client.force_login(User.objects.get(name="Nils"), backend="django.contrib.auth.backends.ModelBackend")
    assert ask(client, name, world, "post") in {403, 404}


@pytest.mark.parametrize(
    "address",
    [
        "/leads/",
        "/",
        "/leads/?q=dewi",
        "/search/?q=dewi",
        "/reports/sla/handoffs/",
        "/reports/funnel/leads/",
        "/lists/",
        "/companies/",
    ],
)
def test_the_analyst_reads_no_name_address_or_number(address: str, world: World):
    for lead in (world.lead, world.sql, world.held.lead):
        text = (
            signed_in("Ann").get(address).content.decode()
            + signed_in("Ann").get(reverse("lead_page", args=[lead.pk])).content.decode()
        )
        said = [word for word in (lead.email, lead.first_name, lead.last_name, lead.phone) if word and word in text]
        assert said == [], address
