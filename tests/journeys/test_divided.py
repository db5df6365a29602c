"""A cart goes back to become several orders: by branch, and for what is not here yet (CHK-10, INV-2)."""

import signal
from collections import Counter
from dataclasses import replace

import pytest

from catalog_bridge.bookshop import ShopUnavailable
from catalog_bridge.rules.dividing import Wish
from protocols.model.cart import Division
from protocols.model.fulfilment import ConfirmationType, LineStatus
from protocols.model.order import OrderType
from protocols.model.party import Address
from protocols.model.session import Operation
from punchout import local, worker
from punchout.buyer.browser import Browser
from punchout.roundtrip import shop, start, transfer
from session_store import outbox_book
from session_store.database import moment
from session_store.orders import OrderState
from tests.journeys.crashing import COPIES, CUSTOMER, RETURN, do_what_was_promised, orderable, take_home
from tests.journeys.processes import PATIENCE, working
from tests.journeys.test_answers import kinds, listening
from tests.journeys.test_counter import in_earnest, in_stock
from tests.journeys.test_crashes import PLACING
from tests.journeys.test_orders_under_strain import Sender
from tests.journeys.test_rejoining import decide
from tests.journeys.waiting import Operator, shown, stored

BRANCHES = Wish(by_branch=True)
HERE, THERE = Address(address_id="1001"), Address(address_id="1002")


@pytest.fixture
def home(settings):
    """A house behind real HTTP, whose worker works when the test says so."""
    with local.running(settings, worker=False) as running:
        yield running


@pytest.fixture
def cart(home, trader):
    """Two titles in three copies, one for each of three branches, sent home to be divided by them."""
    return take_home(home, trader, products=in_stock(home, 2), wish=BRANCHES)


def ordered(home, trader, cart, order_id="PO-1", **changes):
    """Nothing: the order for the cart has been taken, and everything promised is done."""
    answer = trader.send_order(cart, order_id=order_id, **changes)
    assert answer.code == 200, answer.detail
    do_what_was_promised(home)


def placed(home, order_id="PO-1"):
    """The bookshop's live orders for this purchase order, as their marks count them."""
    found = [one for one in home.shop.orders(CUSTOMER, order_id) if one.order.lines]
    return sorted(found, key=lambda one: one.order.po_suffix)


def where(home, order_id="PO-1"):
    """Address → by line number, the branches of its copies."""
    return {
        one.order.delivery_address_id: {
            line.number: [copy.codes.branch_code for copy in line.copies] for line in one.order.lines
        }
        for one in placed(home, order_id)
    }


def copies(home, order_id="PO-1"):
    """Line number → copies over all orders."""
    count = Counter()
    for one in placed(home, order_id):
        count.update({line.number: line.quantity for line in one.order.lines})
    return dict(count)


@pytest.mark.rule("CHK-10", way="punchout")
@pytest.mark.rule("INV-1", way="punchout")
@pytest.mark.rule("SHIP-4", way="punchout")
def test_each_branch_gets_its_order_its_slip_and_its_invoice(home):
    """One purchase order; as many orders, slips and invoices as addresses, marked -1 … -k."""
    trader = in_earnest(home)
    ordered(home, trader, take_home(home, trader, products=in_stock(home, 2), wish=BRANCHES))
    mine = placed(home)
    assert [one.order.po_suffix for one in mine] == ["-1", "-2", "-3"]
    assert {one.order.po_number for one in mine} == {"PO-1"}
    assert where(home) == {branch: {1: [branch], 2: [branch]} for branch in ("HBB", "BJO", "LIL")}
    for one in mine:
        for line in one.order.lines:
            home.counter.pick(CUSTOMER, one.order_number, line.number)
        parcel = home.counter.pack(((CUSTOMER, one.order_number),), "2026-03-02")
        (slip,) = parcel.slips
        assert (slip.order_number, len(slip.copies)) == (one.order_number, 2)
        home.counter.ship(parcel.parcel_number)
        invoice = home.counter.invoice(CUSTOMER, one.order_number)
        assert invoice.order_number == one.order_number
        assert sum(line.quantity for line in invoice.lines) == 2
    assert len(home.counter.invoices(CUSTOMER)) == len(mine)


