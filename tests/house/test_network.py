"""Tests stay on this machine."""

import socket

import pytest
import requests

from tests.services.network import BeyondLoopback, is_local

ELSEWHERE = "192.0.2.1"  # TEST-NET-1, RFC 5737: nobody's address


@pytest.mark.parametrize(
    "address", [("127.0.0.1", 1), ("127.8.8.8", 1), ("::1", 1, 0, 0), "/run/socket", None, b"localhost"]
)
def test_loopback_is_local(address):
    """Loopback of either family, Unix sockets and the empty name stay here."""
    assert is_local(address)


@pytest.mark.parametrize(
    "address", [(ELSEWHERE, 1), ("2001:db8::1", 1, 0, 0), "localhost.example", b"example"]
)
def test_elsewhere_is_not_local(address):
    """Other addresses and every name that needs a look-up do not."""
    assert not is_local(address)


def test_connection_elsewhere_is_refused():
    """The connection is refused before a packet leaves."""
    with socket.socket() as ours, pytest.raises(BeyondLoopback):
        ours.connect((ELSEWHERE, 9))


def test_name_lookup_is_refused():
    """A library that swallows OSError does not swallow the refusal."""
    with pytest.raises(BeyondLoopback):
        requests.get("http://buyer.testby.example/", timeout=1)


def test_loopback_connection_is_made():
    """A server on loopback answers."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as ours,
    ):
        assert ours.getpeername() == server.getsockname()
