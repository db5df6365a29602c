"""The approved order that is made of a returned cart, whatever it came home by, and the answer to it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Generic, TypeVar

from protocols.cxml.envelope import Stamp
from protocols.model.money import NOK, Money, total
from protocols.model.order import OrderLine, PurchaseOrder

if TYPE_CHECKING:
    from punchout.buyer.exchange import Exchange
    from punchout.buyer.systems import BuyerSystem

Home = TypeVar("Home")
"""A cart as it came home: ``ReceivedCart`` or ``ReceivedForm``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAnswer:
    """What the gateway said to an order; 200 placed or on its way, 201 waits for a person.

    payload_id
        What made the document one and not another: payloadID, or the instance id of a Peppol envelope.
    """

    order: PurchaseOrder
    payload_id: str
    code: int
    text: str
    detail: str
    exchange: Exchange

    @property
    def order_id(self) -> str:
        """The buyer's number of the order."""
        return self.order.order_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What an approver decides about a cart.

    quantities
        Line number → approved quantity where it was changed; 0 takes the line out.
    order_id
        Empty for a new number.
    """

    quantities: Mapping[int, int]
    order_id: str = ""
    requisition_id: str = ""


class Ordering(ABC, Generic[Home]):
    """What every buyer does with a cart that came home, in whatever form."""

    now: Callable[[], datetime]
    new_id: Callable[[], str]

    def send_order(
        self,
        cart: Home,
        *,
        quantities: Mapping[int, int] | None = None,
        order_id: str = "",
        requisition_id: str = "",
        stamp: Stamp | None = None,
    ) -> OrderAnswer:
        """The gateway's answer to the order made of a cart.

        quantities
            Line number → approved quantity where an approver changed it; 0 takes the line out.
        stamp
            Of an earlier order, to send that one again; a new one by default.
        """
        stamp = stamp or self.stamp()
        order = self.order(cart, stamp, quantities or {}, order_id, requisition_id)
        return self.send_purchase_order(order, stamp)

    @abstractmethod
    def order(
        self,
        cart: Home,
        stamp: Stamp,
        quantities: Mapping[int, int],
        order_id: str = "",
        requisition_id: str = "",
    ) -> PurchaseOrder:
        """The order that is made of a cart at the time of the stamp."""

    @abstractmethod
    def send_purchase_order(self, order: PurchaseOrder, stamp: Stamp) -> OrderAnswer:
        """The gateway's answer to this very order, change or cancellation."""

    def stamp(self) -> Stamp:
        """A name of its own and the time for one document; a retry carries the same."""
        now = self.now()
        return Stamp(payload_id=f"{now:%Y%m%d%H%M%S}.{self.new_id()}@buyer.testby.example", timestamp=now)


def made_of(
    lines: tuple[OrderLine, ...],
    quote_id: str,
    approval: Approval,
    stamp: Stamp,
    *,
    system: BuyerSystem,
    new_id: Callable[[], str],
) -> PurchaseOrder:
    """The order of this system for a cart's lines, at the time of the stamp."""
    approved = _approved(lines, approval.quantities)
    return PurchaseOrder(
        order_id=approval.order_id or f"PO-{new_id()[:8]}",
        order_date=stamp.timestamp.isoformat(timespec="seconds"),
        lines=approved,
        requisition_id=approval.requisition_id,
        total=summed(approved),
        ship_to=system.ship_to,
        bill_to=system.ship_to,
        supplier_order_id=quote_id,
        contacts=system.contacts,
    )


def summed(lines: Iterable[OrderLine]) -> Money:
    """The sum of the lines in the currency of the first that has a price; those in another do not count.

    >>> summed(())
    Money(amount=Decimal('0.00'), currency='NOK')
    """
    priced = [line.unit_price.times(line.quantity) for line in lines if line.unit_price]
    currency = priced[0].currency if priced else NOK
    return total((amount for amount in priced if amount.currency == currency), currency)


def _approved(lines: tuple[OrderLine, ...], quantities: Mapping[int, int]) -> tuple[OrderLine, ...]:
    """The lines as they were approved; those with quantity 0 are gone."""
    wanted = [(line, Decimal(quantities.get(line.number, line.quantity))) for line in lines]
    return tuple(replace(line, quantity=quantity) for line, quantity in wanted if quantity)
