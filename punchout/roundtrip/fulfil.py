"""What was promised is done: the outbox brings the bookshop to what a buyer ordered, once (design §4.4)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from operator import attrgetter
from typing import TYPE_CHECKING

from protocols.errors import ProtocolError, Unavailable
from protocols.model.order import OrderType
from punchout.roundtrip import changes, receive, telling
from punchout.roundtrip.bring import bring
from session_store import agreements, carts, journal, orders, outbox
from session_store.crashpoints import crashpoint
from session_store.orders import OrderState

if TYPE_CHECKING:
    from datetime import datetime

    from protocols.model.agreement import Agreement
    from protocols.model.order import Standing
    from punchout.roundtrip.done import Done
    from punchout.roundtrip.world import World
    from session_store.database import Transaction
    from session_store.orders import OrderVersion, StoredOrder
    from session_store.outbox import Delivery


_SHOP_REFUSED = "shop.refused"
_LATER = timedelta(microseconds=1)


def carry_out(world: World, delivery: Delivery, owner: str) -> None:
    """Nothing: the bookshop has what this version says, or a person is told why it has not.

    The delivery's id is the idempotency key for ever, so doing it again after a crash changes nothing. Raises
    ShopUnavailable when it has to be tried again.
    """
    stored, agreement = _wanted(world, delivery)
    done = _done(world, stored, delivery.id)
    crashpoint("worker-after-send")
    with world.store.write() as tx:
        if not outbox.sent(tx, delivery, owner, world.now()):
            return
        settled = _settled(world, tx, stored, done)
        _free(tx, settled, done, delivery)
        telling.carried_out(world, tx, agreement, settled, done)
        journal.write(tx, _entry(world, stored, done))
    crashpoint("worker-after-mark")


def _free(tx: Transaction, settled: StoredOrder, done: Done, delivery: Delivery) -> None:
    """Nothing: copies that this version gave up may be ordered again.

    Not where the bookshop has picked any of it, or where a newer version may want them back: then they stay
    with the order, and another one for them waits for a person (DIST-10).
    """
    free = [(token, number) for token, number in json.loads(delivery.payload).get("free", ())]
    versions = orders.versions(tx, settled.agreement_id, settled.order_key)
    if free and not (done.refused or done.reason or changes.is_overtaken(settled, versions)):
        carts.give_back(tx, settled.agreement_id, settled.order_key, free)


def take_up(world: World, delivery: Delivery, owner: str) -> None:
    """Nothing: a change that came before its order is judged anew, now that the order is there."""
    stored, agreement = _wanted(world, delivery)
    try:
        judged = receive.judge(world, agreement, stored.order, stored.deployment, sent_at=stored.sent_at)
    except Unavailable:
        raise
    except ProtocolError as error:
        _hold(world, delivery, owner, stored, error)
        return
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


def _hold(world: World, delivery: Delivery, owner: str, stored: StoredOrder, error: ProtocolError) -> None:
    """Nothing: a person looks at a change that today's agreement or catalogue does not let through."""
    with world.store.write() as tx:
        if not outbox.sent(tx, delivery, owner, world.now()):
            return
        orders.hold(tx, stored.agreement_id, stored.id, (_SHOP_REFUSED,), world.now())
        entry = journal.Entry(
            at=world.now(),
            agreement_id=stored.agreement_id,
            kind="order.held",
            reference=stored.reference,
            actor="outbox",
            summary=f"{error.detail} [{error.where}]",
        )
        journal.write(tx, entry)


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
    last = _last_carried_out(versions)
    return last.standing if last else ()


def _last_carried_out(versions: tuple[OrderVersion, ...]) -> OrderVersion | None:
    """The version that the bookshop was brought to last."""
    return max(
        (version for version in versions if version.carried_out_at),
        key=attrgetter("carried_out_at", "id"),
        default=None,
    )


def _done(world: World, stored: StoredOrder, key: str) -> Done:
    """What the bookshop made of the version, and what of it has to wait."""
    done = bring(world.shop, _standing(world, stored), stored.shop_orders, key)
    return replace(done, waiting=_waiting(world, stored, done.reason))


def _waiting(world: World, stored: StoredOrder, reason: str) -> tuple[str, ...]:
    """Products that the order has to wait for; nobody asks for one that was not taken."""
    products = dict.fromkeys(line.product_id for order in stored.shop_orders for line in order.lines)
    return world.shop.waiting(tuple(products)) if products and not reason else ()


def _settled(world: World, tx: Transaction, stored: StoredOrder, done: Done) -> StoredOrder:
    """The version as it stands now, with what became of it; it takes the place of those before it."""
    versions = orders.hold_head(tx, stored.agreement_id, stored.order_key)
    state, reasons = _outcome(stored, done, overtaken=changes.is_overtaken(stored, versions))
    settled = replace(
        stored,
        state=state,
        hold_reasons=reasons,
        carried_out_at=_at(world, versions),
        shop_order_numbers=done.numbers,
        standing=done.standing,
    )
    orders.rewrite(tx, settled, world.now())
    for earlier in versions:
        if earlier.state is OrderState.PLACED and earlier.id != stored.id and not done.reason:
            orders.move(tx, earlier.agreement_id, earlier.id, OrderState.SUPERSEDED, world.now())
    return settled


def _at(world: World, versions: tuple[OrderVersion, ...]) -> datetime:
    """Now, and after the version before it even where another host's clock is ahead of ours."""
    last = _last_carried_out(versions)
    before = last.carried_out_at if last else None
    return max(world.now(), before + _LATER) if before else world.now()


def _outcome(stored: StoredOrder, done: Done, *, overtaken: bool) -> tuple[OrderState, tuple[str, ...]]:
    """Nobody decides about what the bookshop refused when a newer version goes on already."""
    if done.reason and overtaken:
        return OrderState.SUPERSEDED, stored.hold_reasons
    if done.reason:
        return OrderState.HELD, (_SHOP_REFUSED,)
    cancelled = stored.order.type is OrderType.DELETE
    return OrderState.CANCELLED if cancelled else OrderState.PLACED, stored.hold_reasons


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
