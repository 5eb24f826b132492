"""No way of writing `next` leads to a foreign host (quality.md S12)."""

import pytest
from django.test import Client
from django.urls import reverse

from leadhub.testing import signed_in

pytestmark = pytest.mark.django_db

HOSTS = ["evil.example", "evil.example:80", "evil.example/..//testserver", "testserver.evil.example", "testserver@evil.example",
         "еvil.example", "xn--vil-8cd.example", "[::1]", "127.0.0.2", "2130706433", "0x7f.1"]  # fmt: skip
SHAPES = ["http://{}", "https://{}", "HTTP://{}", "//{}", "///{}", "////{}", "/\\{}", "\\\\{}", "\\/{}", "/\\/{}", "http:{}", "http:/{}",
          "http:\\\\{}", "https:///{}", "\thttp://{}", " //{}", "\n//{}", "/\t/{}", "http://\t{}", "//{}%2f..", "ftp://{}", "//{}?x=/", "//{}#/"]  # fmt: skip
OTHERS = ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "mailto:x@evil.example",
          "/\r\nLocation: http://evil.example", "/%0d%0aSet-Cookie:x=1\r\n", "http://testserver:81/", "\x00//evil.example", "", "x" * 20_000]  # fmt: skip
PAYLOADS = [shape.format(host) for shape in SHAPES for host in HOSTS] + OTHERS


def test_no_next_leaves_the_house():
    client = signed_in("Rita")
    assert len(PAYLOADS) > 260
    for payload in PAYLOADS:
        response = client.get(reverse("sign_in"), {"next": payload})
        if response.status_code == 400:
            continue  # the boundary refused it before
        assert leads_home(response["Location"]), repr(payload)
        assert "Set-Cookie" not in response.headers


def leads_home(location: str) -> bool:
    """What every browser takes for a path here: one slash, then neither slash nor backslash, no control letters."""
    return location == "/" or (location.startswith("/") and location[1] not in "/\\" and location.isprintable())


def test_our_own_pages_are_allowed():
    for page in ["/profile/", "/settings/people/?q=x&after=3", "/x#tab"]:
        assert signed_in("Rita").get(reverse("sign_in"), {"next": page})["Location"] == page


def test_sign_in_with_a_foreign_next_goes_home():
    from leadhub.testing import PASSWORD, person

    person("Rita")
    given = {"email": "rita@leadhub.example", "password": PASSWORD, "next": "//evil.example"}
    assert Client().post(reverse("sign_in"), given)["Location"] == "/"
