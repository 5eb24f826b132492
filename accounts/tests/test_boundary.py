"""What no browser of ours sends is refused with a sentence before any view meets it."""

import pytest
from django.core.exceptions import BadRequest
from django.db import DataError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse

from accounts.access import public
from accounts.boundary import storable
from leadhub import urls
from leadhub.testing import PASSWORD, make_lead, person, signed_in
from leads.models import Lead

pytestmark = pytest.mark.django_db


def too_large(_request: HttpRequest) -> HttpResponse:
    connection.cursor().execute("SELECT 99999999999::int")
    raise AssertionError


def half_a_letter(_request: HttpRequest) -> HttpResponse:
    Lead.objects.filter(first_name="\ud800").exists()
    raise AssertionError


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST.get("x", ""))


class Urls:
    urlpatterns = [
        *urls.urlpatterns,
        path("too-large/", public(too_large)),
        path("half/", public(half_a_letter)),
        path("echo/", public(echo)),
    ]
    handler400 = urls.handler400


@pytest.mark.parametrize(
    "address", ["/?q=%00", "/?%00=1", "/settings/people/?q=a%00b", "/sign-in/?next=%00", "/leads/%00/"]
)
def test_a_nul_in_an_address_is_refused(address: str):
    response = signed_in("Ada").get(address)
    assert response.status_code in {400, 404}
    assert "bare-card" in response.content.decode()


@pytest.mark.parametrize("fields", [{"email": "a\x00", "password": "b"}, {"email": "a", "password": "b", "a\x00": "1"}])
def test_a_nul_in_a_form_is_refused(fields: dict[str, str]):
    assert Client().post(reverse("sign_in"), fields).status_code == 400
    content = "&".join(f"{name}={value}" for name, value in fields.items()).replace("\x00", "%00")
    assert (
        Client().post(reverse("sign_in"), content, content_type="application/x-www-form-urlencoded").status_code == 400
    )


def test_letters_of_every_script_are_welcome(settings):
    settings.ROOT_URLCONF = Urls
    for text in ["Zażółć gęślą jaźń", "Żółw 🐢", "שלום", "日本語", "e\u0301", "\u202e", "x" * 100_000]:
        assert Client().post("/echo/", {"x": text}).content.decode() == text


def test_a_name_that_holds_html_is_shown_as_text():
    person("Ada")
    ada = signed_in("Ada")
    ada.post(reverse("team_new"), {"name": "<script>alert(1)</script>"})
    assert "<script>alert" not in ada.get(reverse("teams")).content.decode()


@pytest.mark.parametrize("address", ["/too-large/", "/half/"])
def test_what_slips_through_is_answered_400_and_logged_with_its_place(
    address: str, settings, caplog: pytest.LogCaptureFixture
):
    settings.ROOT_URLCONF = Urls
    make_lead()
    response = Client().get(address)
    assert response.status_code == 400
    (record,) = [record for record in caplog.records if record.name == "accounts.boundary"]
    assert "accounts/tests/test_boundary.py" in " ".join(record.where)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "x"])
def test_methods_that_no_form_sends_are_refused(method: str):
    assert signed_in("Ada").generic(method, "/profile/").status_code == 405


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"--x\r\nContent-Disposition: form-data; name=a", "multipart/form-data; boundary=x"),
        (b"garbage", "multipart/form-data"),
        (b"garbage", "multipart/form-data; boundary=" + "y" * 500),
        (b"&".join(b"a%d=1" % number for number in range(1_500)), "application/x-www-form-urlencoded"),
        (b"a=" + b"x" * 6_000_000, "application/x-www-form-urlencoded"),
        (b"\xff\xfe=\xed\xa0\x80", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"{}", "application/json"),
        (b"\xff", "text/plain; charset=nonsense"),
    ],
)
def test_a_broken_or_boundless_body_is_a_sentence(content: bytes, kind: str):
    assert Client().generic("POST", reverse("sign_in"), content, content_type=kind).status_code in {400, 413, 422}


@pytest.mark.parametrize("host", ["evil.example", "a b", "x:99999999", "[", "testserver:80@evil", "x" * 300])
def test_a_foreign_host_is_refused(host: str):
    response = Client().get("/sign-in/", headers={"host": host})
    assert response.status_code == 400
    assert "evil" not in response.content.decode()


@pytest.mark.parametrize("cookie", ["x", "é", "a" * 5_000, "' OR 1=1", "null"])
def test_a_strange_cookie_is_nobodys(cookie: str):
    client = Client()
    for name in ("leadhub_session", "leadhub_csrf", "leadhub_device", "theme", "density", "nav"):
        client.cookies[name] = cookie
    assert client.get("/profile/").status_code == 302
    person("Rita")
    assert client.post(reverse("sign_in"), {"email": "rita@leadhub.example", "password": PASSWORD}).status_code == 302


def test_what_can_be_stored():
    assert storable(["", "ascii", "żółw", "🐢"])
    assert not storable(["ok", "a\x00"])
    assert not storable(["\udfff"])


def test_a_refusal_speaks_only_words_of_ours():
    """Django's own exceptions speak to developers; ours to people."""
    from accounts.views_errors import _said

    assert _said(BadRequest("A sentence.")) == "A sentence."
    assert _said(DataError("invalid input syntax")) == ""
