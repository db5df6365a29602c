"""From a cart to what it becomes: looked over first, then frozen for good (CHK-5, CHK-10, INV-2)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from catalog_bridge.rules import dividing, order_name, subscribing
from protocols.model.order import ShopOrder
from protocols.model.serial import to_json
from punchout.direct import placing
from punchout.roundtrip.cart_problems import problems
from session_store import direct_carts, outbox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from catalog_bridge.rules.dividing import Wish
    from protocols.model.cart import Cart, CartLine
    from protocols.model.customer import Customer
    from protocols.model.standing import Subscription
    from punchout.direct.visit import Visit
    from punchout.roundtrip.cart_problems import Problem
    from punchout.roundtrip.world import World


class Changed(Exception):
    """The orders are not those that the user saw; nothing has been ordered."""


class NameNeeded(Exception):
    """The customer requires an order name, and there is none (CHK-3); nothing has been ordered."""


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
        Whether the copies go to several places when each branch has its own, so that there is a choice.
    may_wait
        Whether titles that are not here yet stand beside others, so that they may go apart.
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
    may_wait: bool
    seen: str

    @property
    def needs_name(self) -> bool:
        """Whether an order name is missing (CHK-3)."""
        return order_name.is_missing(self.cart.order_name, self.customer)

    @property
    def nothing(self) -> bool:
        """Whether it would become nothing at all."""
        return not self.orders and not self.subscriptions

    @property
    def changed_prices(self) -> tuple[CartLine, ...]:
        """The lines that cost something else than when they were put in the cart (PRICE-6)."""
        stay = {problem.line_id for problem in self.staying}
        return tuple(line for line in self.cart.lines if line.price_changed and line.line_id not in stay)


def preview(world: World, here: Visit, cart: Cart, wish: Wish) -> Preview:
    """What the cart would become now by this wish: its lines at today's prices."""
    customer = world.shop.customer(here.customer_number)
    staying = problems(world, cart, customer.distribution.value)
    kept_back = {problem.line_id for problem in staying}
    going = [line for line in cart.lines if line.line_id not in kept_back]
    titles = [line for line in going if not line.kind.subscribed]
    waiting = world.shop.waiting(tuple(line.product.product_id for line in titles))
    books = _whole(here, cart, titles, customer)
    would = dividing.outlook(books, customer, wish, waiting)
    may_spread = dividing.may_spread(_whole(here, cart, going, customer), customer)
    division = replace(would.division, by_branch=wish.by_branch and may_spread)
    orders = _in_turn(dividing.of_cart(books, customer, division))
    subscriptions = subscribing.begun(
        cart,
        [line for line in going if line.kind.subscribed],
        customer,
        by_branch=division.by_branch,
        begun_by=here.session.email,
    )
    return Preview(
        cart=cart,
        customer=customer,
        orders=orders,
        subscriptions=subscriptions,
        staying=staying,
        waiting=waiting,
        may_spread=may_spread,
        may_wait=would.may_wait,
        seen=_seen(cart, orders, subscriptions),
    )


def order(world: World, here: Visit, looked: Preview, seen: str, *, locale: str) -> None:
    """Nothing: the cart is ordered as it was seen, for good, once (ORD-1).

    What it becomes is frozen together with the promise to place it; the bookshop is asked at once, and again
    by the worker where it does not answer. Raises Changed, NameNeeded and NotOpen.

    locale
        The language that the user shops in, for the letters about the order.
    """
    if seen != looked.seen or looked.nothing:
        raise Changed
    if looked.needs_name:
        raise NameNeeded
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
            locale=locale,
        )
        if not frozen:
            raise NotOpen
        outbox.put(tx, placing.promised(world, number, cart_id))
    placing.at_once(world, number, cart_id)


def _whole(here: Visit, cart: Cart, going: Iterable[CartLine], customer: Customer) -> ShopOrder:
    user = here.user
    return ShopOrder(
        customer_number=customer.number,
        delivery_address_id=cart.delivery_address_id,
        lines=tuple(dividing.as_ordered(number, line) for number, line in enumerate(going, start=1)),
        order_name=cart.order_name,
        ordered_by=user.name if user else "",
        ordered_by_email=here.session.email,
        way="direct",
    )


def _in_turn(orders: tuple[ShopOrder, ...]) -> tuple[ShopOrder, ...]:
    """Each with lines numbered from 1, and without the mark that follows a PO number."""
    return tuple(
        replace(
            order,
            po_suffix="",
            lines=tuple(replace(line, number=number) for number, line in enumerate(order.lines, start=1)),
        )
        for order in orders
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
