"""No address, whatever stands in it, breaks LeadHub: a plain sentence, an empty list or the first page, never a 500."""

import re
from collections.abc import Iterator
from itertools import islice

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from leadhub.testing import in_full, signed_in

from .access_rows import Row
from .access_table import TABLE
from .world import World

pytestmark = pytest.mark.django_db

#: Already percent-encoded, as they stand in an address.
JUNK = [
    "", "%00", "a%00b", "%ED%A0%80", "%FF%FE", "%C0%AF", "%F4%90%80%80", "x" * 10_000, "%E2%80%AE%D7%90", "%F0%9F%92%A9",
    "-1", "0", "1", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "9" * 30, "9" * 5_000, "1e309", "NaN", "Infinity",
    "%D9%A3", "%E2%91%A0", "1.5", "+1", "0x10", "1_000", "true", "null", "undefined", "[]", "{}", "%7B%22a%22%3A1%7D", "%5B%5B%5B%5B",
    "0000-00-00", "2026-02-30", "9999-12-31", "294277-01-01", "2026-13-01T99:99", "-name", "--name", "name__startswith", "password",
    "'%20OR%201%3D1--", "%27%3B%20DROP%20TABLE%20leads_lead%3B--", "%25", "%5C", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "..%2F..%2Fetc%2Fpasswd",
    "%0D%0ASet-Cookie:%20x=1", "%E2%80%A8", "eyJhIjoxfQ", "WzAsWzFdXQ", "WzAsWyJcdTAwMDAiXV0", "WzAsWzllOTk5XV0", "====", "%7B%7B7*7%7D%7D",
]  # fmt: skip
#: Every parameter that pages of ours read, and one they do not; an array of one with `[]`.
NAMES = ["q", "after", "before", "sort", "stage", "owner", "team", "list", "day", "from", "to", "by", "source", "label", "page", "model", "state",
         "kind", "period", "rep", "week", "total", "min", "max", "score", "has", "field", "op", "value", "activity", "of", "f", "company", "day_from"]  # fmt: skip

