"""Subscriptions begun at checkout: once, whatever happens between order and subscription (CHK-5, ORD-7)."""

import signal

import pytest

from catalog_bridge.bookshop import Refused, ShopUnavailable
from catalog_bridge.rules.dividing import Wish
from protocols.model.item import Kind
from punchout.direct import checkout, visit
from tests.journeys.crashing import CHECKING_OUT, do_what_was_promised, orderable
from tests.journeys.processes import PATIENCE, working
from tests.journeys.rows import change
from tests.journeys.test_direct import LIBRARY, here, letters, order, with_titles, work
from tests.session_store.racing import race

SERIES, PACKAGE = "SERIE-LYRIKK", "PAKKE-SAMISK"


def with_series(home, now, *series):
    """The cart of the visit with a title and these series, ready to be ordered."""
    cart = with_titles(home, now, 1)
    for product_id in series or (SERIES,):
        kind = Kind.PACKAGE if product_id == PACKAGE else Kind.SERIES
        cart = home.shop.add_to_cart(LIBRARY, cart.cart_id, product_id, 3, kind=kind)
    return cart


def begun(home):
    """The subscriptions that were begun at checkout."""
    return [one for one in home.world.standing.subscriptions(LIBRARY) if one.begun_by]


def check_once(home):
    """Nothing: there is one order, one subscription and one mail that tells of both, and an empty cart."""
    (placed,) = home.shop.orders(LIBRARY)
    (one,) = begun(home)
    assert (one.product_id, len(one.copies), one.order_name) == (SERIES, 3, "Vår")
    (letter,) = letters(home)
    assert placed.order_number in letter.subject
    assert "Dere abonnerer på Dikt hvert halvår (demo): 3 eks. av hver utgivelse" in letter.text


@pytest.mark.rule("CHK-5", way="direct")
@pytest.mark.rule("ORD-7", way="direct")
@pytest.mark.rule("ORD-1")
def test_checkout_posted_many_times_at_once_subscribes_once(home):
    """Double click, several windows: one of them orders, the others find it done."""
    now = here(home)
    cart = with_series(home, now)
    found = race(5, lambda _: order(home, now, cart))
    assert found.count(None) == 1
    work(home)
    check_once(home)


@pytest.mark.rule("ORD-7", way="direct")
def test_a_release_of_a_new_subscription_is_ordered_under_the_typed_name(home):
    """With the copies and services that the buyer saw, and no cart."""
    now = here(home)
    order(home, now, with_series(home, now))
    title = orderable(home, 1)[0]
    (released,) = home.world.standing.release(SERIES, title).orders
    assert (released.order.order_name, released.order.delivery_address_id) == ("Vår", "HBB")
    assert (released.order.way, released.order.lines[0].quantity) == ("standing", 3)


@pytest.mark.rule("ORD-7", way="direct")
@pytest.mark.rule("ORD-1")
@pytest.mark.parametrize("lost", ["before", "after"])
def test_a_subscription_that_the_shop_did_not_answer_is_begun_by_the_worker(home, monkeypatch, lost):
    """The order that was placed before it is not placed again, and nobody is written to twice."""
    now, standing = here(home), type(home.world.standing)
    cart, begin = with_series(home, now), standing.begin

    def unanswered(self, wish):
        if lost == "after":
            begin(self, wish)
        raise ShopUnavailable("The bookshop is busy; try again in a moment.")

    monkeypatch.setattr(standing, "begin", unanswered)
    order(home, now, cart)
    assert (len(home.shop.orders(LIBRARY)), letters(home)) == (1, [])
    monkeypatch.setattr(standing, "begin", begin)
    work(home)
    check_once(home)