def edited(home, trader, lines, wish=None):
    """The cart of an edit of these lines, as it comes home again, and how it is frozen here."""
    started = trader.start(RETURN, Operation.EDIT, items=lines)
    handle = start.enter(home.world, started.start_url.rpartition("/")[2]).handle
    here = shop.visit(home.world, handle, None)
    parcel = transfer.freeze(home.world, here, wish)
    cart = trader.read_return(dict(parcel.fields), here.session.setup.buyer_cookie)
    return cart, parcel.cart.division


@pytest.mark.rule("FLOW-5")
@pytest.mark.rule("CHK-10", way="punchout")
@pytest.mark.rule("INV-2", way="punchout")
def test_an_edit_keeps_what_was_chosen_until_something_else_is(home, trader):
    """The newest return counts for the order."""
    here, later = in_stock(home, 1)[0], home.shop.waiting(tuple(orderable(home, 100)))[0]
    both = Wish(by_branch=True, apart=True)
    cart = take_home(home, trader, products=[here, later], wish=both)
    again, division = edited(home, trader, cart.message.lines)
    assert division == Division(by_branch=True, apart=(later,))
    changed, division = edited(home, trader, again.message.lines, Wish(by_branch=True))
    assert division == Division(by_branch=True)
    ordered(home, trader, changed)
    assert len(placed(home)) == 3


@pytest.mark.rule("ORD-9", way="punchout")
@pytest.mark.rule("CHK-10", way="punchout")
def test_the_order_s_pages_show_what_it_became(home, trader, cart):
    """To the library with each order's copies, at the desk with each order's address."""
    ordered(home, trader, cart)
    reference = stored(home, "PO-1").reference
    for words in (
        shown(Browser().open(f"{home.world.public_base_url}/o/{reference}")),
        shown(Operator(home).open(f"orders/{reference}")),
    ):
        for one in placed(home):
            assert one.order_number in words
            assert f"PO-1{one.order.po_suffix}" in words
        assert words.count("2 eksemplarer") == 3


@pytest.mark.rule("ORD-1", way="punchout")
@pytest.mark.rule("CHK-10", way="punchout")
def test_the_same_order_again_makes_no_other_orders(home, trader, cart):
    """In a new document, before and after it was placed."""
    order = trader.order(cart, trader.stamp(), {}, "PO-1")
    for _ in range(2):
        assert trader.send_purchase_order(order, trader.stamp()).code == 200
    do_what_was_promised(home)
    assert trader.send_purchase_order(order, trader.stamp()).code == 200
    do_what_was_promised(home)
    assert len(home.shop.orders(CUSTOMER, "PO-1")) == 3
    assert copies(home) == {1: COPIES, 2: COPIES}


@pytest.mark.rule("CHK-10", way="punchout")
@pytest.mark.rule("CHK-8", way="punchout")
def test_the_librarian_s_choice_is_not_refused_where_several_places_are(home, trader, cart):
    """The agreement refuses orders that name several; this one names one, and the shop offered the rest."""
    decide(home, trader, several_addresses="refuse")
    assert trader.send_order(cart, order_id="PO-1").code == 200
    do_what_was_promised(home)
    assert len(placed(home)) == 3
    sender = Sender(trader, take_home(home, trader, wish=BRANCHES), "PO-2")
    first, second = sender.order.lines
    two = replace(sender.order, lines=(replace(first, ship_to=HERE), replace(second, ship_to=THERE)))
    assert sender.send(two, OrderType.NEW).code == 400


