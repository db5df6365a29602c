"""What an operator does behind the counter that money hangs on, with their name in the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punchout.roundtrip.bought import note_order

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
        note_order(world, after, "order.rest_cancelled", actor, "what was in no parcel is cancelled")
    return after


def invoice(world: World, customer_number: str, order_number: str, actor: str) -> Invoice:
    """An invoice for what has been sent, the last one where all has been charged. NotFound; Refused."""
    before = world.counter.invoices(customer_number, order_number)
    made = world.counter.invoice(customer_number, order_number)
    if made not in before:
        order = world.shop.order(customer_number, order_number)
        note_order(world, order, "order.invoiced", actor, f"invoice {made.number} over {made.total}")
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
        note_order(world, order, "order.credited", actor, words)
    return note
