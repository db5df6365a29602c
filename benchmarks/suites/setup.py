"""P1: a call-up received, from the request's bytes to the durable answer."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from lxml import etree

from benchmarks import documents, world
from benchmarks.case import Case, Scale
from benchmarks.door import Door
from benchmarks.figures import ratio
from benchmarks.lanes import Lane
from benchmarks.peers import setup as peer
from punchout.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_KEPT = {
    "inbox": ("agreement_id", "channel", "message_key"),
    "session": ("agreement_id", "payload_id", "deployment", "customer_number", "state", "setup"),
    "journal": ("agreement_id", "kind", "actor", "summary", "findings", "document"),
}
"""What both sides must store alike; the rest is time and chance, or sealed on our side."""


@contextmanager
def cases(scale: Scale, folder: Path) -> Iterator[tuple[Case, ...]]:
    """P1, the gateway beside the peer, each on a database file of its own."""
    ours, theirs = folder / "ours.db", folder / "theirs.db"
    with world.gateway(ours) as house, world.gateway(theirs):
        _unseal(theirs)
        yield (
            _case(
                scale,
                Door(create_app(house), ours),
                Door(peer.create_app(theirs, world.PUBLIC_BASE_URL), theirs),
            ),
        )


def _unseal(database: Path) -> None:
    """The peer keeps its secret in the clear: it need not pay for what we promise beyond the goal."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE secret SET sealed = ?", (documents.SECRET.encode(),))


def _case(scale: Scale, ours: Door, theirs: Door) -> Case:
    def lane(name: str, door: Door) -> Lane:
        return Lane(name=name, ready=lambda: door.call_ups(scale.requests), pieces=scale.requests)

    def settled() -> None:
        ours.check_promises()
        theirs.check_promises()

    return Case(
        goal="P1",
        lanes=(lane("ours", ours), lane("peer", theirs), lane("peer again", theirs)),
        figure=ratio("ours", "peer"),
        control=ratio("peer again", "peer"),
        agree=lambda: _compare(ours, theirs),
        settled=settled,
    )


def _compare(ours: Door, theirs: Door) -> None:
    """The same document, answered and kept alike."""
    body = documents.call_up()
    assert _neutral(ours.send(body)) == _neutral(theirs.send(body))
    for table, columns in _KEPT.items():
        assert _kept(ours, table, columns) == _kept(theirs, table, columns), table


def _neutral(answer: bytes) -> bytes:
    """The answer in canonical form, without its payloadID, its time and its token."""
    root = etree.fromstring(answer)
    root.set("payloadID", "")
    root.set("timestamp", "")
    (url,) = root.iter("URL")
    url.text = (url.text or "").rpartition("/")[0]
    return etree.tostring(root, method="c14n")


def _kept(door: Door, table: str, columns: tuple[str, ...]) -> dict[str, object]:
    row = door.rows(table)[-1]
    return {column: _comparable(column, row[column]) for column in columns}


def _comparable(column: str, value: str | bytes) -> object:
    if column in {"setup", "findings"}:
        return json.loads(value)
    if isinstance(value, bytes):
        return etree.tostring(etree.fromstring(value), method="c14n")
    return value