@pytest.mark.rule("ORD-6", way="punchout")
@pytest.mark.rule("DIST-9", way="punchout")
@pytest.mark.rule("CHK-10", way="punchout")
def test_a_change_finds_its_orders_and_a_cancellation_ends_them(home, trader):
    """Fewer copies, more again, fewer lines, and none: each order follows, copies keep their names."""
    decide(home, trader, on_reduction="trim")
    sender = Sender(trader, take_home(home, trader, products=in_stock(home, 2), wish=BRANCHES))
    assert sender.send_first().code == 200
    do_what_was_promised(home)
    numbers = {one.order.delivery_address_id: one.order_number for one in placed(home)}
    ids = names(home)
    first, second = sender.order.lines

    def change(*lines):
        assert sender.send(replace(sender.order, lines=lines)).code == 200
        do_what_was_promised(home)

    change(replace(first, quantity=first.quantity - 1), second)
    fewer = where(home)
    assert copies(home) == {1: COPIES - 1, 2: COPIES}
    assert sum(len(found.get(1, ())) for found in fewer.values()) == COPIES - 1
    assert names(home) < ids
    change(first, second)
    assert where(home) == {branch: {1: [branch], 2: [branch]} for branch in ("HBB", "BJO", "LIL")}
    change(second)
    assert where(home) == {branch: {2: [branch]} for branch in ("HBB", "BJO", "LIL")}
    assert {one.order.delivery_address_id: one.order_number for one in placed(home)} == numbers
    assert sender.send(sender.order, OrderType.DELETE).code == 200
    do_what_was_promised(home)
    assert placed(home) == []


def names(home):
    """The ids of all copies that are ordered."""
    return {copy.copy_id for one in placed(home) for line in one.order.lines for copy in line.copies}


@pytest.mark.rule("ORD-6", way="punchout")
@pytest.mark.rule("CHK-10", way="punchout")
def test_a_part_that_has_been_picked_stays_and_the_line_is_refused_once(home, trader):
    """The other orders are cancelled; the buyer's confirmation names each line that came too late."""
    sender = Sender(trader, take_home(home, trader, products=in_stock(home, 2), wish=BRANCHES))
    with listening(home, trader) as inbox:
        inbox.ordered(sender.send_first())
        do_what_was_promised(home)
        (picked,) = [one for one in placed(home) if one.order.delivery_address_id == "BJO"]
        home.counter.pick(CUSTOMER, picked.order_number, 1)
        inbox.ordered(sender.send(replace(sender.order, lines=sender.order.lines[1:])))
        do_what_was_promised(home)
    late = inbox.documents[-1].model
    assert late.comments.count("Line 1: ") == 1
    assert where(home) == {"HBB": {2: ["HBB"]}, "BJO": {1: ["BJO"], 2: ["BJO"]}, "LIL": {2: ["LIL"]}}


@pytest.mark.rule("ORD-9", way="punchout")
@pytest.mark.rule("CHK-10", way="punchout")
def test_a_divided_line_is_confirmed_as_the_one_line_that_the_buyer_sent(home, trader):
    """With the quantity of all its orders together."""
    here, later = in_stock(home, 1)[0], home.shop.waiting(tuple(orderable(home, 100)))[0]
    cart = take_home(home, trader, products=[here, later], wish=BRANCHES)
    with listening(home, trader) as inbox:
        inbox.ordered(trader.send_order(cart, order_id="PO-1"))
        do_what_was_promised(home)
    assert kinds(inbox) == [ConfirmationType.DETAIL]
    (line,) = inbox.documents[0].model.lines
    (answer,) = line.answers
    assert (line.number, answer.status, answer.quantity) == (2, LineStatus.BACKORDERED, COPIES)


@pytest.mark.rule("DIST-10", way="punchout")
@pytest.mark.rule("CHK-10", way="punchout")
def test_carts_that_chose_unlike_are_divided_each_by_its_own_choice(home, trader):
    """One purchase order of two carts."""
    mine, theirs = in_stock(home, 2)
    chosen = take_home(home, trader, products=[mine], wish=BRANCHES)
    plain = take_home(home, trader, products=[theirs])
    lines = (*chosen.message.lines, *(replace(line, number=2) for line in plain.message.lines))
    ordered(home, trader, replace(chosen, message=replace(chosen.message, lines=lines)))
    everywhere = where(home)
    assert sorted(everywhere) == ["BJO", "HBB", "LIL"]
    assert [sorted(found) for found in everywhere.values()].count([1]) == 2
    assert copies(home) == {1: COPIES, 2: COPIES}
    (whole,) = [found[2] for found in everywhere.values() if 2 in found]
    assert sorted(whole) == ["BJO", "HBB", "LIL"]


