"""Where LeadHub goes by HTTP, and where never, however the address is written (quality.md S15, rule 36)."""

import _socket
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from outbox import webclient

CLOSED = [
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.168.255.254",
    "169.254.169.254",
    "169.254.0.1",
    "100.64.0.1",
    "100.127.255.254",
    "192.0.0.8",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2002:c0a8:1::",
    "2001::7f00:1",
    "fe80::1",
    "fe80::1%lo",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "ff0e::1",
    "2001:db8::1",
    "100::1",
    "5f00::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
]
WRITTEN = ["2130706433", "0x7f.1", "017700000001", "127.1", "①②⑦.⓪.⓪.①", "localhost", "0", "0x7f000001"]


@pytest.mark.parametrize("address", CLOSED)
def test_a_closed_network_is_never_gone_to(address: str) -> None:
    assert not webclient.is_allowed(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_the_open_internet_is(address: str) -> None:
    assert webclient.is_allowed(address)


@pytest.mark.parametrize("host", WRITTEN)
def test_other_ways_to_write_this_machine_are_found_out(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _socket.getaddrinfo)  # the guard of tests knows fewer ways to write it
    with pytest.raises((webclient.Refused, webclient.Unreachable)):
        webclient.checked_address(host, 443)


@pytest.mark.parametrize(
    "url",
    ["", "x", "http://example.com/", "ftp://example.com/", "https://", "https://a:b@example.com/", "//example.com",
     "file:///etc/passwd", "https://[::1", "javascript:alert(1)", "https://exa mple.com/", "https://example.com:99999/"],
)  # fmt: skip
def test_what_is_no_https_address_is_refused_in_words(url: str) -> None:
    with pytest.raises(webclient.Refused, match=r"\.$"):
        webclient.check_url(url)


class Echo(BaseHTTPRequestHandler):
    """Answers what the path asks for, and remembers what came."""

    came: list[tuple[dict[str, str], bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        Echo.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(int(self.path.strip("/")))
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, *_words: Any) -> None:
        """Nothing on the console."""


@pytest.fixture
def listener(settings: Any) -> Iterator[str]:
    """A program that listens on this machine, which only tests may reach."""
    settings.OUTGOING_LOOPBACK = True
    Echo.came.clear()
    server = HTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("code", [200, 302, 500])
def test_the_code_is_told_and_no_redirect_followed(listener: str, code: int) -> None:
    assert webclient.post(f"{listener}/{code}", b"{}", {}) == code
    assert len(Echo.came) == 1


def test_nobody_there_is_a_sentence(settings: Any) -> None:
    settings.OUTGOING_LOOPBACK = True
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with pytest.raises(webclient.Unreachable, match="could not be reached"):
        webclient.post(address, b"{}", {})


def test_where_a_name_leads_is_checked_when_it_is_gone_to() -> None:
    with pytest.raises(webclient.Refused, match="closed network"):
        webclient.post("https://localhost/", b"{}", {})
