"""What an operator does behind the counter that money hangs on, with their name in the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punchout.roundtrip.bought import bought
from session_store import journal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocols.model.invoice import CreditNote, Invoice
    from protocols.model.order import BookshopOrder
    from punchout.roundtrip.world import World


def give_up_rest(world: World, customer_number: str, order_number: str, actor: str) -> BookshopOrder:
    """The order with everything cancelled that lies in no parcel. NotFound."""
    before = world.shop.order(customer_number, order_number)
    after = world.counter.give_up_rest(customer_number, order_number)
    if after != before:
        _note(world, after, "order.rest_cancelled", actor, "what was in no parcel is cancelled")
    return after


def invoice(world: World, customer_number: str, order_number: str, actor: str) -> Invoice:
    """An invoice for what has been sent, the last one where all has been charged. NotFound; Refused."""
    before = world.counter.invoices(customer_number, order_number)
    made = world.counter.invoice(customer_number, order_number)
    if made not in before:
        order = world.shop.order(customer_number, order_number)
        _note(world, order, "order.invoiced", actor, f"invoice {made.number} over {made.total}")
    return made


def credit(
    world: World,
    customer_number: str,
    invoice_number: str,
    quantities: Mapping[int, int],
    *,
    reason: str,
    key: str,
    actor: str,
) -> CreditNote:
    """A credit note, the first one where the key has made it before. NotFound; Refused."""
    before = world.counter.credit_notes(customer_number, invoice_number)
    note = world.counter.credit(customer_number, invoice_number, quantities, reason, key)
    if note not in before:
        order = world.shop.order(customer_number, note.order_number)
        words = f"credit note {note.number} over {note.total} for invoice {invoice_number}: {reason}"
        _note(world, order, "order.credited", actor, words)
    return note


def _note(world: World, order: BookshopOrder, kind: str, actor: str, words: str) -> None:
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
