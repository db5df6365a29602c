"""What an operator does behind the counter, with their name in the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punchout.roundtrip.bought import note_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocols.model.invoice import CreditNote, Invoice
    from protocols.model.order import BookshopOrder
    from protocols.model.shipment import OrderAtCounter, Parcel
    from punchout.roundtrip.world import World


def set_picked(
    world: World, customer_number: str, order_number: str, quantities: Mapping[int, int], actor: str
) -> BookshopOrder:
    """The order with so many copies of each of these lines picked in all. NotFound; Refused."""
    before = _picked(world.counter.order(customer_number, order_number))
    order = world.counter.set_picked(customer_number, order_number, quantities)
    after = _picked(world.counter.order(customer_number, order_number))
    told = [f"line {line}: {count} picked" for line, count in after.items() if count != before.get(line, 0)]
    if told:
        note_order(world, order, "order.picked", actor, ", ".join(told))
    return order


def pack(world: World, wanted: tuple[tuple[str, str], ...], carrier_day: str, actor: str) -> Parcel:
    """A parcel with what is picked of these orders and packed nowhere. NotFound; Refused."""
    known = {parcel.parcel_number for parcel in world.counter.parcels()}
    parcel = world.counter.pack(wanted, carrier_day)
    if parcel.parcel_number not in known and not parcel.sent:
        _note_slips(world, parcel, "order.packed", actor, "are")
    return parcel


def unpack(world: World, parcel_number: str, actor: str) -> None:
    """Nothing: the parcel is no more, if it was there and has not left. Refused."""
    waiting = {parcel.parcel_number: parcel for parcel in world.counter.parcels()}
    world.counter.unpack(parcel_number)
    if parcel := waiting.get(parcel_number):
        _note_slips(world, parcel, "order.unpacked", actor, "are no longer")


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


def _picked(order: OrderAtCounter) -> dict[int, int]:
    return {line.number: line.picked for line in order.lines}


def _note_slips(world: World, parcel: Parcel, kind: str, actor: str, how: str) -> None:
    """Nothing: the journal tells it of each order in the parcel."""
    for slip in parcel.slips:
        order = world.shop.order(slip.customer_number, slip.order_number)
        words = f"{len(slip.copies)} copies {how} in parcel {parcel.parcel_number}"
        note_order(world, order, kind, actor, words)
