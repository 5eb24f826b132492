"""What every answer carries, and with which settings LeadHub refuses to start (quality.md S5, S6, S25)."""

import os
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.urls import path

from accounts.access import public
from leadhub import urls
from leadhub.testing import person, signed_in

from .source import HOUSE

STRICT = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "font-src": "'self'", "connect-src": "'self'",
    "object-src": "'none'", "base-uri": "'none'", "frame-ancestors": "'none'", "form-action": "'self'",
}  # fmt: skip
PRODUCTION = {
    "LEADHUB_MODE": "production",
    "SECRET_KEY": "k3-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2,
    "ALLOWED_HOSTS": "leadhub.example",
    "EMAIL_URL": "smtp://localhost:25",
    "BASE_URL": "https://leadhub.example",
    "DEBUG": "false",
}


def breaks(_request):
    raise RuntimeError


def finds_no_database(request):
    raise psycopg.OperationalError if "driver" in request.GET else OperationalError


class Urls:
    urlpatterns = [*urls.urlpatterns, path("breaks/", public(breaks)), path("away/", public(finds_no_database))]
    handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


PAGES = {
    "/sign-in/": 200,
    "/profile/": 200,
    "/settings/people/": 403,
    "/nothing/": 404,
    "/?x=%00": 400,
    "/breaks/": 500,
    "/away/": 503,
    "/healthz": 200,
}


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["Rita", None])
@pytest.mark.parametrize("url", PAGES)
def test_every_answer_is_armoured(url: str, who: str | None, settings):
    settings.ROOT_URLCONF = Urls
    client = signed_in(who) if who else Client()
    client.raise_request_exception = False
    answer = client.get(url).headers
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert {name: policy.get(name) for name in STRICT} == STRICT
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert (answer["X-Content-Type-Options"], answer["Referrer-Policy"], answer["X-Frame-Options"]) == (
        "nosniff",
        "same-origin",
        "DENY",
    )
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert len(answer["X-Request-Id"]) == 16


@pytest.mark.django_db
@pytest.mark.parametrize(("url", "code"), [item for item in PAGES.items() if item[0] not in ("/sign-in/", "/healthz")])
def test_what_a_signed_in_person_sees_is_kept_nowhere(url: str, code: int, settings):
    settings.ROOT_URLCONF = Urls
    client = signed_in("Rita")
    client.raise_request_exception = False
    response = client.get(url)
    assert (response.status_code, response["Cache-Control"]) == (code, "no-store")


@pytest.mark.django_db
@pytest.mark.parametrize(("url", "code"), [("/nothing/", 404), ("/?x=%00", 400), ("/breaks/", 500)])
@pytest.mark.parametrize("who", ["Rita", None])
def test_error_pages_have_the_face_and_ask_the_database_nothing(
    url: str, code: int, who: str | None, settings, django_assert_max_num_queries
):
    settings.ROOT_URLCONF = Urls
    client = signed_in(who) if who else Client()
    client.raise_request_exception = False
    with django_assert_max_num_queries(2 if who else 0):  # the session and its person
        response = client.get(url)
    assert response.status_code == code
    assert "bare-card" in response.content.decode()
    assert "<h1>" in response.content.decode()


@pytest.mark.django_db
def test_programs_get_errors_as_json_and_fragments_as_a_sentence():
    client = signed_in("Rita")
    assert client.get("/api/nothing-here").json()["detail"].startswith("There is nothing")
    fragment = client.get("/settings/people/", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment["Content-Type"]) == (403, "text/plain; charset=utf-8")
    assert fragment.content == b"Your role does not include this."


@pytest.mark.django_db
def test_a_stale_form_says_so_in_the_face():
    response = Client(enforce_csrf_checks=True).post("/sign-in/", {})
    assert response.status_code == 403
    assert "bare-card" in response.content.decode()


@pytest.mark.django_db
def test_cookies_are_kept_from_scripts_and_other_sites():
    person("Rita")
    client = Client()
    client.get("/sign-in/")
    client.post("/sign-in/", {"email": "rita@leadhub.example", "password": "correct horse battery staple"})
    assert set(client.cookies) == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.DEVICE_COOKIE_NAME}
    for cookie in client.cookies.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """LeadHub started anew with that environment and the test's engines."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "DATABASE_URL", "REDIS_URL", "LANG") if name in os.environ
    }
    return subprocess.run(
        [sys.executable, *command],
        env=kept | environment,
        cwd=HOUSE,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


@pytest.mark.parametrize("mode", ["production", "local"])
def test_the_deployment_checks_find_nothing(mode: str):
    environment = PRODUCTION if mode == "production" else {"SECRET_KEY": PRODUCTION["SECRET_KEY"]}
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **environment)
    assert done.returncode == 0, done.stderr


SHOW = """
import django; django.setup()
from django.conf import settings as s
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.DEVICE_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY,
      s.CSRF_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.SESSION_COOKIE_DOMAIN, s.SESSION_COOKIE_PATH, s.SECURE_HSTS_SECONDS,
      s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_SSL_REDIRECT, s.DEBUG)
"""


def test_in_production_cookies_are_tied_to_the_host_and_https_is_forced():
    done = run("-c", SHOW, DJANGO_SETTINGS_MODULE="leadhub.settings", **PRODUCTION)
    assert done.stdout.split() == [
        "__Host-session",
        "__Host-csrf",
        "__Host-device",
        *["True"] * 4,
        "Lax",
        "None",
        "/",
        "31536000",
        "True",
        "True",
        "False",
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be at least 50 random characters"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY must be at least 50 random characters"),
        ({"DEBUG": "true"}, "DEBUG must be off in production"),
        ({"LEADHUB_MODE": "staging"}, "LEADHUB_MODE is 'staging'"),
        ({"WORKSPACE_TIME_ZONE": "Mars/Base"}, "WORKSPACE_TIME_ZONE is 'Mars/Base'"),
    ],
)
def test_it_does_not_start_with_unsafe_settings(given: dict[str, str], said: str):
    done = run("-c", "import leadhub.settings", **(PRODUCTION | given))
    assert done.returncode != 0
    assert said in done.stderr


@pytest.mark.django_db
def test_without_a_database_one_is_asked_to_wait(settings):
    settings.ROOT_URLCONF = Urls
    client = Client(raise_request_exception=False)
    page = client.get("/away/")
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert "Please try again in a moment" in page.content.decode()
    assert "does not answer" in client.get("/away/", headers={"HX-Request": "true"}).content.decode()
    assert client.get("/away/?driver").status_code == 503
