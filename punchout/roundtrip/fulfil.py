"""What was promised is done: the outbox brings the bookshop to what a buyer ordered, once (design §4.4)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.rules.placing import Cancel, Change, Place, Standing, Step, steps
from protocols.model.order import OrderType
from punchout.roundtrip import changes, receive, telling
from punchout.roundtrip.done import Done, TooLate
from session_store import agreements, journal, orders, outbox
from session_store.crashpoints import crashpoint
from session_store.orders import OrderState

if TYPE_CHECKING:
    from protocols.model.agreement import Agreement
    from protocols.model.order import RefusedChange, ShopOrder
    from punchout.roundtrip.world import World
    from session_store.database import Transaction
    from session_store.orders import StoredOrder
    from session_store.outbox import Delivery


_SHOP_REFUSED = "shop.refused"


def carry_out(world: World, delivery: Delivery, owner: str) -> None:
    """Nothing: the bookshop has what this version says, or a person is told why it has not.

    The delivery's id is the idempotency key for ever, so doing it again after a crash changes nothing. Raises
    ShopUnavailable when it has to be tried again.
    """
    stored, agreement = _wanted(world, delivery)
    standing = _standing(world, stored)
    done = _done(world, stored, standing, delivery.id)
    crashpoint("worker-after-send")
    with world.store.write() as tx:
        if not outbox.sent(tx, delivery, owner, world.now()):
            return
        settled = _settled(world, tx, stored, standing, done)
        telling.carried_out(world, tx, agreement, settled, done)
        journal.write(tx, _entry(world, stored, done))
    crashpoint("worker-after-mark")


def take_up(world: World, delivery: Delivery, owner: str) -> None:
    """Nothing: a change that came before its order is judged anew, now that the order is there."""
    stored, agreement = _wanted(world, delivery)
    judged = receive.judge(world, agreement, stored.order, stored.deployment, sent_at=stored.sent_at)
    with world.store.write() as tx:
        if not outbox.sent(tx, delivery, owner, world.now()):
            return
        settled, findings = changes.take_up(world, tx, agreement, stored, judged)
        telling.stands(world, tx, agreement, settled)
        journal.write(
            tx,
            journal.Entry(
                at=world.now(),
                agreement_id=stored.agreement_id,
                kind=f"order.{settled.state}",
                reference=stored.reference,
                actor="outbox",
                summary="the order that this document changes has come",
                findings=findings,
            ),
        )


def _wanted(world: World, delivery: Delivery) -> tuple[StoredOrder, Agreement]:
    with world.store.read() as tx:
        stored = orders.get(tx, delivery.agreement_id, json.loads(delivery.payload)["order"])
        agreement = agreements.load(tx, delivery.agreement_id)
    if stored is None or agreement is None:
        raise LookupError(f"delivery {delivery.id} names an order that is not there")
    return stored, agreement


def _standing(world: World, stored: StoredOrder) -> tuple[Standing, ...]:
    """What the bookshop has of this order by now, from the version that it was brought to last."""
    with world.store.read() as tx:
        versions = orders.versions(tx, stored.agreement_id, stored.order_key)
        carried_out = [(version.carried_out_at, version.id) for version in versions if version.carried_out_at]
        last = orders.get(tx, stored.agreement_id, max(carried_out)[1]) if carried_out else None
    if last is None:
        return ()
    return tuple(
        Standing(order_number=number, order=order)
        for number, order in zip(last.shop_order_numbers, last.shop_orders, strict=True)
        if number
    )


def _done(world: World, stored: StoredOrder, standing: tuple[Standing, ...], key: str) -> Done:
    """What came of each step; the first that the bookshop refuses ends it."""
    planned = steps(standing, stored.shop_orders)
    numbers = {step.position: step.standing.order_number for step in planned if isinstance(step, Change)}
    refused: list[TooLate] = []
    reason = ""
    for count, step in enumerate(planned):
        try:
            number, too_late = _step(world, step, f"{key}-{count}" if count else key)
        except (Refused, NotFound) as error:
            reason = error.detail
            break
        refused += [TooLate(order_number=number, change=change) for change in too_late]
        if not isinstance(step, Cancel):
            numbers[step.position] = number
    in_order = tuple(numbers.get(position, "") for position in range(len(stored.shop_orders)))
    return Done(
        numbers=in_order, refused=tuple(refused), waiting=_waiting(world, stored, reason), reason=reason
    )


def _waiting(world: World, stored: StoredOrder, reason: str) -> tuple[str, ...]:
    """Products that the order has to wait for; nobody asks for one that was not taken."""
    products = dict.fromkeys(line.product_id for order in stored.shop_orders for line in order.lines)
    return world.shop.waiting(tuple(products)) if products and not reason else ()


def _step(world: World, step: Step, key: str) -> tuple[str, tuple[RefusedChange, ...]]:
    """The bookshop's number of the order, and what of the step came too late."""
    if isinstance(step, Place):
        return world.shop.place_order(step.wanted, key).order_number, ()
    number = step.standing.order_number
    if isinstance(step, Cancel):
        return number, world.shop.cancel_order(step.standing.order.customer_number, number, key).refused
    return number, world.shop.change_order(number, step.wanted, key).refused


