"""The one way out by HTTP: to checked addresses only, within 10 seconds, no redirects, no proxy (quality.md rule 36, S15)."""

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from typing import Any

import certifi
import httpcore
import httpx
from django.conf import settings
from django.utils.translation import gettext as _

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NEVER = [
    ipaddress.ip_network(text)
    for text in ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "5f00::/16", "2001::/32")
]
_HOST = re.compile(r"[\w.-]+|[0-9a-fA-F:.]+")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(Exception):
    """An address LeadHub never goes to; the text is a sentence for people."""


class Unreachable(Exception):
    """Nobody answered, or not in time; the text is a sentence for people."""


def check_url(url: str) -> None:
    """Raise `Refused` unless the URL is one we might go to; where it leads is checked again when it is gone to."""
    try:
        parts = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError) as fault:
        raise Refused(_("This is not an address of a web page.")) from fault
    if parts.scheme != "https" and not settings.OUTGOING_LOOPBACK:
        raise Refused(_("The address must begin with https://."))
    if (
        not _HOST.fullmatch(parts.host)
        or parts.userinfo
        or parts.scheme not in ("http", "https")
        or not 0 < (parts.port or 443) < 65_536
    ):
        raise Refused(_("The address needs a host, and may hold no name or password."))


def inner(address: Address) -> Address:
    """The IPv4 address an IPv6 address stands for: mapped, 6to4, NAT64; else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def is_allowed(text: str) -> bool:
    """Whether the address lies in the open internet, by whatever name it is written."""
    written = ipaddress.ip_address(text.partition("%")[0])
    address = inner(written)
    if settings.OUTGOING_LOOPBACK and address.is_loopback:
        return True
    hidden = any(
        each in network for network in _NEVER for each in (written, address) if network.version == each.version
    )
    return address.is_global and not address.is_multicast and not address.is_reserved and not hidden


def checked_address(host: str, port: int) -> str:
    """The address to connect to. Raises `Refused` where the host leads, even among others, into a closed network."""
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as fault:
        raise Unreachable(_("There is no such host.")) from fault
    if not found or not all(is_allowed(address) for address in found):
        raise Refused(_("The host leads into a closed network, where LeadHub does not go."))
    return min(found)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send it; the status code of the answer, whose text nobody reads. Raises `Refused` or `Unreachable`."""
    check_url(url)
    transport = httpx.HTTPTransport(trust_env=False)
    # httpx offers no public way to choose how connections are made, and only there can what is checked be what is used.
    transport._pool = httpcore.ConnectionPool(
        ssl_context=ssl.create_default_context(cafile=certifi.where()), network_backend=_Checked(TOTAL_SECONDS)
    )
    timeout = httpx.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS)
    try:
        with (
            httpx.Client(transport=transport, trust_env=False, follow_redirects=False, timeout=timeout) as client,
            client.stream("POST", url, content=body, headers=dict(headers)) as answer,
        ):
            return answer.status_code
    except httpx.TimeoutException as fault:
        raise Unreachable(_("The other side did not answer within 10 seconds.")) from fault
    except (httpx.HTTPError, OSError) as fault:
        raise Unreachable(_("The other side could not be reached.")) from fault


class _Checked(httpcore.NetworkBackend):
    """Connects to checked addresses only, and ends everything when the time is up."""

    def __init__(self, seconds: float) -> None:
        self.ends, self.plain = time.monotonic() + seconds, httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        return _Stream(self.plain.connect_tcp(checked_address(host, port), port, timeout=timeout), self.ends)


class _Stream(httpcore.NetworkStream):
    """A connection that waits for nothing beyond the end."""

    def __init__(self, stream: httpcore.NetworkStream, ends: float) -> None:
        self.stream, self.ends = stream, ends

    def _left(self, timeout: float | None) -> float:
        left = self.ends - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if timeout is None else min(left, timeout)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self.stream.start_tls(ssl_context, server_hostname, self._left(timeout)), self.ends)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)
