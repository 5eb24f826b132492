"""No test, and so no code under test, reaches beyond this machine (quality.md rule 44)."""

import socket
from collections.abc import Callable

import pytest

from leadhub.local.sockets import OutgoingNetwork

TARGETS = [("192.0.2.1", 80), ("198.51.100.7", 443), ("example.com", 443), ("8.8.8.8", 53)]


@pytest.mark.parametrize("target", TARGETS)
def test_connecting_outwards_is_refused_at_once(target: tuple[str, int]):
    with pytest.raises(OutgoingNetwork), socket.create_connection(target, timeout=3):
        pass


@pytest.mark.parametrize("send", [lambda s: s.sendto(b"x", ("192.0.2.1", 53)), lambda s: s.connect(("192.0.2.1", 53))])
def test_datagrams_outwards_are_refused(send: Callable[[socket.socket], object]):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams, pytest.raises(OutgoingNetwork):
        send(datagrams)


def test_loopback_is_open():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=3):
        pass
