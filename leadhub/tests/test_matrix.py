"""Every address × method × principal answers as the table says, and never with a 500 (quality.md S1, S4)."""

from collections.abc import Iterator
from http.cookies import SimpleCookie

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from accounts.models import ApiKey, Scope, User
from leadhub.testing import CAST, signed_in

from .access_rows import Row
from .access_table import TABLE
from .world import World

pytestmark = pytest.mark.django_db
LET_IN = {200, 201, 204, 302, 303, 400, 404, 409, 422}
#: Mail programs post there without a form (RFC 8058), or a provider with its secret: these stand for the token.
SIGNED = {"letter_unsubscribe", "letter_preferences", "mail_events"}
PEOPLE = ["Mona", "Mick", "Rita", "Sue", "Ann", "Ada"]


def addresses(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """The full name of every address below the resolver; the route where an address has no name."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        else:
            yield space + (entry.name or str(entry.pattern)), entry


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for all cells; each cell undoes what it did."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = World.make()
        made.furnish()
        made.cookies = {who: signed_in(who).cookies for who in CAST}
        User.objects.filter(name="Sam").update(is_active=False)
        made.cookies |= {"deactivated": made.cookies.pop("Sam"), "nobody": SimpleCookie()}
        yield made
        transaction.set_rollback(True)


def test_every_address_has_a_row_and_every_row_an_address():
    named = {name for name, _pattern in addresses()}
    assert sorted(named - set(TABLE)) == [], "addresses without a row in access_table.py"
    assert sorted(set(TABLE) - named) == [], "rows without an address"


def ask(name: str, row: Row, world: World, method: str, who: str, **more: object) -> HttpResponse:
    """One request of one principal; what it changed is undone."""
    url = reverse(name, kwargs=row.given(world)) + row.query
    with transaction.atomic():
        client = browser_of(who, world, **more)
        response = (
            client.generic(method, url, **body(row)) if method != "POST" or row.api else client.post(url, row.data)
        )
        transaction.set_rollback(True)
    return response


def body(row: Row) -> dict[str, object]:
    return {"data": b"{}", "content_type": "application/json"} if row.api else {}


def browser_of(who: str, world: World, **more: object) -> Client:
    found = Client(raise_request_exception=False, **more)
    found.cookies.load({name: cookie.value for name, cookie in world.cookies[who].items()})
    return found


def wrong(name: str, row: Row, method: str, who: str, response: HttpResponse) -> str:
    """What is wrong with the answer; empty when it is as the table says."""
    wanted = expected(row, method, who)
    if response.status_code in wanted and (wanted != {302} or to_sign_in(response)):
        return ""
    return f"{method} {name} as {who}: {response.status_code} {response.headers.get('Location', '')}, expected {sorted(wanted)}"


def to_sign_in(response: HttpResponse) -> bool:
    return response["Location"].startswith(reverse(settings.LOGIN_URL))


def expected(row: Row, method: str, who: str) -> set[int]:
    if row.api:
        return {401, 405}
    roles = {"GET": row.get, "POST": row.post}.get(method)
    if who in ("nobody", "deactivated") and not row.public:
        return {302, 405} if method not in ("GET", "POST") else {302}
    if roles is None:
        return {403, 404, 405}
    held = set() if row.public else set(CAST[who])
    if row.public or held & roles:
        return LET_IN
    return {404} if held & row.hidden else {403}


@pytest.mark.parametrize("name", sorted(TABLE))
def test_the_table_holds(name: str, world: World):
    row = TABLE[name]
    faults = [
        fault
        for who in ["nobody", "deactivated", *PEOPLE]
        if (fault := wrong(name, row, "POST", who, ask(name, row, world, "POST", who)))
    ]
    faults += [fault for who in ["nobody", "deactivated", *PEOPLE] for fault in faults_of_get(name, row, world, who)]
    faults += [
        fault
        for method in ("PUT", "PATCH", "DELETE")
        if (fault := wrong(name, row, method, "Ada", ask(name, row, world, method, "Ada")))
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "name",
    sorted(
        name
        for name, row in TABLE.items()
        if row.post is not None and not row.api and not name.startswith("api:") and name not in SIGNED
    ),
)
def test_a_post_without_the_forms_token_changes_nothing(name: str, world: World):
    for who in ["Ada", "Mick", "Rita"]:
        assert ask(name, TABLE[name], world, "POST", who, enforce_csrf_checks=True).status_code == 403


def faults_of_get(name: str, row: Row, world: World, who: str) -> list[str]:
    """Also what it changes: scanners and prefetchers follow links (rule 28). A session that ended may be cleared away."""
    with written() as statements:
        fault = wrong(name, row, "GET", who, ask(name, row, world, "GET", who))
    return [fault] * bool(fault) + [f"GET {name} as {who}: {one}" for one in statements if who in PEOPLE]


class written:  # noqa: N801  (reads as a phrase)
    """Collects the statements that write, while it is open."""

    def __enter__(self) -> list[str]:
        self.captured = CaptureQueriesContext(connection)
        self.captured.__enter__()
        self.found: list[str] = []
        return self.found

    def __exit__(self, *_exc: object) -> None:
        self.captured.__exit__(None, None, None)
        verbs = ("INSERT", "UPDATE", "DELETE", "MERGE", "COPY", "TRUNCATE")
        self.found += [
            query["sql"] for query in self.captured.captured_queries if query["sql"].lstrip().upper().startswith(verbs)
        ]


@pytest.mark.parametrize("name", sorted(name for name, row in TABLE.items() if row.api))
def test_the_api_opens_only_to_a_usable_key_with_the_scope(name: str, world: World):
    row = TABLE[name]
    for scopes, wanted in [
        (list(Scope.values), LET_IN),
        ([row.api], LET_IN),
        (sorted({*Scope.values} - {row.api}), {403}),
        ([], {403}),
    ]:
        key, secret = ApiKey.objects.issue(name=str(scopes), scopes=scopes, by=world.rita)
        assert with_key(name, row, world, secret) in wanted, scopes
        key.revoke(at=world.at)
        assert with_key(name, row, world, secret) == 401


def with_key(name: str, row: Row, world: World, secret: str) -> int:
    client, url = Client(raise_request_exception=False), reverse(name, kwargs=row.given(world)) + row.query
    method = "GET" if row.get is not None else "POST"
    return client.generic(method, url, **body(row), headers={"Authorization": f"Bearer {secret}"}).status_code


#: Counts an upload while it comes in, so it checks the token itself, later than the middleware would.
CHECKS_THE_TOKEN_ITSELF = {"import_new"}


def test_every_address_that_skips_the_check_of_the_forms_token_is_written_down():
    """Programs send none; everything else that changes anything asks for it (S4)."""
    free = {name for name, pattern in addresses() if getattr(pattern.callback, "csrf_exempt", False)}
    assert free - CHECKS_THE_TOKEN_ITSELF - SIGNED == {name for name, row in TABLE.items() if row.api}
