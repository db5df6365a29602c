"""kill -9 anywhere on the road: after a restart everything is there once, on both databases (design §4.4)."""

import signal
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests

from punchout import local
from punchout import worker as outbox_worker
from punchout.buyer.browser import Browser
from punchout.buyer.exchange import GatewayUnreachable
from punchout.buyer.receiver import receiving
from punchout.buyer.systems import system
from punchout.buyer.trading import buyer as buyer_of
from punchout.buyer.trial import NOTE, ORDER_NAME, WISHES
from punchout.buyer.visit import Visit
from session_store.crashpoints import NAMES
from tests.journeys.crashing import CHECKING_OUT, DISPATCHING, FOLDER
from tests.journeys.processes import PATIENCE, serving, working
from tests.journeys.rows import count, one, promised

ORDERING = ("after-auth", "after-inbox", "after-order", "after-outbox", "before-commit", "after-commit")
PLACING = ("worker-after-lease", "worker-after-step", "worker-after-send", "worker-after-mark")
RETURNING = ("cart-parted", "cart-freeze", "cart-return")
RETURN = "http://localhost:1/return"
CUSTOMER = "100234"
FEEDING = "feed-imported"  # in tests/punchout/cli/test_feed.py


@pytest.fixture
def settings(databases, shopped):
    """Settings for a gateway from which a buyer has taken a cart home."""
    url = databases.create(shopped.url)
    yield shopped.settings(url)
    databases.drop(url)


@pytest.fixture
def order(shopped):
    """Sends the order for that cart to the gateway at an address; always the same document."""
    stamps = []

    def send(home, url):
        trader = buyer_of(home.world, system("generic"), gateway=url)
        stamps.append(trader.stamp())
        cart = trader.read_document(*shopped.carts["generic"])
        return trader.send_order(cart, order_id="PO-1", stamp=stamps[0])

    return send


def do_what_was_promised(world):
    """A new worker does all that is due."""
    outbox_worker.take_over(world)
    while outbox_worker.deliver_once(world, outbox_worker.owner_name()):
        pass


def two_minutes_later(world):
    """The same world when leases have run out: processes just killed may still seem to be there."""
    return replace(world, now=lambda: world.now() + timedelta(minutes=2))


def check_placed_once(home):
    """The order is in the bookshop exactly once, with every copy's codes, and the gateway knows it."""
    url = home.settings.database_url
    (made,) = home.shop.orders(CUSTOMER, "PO-1")
    copies = [copy for line in made.order.lines for copy in line.copies]
    assert len(copies) == sum(wish.quantity for wish in WISHES)
    assert all(copy.codes.branch_code and copy.codes.note.startswith(NOTE) for copy in copies)
    assert made.order.order_name == ORDER_NAME
    assert [count(url, table) for table in ("shop_order", "purchase_order")] == [1, 1]
    assert (promised(url), promised(url, "sent")) == (1, 1)
    assert one(url, "SELECT state FROM purchase_order") == "placed"


@pytest.mark.rule("T-I1")
@pytest.mark.rule("DIST-8", way="punchout")
@pytest.mark.parametrize("place", ORDERING)
def test_a_web_process_killed_while_taking_an_order_loses_and_doubles_nothing(home, settings, order, place):
    """The buyer gets no answer, sends the same document again, and there is one order."""
    with serving(settings, PUNCHOUT_CRASHPOINT=place) as served, pytest.raises(GatewayUnreachable):
        order(home, served.url)
    with local.running(settings, worker=False) as again:
        assert order(again, again.world.public_base_url).code == 200
    do_what_was_promised(two_minutes_later(home.world))
    check_placed_once(home)


@pytest.mark.rule("ORD-1", way="punchout")
@pytest.mark.rule("DIST-8", way="punchout")
@pytest.mark.parametrize("place", PLACING)
def test_a_worker_killed_while_placing_an_order_loses_and_doubles_nothing(home, settings, order, place):
    """Another worker takes over at once, with the same idempotency key."""
    with local.running(settings, worker=False) as gateway:
        assert order(gateway, gateway.world.public_base_url).code == 200
    with working(settings, PUNCHOUT_CRASHPOINT=place) as worker:
        assert worker.process.wait(PATIENCE) == -signal.SIGKILL
    do_what_was_promised(home.world)
    check_placed_once(home)


@pytest.mark.rule("T-B1")
def test_a_web_process_killed_while_opening_a_session_spends_no_start_page(settings):
    """The same address opens after the restart."""
    with local.running(settings) as gateway:
        start_path = path(buyer_of(gateway.world, system("generic")).start(RETURN).start_url)
    with (
        serving(settings, PUNCHOUT_CRASHPOINT="token-spend") as served,
        pytest.raises(requests.ConnectionError),
    ):
        Visit.enter(Browser(), served.url + start_path)
    with local.running(settings) as gateway:
        Visit.enter(Browser(), gateway.world.public_base_url + start_path)


@pytest.mark.rule("CART-6")
@pytest.mark.parametrize("place", RETURNING)
def test_a_web_process_killed_while_returning_a_cart_loses_no_cart(settings, place):
    """The shopper's page after the restart returns it, frozen or not."""
    with receiving() as receiver:
        with local.running(settings) as gateway:
            trader = buyer_of(gateway.world, system("generic"))
            started = trader.start(receiver.url)
            visit = Visit.enter(Browser(), started.start_url)
            visit.shop(WISHES[:1], ORDER_NAME)
        front = path(visit.front)
        with serving(settings, PUNCHOUT_CRASHPOINT=place) as served, pytest.raises(requests.ConnectionError):
            Visit(Browser(), served.url + front).send()
        with local.running(settings) as gateway:
            Visit(Browser(), gateway.world.public_base_url + front).send()
    cart = trader.read_return(receiver.forms[-1], started.buyer_cookie)
    assert cart.holds
    assert [int(line.quantity) for line in cart.message.lines] == [WISHES[0].quantity]


def path(url):
    """What follows the host."""
    return urlsplit(url).path


def test_every_crash_point_is_tried():
    """A place that the program names is a place where it was killed."""
    tried = {*ORDERING, *PLACING, *RETURNING, *DISPATCHING, *CHECKING_OUT, *FOLDER, "token-spend", FEEDING}
    assert tried == NAMES