READERS = {
    "Mick": "marketing_manager",
    "Sue": "sales_manager",
    "Rita": "sales_rep",
    "Ada": "administrator",
    "Mona": "marketer",
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        made = World.make()
        made.furnish()
        made.cookies = {who: signed_in(who).cookies for who in READERS}
        yield made
        transaction.set_rollback(True)


def reader_of(name: str, world: World) -> Client:
    """Somebody who may open it."""
    row = TABLE[name]
    who = next(who for who, role in READERS.items() if role in (row.get or row.post or ()))
    client = Client(raise_request_exception=False)
    client.cookies.load({name: cookie.value for name, cookie in world.cookies[who].items()})
    return client


def parameters_of(client: Client, url: str) -> list[str]:
    """The names that the page itself puts into its forms and links, and the known ones."""
    text = getattr(client.get(url), "content", b"").decode(errors="replace")
    return list(
        dict.fromkeys([*re.findall(r"[?&;]([a-z_]{1,30})=", text), *re.findall(r'name="([a-z_]{1,30})"', text), *NAMES])
    )


def share(of: list[str], place: int) -> list[str]:
    """A third of it for each address, another one for the next; all of it in the full tier."""
    return of if in_full() else of[place % 3 :: 3]


def queries(names: list[str], page: int) -> Iterator[str]:
    """Every parameter meets some of the junk here, and all of it over the pages; a quarter at once in the full tier."""
    for turn in range(14 if in_full() else 2):
        yield "&".join(
            f"{name}={_short(JUNK[(page * 7 + turn * 5 + place) % len(JUNK)], place)}"
            for place, name in enumerate(names[:40])
        )
    lists = "&".join(f"{name}[]=1&{name}=1&{name}=2&{name}=" for name in names[:40])
    yield lists + "".join(f"&x{number}=1" for number in range(780)) + "&&&===&=&%"


def _short(junk: str, place: int) -> str:
    """A long text under each fifth name only: servers refuse longer addresses before we see them."""
    return junk if len(junk) < 200 or place % 5 == 0 else junk[:50]


GETS = sorted(name for name, row in TABLE.items() if row.get and not row.api and not name.startswith("design"))


#: What one parameter alone must not break: junk in it must not hide behind a refusal of another.
WORST = ["%ED%A0%80", "9" * 5_000, "9999-12-31"]


@pytest.mark.parametrize("name", GETS)
def test_junk_in_parameters_is_never_our_fault(name: str, world: World):
    row: Row = TABLE[name]
    client, place = reader_of(name, world), GETS.index(name)
    url = reverse(name, kwargs=row.given(world))
    names = parameters_of(client, url)
    own = [one for one in names if one not in NAMES][: 3 if in_full() else 1]
    asked = [*queries(names, place), *(f"{one}={junk}" for one in own for junk in share(WORST, place))]
    assert [query[:300] for query in asked if client.get(f"{url}?{query}").status_code >= 500] == []


NUMBERS = ["0", "9223372036854775807", "9223372036854775808", "9" * 30, "9" * 5_000, "%D9%A3", "%00"]


WITH_NUMBERS = sorted(name for name, row in TABLE.items() if not row.api and row.given is not Row().given)


@pytest.mark.parametrize("name", WITH_NUMBERS)
def test_numbers_of_nothing_are_not_found(name: str, world: World):
    given = TABLE[name].given(world)
    client = reader_of(name, world)
    for junk in share(NUMBERS, WITH_NUMBERS.index(name)):
        for key, value in given.items():
            mark = "987654321987" if isinstance(value, int) else "mark-of-nothing"
            try:
                url = reverse(name, kwargs=given | {key: int(mark) if isinstance(value, int) else mark})
            except Exception:
                continue
            address = url.replace(mark, junk, 1)
            for method in ["get"] * bool(TABLE[name].get) + ["post"] * bool(TABLE[name].post):
                assert getattr(client, method)(address).status_code < 500, (method, address[:200])


POSTS = sorted(name for name, row in TABLE.items() if row.post and not row.api and name != "sign_out")
VALUES = [
    "",
    "\x00",
    "\ud800".encode("utf-8", "surrogatepass"),
    "x" * 10_000,
    "9" * 30,
    "9" * 5_000,
    "٣",
    "-1",
    "1e999",
    "9999-12-31",
    "2026-11-21T25:61",
    "[]",
]


def fields_of(client: Client, url: str) -> list[str]:
    page = client.get(url)
    text = getattr(page, "content", b"").decode(errors="replace") if page.status_code == 200 else ""
    known = [
        "ids",
        "action",
        "reason",
        "note",
        "text",
        "at",
        "kind",
        "result",
        "to",
        "name",
        "of",
        "asked",
        "everything",
        "confirmed",
        "act",
        "amount",
        "return_on",
        "verdict",
        "token",
    ]
    return list(dict.fromkeys([*re.findall(r'name="([a-zA-Z0-9_-]{1,40})"', text), *known]))


def bodies(names: list[str], data: dict[str, object], place: int) -> Iterator[dict[str, object]]:
    """Each junk in every field, and half of it, the other half in the next form, beside valid answers, so that no refusal hides it.

    A quarter of it here and the rest in the next three forms, except in the full tier.
    """
    for turn, value in enumerate(VALUES):
        if not in_full() and (turn + place) % 4:
            continue
        yield dict.fromkeys(names, value)
        if (turn + place) % 2 or not in_full():
            yield data | {one: value for one in islice(names, 6) if one not in data}


@pytest.mark.parametrize("name", POSTS)
def test_junk_in_forms_is_never_our_fault(name: str, world: World):
    row = TABLE[name]
    client = reader_of(name, world)
    url = reverse(name, kwargs=row.given(world))
    names = [one for one in fields_of(client, url) if one != "csrfmiddlewaretoken"]
    for sent in bodies(names, row.data, POSTS.index(name)):
        with transaction.atomic():
            code = client.post(url, sent).status_code
            transaction.set_rollback(True)
        assert code < 500, {name: str(value)[:50] for name, value in sent.items()}
