"""How far an order has come, for whoever knows its reference code: no names, no prices (ORD-9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog_bridge.library_systems import LineState
from catalog_bridge.rules import assigning
from protocols.model.customer import DistributionUse
from protocols.model.shipment import Handled
from punchout.catalogues import marked
from session_store import agreements, orders
from session_store.orders import OrderState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from catalog_bridge.library_systems import LineHandOff
    from protocols.model.agreement import Agreement
    from punchout.roundtrip.world import World
    from session_store.orders import OrderVersion, StoredOrder

STANDS = {
    OrderState.RECEIVED: marked("The bookshop has received the order and goes on with it."),
    OrderState.HELD: marked("The order waits for somebody to look at it."),
    OrderState.PARKED: marked("This change waits for the order that it changes."),
    OrderState.LATE: marked("A newer version came first. This one has changed nothing."),
    OrderState.PLACED: marked("The order is placed in the bookshop."),
    OrderState.CANCELLED: marked("The order is cancelled."),
    OrderState.SUPERSEDED: marked("A newer version has taken the place of this one."),
    OrderState.REFUSED: marked("The bookshop has refused the order."),
}
"""What each state means, for people."""

STEPS = (
    marked("Received"),
    marked("Approved, with changes where there were any"),
    marked("Placed in the bookshop"),
    marked("Packed"),
    marked("Sent"),
    marked("In the library system"),
)
"""The road of an order, in its order."""

IN_LIBRARY = {
    LineState.QUEUED: marked("waits to be fetched by the library system"),
    LineState.SENT: marked("fetched by the library system"),
    LineState.ACKNOWLEDGED: marked("taken by the library system"),
    LineState.FAILED: marked("could not be taken by the library system"),
}
"""What each state of a line means, for people (DIST-11)."""

_DONE = {OrderState.RECEIVED: 2, OrderState.PLACED: 3, OrderState.HELD: 1, OrderState.PARKED: 1}
_PACKED, _SENT = 4, 5
"""The steps of the counter, counted from 1."""
_ENDED = frozenset({OrderState.LATE, OrderState.CANCELLED, OrderState.SUPERSEDED, OrderState.REFUSED})
_LOOKALIKES = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the bookshop's orders that an order became (CHK-8, CHK-10, INV-2).

    order_number
        The bookshop's own; empty until it is placed.
    po_number
        The buyer's, with the mark that follows it on paper.
    """

    order_number: str
    po_number: str
    copies: int
    handled: Handled


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """An order and its other versions.

    versions
        All of them, itself among them, as they came.
    parts
        What it became in the bookshop, or will; nothing of them is handled before they are placed there.
    library
        Its lines on their way to the library system, as far as they were handed off (DIST-11).
    warning
        What is to be said beside them, a message id; empty when nothing is.
    unassigned
        Copies that wait for their codes, where the agreement uses them (DIST-9, DIST-13).
    """

    order: StoredOrder
    agreement: Agreement
    versions: tuple[OrderVersion, ...]
    parts: tuple[Part, ...]
    library: tuple[LineHandOff, ...] = ()
    warning: str = ""
    unassigned: int = 0

    @property
    def handled(self) -> Handled:
        """The copies of all its orders in the bookshop."""
        return sum((part.handled for part in self.parts), start=Handled())

    @property
    def in_library(self) -> bool:
        """Whether the library system has taken every line."""
        return {line.facts.state for line in self.library} == {LineState.ACKNOWLEDGED}

    @property
    def troubled(self) -> tuple[LineHandOff, ...]:
        """The lines that the library system could not take."""
        return tuple(line for line in self.library if line.facts.state is LineState.FAILED)

    @property
    def untroubled(self) -> tuple[LineHandOff, ...]:
        """The other lines."""
        return tuple(line for line in self.library if line.facts.state is not LineState.FAILED)

    @property
    def steps_done(self) -> int | None:
        """How many of ``STEPS`` lie behind it; None when it goes no further."""
        if self.order.state in _ENDED:
            return None
        whole = self.handled.ordered
        packed_and_sent = (whole and count == whole for count in (self.handled.packed, self.handled.sent))
        return _DONE[self.order.state] + sum(map(bool, packed_and_sent))

    @property
    def in_part(self) -> frozenset[int]:
        """The steps, counted from 1, that have been made for some of its copies and not for all."""
        counts = {_PACKED: self.handled.packed, _SENT: self.handled.sent}
        return frozenset(step for step, count in counts.items() if 0 < count < self.handled.ordered)

    @property
    def order_name(self) -> str:
        """What the librarians call the order; empty when they do not."""
        return next((one.order_name for one in self.order.shop_orders if one.order_name), "")

    @property
    def titles(self) -> int:
        """How many different items it orders."""
        return len({line.product_id for line in self.order.order.lines})

    @property
    def copies(self) -> Decimal | int:
        """How many copies it orders, as the document counts them."""
        return sum(line.quantity for line in self.order.order.lines)


def tidy(code: str) -> str:
    """A reference code as it is kept: upper case, and no letters that look like digits.

    >>> tidy(" 0a1bcOil ")
    '0A1BC011'
    """
    return code.strip().upper().translate(_LOOKALIKES)


def find(world: World, reference: str) -> Progress | None:
    """The order of this reference code; None when it is nobody's, or more than one order's."""
    with world.store.read() as tx:
        found = orders.anywhere(tx, tidy(reference))
        if len(found) != 1:
            return None
        (order,) = found
        agreement = agreements.load(tx, order.agreement_id)
        versions = orders.versions(tx, order.agreement_id, order.order_key)
    if agreement is None:
        return None
    lines = _handed_off(world, order)
    warning = world.library.warning(order.standing[0].customer_number) if lines else ""
    return Progress(
        order=order,
        agreement=agreement,
        versions=versions,
        parts=tuple(_parts(world, order)),
        library=lines,
        warning=warning,
        unassigned=_unassigned(world, agreement, order),
    )


def _parts(world: World, order: StoredOrder) -> Iterator[Part]:
    numbers = order.shop_order_numbers or ("",) * len(order.shop_orders)
    for one, number in zip(order.shop_orders, numbers, strict=False):
        placed = bool(number) and order.state is OrderState.PLACED
        yield Part(
            order_number=number,
            po_number=f"{one.po_number}{one.po_suffix}",
            copies=sum(line.quantity for line in one.lines),
            handled=world.counter.handled(one.customer_number, number) if placed else Handled(),
        )


def _unassigned(world: World, agreement: Agreement, order: StoredOrder) -> int:
    if order.state is not OrderState.PLACED or agreement.policy.distribution == DistributionUse.OFF:
        return 0
    standing = (world.shop.order(one.customer_number, one.order_number) for one in order.standing)
    return sum(map(assigning.left, standing))


def _handed_off(world: World, order: StoredOrder) -> tuple[LineHandOff, ...]:
    states = world.library.states
    found = (states(entry.customer_number, entry.order_number) for entry in order.standing)
    return tuple(line for lines in found for line in lines)
