"""From a cart to what it becomes: looked over first, then frozen, once and for good (CHK-5, CHK-10)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from catalog_bridge.rules import dividing, subscribing
from protocols.model.order import ShopOrder, ShopOrderLine
from protocols.model.serial import to_json
from punchout.direct import placing
from punchout.roundtrip.cart_problems import problems
from session_store import direct_carts, outbox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocols.model.cart import Cart, CartLine
    from protocols.model.customer import Customer
    from protocols.model.standing import Subscription
    from punchout.direct.visit import Visit
    from punchout.roundtrip.cart_problems import Problem
    from punchout.roundtrip.world import World


class Spread(StrEnum):
    """Where the copies go: all to one address, or each branch's to its own (CHK-10)."""

    ONE = "one"
    BRANCHES = "branches"


class Changed(Exception):
    """The orders are not those that the user saw; nothing has been ordered."""


class NotOpen(Exception):
    """The cart has been ordered already, or is not the user's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a cart would become if it were ordered now.

    orders
        Without those lines that cannot go; empty when none can.
    subscriptions
        What is subscribed to: not ordered now, nor paid (ORD-7).
    staying
        The lines that cannot go and why; they stay in the cart (CART-5, DIST-6, DIST-7).
    waiting
        Product ids that are ordered now and sent when they come (CART-5).
    may_spread
        Whether some branch has an address of its own, so that there is something to choose.
    seen
        Stands for exactly these orders at these prices: comes back when they are placed.
    """

    cart: Cart
    customer: Customer
    orders: tuple[ShopOrder, ...]
    subscriptions: tuple[Subscription, ...]
    staying: tuple[Problem, ...]
    waiting: tuple[str, ...]
    may_spread: bool
    seen: str

    @property
    def nothing(self) -> bool:
        """Whether it would become nothing at all."""
        return not self.orders and not self.subscriptions

    @property
    def changed_prices(self) -> tuple[CartLine, ...]:
        """The lines that cost something else than when they were put in the cart (PRICE-6)."""
        stay = {problem.line_id for problem in self.staying}
        return tuple(line for line in self.cart.lines if line.price_changed and line.line_id not in stay)


def preview(world: World, here: Visit, cart: Cart, spread: Spread) -> Preview:
    """What the cart would become now: its lines at today's prices, to one address or to each branch's own."""
    customer = world.shop.customer(here.customer_number)
    staying = problems(world, cart, customer.distribution.value)
    kept_back = {problem.line_id for problem in staying}
    going = [line for line in cart.lines if line.line_id not in kept_back]
    orders = _orders(here, cart, [line for line in going if not line.kind.subscribed], customer, spread)
    subscriptions = subscribing.begun(
        cart,
        [line for line in going if line.kind.subscribed],
        customer,
        by_branch=spread is Spread.BRANCHES,
        begun_by=here.session.email,
    )
    own = dividing.own_addresses(customer)
    return Preview(
        cart=cart,
        customer=customer,
        orders=orders,
        subscriptions=subscriptions,
        staying=staying,
        waiting=world.shop.waiting(tuple(line.product_id for order in orders for line in order.lines)),
        may_spread=any(copy.codes.branch_code in own for line in going for copy in line.copies),
        seen=_seen(cart, orders, subscriptions),
    )


def order(world: World, here: Visit, looked: Preview, seen: str) -> None:
    """Nothing: the cart is ordered as it was seen, for good, once (ORD-1).

    What it becomes is frozen together with the promise to place it; the bookshop is asked at once, and again
    by the worker where it does not answer. Raises Changed and NotOpen.
    """
    if seen != looked.seen or looked.nothing:
        raise Changed
    cart_id, number = looked.cart.cart_id, here.customer_number
    with world.store.write() as tx:
        frozen = direct_carts.freeze(
            tx,
            number,
            cart_id,
            email=here.session.email,
            orders=looked.orders,
            subscriptions=looked.subscriptions,
            now=world.now(),
        )
        if not frozen:
            raise NotOpen
        outbox.put(tx, placing.promised(world, number, cart_id))
    placing.at_once(world, number, cart_id)


def _orders(
    here: Visit, cart: Cart, going: Iterable[CartLine], customer: Customer, spread: Spread
) -> tuple[ShopOrder, ...]:
    lines = tuple(_line(number, line) for number, line in enumerate(going, start=1))
    user = here.user
    whole = ShopOrder(
        customer_number=customer.number,
        delivery_address_id=cart.delivery_address_id,
        lines=lines,
        order_name=cart.order_name,
        ordered_by=user.name if user else "",
        ordered_by_email=here.session.email,
        way="direct",
    )
    if not lines:
        return ()
    return dividing.by_branch(whole, customer) if spread is Spread.BRANCHES else (whole,)


def _line(number: int, line: CartLine) -> ShopOrderLine:
    return ShopOrderLine(
        number=number,
        product_id=line.product.product_id,
        quantity=line.quantity,
        unit_price=line.unit_price,
        copies=line.copies,
        kind=line.kind,
        note=line.note,
        services=line.services,
    )


def _seen(cart: Cart, orders: tuple[ShopOrder, ...], subscriptions: tuple[Subscription, ...]) -> str:
    """Of what the page showed, without the name and the one address that come with the click."""
    every: tuple[ShopOrder | Subscription, ...] = (*orders, *subscriptions)
    several = len({one.delivery_address_id for one in every}) > 1
    shown = [
        replace(one, order_name="", delivery_address_id=one.delivery_address_id if several else "")
        for one in every
    ]
    return hashlib.sha256(f"{cart.cart_id}\n{to_json(shown)}".encode()).hexdigest()
