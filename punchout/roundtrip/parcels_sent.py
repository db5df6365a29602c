"""Parcels leave, and each order's shopper is told, once for each slip (SHIP-6)."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from protocols.model.fulfilment import Mail
from punchout.roundtrip import dispatch, letters
from punchout.roundtrip.bought import bought
from session_store import direct_carts, journal, orders, outbox, outbox_book
from session_store.database import moment, run_retrying
from session_store.outbox import SHOPS_OWN

if TYPE_CHECKING:
    from protocols.model.agreement import Agreement
    from protocols.model.shipment import Consignment, Parcel
    from punchout.roundtrip.world import World
    from session_store.database import Transaction
    from session_store.orders import StoredOrder

_LETTERS = uuid.UUID("5b0c0f4e-6d0e-4b7e-9a53-0a8c8e7e7d11")
"""Names the letter about a slip, so that nobody is told twice of the same."""


def ship(world: World, parcel_number: str, tracking: str, sscc: str, actor: str) -> Parcel:
    """The parcel, which has left; whoever ordered what is in it is told. Refused; NotFound.

    A parcel that has left already is left alone, in the same words. What is not told now, the worker tells.
    """
    parcel = world.counter.ship(parcel_number, tracking, sscc)
    tell(world, actor)
    return parcel


def tell(world: World, actor: str = "worker") -> int:
    """How many slips have left of which nobody had been told; each has its letter in the outbox now."""
    untold = world.counter.untold()
    for consignment in untold:
        _tell(world, consignment, actor)
        world.counter.told(consignment)
    return len(untold)


def _tell(world: World, consignment: Consignment, actor: str) -> None:
    """Nothing: the letter is promised, and the journal tells that it has been sent."""
    slip = consignment.slip
    order = world.shop.order(slip.customer_number, slip.order_number).order

    def work(tx: Transaction) -> None:
        found = bought(tx, slip.customer_number, order.po_number, slip.order_number)
        if found is None:
            own = SHOPS_OWN, f"mail:{slip.order_number}"
            if _promise(world, tx, consignment, own, _own_letter(world, tx, consignment)):
                journal.write(tx, _entry(world, consignment, actor))
            return
        agreement, stored = found.agreement, found.stored
        orders.hold_head(tx, agreement.id, stored.order_key)
        theirs = agreement.id, f"mail:{stored.order_key}"
        if _promise(world, tx, consignment, theirs, _letter(world, agreement, stored, consignment)):
            journal.write(tx, _entry(world, consignment, actor, stored))

    run_retrying(world.store, work)


def _promise(
    world: World, tx: Transaction, consignment: Consignment, place: tuple[str, str], letter: Mail | None
) -> bool:
    """Whether nobody had been told of the slip: the letter, if it goes to anybody, is in the outbox now.

    Two that tell at once name it alike, and the database takes it once.

    place
        Whose outbox it goes to, and the key by which it keeps its turn there.
    """
    slip, (agreement_id, ordering_key) = consignment.slip, place
    id_ = str(uuid.uuid5(_LETTERS, f"{slip.parcel_number} {slip.order_number}"))
    if outbox_book.find(tx, agreement_id, id_):
        return False
    if letter:
        promised = dispatch.mail(world, agreement_id, letter, ordering_key)
        outbox.put(tx, replace(promised, id=id_, due_at=moment(tx, world.now())))
    return True


def _own_letter(world: World, tx: Transaction, consignment: Consignment) -> Mail | None:
    """To whoever ordered in the shop itself, in the language of the checkout.

    None where nobody did, as for the release of a series.
    """
    slip = consignment.slip
    if not slip.ordered_by_email:
        return None
    page = f"{world.public_base_url}/min-side/ordrer/{slip.order_number}"
    kept = direct_carts.of_order(tx, slip.customer_number, slip.order_number)
    subject, text = letters.sent(kept.locale if kept else "", consignment, page)
    return Mail(to=slip.ordered_by_email, subject=subject, text=text)


def _letter(world: World, agreement: Agreement, stored: StoredOrder, consignment: Consignment) -> Mail | None:
    """To whoever ordered; None where nobody is known."""
    to = stored.shopper.email or consignment.slip.ordered_by_email
    if not to:
        return None
    page = f"{world.public_base_url}/o/{stored.reference}"
    subject, text = letters.sent(agreement.locale, consignment, page)
    return Mail(to=to, subject=subject, text=text, reference=stored.reference)


def _entry(
    world: World, consignment: Consignment, actor: str, stored: StoredOrder | None = None
) -> journal.Entry:
    slip = consignment.slip
    return journal.Entry(
        at=world.now(),
        agreement_id=stored.agreement_id if stored else "",
        kind="order.sent",
        reference=stored.reference if stored else "",
        actor=actor,
        summary=f"{len(slip.copies)} copies of bookshop order {slip.order_number} in parcel "
        f"{slip.parcel_number}; {slip.outstanding} to come",
    )
