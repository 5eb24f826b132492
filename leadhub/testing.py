"""The known cast and makers of real rows, for tests (style.md habit 15)."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.crypto import get_random_string
from hypothesis import settings as hypothesis_settings

from accounts.addresses import email_key
from accounts.fresh_password import GIVEN_AT
from accounts.models import Role, SignInFailure, Team, User
from leads.models import Activity, ActivityType, Company, Lead

#: A Wednesday; tests that need a moment start from here.
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"

CAST: dict[str, list[str]] = {
    "Mona": [Role.MARKETER],
    "Mick": [Role.MARKETING_MANAGER],
    "Rita": [Role.SALES_REP],
    "Sam": [Role.SALES_REP],
    "Sue": [Role.SALES_MANAGER],
    "Ann": [Role.ANALYST],
    "Ada": [Role.ADMINISTRATOR],
}
_numbers = count(1)
#: How many examples a property gets at least in the full tier (`make test-full`).
FULL = 500


def person(name: str) -> User:
    """One of the cast by name, created on first call. Reps and Sue share the team “Sales”."""
    email = f"{name.lower()}@leadhub.example"
    found = User.objects.filter(email_key=email).first()
    if found:
        return found
    team = (
        Team.objects.get_or_create(name="Sales")[0] if set(CAST[name]) & {Role.SALES_REP, Role.SALES_MANAGER} else None
    )
    return User.objects.create_user(email=email, password=PASSWORD, name=name, roles=CAST[name], team=team)


def signed_in(name: str, *, ago: timedelta = timedelta(0)) -> Client:
    """A browser in which that person is signed in: it has the session that signing in leaves, written by one statement.

    `ago` is how long ago the password was given; it is fresh unless said otherwise.
    """
    user, client, store = person(name), Client(), SessionStore()
    row = Session.objects.create(
        session_key=get_random_string(32),
        session_data=store.encode(
            {
                SESSION_KEY: str(user.pk),
                BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
                HASH_SESSION_KEY: user.get_session_auth_hash(),
                GIVEN_AT: (timezone.now() - ago).timestamp(),
            }
        ),
        expire_date=store.get_expiry_date(),
    )
    client.cookies[settings.SESSION_COOKIE_NAME] = row.session_key
    return client


#: The password was given long ago: `signed_in("Mick", ago=LONG_AGO)` is asked for it before acts that reach far.
LONG_AGO = timedelta(hours=1)


def fail_again(times: int) -> None:
    """So many more wrong passwords counted where the last one was, without the requests."""
    last = SignInFailure.objects.latest("pk")
    SignInFailure.objects.bulk_create(SignInFailure(bucket=last.bucket, at=last.at) for _n in range(times))


def make_company(name: str = "Nusantara Logistics", **facts: Any) -> Company:
    return Company.objects.create(name=name, name_key=name.lower(), **facts)


def make_lead(email: str | None = None, *, at: datetime = NOON, **facts: Any) -> Lead:
    """A lead as the database holds it; `at` is when it came."""
    email = email if email is not None else f"lead{next(_numbers)}@example.com"
    return Lead.objects.create(
        email=email,
        email_key=email_key(email) or None,
        created_at=at,
        updated_at=at,
        stage_since=at,
        **{"first_name": "Dewi", "last_name": "Lestari"} | facts,
    )


def make_activity(lead: Lead, type: str = "page_visit", *, at: datetime = NOON, **details: Any) -> Activity:
    """A raw activity row, without signals: for tests of what reads rows. Real flows call `lead.record`."""
    kind = ActivityType.objects.get(key=type)
    return Activity.objects.create(
        lead=lead,
        type=kind,
        occurred_at=at,
        recorded_at=at,
        **{"funnel_stage": kind.funnel_stage, "external_id": f"test-{next(_numbers)}"} | details,
    )


def assert_same_queries(
    client: Client, url: str, make: Callable[[], Any], *, counts: tuple[int, int] = (1, 3), most: int = 12
) -> None:
    """The page at `url` asks the database equally often for 1 row and for 3, and at most `most` times."""
    asked = []
    made = 0
    for rows in counts:
        while made < rows:
            make()
            made += 1
        client.get(url)  # sessions, caches and content types warm up
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url)
        assert response.status_code == 200, response.status_code
        asked.append(queries)
    few, many = asked
    assert len(few) == len(many), "\n".join(q["sql"] for q in many.captured_queries)
    assert len(many) <= most, "\n".join(q["sql"] for q in many.captured_queries)


def eventually(true: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether it comes true within so many seconds."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def examples(most: int, **more: Any) -> hypothesis_settings:
    """So many examples of a property, or `FULL` in the full tier; never a limit of time, for machines are shared."""
    return hypothesis_settings(max_examples=max(most, FULL) if in_full() else most, deadline=None, **more)


def in_full() -> bool:
    """Whether this is the full tier of the tests, which takes an hour or so."""
    return hypothesis_settings.get_current_profile_name() == "full"
