"""Whose a cart of the bookshop's is, where people buy directly: customer and user (CART-3)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sqlalchemy import Text, bindparam, insert, select, type_coerce, update

from protocols.model.order import ShopOrder
from protocols.model.standing import Subscription
from session_store.tables import direct_cart

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCart:
    """One cart of one user at one customer.

    name
        As the user calls it; may be empty.
    ordered_at, orders, subscriptions
        When it was ordered and what it became; None and empty while it is open.
    order_numbers, subscription_ids
        The bookshop's, in the same order, "" for what it refused; both empty until all is settled.
    locale
        The language that the user ordered in, for what is written about it; empty while it is open.
    """

    customer_number: str
    cart_id: str
    email: str
    name: str
    chosen_at: datetime
    ordered_at: datetime | None = None
    orders: tuple[ShopOrder, ...] = ()
    order_numbers: tuple[str, ...] = ()
    locale: str = ""
    subscriptions: tuple[Subscription, ...] = ()
    subscription_ids: tuple[str, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether the bookshop has answered to all of it, refusals included."""
        return bool(self.order_numbers or self.subscription_ids)


_COLUMNS = [direct_cart.c[field.name] for field in fields(KeptCart)]
_SCOPE = direct_cart.c.customer_number == bindparam("scope")
_OWN = direct_cart.c.email == bindparam("of_email")
_ONE = direct_cart.c.cart_id == bindparam("cart")
_OPEN = direct_cart.c.ordered_at.is_(None)

_OPEN_ONES = (
    select(*_COLUMNS)
    .where(_SCOPE, _OWN, _OPEN)
    .order_by(direct_cart.c.chosen_at.desc(), direct_cart.c.cart_id)
)
_OF_ALL = (
    select(*_COLUMNS).where(_SCOPE, _OPEN).order_by(direct_cart.c.chosen_at.desc(), direct_cart.c.cart_id)
)
_NEW = insert(direct_cart)
_CHOOSE = update(direct_cart).where(_SCOPE, _ONE, _OWN, _OPEN)
_LOAD = select(*_COLUMNS).where(_SCOPE, _ONE)
_BY_NUMBER = (
    select(*_COLUMNS)
    .where(_SCOPE, type_coerce(direct_cart.c.order_numbers, Text).contains(bindparam("number")))
    .order_by(direct_cart.c.ordered_at.desc())
)
_PLACED = update(direct_cart).where(
    _SCOPE,
    _ONE,
    direct_cart.c.order_numbers == bindparam("none_yet"),
    direct_cart.c.subscription_ids == bindparam("none_yet"),
)


def open_ones(tx: Connection, customer_number: str, email: str) -> tuple[KeptCart, ...]:
    """The user's carts that have not been ordered, the one in use first."""
    rows = tx.execute(_OPEN_ONES, {"scope": customer_number, "of_email": email}).mappings()
    return tuple(KeptCart(**row) for row in rows)


def of_all(tx: Connection, customer_number: str) -> tuple[KeptCart, ...]:
    """Everybody's carts at this customer that have not been ordered, the one used last first (CART-8)."""
    rows = tx.execute(_OF_ALL, {"scope": customer_number}).mappings()
    return tuple(KeptCart(**row) for row in rows)


def begin(
    tx: Connection, customer_number: str, *, cart_id: str, email: str, name: str, now: datetime
) -> KeptCart:
    """A new cart, in use from now on."""
    made = KeptCart(customer_number=customer_number, cart_id=cart_id, email=email, name=name, chosen_at=now)
    tx.execute(_NEW, {field.name: getattr(made, field.name) for field in fields(made)})
    return made


def choose(tx: Connection, customer_number: str, cart_id: str, *, email: str, now: datetime) -> bool:
    """Whether this is an open cart of the user's, which is then the one in use."""
    keys = {"scope": customer_number, "cart": cart_id, "of_email": email}
    return tx.execute(_CHOOSE, {**keys, "chosen_at": now}).rowcount == 1


def load(tx: Connection, customer_number: str, cart_id: str) -> KeptCart | None:
    """The cart, open or ordered; None when there is none with this id at this customer."""
    row = tx.execute(_LOAD, {"scope": customer_number, "cart": cart_id}).mappings().first()
    return None if row is None else KeptCart(**row)


def of_order(tx: Connection, customer_number: str, order_number: str) -> KeptCart | None:
    """The cart that became this order of the bookshop's; None for an order that never was one."""
    rows = tx.execute(_BY_NUMBER, {"scope": customer_number, "number": f'"{order_number}"'}).mappings()
    return next(
        (kept for kept in (KeptCart(**row) for row in rows) if order_number in kept.order_numbers), None
    )


def freeze(
    tx: Connection,
    customer_number: str,
    cart_id: str,
    *,
    email: str,
    orders: tuple[ShopOrder, ...],
    now: datetime,
    locale: str,
    subscriptions: tuple[Subscription, ...] = (),
) -> bool:
    """Whether this is an open cart of the user's, which then is these orders and subscriptions, for good.

    One statement decides, so of any number of callers exactly one has ordered it.
    """
    keys = {"scope": customer_number, "cart": cart_id, "of_email": email}
    became = {"ordered_at": now, "orders": orders, "subscriptions": subscriptions, "locale": locale}
    return tx.execute(_CHOOSE, keys | became).rowcount == 1


def placed(tx: Connection, kept: KeptCart) -> bool:
    """Whether the numbers of the cart's orders and subscriptions were not known yet; they are now."""
    keys = {"scope": kept.customer_number, "cart": kept.cart_id, "none_yet": ()}
    known = {"order_numbers": kept.order_numbers, "subscription_ids": kept.subscription_ids}
    return tx.execute(_PLACED, keys | known).rowcount == 1
