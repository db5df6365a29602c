"""Carts taken home in a moment, and the audit of what became of their orders."""

from dataclasses import replace
from datetime import timedelta

import requests

from catalog_bridge.bookshop import SearchQuery
from protocols.model.distribution import CopyCodes
from punchout import worker
from punchout.buyer.systems import system
from punchout.buyer.trading import buyer as buyer_of
from punchout.roundtrip import shop, start, transfer
from session_store import orders
from session_store.crashpoints import NAMES
from session_store.orders import OrderState
from tests.journeys.rows import one, promised

CUSTOMER = "100234"
RETURN = "http://localhost:1/return"
ORDER_NAME = "Påskebøker til Bø – æøå"
COPIES = 3
SETTING_UP = ("after-auth", "after-inbox", "before-commit", "after-commit")
ORDERING = ("after-auth", "after-inbox", "after-order", "after-outbox", "before-commit", "after-commit")
DISPATCHING = ("dispatch-after-send", "dispatch-after-mark")
CHECKING_OUT = ("direct-after-orders", "direct-after-subscriptions")
FOLDER = ("folder-after-answer", "folder-after-reply")
COMMITTED = "after-commit"

assert {*SETTING_UP, *ORDERING} <= NAMES


def trader_at(home, gateway="", name="generic"):
    """A buyer of this name with connections of its own, trading with the gateway at that address."""
    return buyer_of(home.world, system(name), gateway=gateway)


def apart(trader, gateway=""):
    """The same buyer on another line, so that threads do not wait for each other's."""
    return replace(trader, http=requests.Session(), gateway=gateway or trader.gateway)


def orderable(home, number, page=1):
    """The item numbers of so many titles that can be ordered."""
    found = home.shop.search(CUSTOMER, SearchQuery(text="", page=page, size=100))
    listed = [offer.product.product_id for offer in found.offers if offer.orderable]
    if len(listed) < number and page * 100 < found.count:
        listed += orderable(home, number - len(listed), page + 1)
    return listed[:number]


def visiting(home, trader):
    """The visit of a shopper who has opened the StartPage of a new session and said for whom."""
    token = trader.start(RETURN).start_url.rpartition("/")[2]
    entered = start.enter(home.world, token)
    shop.choose_customer(home.world, shop.visit(home.world, entered.handle, None), CUSTOMER)
    return shop.visit(home.world, entered.handle, None), entered.handle


def fill(home, here, products, copies=COPIES):
    """Nothing: the cart has these titles, every copy with codes of its own, and a name."""
    shop.cart(home.world, here)
    place = (CUSTOMER, here.session.cart_id)
    branches = [code.value for code in home.shop.register(CUSTOMER).offered("branch_code")]
    for product_id in products:
        line = home.shop.add_to_cart(*place, product_id, copies).lines[-1]
        codes = tuple(
            CopyCodes(branch_code=branches[number % len(branches)], note=f"Blåbærhylla øverst {number}")
            for number in range(copies)
        )
        home.shop.set_copies(*place, line.line_id, codes)
    address = home.shop.customer(CUSTOMER).addresses[0].address_id
    home.shop.set_details(*place, ORDER_NAME, address)


def take_home(home, trader, titles=2, copies=COPIES, products=(), wish=None):
    """The cart that a shopper has just sent back, as the buyer received it; of these products if given.

    wish
        What orders it is to become when it has been approved.
    """
    here, _ = visiting(home, trader)
    fill(home, here, products or orderable(home, titles), copies)
    parcel = transfer.freeze(home.world, here, wish)
    return trader.read_return(dict(parcel.fields), here.session.setup.buyer_cookie)


def later(world):
    """The same world when leases have run out: processes just killed may still seem to be there."""
    return replace(world, now=lambda: world.now() + timedelta(minutes=2))


def do_what_was_promised(home, owner=""):
    """Nothing: a worker has done all that is due, whoever held it."""
    world = later(home.world)
    worker.take_over(world)
    while worker.deliver_once(world, owner or worker.owner_name()):
        pass


def audit(home, *order_ids, copies=2 * COPIES):
    """Nothing: these orders, and no others, are in the bookshop, once each with all they brought."""
    listed = {agreement: kept(home, agreement) for agreement in agreements_of(home)}
    stored = [order for of_one in listed.values() for order in of_one if order.state is OrderState.PLACED]
    assert sorted(order.order.order_id for order in stored) == sorted(order_ids)
    for order in stored:
        check_placed(home, order, copies)
    assert one(home.settings.database_url, "SELECT count(*) FROM shop_order") == len(order_ids)
    assert one(home.settings.database_url, "SELECT count(*) FROM inbox WHERE answer IS NULL") == 0
    assert promised(home.settings.database_url, "waiting") == 0


def check_placed(home, stored, copies):
    """Nothing: the bookshop's order has what the gateway promised, copy by copy, æøå and all."""
    (shop_order,) = stored.shop_orders
    made = home.shop.order(CUSTOMER, *stored.shop_order_numbers)
    assert made.order.po_number == stored.order.order_id
    assert made.order.order_name == ORDER_NAME
    assert codes_of(made.order) == codes_of(shop_order)
    assert sum(len(line.copies) for line in made.order.lines) == copies
    assert all(
        copy.codes.branch_code and copy.codes.note.startswith("Blåbærhylla øverst ")
        for line in made.order.lines
        for copy in line.copies
    )


def codes_of(shop_order):
    """Item and codes of each copy, in order."""
    return [(line.product_id, [copy.codes for copy in line.copies]) for line in shop_order.lines]


def kept(home, agreement_id):
    """The agreement's purchase orders."""
    with home.store.read() as tx:
        return orders.listing(tx, agreement_id)


def agreements_of(home):
    """The demo agreements' ids."""
    return [trader_at(home, name=name).agreement.id for name in ("generic", "coupa")]
