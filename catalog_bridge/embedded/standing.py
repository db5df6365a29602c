"""Standing orders on our own tables; each release is placed by the bookshop like any other order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, delete, select, update

from catalog_bridge.bookshop import Bookshop, BookshopError, NotFound, Refused, ShopUnavailable
from catalog_bridge.embedded import customers, series, tables
from catalog_bridge.embedded.available import reading, writing
from catalog_bridge.embedded.database import Database, insert_new, put
from catalog_bridge.rules import standing, subscribing
from catalog_bridge.rules.delivery import listed
from catalog_bridge.rules.distribution import checked
from catalog_bridge.rules.order_name import typed
from catalog_bridge.rules.ordering import check_quantity
from protocols.model.distribution import CopyCodes
from protocols.model.item import Kind
from protocols.model.order import BookshopOrder, ShopOrder
from protocols.model.serial import from_json, to_json
from protocols.model.standing import NotReleased, OpenOrder, Release, SeriesOffer, Subscription

_SCOPE: BindParameter[str] = bindparam("scope")
_TABLE = tables.subscription
_MINE = (
    select(_TABLE)
    .where(_TABLE.c.customer_number == _SCOPE)
    .order_by(_TABLE.c.ended, _TABLE.c.title, _TABLE.c.subscription_id)
)
_ONE = select(_TABLE).where(_TABLE.c.customer_number == _SCOPE, _TABLE.c.subscription_id == bindparam("of"))
_END = (
    update(_TABLE)
    .where(_TABLE.c.customer_number == _SCOPE, _TABLE.c.subscription_id == bindparam("of"))
    .values(ended=True)
    .returning(*_TABLE.c)
)
_LIVE = (
    select(_TABLE)
    .where(_TABLE.c.product_id == bindparam("series"), _TABLE.c.ended.is_(False))
    .order_by(_TABLE.c.customer_number, _TABLE.c.subscription_id)
    .execution_options(across="release")
)
_OPEN = (
    select(tables.open_order)
    .where(tables.open_order.c.customer_number == _SCOPE)
    .order_by(tables.open_order.c.position, tables.open_order.c.number)
)


_RELEASE = (
    tables.release.c.customer_number == _SCOPE,
    tables.release.c.subscription_id == bindparam("of"),
    tables.release.c.product_id == bindparam("title"),
    tables.release.c.gift == bindparam("given"),
)
_PROMISED = select(tables.release.c.order).where(*_RELEASE)
_FORGET = delete(tables.release).where(*_RELEASE)


class EmbeddedStandingOrders:
    """The ``StandingOrders`` Protocol beside the embedded bookshop, on the same database."""

    def __init__(self, db: Database, shop: Bookshop) -> None:
        self._db = db
        self._shop = shop

    def offers(self) -> tuple[SeriesOffer, ...]:
        """All series and packages of the shop's list, in its order, ended ones too."""
        with reading(self._db) as tx:
            return series.listed(tx)

    def subscriptions(self, customer_number: str) -> tuple[Subscription, ...]:
        """The customer's subscriptions, ended ones last; NotFound for an unknown customer."""
        with reading(self._db) as tx:
            number = customers.known(tx, customer_number)
            return tuple(map(_subscription, tx.execute(_MINE, {"scope": number})))

    def subscribe(self, subscription: Subscription) -> Subscription:
        """The subscription as kept; the same id again takes its place. NotFound; Refused."""
        with writing(self._db) as tx:
            kept = _checked(tx, subscription)
            put(tx, _TABLE, [subscription_row(kept)])
        return kept

    def begin(self, subscription: Subscription) -> Subscription:
        """The subscription as kept; one with this id stays as it is (CHK-5). NotFound; Refused."""
        with writing(self._db) as tx:
            number = customers.known(tx, subscription.customer_number)
            one = {"scope": number, "of": subscription.subscription_id}
            if first := tx.execute(_ONE, one).first():
                return _subscription(first)
            found = series.some(tx, [subscription.product_id]).get(subscription.product_id)
            subscribing.check(found, subscription.kind, subscription.product_id)
            insert_new(tx, _TABLE, subscription_row(_checked(tx, subscription)))
            return _subscription(tx.execute(_ONE, one).one())

    def end(self, customer_number: str, subscription_id: str) -> Subscription:
        """The subscription without further releases; NotFound."""
        with writing(self._db) as tx:
            number = customers.known(tx, customer_number)
            row = tx.execute(_END, {"scope": number, "of": subscription_id}).first()
        if row is None:
            raise NotFound("There is no subscription %(number)s for this customer.", number=subscription_id)
        return _subscription(row)

    def open_orders(self, customer_number: str) -> tuple[OpenOrder, ...]:
        """Orders from before this shop that are still to come, oldest first (CUST-9)."""
        with reading(self._db) as tx:
            number = customers.known(tx, customer_number)
            rows = tx.execute(_OPEN, {"scope": number}).mappings()
            return tuple(
                OpenOrder(**{name: row[name] for name in OpenOrder.__dataclass_fields__}) for row in rows
            )

    def release(self, series_id: str, product_id: str, *, gift: bool = False) -> Release:
        """An order for each live subscription to this series or package, of this title (ORD-7, ORD-8)."""
        with reading(self._db) as tx:
            live = tuple(map(_subscription, tx.execute(_LIVE, {"series": series_id})))
        orders: list[BookshopOrder] = []
        held_up: list[NotReleased] = []
        for subscription in live:
            try:
                orders.append(self._placed(subscription, product_id, gift=gift))
            except ShopUnavailable:
                raise
            except BookshopError as error:
                held_up.append(NotReleased(subscription=subscription, reason=error.detail))
        return Release(orders=tuple(orders), held_up=tuple(held_up))

    def _placed(self, subscription: Subscription, product_id: str, *, gift: bool) -> BookshopOrder:
        """The order of the release, with the content of the first try: prices and codes may change since."""
        offer = self._shop.offer(subscription.customer_number, product_id)
        usual = self._shop.customer(subscription.customer_number).services
        title = offer.product.product_id
        make = standing.gift_order if gift else standing.release_order
        promised = self._promised(subscription, title, make(subscription, offer, usual), gift=gift)
        try:
            return self._shop.place_order(promised, standing.release_key(subscription, title, gift=gift))
        except (NotFound, Refused):
            self._forget(subscription, title, gift=gift)
            raise

    def _promised(
        self, subscription: Subscription, product_id: str, order: ShopOrder, *, gift: bool
    ) -> ShopOrder:
        row = _key(subscription, product_id) | {"gift": gift, "order": to_json(order)}
        with writing(self._db) as tx:
            if insert_new(tx, tables.release, row):
                return order
            kept = tx.execute(_PROMISED, _wanted(subscription, product_id) | {"given": gift}).scalar_one()
        return from_json(kept, ShopOrder)

    def _forget(self, subscription: Subscription, product_id: str, *, gift: bool) -> None:
        """Nothing: once mended, the release is ordered as it is then."""
        with writing(self._db) as tx:
            tx.execute(_FORGET, _wanted(subscription, product_id) | {"given": gift})


