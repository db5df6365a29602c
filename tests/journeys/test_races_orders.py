"""Documents that meet: at two gateways on one database, over real HTTP, on both databases (design §4.4)."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from protocols.errors import Malformed
from protocols.model.money import Money
from session_store import agreements
from session_store.orders import OrderState
from tests.journeys.crashing import (
    RETURN,
    apart,
    audit,
    do_what_was_promised,
    kept,
    take_home,
    trader_at,
)
from tests.journeys.rows import count, promised
from tests.session_store.racing import race

AT_ONCE = 16


@pytest.fixture
def home(gateways):
    """The first gateway's house."""
    return gateways[0]


@pytest.fixture
def lines(gateways, trader):
    """The same buyer sixteen times, at either gateway in turn."""
    addresses = [gateway.world.public_base_url for gateway in gateways]
    return [apart(trader, addresses[number % 2]) for number in range(AT_ONCE)]


def other_stamps(trader, number=AT_ONCE):
    """So many payloadIDs of one moment: the order's date is the same in every document."""
    first = trader.stamp()
    return [replace(first, payload_id=f"{which}.{first.payload_id}") for which in range(number)]


def decide(home, trader, **policy):
    """Nothing: the agreement now says this."""
    save(home, replace(trader.agreement, policy=replace(trader.agreement.policy, **policy)))


def save(home, agreement):
    """Nothing: the agreement is now this one."""
    with home.store.write() as tx:
        agreements.save(tx, agreement, (), keyring=home.world.keyring, now=home.world.now())


@pytest.mark.rule("T-I1")
@pytest.mark.rule("ORD-1", way="punchout")
@pytest.mark.rule("DIST-8", way="punchout")
def test_sixteen_equal_orders_at_two_gateways_are_one(home, trader, lines):
    """All get the same bytes; one purchase order, one thing to do, one bookshop order with its copies."""
    cart, stamp = take_home(home, trader), trader.stamp()
    answers = race(AT_ONCE, lambda which: lines[which].send_order(cart, order_id="PO-1", stamp=stamp))
    assert [answer.code for answer in answers] == [200] * AT_ONCE
    assert len({answer.exchange.received for answer in answers}) == 1
    assert promised(home.settings.database_url) == 1
    do_what_was_promised(home)
    audit(home, "PO-1")


@pytest.mark.rule("T-I1")
def test_sixteen_equal_call_ups_at_two_gateways_are_one_session(home, trader, lines):
    """Which gateway answers makes no difference to the answer."""
    stamp = trader.stamp()
    answers = race(AT_ONCE, lambda which: lines[which].start(RETURN, stamp=stamp).exchange.received)
    assert len(set(answers)) == 1
    assert count(home.settings.database_url, "session") == 1


@pytest.mark.rule("T-I2")
def test_of_documents_under_one_payload_id_that_differ_one_is_taken(home, trader, lines):
    """The others are told 409, whoever comes first, and leave nothing behind."""
    cart, stamp = take_home(home, trader), trader.stamp()
    answers = race(AT_ONCE, lambda which: lines[which].send_order(cart, order_id=f"PO-{which}", stamp=stamp))
    assert Counter(answer.code for answer in answers) == {200: 1, 409: AT_ONCE - 1}
    (first,) = [answer.order_id for answer in answers if answer.code == 200]
    do_what_was_promised(home)
    audit(home, first)


@pytest.mark.rule("T-I3")
@pytest.mark.rule("ORD-1", way="punchout")
def test_one_order_under_sixteen_payload_ids_at_once_is_one_order(home, trader, lines):
    """The second fence holds while it is being built: every answer names the one order's reference."""
    cart, stamps = take_home(home, trader), other_stamps(trader)
    answers = race(AT_ONCE, lambda which: lines[which].send_order(cart, order_id="PO-1", stamp=stamps[which]))
    assert [answer.code for answer in answers] == [200] * AT_ONCE
    assert len({answer.detail for answer in answers}) == 1
    do_what_was_promised(home)
    audit(home, "PO-1")