@pytest.mark.rule("CART-5", way="direct")
@pytest.mark.rule("ORD-7", way="direct")
def test_a_subscription_that_is_refused_at_last_lies_in_a_cart_again(home, monkeypatch):
    """Alone, with its copies and its kind; what was ordered and begun does not."""
    now, standing = here(home), type(home.world.standing)
    cart, begin = with_series(home, now, SERIES, PACKAGE), standing.begin

    def picky(self, wish):
        if wish.product_id == PACKAGE:
            raise Refused("This series is not offered any more.")
        return begin(self, wish)

    monkeypatch.setattr(standing, "begin", picky)
    order(home, now, cart)
    work(home)
    assert [one.product_id for one in begun(home)] == [SERIES]
    (kept,) = visit.carts(home.world, now)
    (line,) = home.shop.cart(LIBRARY, kept.cart_id).lines
    assert (line.product.product_id, line.kind, line.quantity) == (PACKAGE, Kind.PACKAGE, 3)
    assert "ligger i handlekurven" in letters(home)[0].text
    monkeypatch.setattr(standing, "begin", begin)
    order(home, now, home.shop.cart(LIBRARY, kept.cart_id))
    assert {one.product_id for one in begun(home)} == {SERIES, PACKAGE}


@pytest.mark.rule("CART-2", way="direct")
def test_subscriptions_alone_are_settled_once_and_told_by_mail(home):
    """Without an order the cart is done all the same."""
    now = here(home)
    cart = with_series(home, now, PACKAGE)
    cart = home.shop.set_quantity(LIBRARY, cart.cart_id, cart.lines[0].line_id, 0)
    order(home, now, cart)
    work(home)
    work(home)
    assert home.shop.orders(LIBRARY) == ()
    assert [one.product_id for one in begun(home)] == [PACKAGE]
    assert [letter.subject for letter in letters(home)] == ["Bokhandelen har mottatt abonnementet ditt"]
    assert visit.carts(home.world, now) == ()


@pytest.mark.rule("CHK-5", way="direct")
def test_what_was_not_seen_is_not_subscribed_to(home):
    """Another quantity, or one more address, is looked over first; another name comes with the click."""
    now = here(home)
    cart = with_series(home, now)
    looked = checkout.preview(home.world, now, cart, Wish())
    line_id = cart.lines[1].line_id
    more = home.shop.set_quantity(LIBRARY, cart.cart_id, line_id, 4)
    with pytest.raises(checkout.Changed):
        checkout.order(
            home.world, now, checkout.preview(home.world, now, more, Wish()), looked.seen, locale="nb"
        )
    home.shop.set_quantity(LIBRARY, cart.cart_id, line_id, 3)
    named = home.shop.set_details(LIBRARY, cart.cart_id, "Et annet navn", "BJO")
    checkout.order(
        home.world, now, checkout.preview(home.world, now, named, Wish()), looked.seen, locale="nb"
    )
    assert [(one.order_name, one.delivery_address_id) for one in begun(home)] == [("Et annet navn", "BJO")]


@pytest.mark.rule("DIST-7", way="direct")
def test_where_distribution_is_required_a_series_without_stays_in_the_cart(home):
    """As a title does; an ended series does too, and the rest goes."""
    now = here(home)
    cart = with_series(home, now)
    change(home.settings.database_url, "UPDATE shop_series SET ended = true")
    looked = checkout.preview(home.world, now, home.shop.cart(LIBRARY, cart.cart_id), Wish())
    assert ([problem.line_id for problem in looked.staying], looked.subscriptions) == (
        [cart.lines[1].line_id],
        (),
    )
    assert len(looked.orders) == 1
    change(home.settings.database_url, "UPDATE shop_series SET ended = false")
    change(home.settings.database_url, "UPDATE shop_customer SET distribution = 'required'")
    looked = checkout.preview(home.world, now, home.shop.cart(LIBRARY, cart.cart_id), Wish())
    assert looked.nothing


@pytest.mark.rule("T-I5")
@pytest.mark.rule("ORD-7", way="direct")
@pytest.mark.parametrize("place", CHECKING_OUT)
def test_a_worker_killed_between_order_and_subscription_loses_and_doubles_nothing(home, monkeypatch, place):
    """Another worker takes over: the order is there once, and so is the subscription."""
    now = here(home)
    cart = with_series(home, now)

    def away(*_):
        raise ShopUnavailable("The bookshop is busy; try again in a moment.")

    with monkeypatch.context() as patched:
        patched.setattr(type(home.shop), "place_order", away)
        order(home, now, cart)
    with working(home.settings, PUNCHOUT_CRASHPOINT=place) as worker:
        assert worker.process.wait(PATIENCE) == -signal.SIGKILL
    assert len(home.shop.orders(LIBRARY)) == 1
    do_what_was_promised(home)
    check_once(home)