@pytest.mark.rule("INV-2", way="punchout")
@pytest.mark.rule("INV-1", way="punchout")
def test_what_is_not_here_yet_does_not_hold_back_the_invoice(home):
    """It is in an order of its own, so that the other is invoiced as soon as it has been sent."""
    trader = in_earnest(home)
    here, later = in_stock(home, 1)[0], home.shop.waiting(tuple(orderable(home, 100)))[0]
    ordered(home, trader, take_home(home, trader, products=[here, later], wish=Wish(apart=True)))
    now, coming = placed(home)
    assert [[line.product_id for line in one.order.lines] for one in (now, coming)] == [[here], [later]]
    assert now.order.delivery_address_id == coming.order.delivery_address_id
    home.counter.pick(CUSTOMER, now.order_number, 1)
    home.counter.ship(home.counter.pack(((CUSTOMER, now.order_number),), "2026-03-02").parcel_number)
    assert home.counter.invoice(CUSTOMER, now.order_number).lines
    assert home.shop.order(CUSTOMER, now.order_number).status == "invoiced"
    assert home.counter.invoices(CUSTOMER, coming.order_number) == ()


@pytest.mark.rule("INV-2", way="punchout")
@pytest.mark.rule("CHK-10", way="punchout")
def test_both_divisions_are_one(home, trader):
    """An order for each branch, and beside it one for what comes there later."""
    here, later = in_stock(home, 1)[0], home.shop.waiting(tuple(orderable(home, 100)))[0]
    both = Wish(by_branch=True, apart=True)
    ordered(home, trader, take_home(home, trader, products=[here, later], wish=both))
    found = [
        (one.order.delivery_address_id, [line.product_id for line in one.order.lines]) for one in placed(home)
    ]
    assert sorted(found) == sorted(
        (branch, [title]) for branch in ("HBB", "BJO", "LIL") for title in (here, later)
    )


@pytest.mark.rule("ORD-1", way="punchout")
@pytest.mark.rule("CHK-10", way="punchout")
@pytest.mark.parametrize("answered", range(3))
def test_a_bookshop_that_goes_away_between_the_orders_gets_each_once(
    home, trader, cart, monkeypatch, answered
):
    """The worker comes again, with the same keys."""
    place, asked = home.world.shop.place_order, []

    def failing(order, key):
        asked.append(key)
        if len(asked) == answered + 1:
            raise ShopUnavailable("The bookshop is away.")
        return place(order, key)

    monkeypatch.setattr(home.world.shop, "place_order", failing)
    assert trader.send_order(cart, order_id="PO-1").code == 200
    worker.deliver_once(home.world, worker.owner_name())
    assert len(home.shop.orders(CUSTOMER, "PO-1")) == answered
    with home.store.write() as tx:
        for one in outbox_book.listing(tx, trader.agreement.id):
            outbox_book.retry(tx, trader.agreement.id, one.id, moment(tx, home.world.now()))
    do_what_was_promised(home)
    assert len(home.shop.orders(CUSTOMER, "PO-1")) == 3
    assert copies(home) == {1: COPIES, 2: COPIES}
    assert len(set(asked)) == 3


@pytest.mark.rule("ORD-1", way="punchout")
@pytest.mark.rule("CHK-10", way="punchout")
@pytest.mark.parametrize("place", PLACING)
def test_a_worker_killed_between_the_orders_places_each_once(home, trader, cart, place):
    """Another worker takes over with the same idempotency keys."""
    assert trader.send_order(cart, order_id="PO-1").code == 200
    with working(home.settings, PUNCHOUT_CRASHPOINT=place) as killed:
        assert killed.process.wait(PATIENCE) == -signal.SIGKILL
    do_what_was_promised(home)
    assert [one.order.po_suffix for one in placed(home)] == ["-1", "-2", "-3"]
    assert copies(home) == {1: COPIES, 2: COPIES}
    assert stored(home, "PO-1").state is OrderState.PLACED
