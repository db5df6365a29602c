"""Whole roundtrips by the built-in buyer over real HTTP, for every system, on both databases."""

import pytest

from punchout.buyer.browser import Browser
from punchout.buyer.receiver import receiving
from punchout.buyer.systems import systems
from punchout.buyer.trial import ORDER_NAME, WISHES, walk
from punchout.buyer.visit import Visit
from session_store import orders
from tests.journeys.crashing import CUSTOMER, do_what_was_promised, take_home, trader_at


def silent(_):
    """Says nothing."""


@pytest.mark.rule("DIST-4", way="punchout")
@pytest.mark.rule("DIST-8")
@pytest.mark.rule("CHK-4")
@pytest.mark.parametrize("name", [system.name for system in systems()])
def test_a_roundtrip_is_whole(gateway, buyer, name):
    """Order name, address and every copy's codes are in the bookshop's order as they were chosen, æøå too."""
    trial = walk(buyer(name), gateway.shop, "100234", silent)
    assert [verdict for verdict in trial.verdicts if not verdict.holds] == []
    (placed,) = trial.orders
    assert placed.order.order_name == ORDER_NAME
    assert placed.order_number.startswith("TEST-")
    copies = [copy for line in placed.order.lines for copy in line.copies]
    assert len(copies) == sum(wish.quantity for wish in WISHES)
    assert all(copy.codes.assigned for copy in copies)
    assert len({copy.codes for copy in copies}) > 1


@pytest.mark.rule("DIST-8", way="punchout")
@pytest.mark.parametrize(("name", "kept"), [("sap_srm", True), ("visma_proceedo", False)])
def test_an_order_by_peppol_finds_its_cart_with_or_without_tokens(gateway, buyer, name, kept):
    """One system keeps EXT_PRODUCT_ID until it orders, the other VENDORMAT alone; both are whole."""
    trial = walk(buyer(name), gateway.shop, "100234", silent)
    assert trial.holds
    assert all(line.line_token for line in trial.cart.lines)
    assert all(bool(line.line_token) is kept for line in trial.answer.order.lines)


def test_leaving_returns_an_unchanged_cart(buyer):
    """Cancel gives Status 204 and no lines, so that nothing is deleted at the buyer's (FLOW-6)."""
    trader = buyer("coupa")
    with receiving() as receiver:
        started = trader.start(receiver.url)
        Visit.enter(Browser(), started.start_url).leave()
    cart = trader.read_return(receiver.forms[-1], started.buyer_cookie)
    assert cart.message.unchanged
    assert cart.message.lines == ()
    assert cart.holds


def test_two_sessions_in_one_browser_are_two_carts(gateway, buyer):
    """Sessions live in the path, so one browser holds two without mixing them (design §4.5)."""
    trader, browser = buyer(), Browser()
    with receiving() as receiver:
        first, second = (trader.start(receiver.url) for _ in range(2))
        visits = [Visit.enter(browser, started.start_url) for started in (first, second)]
        bags = [
            visit.shop([wish], f"kurv {number}")
            for number, (visit, wish) in enumerate(zip(visits, WISHES, strict=True))
        ]
        for visit in visits:
            visit.send()
    carts = [
        trader.read_return(form, started.buyer_cookie)
        for form, started in zip(receiver.forms, (first, second), strict=True)
    ]
    assert [cart.holds for cart in carts] == [True, True]
    assert [[line.product_id for line in cart.message.lines] for cart in carts] == [
        [line.product_id for line in bag.lines] for bag in bags
    ]


@pytest.mark.rule("FLOW-2", way="punchout")
def test_nothing_is_binding_before_the_purchase_order(gateway):
    """A cart that has gone back is no order; the approved order is."""
    trader = trader_at(gateway)
    cart = take_home(gateway, trader)
    do_what_was_promised(gateway)
    assert gateway.shop.orders(CUSTOMER) == ()
    assert trader.send_order(cart, order_id="PO-1").code == 200
    do_what_was_promised(gateway)
    assert len(gateway.shop.orders(CUSTOMER)) == 1


@pytest.mark.rule("DIST-9", way="punchout")
def test_fewer_equal_copies_are_simply_fewer(gateway, buyer):
    """An approver takes a title out; the other one's copies stay as they were."""
    trader = buyer()
    with receiving() as receiver:
        started = trader.start(receiver.url)
        visit = Visit.enter(Browser(), started.start_url)
        bag = visit.shop(WISHES, ORDER_NAME)
        visit.send()
    cart = trader.read_return(receiver.forms[-1], started.buyer_cookie)
    answer = trader.send_order(cart, quantities={1: 0})
    (stored,) = _stored(gateway, trader.agreement.id)
    (shop_order,) = stored.shop_orders
    assert answer.code == 200
    assert [line.product_id for line in shop_order.lines] == [bag.lines[1].product_id]
    assert len(shop_order.lines[0].copies) == bag.lines[1].quantity


def _stored(gateway, agreement_id):
    with gateway.store.read() as tx:
        return orders.listing(tx, agreement_id)
