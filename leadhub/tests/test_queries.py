"""No page asks the database more often because there is more to show: all pages at once, over a world that grows (P7)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import ApiKey, Team, User
from handoff.models import SettingChange
from leadhub.testing import make_activity, make_company, make_lead, person, signed_in
from leads.models import Asset, CustomField, Lead
from leads.stages import Cause, Stage
from nurture import entering, programs
from nurture.letters import NewLetter, queue
from nurture.models import Email, Hit, LeadList
from outbox.models import Mail, Notice

from .access_table import TABLE
from .world import World

MOST = 20
#: Whose number of statements depends on what is looked at, not on how many rows: each with its own test in its room.
ELSEWHERE = {"model_preview", "import_match"}
LISTS = {name for name, row in TABLE.items() if row.get and not row.api and not row.public and name not in ELSEWHERE}


def one_more_of_each(world: World, number: int) -> None:
    at, rita = world.at, person("Rita")
    team = Team.objects.create(name=f"Team {number}")
    User.objects.create_user(email=f"p{number}@x.io", name=f"P{number}", roles=["sales_rep"], team=team)
    ApiKey.objects.issue(name=f"Key {number}", scopes=[], by=person("Ada"))
    company = make_company(f"Company {number}")
    plain = make_lead(at=at, company=company, first_name=f"L{number}")
    for lead in (plain, world.lead, world.sql):
        make_activity(lead, at=at)
    for claimed in (False, True):
        pooled = make_lead(at=at, company=company, source=f"source {number}")
        pooled.move(to=Stage.SALES_QUALIFIED, at=at, cause=Cause.PERSON, by=person("Mona"), reason="Asked")
        if claimed:
            pooled.handoffs.get().claim(by=rita, at=at)
    Lead.objects.filter(pk=plain.pk).update(company=world.company)
    world.sql.merge(make_lead(at=at, first_name=f"Twin {number}"), by=person("Mona"), at=at)
    Asset.objects.create(key=f"Asset {number}")
    CustomField.objects.create(key=f"field{number}", label=f"Field {number}")
    LeadList.objects.create(name=f"List {number}", kind="static", created_by=rita, created_at=at)
    one_more_email(world, number)
    entering.enrol(world.program, Lead.objects.only_this(plain), by="Mona", at=at)
    programs.begin(name=f"Program {number}", priority=50, by=rita, at=at)
    Notice.objects.create(recipient=rita, text="x", url="/inbox/", dedupe_key=f"n{number}", created_at=at)
    details = {"to": "rita@leadhub.example", "subject": "x", "body": "x", "recipient": rita, "created_at": at}
    Mail.objects.create(**details, message_id=f"m{number}", dedupe_key=f"m{number}", next_try_at=at)
    queue([NewLetter(f"l{number}", world.lead, world.letter.version, at)], at=at)
    Hit.objects.create(letter=world.letter, kind="click", at=at)
    for what in ("reason", "rules"):
        SettingChange.note(
            what,
            f"Setting {number}",
            None,
            {"framework": "bant", "needs": {}, "needs_follow_up": True, "why": ""},
            by=person("Sue"),
            at=at,
        )


def one_more_email(world: World, number: int) -> None:
    """One more e-mail, and one more version, link and letter of the one that is looked at."""
    at, mona = world.at, person("Mona")
    email = Email.objects.begin(name=f"E-mail {number}", topic="", by=mona, at=at)
    for draft in (email.draft, world.welcome.draft):
        draft.save_draft({"subject": "x", "body": f"{draft.body} [x](https://x.io/{number})"}, by=mona, at=at)
        draft.finish(by=mona, at=at)
    world.welcome.start_draft(by=mona, at=at)


def asked_by(client: Client, url: str) -> tuple[int, list[str]]:
    with CaptureQueriesContext(connection) as queries:
        code = client.get(url).status_code
    return code, [query["sql"] for query in queries.captured_queries]


def pages(world: World) -> dict[str, tuple[Client, str]]:
    readers = {
        role: signed_in(name)
        for name, role in [
            ("Mick", "marketing_manager"),
            ("Sue", "sales_manager"),
            ("Rita", "sales_rep"),
            ("Ada", "administrator"),
        ]
    }
    return {
        name: (
            next(client for role, client in readers.items() if role in TABLE[name].get),
            reverse(name, kwargs=TABLE[name].given(world)),
        )  # type: ignore[operator]
        for name in sorted(LISTS)
    }


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.timeout(300)
def test_every_page_asks_as_often_for_many_rows_as_for_few():
    world = World.make()
    world.furnish()
    one_more_of_each(world, 1)
    places = pages(world)
    for client, url in places.values():  # what a process asks once and keeps is no matter of rows
        client.get(url)
    few = {name: asked_by(*place) for name, place in places.items()}
    for number in (2, 3, 4):
        one_more_of_each(world, number)
    many = {name: asked_by(*place) for name, place in places.items()}
    more = {
        name: f"{len(few[name][1])} → {len(queries)}"
        for name, (code, queries) in many.items()
        if code == 200 and len(queries) > len(few[name][1])
    }
    over = {name: len(queries) for name, (_code, queries) in many.items() if len(queries) > MOST}
    assert (more, over) == ({}, {})