def _settled(
    world: World, tx: Transaction, stored: StoredOrder, standing: tuple[Standing, ...], done: Done
) -> StoredOrder:
    """The version as it stands now, with what became of it; it takes the place of those before it."""
    versions = orders.hold_head(tx, stored.agreement_id, stored.order_key)
    state, reasons = _outcome(stored, done)
    shop_orders, numbers = _what_stands(stored, standing, done)
    settled = replace(
        stored,
        state=state,
        hold_reasons=reasons,
        carried_out_at=world.now(),
        shop_orders=shop_orders,
        shop_order_numbers=numbers,
    )
    orders.rewrite(tx, settled, world.now())
    for earlier in versions:
        if earlier.state is OrderState.PLACED and earlier.id != stored.id and not done.reason:
            orders.move(tx, earlier.agreement_id, earlier.id, OrderState.SUPERSEDED, world.now())
    return settled


def _outcome(stored: StoredOrder, done: Done) -> tuple[OrderState, tuple[str, ...]]:
    if done.reason:
        return OrderState.HELD, (_SHOP_REFUSED,)
    cancelled = stored.order.type is OrderType.DELETE
    return OrderState.CANCELLED if cancelled else OrderState.PLACED, stored.hold_reasons


def _what_stands(
    stored: StoredOrder, standing: tuple[Standing, ...], done: Done
) -> tuple[tuple[ShopOrder, ...], tuple[str, ...]]:
    """The orders that the bookshop has now, with their numbers; of a cancellation, what came too late."""
    if stored.order.type is not OrderType.DELETE:
        return stored.shop_orders, done.numbers
    late = {one.order_number for one in done.refused}
    kept = [one for one in standing if done.reason or one.order_number in late]
    return tuple(one.order for one in kept), tuple(one.order_number for one in kept)


def _entry(world: World, stored: StoredOrder, done: Done) -> journal.Entry:
    numbers = ", ".join(number for number in done.numbers if number)
    late = f"; too late for {len(done.refused)} lines" if done.refused else ""
    said = f"bookshop order {numbers}" if numbers else "bookshop orders cancelled"
    return journal.Entry(
        at=world.now(),
        agreement_id=stored.agreement_id,
        kind="order.held" if done.reason else _KINDS[stored.order.type],
        reference=stored.reference,
        actor="outbox",
        summary=f"the bookshop refused: {done.reason}" if done.reason else f"{said}{late}",
    )


_KINDS = {
    OrderType.NEW: "order.placed",
    OrderType.UPDATE: "order.changed",
    OrderType.DELETE: "order.cancelled",
}
