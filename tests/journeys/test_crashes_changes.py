"""kill -9 while an order is changed or cancelled: it happens once, after the restart (T-I5, ORD-6)."""

import signal

import pytest

from punchout import local
from punchout.buyer.exchange import GatewayUnreachable
from session_store import orders
from session_store.orders import OrderState
from tests.journeys.crashing import COPIES, CUSTOMER, do_what_was_promised, take_home, trader_at
from tests.journeys.processes import PATIENCE, serving, working
from tests.journeys.rows import count
from tests.journeys.test_crashes import ORDERING, PLACING
from tests.journeys.test_order_versions import papers

CHANGE, CANCELLATION = 1, 3


@pytest.fixture
def documents(home):
    """An order that the bookshop has, with the papers that change and cancel it."""
    with local.running(home.settings, worker=False) as gateway:
        trader = trader_at(gateway)
        written = papers(trader, take_home(gateway, trader), "PO-1")
        assert written[0].sent_by(trader).code == 200
    do_what_was_promised(home)
    return written


def check(home, which):
    """Nothing: the bookshop's one order is changed or cancelled, and the gateway's newest version says so."""
    (placed,) = home.shop.orders(CUSTOMER, "PO-1")
    wanted = [] if which == CANCELLATION else [COPIES + 1, COPIES]
    assert [line.quantity for line in home.shop.order(CUSTOMER, placed.order_number).order.lines] == wanted
    with home.store.read() as tx:
        first, newest = orders.versions(tx, trader_at(home).agreement.id, "PO-1")
    expected = OrderState.CANCELLED if which == CANCELLATION else OrderState.PLACED
    assert (first.state, newest.state) == (OrderState.SUPERSEDED, expected)
    assert count(home.settings.database_url, "purchase_order") == 2


@pytest.mark.rule("T-I5")
@pytest.mark.parametrize("place", ORDERING)
def test_a_web_process_killed_while_taking_a_change_loses_and_doubles_nothing(home, documents, place):
    """The buyer gets no answer, sends the same change again, and the order is changed once."""
    with serving(home.settings, PUNCHOUT_CRASHPOINT=place) as served, pytest.raises(GatewayUnreachable):
        documents[CHANGE].sent_by(trader_at(home, served.url))
    with local.running(home.settings, worker=False) as again:
        assert documents[CHANGE].sent_by(trader_at(again)).code == 200
    do_what_was_promised(home)
    check(home, CHANGE)


@pytest.mark.rule("T-I5")
@pytest.mark.rule("ORD-6", way="punchout")
@pytest.mark.parametrize("which", [CHANGE, CANCELLATION])
@pytest.mark.parametrize("place", PLACING)
def test_a_worker_killed_while_changing_an_order_loses_and_doubles_nothing(home, documents, place, which):
    """Another worker takes over with the same idempotency key."""
    with local.running(home.settings, worker=False) as gateway:
        assert documents[which].sent_by(trader_at(gateway)).code == 200
    with working(home.settings, PUNCHOUT_CRASHPOINT=place) as worker:
        assert worker.process.wait(PATIENCE) == -signal.SIGKILL
    do_what_was_promised(home)
    check(home, which)