def _checked(tx: Connection, subscription: Subscription) -> Subscription:
    number = customers.known(tx, subscription.customer_number)
    if not subscription.kind.subscribed:
        raise Refused("Only series and book packages can be subscribed to.")
    check_quantity(len(subscription.copies))
    register = customers.register(tx, number)
    if not listed(customers.read(tx, number), subscription.delivery_address_id):
        raise Refused("The subscription has no delivery address.")
    return replace(
        subscription,
        customer_number=number,
        copies=tuple(checked(codes, register) for codes in subscription.copies),
        order_name=typed(subscription.order_name),
    )


def _key(subscription: Subscription, product_id: str) -> dict[str, object]:
    return {
        "customer_number": subscription.customer_number,
        "subscription_id": subscription.subscription_id,
        "product_id": product_id,
    }


def _wanted(subscription: Subscription, product_id: str) -> dict[str, object]:
    number = subscription.customer_number
    return {"scope": number, "of": subscription.subscription_id, "title": product_id}


def subscription_row(subscription: Subscription) -> dict[str, object]:
    """The subscription as its row."""
    own = {name: getattr(subscription, name) for name in Subscription.__dataclass_fields__}
    services = None if subscription.services is None else " ".join(subscription.services)
    return own | {
        "kind": subscription.kind.value,
        "copies": to_json(subscription.copies),
        "services": services,
    }


def _subscription(row: Row[Any]) -> Subscription:
    own = {name: getattr(row, name) for name in Subscription.__dataclass_fields__}
    changed = {
        "kind": Kind(row.kind),
        "copies": from_json(row.copies, tuple[CopyCodes, ...]),
        "services": None if row.services is None else tuple(row.services.split()),
    }
    return Subscription(**(own | changed))
