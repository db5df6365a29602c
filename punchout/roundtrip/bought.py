"""Which purchase order an order of the bookshop was placed for, and what is told of it on its timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from session_store import agreements, journal, orders

if TYPE_CHECKING:
    from protocols.model.agreement import Agreement
    from protocols.model.order import BookshopOrder
    from punchout.roundtrip.world import World
    from session_store.database import Transaction
    from session_store.orders import StoredOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """The purchase order behind an order of the bookshop, and its agreement."""

    agreement: Agreement
    stored: StoredOrder


def bought(tx: Transaction, customer_number: str, po_number: str, order_number: str) -> Bought | None:
    """The newest version that this order was placed for; None where it was placed in the shop itself."""
    found = None
    for agreement in agreements.everyone(tx) if po_number else ():
        if customer_number not in agreement.customers:
            continue
        for stored in orders.of_number(tx, agreement.id, po_number):
            if order_number in stored.shop_order_numbers:
                found = Bought(agreement=agreement, stored=stored)
    return found


def note_order(world: World, order: BookshopOrder, kind: str, actor: str, words: str) -> None:
    """Nothing: the journal tells it, on the timeline of the purchase order where there is one."""
    placed, number = order.order, order.order_number
    with world.store.write() as tx:
        found = bought(tx, placed.customer_number, placed.po_number, number)
        entry = journal.Entry(
            at=world.now(),
            kind=kind,
            agreement_id=found.agreement.id if found else "",
            reference=found.stored.reference if found else "",
            actor=actor,
            summary=f"bookshop order {number}: {words}",
        )
        journal.write(tx, entry)
