"""What was promised is done: the outbox places a received order in the bookshop, once (design §4.4)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import NotFound, Refused
from session_store import journal, orders, outbox
from session_store.crashpoints import crashpoint

if TYPE_CHECKING:
    from protocols.model.order import BookshopOrder
    from punchout.roundtrip.world import World
    from session_store.orders import StoredOrder
    from session_store.outbox import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What the bookshop answered: an order of its own, or why it cannot take ours."""

    order: BookshopOrder | None
    reason: str = ""


def place_order(world: World, delivery: Delivery, owner: str) -> None:
    """Nothing: the order of this delivery stands in the bookshop, or is held with the bookshop's reason.

    The delivery's id is the idempotency key for ever, so doing it again after a crash changes nothing. Raises
    ShopUnavailable when it has to be tried again.
    """
    stored = _wanted(world, delivery)
    placed = _placed(world, stored, delivery.id)
    crashpoint("worker-after-send")
    with world.store.write() as tx:
        if not outbox.sent(tx, delivery, owner, world.now()):
            return
        if placed.order is None:
            orders.hold(tx, stored.agreement_id, stored.id, ("shop.refused",), world.now())
        else:
            orders.placed(tx, stored.agreement_id, stored.id, (placed.order.order_number,), world.now())
        journal.write(tx, _entry(world, stored, placed))
    crashpoint("worker-after-mark")


def _wanted(world: World, delivery: Delivery) -> StoredOrder:
    with world.store.read() as tx:
        stored = orders.get(tx, delivery.agreement_id, json.loads(delivery.payload)["order"])
    if stored is None:
        raise LookupError(f"delivery {delivery.id} names an order that is not there")
    return stored


def _placed(world: World, stored: StoredOrder, key: str) -> Placed:
    (shop_order,) = stored.shop_orders
    try:
        return Placed(order=world.shop.place_order(shop_order, key))
    except (Refused, NotFound) as error:
        return Placed(order=None, reason=error.detail)


def _entry(world: World, stored: StoredOrder, placed: Placed) -> journal.Entry:
    made = placed.order.order_number if placed.order else ""
    return journal.Entry(
        at=world.now(),
        agreement_id=stored.agreement_id,
        kind="order.placed" if made else "order.held",
        reference=stored.reference,
        actor="outbox",
        summary=f"bookshop order {made}" if made else f"the bookshop refused: {placed.reason}",
    )
