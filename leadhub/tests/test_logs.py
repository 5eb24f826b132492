"""Logs are JSON, one line each, with ids and never with somebody's data (quality.md rule 35, S21)."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse

from accounts.access import public
from accounts.logs import JsonFormatter
from accounts.models import User
from leadhub import urls
from leadhub.testing import PASSWORD, make_lead, person, signed_in

MARKERS = ["Zvonimir", "zvonimir", "Quetzalcoatl", "+48555000777", "hunter2hunter2"]


class Lines(io.StringIO):
    """What a handler wrote."""

    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """A handler as the settings configure it, on everything, from the least important on."""
    stream = Lines()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def fails(request: HttpRequest, word: str) -> HttpResponse:
    """A view that meets another person's row: the database's message quotes it."""
    secret_name = "Zvonimir in a local variable"
    User.objects.create(email="zvonimir@example.com", email_key="zvonimir@example.com", name=secret_name)
    raise IntegrityError(f"Key (email)=(zvonimir@example.com) already exists: {secret_name}")


class UrlsThatFail:
    urlpatterns = [*urls.urlpatterns, path("fails/<str:word>/", public(fails), name="fails")]
    handler500 = urls.handler500


def test_a_line_is_one_json_object_with_time_level_and_logger(lines: Lines):
    logging.getLogger("leadhub.x").warning("Imported %s rows", 7, extra={"job": 3})
    (row,) = lines.rows()
    assert (row["level"], row["name"], row["message"], row["job"]) == ("WARNING", "leadhub.x", "Imported 7 rows", 3)
    assert row["at"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("mail to dewi@example.com failed", "mail to [address] failed"),
        ("GET /leads/?q=Zvonimir&x=1 slow", "GET /leads/?[query] slow"),
        ("dewi%40example.com", "[address]"),
        ("<Dewi.Lestari+x@sub.example.co.id>,", "<[address]>,"),
    ],
)
def test_addresses_and_queries_are_taken_out(lines: Lines, said: str, kept: str):
    logging.getLogger("x").info(said)
    logging.getLogger("x").info("%s", said)
    assert [row["message"] for row in lines.rows()] == [kept, kept]


@pytest.mark.parametrize(
    "evil", ['a\r\n{"level": "forged"}', "\x1b[2J\x1b[31mred", "x\u2028y\u0085z", "\x00", "\ud800"]
)
def test_a_line_cannot_be_forged_nor_the_terminal_steered(evil: str):
    """Formatted by hand: what pytest captures of a log call could not be sent between its workers."""
    record = logging.makeLogRecord({"name": "x", "levelname": "INFO", "msg": "said %s", "args": (evil,)})
    written = JsonFormatter().format(record)
    assert written.isascii()
    assert written.isprintable()
    assert json.loads(written)["message"] == f"said {evil}"


@pytest.mark.django_db
def test_a_500_is_logged_with_its_places_and_without_a_word_of_data(lines: Lines, settings):
    settings.ROOT_URLCONF = UrlsThatFail
    response = Client(raise_request_exception=False).post("/fails/zvonimir/?q=Quetzalcoatl", {"phone": "+48555000777"})
    (row,) = [row for row in lines.rows() if row["level"] == "ERROR"]
    assert (response.status_code, row["status_code"], row["method"]) == (500, 500, "POST")
    assert (row["route"], row["request_id"]) == ("fails/<str:word>/", response["X-Request-Id"])
    assert "leadhub/tests/test_logs.py" in row["exc_info"]
    assert row["message"] == "Internal Server Error: IntegrityError"
    assert [marker for marker in MARKERS if marker in lines.getvalue()] == []


@pytest.mark.django_db
def test_a_whole_day_leaves_nothing_of_anybody_in_the_logs(lines: Lines):
    """Sign in wrongly and rightly, add, edit, find, deactivate, fall over strange addresses: seeded markers are nowhere."""
    make_lead("zvonimir@example.com", first_name="Zvonimir", last_name="Quetzalcoatl", phone="+48555000777")
    person("Rita")
    for email, password in [
        ("zvonimir@example.com", "hunter2hunter2"),
        ("rita@leadhub.example", "hunter2hunter2"),
        ("rita@leadhub.example", PASSWORD),
    ]:
        Client().post(reverse("sign_in"), {"email": email, "password": password})
    ada = signed_in("Ada")
    new = {"email": "zvonimir@example.com", "name": "Zvonimir", "roles": ["analyst"], "time_zone": "UTC"}
    assert ada.post(reverse("person_new"), new).status_code == 200
    pk = User.objects.get(name="Zvonimir").pk
    ada.post(reverse("person_edit", args=[pk]), {"name": "Quetzalcoatl", "roles": ["analyst"]})
    ada.post(reverse("person_deactivate", args=[pk]))
    for url in [
        "/settings/people/?q=Zvonimir",
        "/nothing/zvonimir/",
        "/welcome/zvonimir/hunter2hunter2/",
        "/?q=zvonimir%40example.com%00",
    ]:
        ada.get(url)
    assert [marker for marker in MARKERS if marker in lines.getvalue()] == []


def test_a_failed_task_is_logged_without_its_arguments_or_message(lines: Lines):
    """Celery's own line quotes the exception and the traceback."""
    try:
        raise ValueError("Zvonimir")
    except ValueError as fault:
        context = {
            "exc": str(fault),
            "args": "('Quetzalcoatl',)",
            "kwargs": "{}",
            "traceback": "Zvonimir",
            "name": "t",
            "id": "1",
        }
        logging.getLogger("celery.app.trace").error(  # noqa: G201 (as Celery does)
            "Task %(name)s[%(id)s] raised: %(exc)s\n%(traceback)s", context, exc_info=True, extra={"data": context}
        )
    (row,) = lines.rows()
    assert (row["message"], "ValueError" in row["exc_info"]) == ("Task t[1]", True)
    assert [marker for marker in MARKERS if marker in lines.getvalue()] == []


def test_an_exception_given_as_an_argument_is_named_by_its_type(lines: Lines):
    logging.getLogger("x").error("The step %s failed: %s", "scoring.sweep.drain", ValueError("Zvonimir"))
    assert lines.rows()[0]["message"] == "The step scoring.sweep.drain failed: ValueError"


@pytest.mark.django_db
def test_slow_requests_are_told_apart_and_each_answer_carries_its_id(lines: Lines, settings):
    settings.SLOW_REQUEST_SECONDS = 0
    response = signed_in("Rita").get("/profile/?q=Zvonimir")
    (row,) = [row for row in lines.rows() if row["message"] == "Slow request"]
    assert (row["route"], row["status"], row["user_id"]) == ("profile/", 200, person("Rita").pk)
    assert row["request_id"] == response["X-Request-Id"]
    assert "Zvonimir" not in lines.getvalue()


@pytest.mark.django_db
def test_statements_with_their_values_are_not_logged(lines: Lines):
    with pytest.raises(IntegrityError):
        connection.cursor().execute("INSERT INTO accounts_team (name) VALUES (NULL), ('Zvonimir')")
    assert "Zvonimir" not in lines.getvalue()
