"""P5, P9 and DIST-8: an order received, from the request's bytes to the durable answer."""

from __future__ import annotations

import json
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

from lxml import etree

from benchmarks import documents, world
from benchmarks.case import Case, Scale
from benchmarks.door import ORDERS, Door, rows
from benchmarks.figures import growth, ratio
from benchmarks.home import Home
from benchmarks.lanes import Lane, through
from benchmarks.peers import order as peer
from benchmarks.suites.mapping import mapped
from catalog_bridge.rules.dealing import Habits
from catalog_bridge.rules.ladder import Clues
from catalog_bridge.rules.rejoining import rejoin
from protocols.cxml.order import PLACES
from punchout.app import create_app
from session_store import carts

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.door import Row
    from benchmarks.lanes import Work
    from catalog_bridge.rules.joined import JoinedLine
    from protocols.model.cart import FrozenLine
    from protocols.model.order import PurchaseOrder
    from punchout.house import House


_KEPT = {
    "inbox": ("agreement_id", "channel", "message_key"),
    "purchase_order": ("agreement_id", "payload_id", "order_id", "order_version", "deployment", "state"),
    "line_copy": ("agreement_id", "token", "number"),
    "outbox": ("agreement_id", "kind", "ordering_key", "state"),
    "journal": ("agreement_id", "kind", "actor", "document"),
}
"""What both sides must store alike; the rest is time, chance, and what the peer does not work out."""

_EMPTY: tuple[object, ...] = ("", None, [], 0)
_IN_A_TURN = 5
_LINES_A_TURN, _MOST_IN_A_TURN = 2_000, 20


@contextmanager
def cases(scale: Scale, folder: Path) -> Iterator[tuple[Case, ...]]:
    """P5 beside the peer, each on a database file of its own; the others at our door alone."""
    ours, theirs = folder / "ours.db", folder / "theirs.db"
    with ExitStack() as opened:
        house, other = (opened.enter_context(world.gateway(database)) for database in (ours, theirs))
        gateway = Gateway(house, ours)
        by_hand = ByHand(other, theirs, opened.enter_context(closing(peer.connected(theirs))))
        yield _received(scale, gateway, by_hand), _grown(scale, gateway), _rejoined(scale, gateway)


class Gateway:
    """Our door, and a buyer who takes carts home from it."""

    def __init__(self, house: House, database: Path) -> None:
        """Nothing has been ordered yet."""
        self.house = house
        self.home = Home(house)
        self.door = Door(create_app(house), database, ORDERS)

    def orders(self, lines: int, count: int = 1) -> Work:
        """The work of receiving so many new orders of so many lines; their carts went home before."""
        return self.door.posts([self.home.ordered(lines) for _ in range(count)])


class ByHand:
    """The peer on a database that holds such carts too."""

    def __init__(self, house: House, database: Path, connection: sqlite3.Connection) -> None:
        """Nothing has been ordered yet."""
        self.home = Home(house)
        self._database = database
        self._connection = connection

    def orders(self, lines: int, count: int) -> Work:
        """The work of receiving so many new orders of so many lines."""
        bodies = [self.home.ordered(lines) for _ in range(count)]
        return lambda: [self.send(body) for body in bodies]

    def send(self, body: bytes) -> bytes:
        """The answer to this order, which is durable."""
        return peer.receive(self._connection, body)

    def rows(self, table: str) -> list[Row]:
        """Everything that the table holds."""
        return rows(self._database, table)


def _received(scale: Scale, ours: Gateway, theirs: ByHand) -> Case:
    lines = scale.cart_lines

    def lane(name: str, side: Gateway | ByHand) -> Lane:
        return Lane(name=name, ready=lambda: side.orders(lines, _IN_A_TURN), pieces=_IN_A_TURN)

    return Case(
        goal="P5",
        turns=6,
        lanes=(lane("ours", ours), lane("peer", theirs), lane("peer again", theirs)),
        figure=ratio("ours", "peer"),
        control=ratio("peer again", "peer"),
        agree=lambda: _compare(lines, ours, theirs),
        settled=ours.door.check_promises,
    )


def _compare(lines: int, ours: Gateway, theirs: ByHand) -> None:
    """The same order, kept alike: each of its lines and copies, and what is still to be done."""
    which = documents.number()
    for side in (ours, theirs):
        side.home.take(lines, which)
    body = documents.approved(lines, which)
    assert b'<Status code="200"' in ours.door.send(body)
    assert theirs.send(body)
    for table, columns in _KEPT.items():
        assert _kept(ours.door.rows(table), columns) == _kept(theirs.rows(table), columns), table
    said, by_hand = (json.loads(side.rows("purchase_order")[-1]["order"]) for side in (ours.door, theirs))
    assert _filled(said) == _filled(by_hand)


def _kept(found: list[Row], columns: tuple[str, ...]) -> list[tuple[object, ...]]:
    return [tuple(_comparable(row[column]) for column in columns) for row in found]


def _comparable(value: object) -> object:
    return etree.tostring(etree.fromstring(value), method="c14n") if isinstance(value, bytes) else value


def _filled(value: object) -> object:
    """The value without what is empty: we write that out, and the peer does not."""
    if isinstance(value, dict):
        filled = {name: _filled(entry) for name, entry in value.items()}
        return {name: kept for name, kept in filled.items() if kept not in ("", None, [], {}, 0)}
    return [_filled(entry) for entry in value] if isinstance(value, list) else value


def _grown(scale: Scale, gateway: Gateway) -> Case:
    """A lane for each size, the middle one twice as null control; their carts are taken home untimed."""
    middle = scale.growth[len(scale.growth) // 2]

    def lane(lines: int, name: str) -> Lane:
        count = min(_MOST_IN_A_TURN, max(1, _LINES_A_TURN // lines))
        return Lane(name=name, ready=lambda: gateway.orders(lines, count), pieces=count)

    sizes = {f"{lines:,}": lines for lines in scale.growth}
    return Case(
        goal="P9",
        variant="order received",
        lanes=(*(lane(lines, name) for name, lines in sizes.items()), lane(middle, "again")),
        figure=growth(sizes),
        control=ratio("again", f"{middle:,}"),
        agree=lambda: None,
        settled=gateway.door.check_promises,
    )


def _rejoined(scale: Scale, gateway: Gateway) -> Case:
    """The pure rule: what is kept of the carts has been read before."""
    lines = scale.order_lines[-1]
    body = gateway.home.ordered(lines)
    order, kept = mapped(body), _found(gateway, mapped(body))

    def parsed() -> PurchaseOrder:
        return mapped(body)

    clues = Clues(now=gateway.house.world.now())

    def joined() -> tuple[JoinedLine, ...]:
        return rejoin(order, kept, clues, PLACES, Habits())

    return Case(
        goal="DIST-8",
        variant=f"{lines:,} lines",
        lanes=(
            through(lines, "ours", joined),
            through(lines, "parse", parsed),
            through(lines, "parse again", parsed),
        ),
        figure=ratio("ours", "parse"),
        control=ratio("parse again", "parse"),
        agree=lambda: _whole(joined()),
    )


def _found(gateway: Gateway, order: PurchaseOrder) -> dict[str, FrozenLine]:
    with gateway.house.store.read() as tx:
        tokens = [line.line_token for line in order.lines]
        return carts.by_tokens(tx, world.agreement(gateway.house).id, tokens)


def _whole(lines: tuple[JoinedLine, ...]) -> None:
    """Every line has all its copies back, and nothing is to be said of any."""
    assert all(len(line.copies) == line.line.quantity and not line.findings for line in lines)
