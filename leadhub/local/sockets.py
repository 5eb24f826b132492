"""No outgoing network in tests: a connection that would leave this machine fails loudly, naming where it wanted to go."""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

GUARDED = ("connect", "connect_ex", "sendto")


class OutgoingNetwork(Exception):
    """Code under test wanted to leave the machine. No OSError, so that no error handling hides it."""


@contextmanager
def outgoing_network_is_blocked() -> Iterator[None]:
    """While inside, Python's sockets reach Unix sockets and loopback only, and other names are not looked up."""
    before = {name: getattr(socket.socket, name) for name in GUARDED}
    look_up = socket.getaddrinfo
    for name, real in before.items():
        setattr(socket.socket, name, _guard(real))
    socket.getaddrinfo = _guarded_look_up(look_up)
    try:
        yield
    finally:
        for name, real in before.items():
            setattr(socket.socket, name, real)
        socket.getaddrinfo = look_up


def _guard(real: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        # sendto(data[, flags], address): the address comes last everywhere.
        if self.family in {socket.AF_INET, socket.AF_INET6} and not is_here(arguments[-1][0]):
            raise OutgoingNetwork(f"A test wanted to reach {arguments[-1]}; tests talk to this machine only.")
        return real(self, *arguments)

    return guarded


def _guarded_look_up(real: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(host: Any, *arguments: Any, **options: Any) -> Any:
        if not is_here(host):
            raise OutgoingNetwork(f"A test wanted to look up {host!r}; tests talk to this machine only.")
        return real(host, *arguments, **options)

    return guarded


def is_here(host: Any) -> bool:
    """Whether the name or address means this machine, or is an address that needs no look-up and is loopback."""
    if isinstance(host, bytes):
        host = host.decode(errors="replace")
    if host in {None, "", "localhost", "0.0.0.0", "::"}:  # noqa: S104  (compared, not bound)
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False
