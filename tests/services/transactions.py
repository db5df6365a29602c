"""No test uses the network inside a transaction of ours, for every other writer would wait with it."""

import sys
from typing import Any

_EVENTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"})


class InsideTransaction(RuntimeError):
    """A socket was used while this thread had a transaction open; no OSError, so that nothing swallows it."""


def pytest_configure() -> None:
    """The guard stands, in this process and until it ends."""
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    database = sys.modules.get("session_store.database")
    if event in _EVENTS and database and database.in_transaction():
        raise InsideTransaction(f"{event} inside a transaction: first commit, then talk")
