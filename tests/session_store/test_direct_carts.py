"""Whose carts are whose, and that each is ordered once; on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from protocols.model.distribution import CopyCodes
from protocols.model.item import Kind
from protocols.model.order import ShopOrder
from protocols.model.standing import Subscription
from session_store import direct_carts
from tests.session_store.made import NOW
from tests.session_store.racing import race

LIBRARY, KARI, BO = "100234", "kari@testby.example", "bo@testby.example"
SERIES = Subscription(
    subscription_id="S-1",
    customer_number=LIBRARY,
    kind=Kind.SERIES,
    product_id="SERIE-KRIM",
    title="Krim på Ås",
    copies=(CopyCodes(branch_code="HBB"),),
    order_name="Krim",
    delivery_address_id="HBB",
)
ORDERS = (ShopOrder(customer_number=LIBRARY, delivery_address_id="HBB", lines=(), way="direct"),)


def begin(store, cart_id, email=KARI, number=LIBRARY, minutes=0):
    """Nothing: the user has this cart, begun so much later."""
    at = NOW + timedelta(minutes=minutes)
    with store.write() as tx:
        direct_carts.begin(tx, number, cart_id=cart_id, email=email, name="", now=at)


def open_ones(store, email=KARI, number=LIBRARY):
    """Ids of the user's open carts, the one in use first."""
    with store.read() as tx:
        return [one.cart_id for one in direct_carts.open_ones(tx, number, email)]


def choose(store, cart_id, email=KARI, number=LIBRARY):
    """Whether the cart could be chosen."""
    with store.write() as tx:
        return direct_carts.choose(tx, number, cart_id, email=email, now=NOW + timedelta(hours=1))


def freeze(store, cart_id, email=KARI):
    """Whether the cart could be ordered."""
    with store.write() as tx:
        return direct_carts.freeze(tx, LIBRARY, cart_id, email=email, orders=ORDERS, now=NOW, locale="nn")


@pytest.mark.rule("CART-3", way="direct")
def test_carts_belong_to_customer_and_user(store):
    """Several of one user, the chosen one first; a colleague's and another customer's are not among them."""
    begin(store, "one")
    begin(store, "two", minutes=1)
    begin(store, "bos", BO)
    begin(store, "one", number="100235")
    assert open_ones(store) == ["two", "one"]
    assert choose(store, "one")
    assert open_ones(store) == ["one", "two"]
    assert not choose(store, "bos")
    assert not choose(store, "one", number="100236")
    assert open_ones(store, BO) == ["bos"]


@pytest.mark.rule("CART-8", way="direct")
def test_open_carts_of_all_users_are_those_of_one_customer(store):
    """What is ordered is no cart any more, and another customer's is not there."""
    begin(store, "one")
    begin(store, "bos", BO, minutes=1)
    begin(store, "done", BO)
    begin(store, "theirs", number="100235")
    assert freeze(store, "done", BO)
    with store.read() as tx:
        assert [one.cart_id for one in direct_carts.of_all(tx, LIBRARY)] == ["bos", "one"]


@pytest.mark.rule("ORD-1")
def test_a_cart_is_ordered_once_and_by_its_own_user(store):
    """Of many clicks one decides; afterwards it is no open cart, and cannot be chosen."""
    begin(store, "one")
    assert not freeze(store, "one", BO)
    assert race(8, lambda _: freeze(store, "one")).count(True) == 1
    assert open_ones(store) == []
    assert not choose(store, "one")
    with store.read() as tx:
        assert direct_carts.load(tx, LIBRARY, "one").orders == ORDERS


def test_numbers_are_written_once(store):
    """Who comes second changes nothing."""
    begin(store, "one")
    freeze(store, "one")
    with store.read() as tx:
        kept = direct_carts.load(tx, LIBRARY, "one")
    with store.write() as tx:
        assert direct_carts.placed(tx, replace(kept, order_numbers=("7",)))
        assert not direct_carts.placed(tx, replace(kept, order_numbers=("8",)))
    with store.read() as tx:
        assert direct_carts.load(tx, LIBRARY, "one").order_numbers == ("7",)


@pytest.mark.rule("ORD-9", way="direct")
def test_an_order_is_known_by_the_cart_that_it_was(store):
    """And the language of the checkout by it; never by another customer's, nor by half a number."""
    begin(store, "one")
    begin(store, "two")
    for cart_id, numbers in (("one", ("71", "72")), ("two", ("711",))):
        freeze(store, cart_id)
        with store.write() as tx:
            direct_carts.placed(tx, replace(direct_carts.load(tx, LIBRARY, cart_id), order_numbers=numbers))
    with store.read() as tx:
        found = direct_carts.of_order(tx, LIBRARY, "72")
        assert (found.cart_id, found.locale) == ("one", "nn")
        assert direct_carts.of_order(tx, LIBRARY, "711").cart_id == "two"
        for number, order in ((LIBRARY, "7"), (LIBRARY, "%"), ("100235", "72")):
            assert direct_carts.of_order(tx, number, order) is None


@pytest.mark.rule("ORD-7", way="direct")
def test_a_cart_of_subscriptions_alone_is_settled_once(store):
    """What it became is kept with it, and the ids are written once, though there is no order."""
    begin(store, "one")
    with store.write() as tx:
        kept = {"email": KARI, "orders": (), "subscriptions": (SERIES,), "now": NOW, "locale": "nn"}
        assert direct_carts.freeze(tx, LIBRARY, "one", **kept)
    with store.read() as tx:
        kept = direct_carts.load(tx, LIBRARY, "one")
    assert (kept.subscriptions, kept.settled) == ((SERIES,), False)
    with store.write() as tx:
        assert direct_carts.placed(tx, replace(kept, subscription_ids=("",)))
        assert not direct_carts.placed(tx, replace(kept, subscription_ids=("S-1",)))
    with store.read() as tx:
        assert direct_carts.load(tx, LIBRARY, "one").settled
