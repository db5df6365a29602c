"""Edits of one returned cart: from the call-up's bytes to the cart that stands filled in the bookshop."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING

from benchmarks import documents, world
from catalog_bridge.embedded.customers_import import import_json
from protocols.cxml import setup
from protocols.model.order import OrderLine
from protocols.model.session import Deployment, Operation, SetupRequest
from protocols.xml import parse_untrusted
from punchout.roundtrip import cxml_door, shop, start
from session_store import carts, sessions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.lanes import Work
    from protocols.model.cart import ReturnedCart, ReturnedLine
    from punchout.house import House

_CUSTOMER = {"number": "100234", "name": "Testby bibliotek"}
_RETURN = "https://ariba.testby.example/return"


class Edits:
    """A gateway that a cart has gone back from, and edits of its first lines."""

    def __init__(self, house: House, most: int) -> None:
        """Return a cart with so many lines."""
        self._house = house
        self._lines = documents.returned(most).lines
        self._numbers = count(1)
        assert not import_json(house.store, json.dumps({"customers": [_CUSTOMER]})).remarks
        _give_back(house, documents.returned(most))

    def of(self, lines: int) -> Work:
        """The work of one edit of so many lines; it gives what is in the cart then."""
        written = _call_up(self._lines[:lines])
        return lambda: self._filled(written)

    def _filled(self, written: bytes) -> list[tuple[str, int]]:
        new = f"{next(self._numbers)}.edit@bench.example".encode()
        body = written.replace(documents.STAMP.payload_id.encode(), new, 1)
        answer = cxml_door.answer(self._house.world, body, "text/xml")
        token = setup.parse_reply(parse_untrusted(answer)).rpartition("/")[2]
        entered = start.enter(self._house.world, token)
        assert entered is not None
        here = shop.Visit(session=entered.session, agreement=world.agreement(self._house))
        cart = shop.cart(self._house.world, here)
        return [(line.line_id, line.quantity) for line in cart.lines]


def _give_back(house: House, cart: ReturnedCart) -> None:
    """Nothing: the cart is among those that went back to the agreement."""
    agreement, tokens = world.agreement(house).id, (line.line_token for line in cart.lines)
    with house.store.write() as tx:
        carts.line_tokens(
            tx, agreement, cart.cart_id, [line.line_id for line in cart.lines], lambda: next(tokens)
        )
        reply = start.offer(
            house.world, tx, world.agreement(house), _wanted(()), "first@bench", Deployment.TEST
        )
        session = sessions.find(tx, agreement, reply.reference)
        assert session is not None
        carts.save(tx, agreement, session.id, cart, b"")


def _call_up(lines: Iterable[ReturnedLine]) -> bytes:
    """The edit as the buyer writes it: ids, quantities and prices, indented as people's systems do."""
    asked = tuple(
        OrderLine(
            number=line.number,
            product_id=line.product_id,
            quantity=Decimal(line.quantity),
            line_token=line.line_token,
            description=line.description,
            unit="EA",
            unit_price=line.unit_price,
            classification="55101500",
        )
        for line in lines
    )
    return documents.indented(
        setup.build(
            replace(_wanted(asked), operation=Operation.EDIT),
            documents.TO_SHOP,
            documents.STAMP,
            documents.ARIBA,
            Deployment.TEST,
        )
    )


def _wanted(lines: tuple[OrderLine, ...]) -> SetupRequest:
    return SetupRequest(operation=Operation.CREATE, buyer_cookie="1", return_url=_RETURN, items=lines)