@pytest.mark.rule("T-I3")
def test_of_orders_under_one_number_that_differ_one_is_taken(home, trader, lines):
    """With ``duplicate_order = "reject"`` every other one is told 409."""
    cart, stamps = take_home(home, trader), other_stamps(trader)
    answers = race(
        AT_ONCE,
        lambda which: lines[which].send_order(
            cart, order_id="PO-1", requisition_id=f"PR-{which}", stamp=stamps[which]
        ),
    )
    assert Counter(answer.code for answer in answers) == {200: 1, 409: AT_ONCE - 1}
    do_what_was_promised(home)
    audit(home, "PO-1")


@pytest.mark.rule("T-I4")
def test_differing_orders_under_one_number_are_held_once_each(home, trader, lines):
    """With ``duplicate_order = "hold"`` a person sees each content once, however often it came."""
    decide(home, trader, duplicate_order="hold")
    cart, stamps = take_home(home, trader), other_stamps(trader)
    answers = race(
        AT_ONCE,
        lambda which: lines[which].send_order(
            cart, order_id="PO-1", requisition_id=f"PR-{which % 4}", stamp=stamps[which]
        ),
    )
    assert Counter(answer.code for answer in answers) == {200: 4, 201: AT_ONCE - 4}
    stored = kept(home, trader.agreement.id)
    assert Counter(order.state for order in stored) == {OrderState.RECEIVED: 1, OrderState.HELD: 3}
    do_what_was_promised(home)
    audit(home, "PO-1")


@pytest.mark.rule("T-I3")
@pytest.mark.rule("T-M1")
def test_one_order_number_from_two_agreements_at_once_is_two_orders(home, lines):
    """Neither waits for, sees or stops the other, under the very same payloadID."""
    traders = [trader_at(home, name=name) for name in ("generic", "coupa")]
    carts, stamp = [take_home(home, trader) for trader in traders], traders[0].stamp()
    answers = race(2, lambda which: traders[which].send_order(carts[which], order_id="PO-1", stamp=stamp))
    assert [answer.code for answer in answers] == [200, 200]
    do_what_was_promised(home)
    audit(home, "PO-1", "PO-1")


@pytest.mark.rule("DIST-10", way="punchout")
def test_of_orders_for_the_same_copies_one_goes_on_and_the_others_wait(home, trader, lines):
    """A copy is consumed once, also when nobody had consumed it at the time each order was read."""
    cart = take_home(home, trader)
    answers = race(8, lambda which: lines[which].send_order(cart, order_id=f"PO-{which}"))
    assert Counter(answer.code for answer in answers) == {200: 1, 201: 7}
    held = [order for order in kept(home, trader.agreement.id) if order.state is OrderState.HELD]
    assert all("copies.taken" in order.hold_reasons for order in held)
    (first,) = [answer.order_id for answer in answers if answer.code == 200]
    do_what_was_promised(home)
    audit(home, first)


@pytest.mark.rule("T-I1")
def test_an_order_that_was_taken_is_not_refused_when_it_comes_again(home, trader):
    """Its price would be refused by the policy of today; what was promised stays promised, byte for byte."""
    decide(home, trader, price_difference="accept")
    cart, stamp = cheaper(take_home(home, trader)), trader.stamp()
    first = trader.send_order(cart, order_id="PO-1", stamp=stamp)
    decide(home, trader, price_difference="reject")
    assert trader.send_order(cart, order_id="PO-2").code == 400
    again = trader.send_order(cart, order_id="PO-1", stamp=stamp)
    assert again.code == first.code == 200
    assert again.exchange.received == first.exchange.received


@pytest.mark.rule("T-I1")
def test_a_call_up_that_was_answered_is_not_refused_when_it_comes_again(home, trader):
    """The agreement has lost the return host meanwhile: the session was promised, a new one is refused."""
    stamp = trader.stamp()
    first = trader.start("https://buyer.testby.example/return", stamp=stamp)
    save(home, replace(trader.agreement, return_hosts=()))
    with pytest.raises(Malformed):
        trader.start("https://buyer.testby.example/return")
    again = trader.start("https://buyer.testby.example/return", stamp=stamp)
    assert again.exchange.received == first.exchange.received


def cheaper(cart):
    """The cart as a careless buyer keeps it: without our line tokens, and at prices of its own."""
    lines = tuple(
        replace(line, line_token="", unit_price=Money(Decimal("1.00"), line.unit_price.currency))
        for line in cart.message.lines
    )
    return replace(cart, message=replace(cart.message, lines=lines))
