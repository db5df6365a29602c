"""What may go together, and what is taken for an order from the shelf (SHIP-1 to SHIP-3, DIST-13)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from stdnum import ean

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules.changing import live_line
from catalog_bridge.rules.changing import picked as closed
from catalog_bridge.rules.invoicing import is_charged
from catalog_bridge.rules.plain_text import one_line
from catalog_bridge.rules.services import check_ready
from protocols.model.distribution import Copy
from protocols.model.order import BookshopOrder, ShopOrderLine
from protocols.model.party import Address
from protocols.model.shipment import OrderAtCounter

TRACKING_LENGTH = 70
_SSCC_LENGTH = 18

NOTHING_PICKED = "Nothing of order %(number)s has been picked that is not packed already."
SENT_BEFORE = "Parcel %(number)s has been sent already, and what was said then stands."
NO_CARRIER = "A test is never handed to a carrier: leave tracking number and SSCC empty."
"""Refusals of the counter; message ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What orders must share to lie in one parcel: the delivery address and the carrier's day (SHIP-3).

    address
        What the customer's list has under the id: two customers who call different places by one id never
        share a parcel.
    test
        Tests never lie beside what is sent in earnest.
    """

    address_id: str
    address: Address
    carrier_day: str
    test: bool = False


def shared(keys: Mapping[str, Together]) -> Together:
    """What all these orders share; Refused when two of them must not lie in one parcel, or there is none.

    keys
        By order number.
    """
    if not keys:
        raise Refused("A parcel needs at least one order.")
    (number, key), *others = keys.items()
    for other, its in others:
        if its != key:
            raise Refused(
                "Orders %(number)s and %(other)s go to different addresses, or one of them is a test; "
                "they need a parcel each.",
                number=number,
                other=other,
            )
    return key


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Orders at the counter that go to one address."""

    address_id: str
    address: Address
    orders: tuple[OrderAtCounter, ...]

    @property
    def to_pack(self) -> OrderAtCounter | None:
        """The first of them that has something to pack."""
        return next((order for order in self.orders if order.to_pack), None)


def places(orders: Iterable[OrderAtCounter]) -> tuple[Place, ...]:
    """The orders by the address that they go to, in their order; tests stand apart (SHIP-3)."""
    found: dict[tuple[str, Address, bool], list[OrderAtCounter]] = {}
    for order in orders:
        found.setdefault(_place(order), []).append(order)
    return tuple(
        Place(address_id=address_id, address=address, orders=tuple(group))
        for (address_id, address, _), group in found.items()
    )


def beside(order: OrderAtCounter, others: Iterable[OrderAtCounter]) -> tuple[OrderAtCounter, ...]:
    """Those that may lie in one parcel with this order, itself among them where it is (SHIP-3)."""
    return tuple(other for other in others if _place(other) == _place(order))


def _place(order: OrderAtCounter) -> tuple[str, Address, bool]:
    return order.address_id, order.address, order.test


@dataclass(frozen=True, slots=True, kw_only=True)
class Picking:
    """What picking does to an order.

    charged
        Ids of copies newly taken from the shelf, each with whether it costs anything (ORD-8).
    put_back
        Ids of copies that go back to it.
    """

    order: BookshopOrder
    charged: Mapping[str, bool]
    put_back: frozenset[str]


def picking(
    current: BookshopOrder,
    quantities: Mapping[int, int],
    picked: Collection[str],
    packed: Collection[str],
) -> Picking:
    """The order with so many copies of each line picked in all; ``taken`` says which. NotFound; Refused.

    A line of which anything is picked is closed (ORD-6), and stays so when its copies are put back. Nothing
    more is picked of a shelf-ready line that cannot be made ready yet (SVC-5).
    """
    order, charged, put_back = current, dict[str, bool](), set[str]()
    for number, quantity in quantities.items():
        line = live_line(current, number)
        ids = {copy.copy_id for copy in taken(line, quantity, picked, packed)}
        if ids.difference(picked):
            check_ready(line, test=current.order.test)
        charged.update(dict.fromkeys(ids.difference(picked), is_charged(line)))
        put_back |= {copy.copy_id for copy in line.copies if copy.copy_id in picked} - ids
        order = closed(order, number) if ids else order
    return Picking(order=order, charged=charged, put_back=frozenset(put_back))


def taken(
    line: ShopOrderLine, quantity: int, picked: Collection[str], packed: Collection[str]
) -> tuple[Copy, ...]:
    """The copies of the line that count as picked when so many of it have been.

    Copies that are packed stay, then those that were picked before, then the librarian's order of priority
    (DIST-9). Refused for fewer than are packed, and for more than are ordered.

    picked, packed
        Copy ids.
    """
    ids = [copy.copy_id for copy in line.copies]
    least = sum(id_ in packed for id_ in ids)
    if not least <= quantity <= line.quantity:
        raise Refused(
            "Line %(line)d: between %(least)d and %(most)d copies can have been picked, not %(count)d.",
            line=line.number,
            least=least,
            most=line.quantity,
            count=quantity,
        )
    first = sorted(
        line.copies, key=lambda copy: (copy.copy_id not in packed, copy.copy_id not in picked, copy.number)
    )
    return tuple(sorted(first[:quantity], key=lambda copy: copy.number))


def without_rest(current: BookshopOrder, packed: Collection[str]) -> BookshopOrder:
    """The order with nothing but what is packed of it: the rest is cancelled, picked or not (INV-2).

    A line of which nothing is packed is cancelled whole; of the others the packed copies stay, numbered anew.
    """
    lines = [(line, _packed(line, packed)) for line in current.order.lines]
    kept = tuple(replace(line, quantity=len(copies), copies=copies) for line, copies in lines if copies)
    gone = (line for line, copies in lines if not copies)
    numbers = {line.number for line in kept}
    return replace(
        current,
        order=replace(current.order, lines=kept),
        cancelled=tuple(sorted((*current.cancelled, *gone), key=lambda line: line.number)),
        picked=tuple(number for number in current.picked if number in numbers),
    )


def tracking(text: str) -> str:
    """The carrier's number on one line; Refused when it does not print or is too long."""
    return one_line(text, field="Tracking number", limit=TRACKING_LENGTH)


def sscc(text: str) -> str:
    """The parcel's SSCC without blanks; empty stays empty. Refused when a digit of it is wrong.

    >>> sscc("3 7035690 000000001 0")
    '370356900000000010'
    """
    digits = re.sub(r"[\s-]", "", text)
    if not digits:
        return ""
    is_one = digits.isascii() and digits.isdecimal() and len(digits) == _SSCC_LENGTH
    if not is_one or ean.calc_check_digit(digits[:-1]) != digits[-1]:
        raise Refused(
            "SSCC %(sscc)s: it has 18 digits, and the last one checks the others.", sscc=text.strip()
        )
    return digits


def _packed(line: ShopOrderLine, packed: Collection[str]) -> tuple[Copy, ...]:
    kept = [copy for copy in line.copies if copy.copy_id in packed]
    return tuple(replace(copy, number=number) for number, copy in enumerate(kept, start=1))
