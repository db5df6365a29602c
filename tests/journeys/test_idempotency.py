"""The same document twice, at once and later; over HTTP, on both databases (design §4.4)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from protocols.errors import Conflict
from punchout.buyer.browser import Browser, PageRefused
from punchout.buyer.visit import Visit
from session_store import orders
from tests.journeys.rows import count, promised

RETURN = "http://localhost:1/return"
AT_ONCE = 16


@pytest.fixture
def settings(databases, shopped):
    """Settings for a gateway from which two buyers have taken a cart home."""
    url = databases.create(shopped.url)
    yield shopped.settings(url)
    databases.drop(url)


@pytest.fixture
def home_cart(buyer, shopped):
    """The cart that the buyer of this name took home."""

    def of(name="generic"):
        return buyer(name).read_document(*shopped.carts[name])

    return of


@pytest.fixture
def cart(home_cart):
    """The generic buyer's."""
    return home_cart()


def at_once(work):
    """What sixteen calls at the same time give."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [future.result() for future in [pool.submit(work) for _ in range(AT_ONCE)]]


def kept(gateway, agreement_id):
    """The orders that the agreement has."""
    with gateway.store.read() as tx:
        return orders.listing(tx, agreement_id)


@pytest.mark.rule("T-I1")
def test_sixteen_equal_call_ups_open_one_session(gateway, buyer):
    """All get the same bytes, and there is one session (T-I1)."""
    trader, before = buyer(), count(gateway.settings.database_url, "session")
    stamp = trader.stamp()
    answers = {started.exchange.received for started in at_once(lambda: trader.start(RETURN, stamp=stamp))}
    assert len(answers) == 1
    assert count(gateway.settings.database_url, "session") == before + 1


@pytest.mark.rule("T-I1")
@pytest.mark.rule("T-B1")
def test_a_call_up_again_after_its_page_was_opened_is_explained(buyer):
    """The stored answer comes back with its spent address, and the page there says so (design §4.4)."""
    trader = buyer()
    stamp = trader.stamp()
    first = trader.start(RETURN, stamp=stamp)
    Visit.enter(Browser(), first.start_url)
    again = trader.start(RETURN, stamp=stamp)
    assert again.exchange.received == first.exchange.received
    with pytest.raises(PageRefused) as refused:
        Visit.enter(Browser(), again.start_url)
    assert refused.value.page.status == 410


@pytest.mark.rule("T-I1")
@pytest.mark.rule("ORD-1", way="punchout")
def test_sixteen_equal_orders_are_one(gateway, buyer, cart):
    """All get the same bytes; one purchase order, one thing to do, one bookshop order (T-I1, ORD-1)."""
    trader = buyer()
    stamp = trader.stamp()
    answers = at_once(lambda: trader.send_order(cart, order_id="PO-1", stamp=stamp))
    assert {answer.code for answer in answers} == {200}
    assert len({answer.exchange.received for answer in answers}) == 1
    assert len(kept(gateway, trader.agreement.id)) == 1
    assert promised(gateway.settings.database_url) == 1


@pytest.mark.rule("T-I2")
def test_the_same_payload_id_with_other_content_is_a_conflict(gateway, buyer, cart):
    """409, and what was there stays as it was (T-I2)."""
    trader = buyer()
    stamp = trader.stamp()
    assert trader.send_order(cart, order_id="PO-1", stamp=stamp).code == 200
    assert trader.send_order(cart, order_id="PO-2", stamp=stamp).code == 409
    assert [stored.order.order_id for stored in kept(gateway, trader.agreement.id)] == ["PO-1"]
    call_up = trader.stamp()
    trader.start(RETURN, stamp=call_up)
    with pytest.raises(Conflict):
        trader.start(f"{RETURN}/else", stamp=call_up)


@pytest.mark.rule("T-I3")
def test_the_same_order_under_another_payload_id_is_no_second_one(gateway, buyer, cart):
    """Equal content gets the first answer's status; other content under its number is refused (T-I3)."""
    trader = buyer()
    first = trader.stamp()
    assert trader.send_order(cart, order_id="PO-1", stamp=first).code == 200
    again = replace(first, payload_id=f"again.{first.payload_id}")
    assert trader.send_order(cart, order_id="PO-1", stamp=again).code == 200
    other = replace(first, payload_id=f"other.{first.payload_id}")
    assert trader.send_order(cart, order_id="PO-1", quantities={1: 1}, stamp=other).code == 409
    assert len(kept(gateway, trader.agreement.id)) == 1


@pytest.mark.rule("T-I3")
@pytest.mark.rule("T-M1")
def test_the_same_order_number_and_payload_id_from_two_agreements_are_two_orders(gateway, buyer, home_cart):
    """Keys count inside an agreement only (T-I3, T-M1)."""
    traders = [buyer("generic"), buyer("coupa")]
    stamp = traders[0].stamp()
    carts = [home_cart("generic"), home_cart("coupa")]
    answers = [
        trader.send_order(cart, order_id="PO-1", stamp=stamp)
        for trader, cart in zip(traders, carts, strict=True)
    ]
    assert [answer.code for answer in answers] == [200, 200]
    references = {kept(gateway, trader.agreement.id)[0].reference for trader in traders}
    assert len(references) == 2


@pytest.mark.rule("DIST-10", way="punchout")
@pytest.mark.rule("T-M1")
def test_another_agreements_line_tokens_are_not_found(gateway, buyer, cart):
    """An order with a neighbour's tokens takes none of the neighbour's copies; it waits for a person."""
    thief = buyer("coupa")
    assert thief.send_order(cart, order_id="PO-1").code == 201
    (stored,) = kept(gateway, thief.agreement.id)
    assert stored.state == "held"
    assert not any(
        copy.codes.assigned for order in stored.shop_orders for line in order.lines for copy in line.copies
    )
    assert buyer("generic").send_order(cart, order_id="PO-1").code == 200


@pytest.mark.rule("DIST-10", way="punchout")
def test_the_same_cart_ordered_twice_is_held(gateway, buyer, cart):
    """A copy is consumed once: a second order for the same lines is a possible duplicate."""
    trader = buyer()
    assert trader.send_order(cart, order_id="PO-1").code == 200
    assert trader.send_order(cart, order_id="PO-2").code == 201
    states = {stored.order.order_id: stored.state for stored in kept(gateway, trader.agreement.id)}
    assert states["PO-2"] == "held"
