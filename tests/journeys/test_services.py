"""Services through procurement: items beside the books, one order, one invoice (SVC-1 to SVC-5)."""

import json
from dataclasses import replace
from decimal import Decimal
from importlib import resources

import pytest

from catalog_bridge.embedded.customers_import import import_json
from catalog_bridge.rules.dividing import Wish
from protocols.model.distribution import CopyCodes
from protocols.model.fulfilment import ConfirmationType, LineStatus
from protocols.model.item import Kind
from protocols.model.money import Money, total
from protocols.model.session import Deployment, Operation
from punchout.buyer.inbox import Inbox
from punchout.buyer.receiver import receiving
from punchout.roundtrip import holds, shop, start, transfer
from session_store import agreements
from session_store.orders import OrderState
from tests.journeys.crashing import (
    CUSTOMER,
    do_what_was_promised,
    fill,
    kept,
    orderable,
    trader_at,
    visiting,
)
from tests.journeys.test_coming_back import at

PLACE = CopyCodes(branch_code="HBB", collection_code="VOKSEN", shelf_mark="839.82 Øya")
WAYS = pytest.mark.parametrize("service_lines", ["per_title", "per_order"])


@pytest.fixture
def trader(gateway):
    """The generic buyer, in production."""
    return agree(gateway, trader_at(gateway), service_lines="per_title")


def agree(home, trader, **policy):
    """The buyer under an agreement in earnest with this policy."""
    with home.store.write() as tx:
        known = agreements.load(tx, trader.agreement.id)
        changed = replace(known, deployment=Deployment.PRODUCTION, policy=replace(known.policy, **policy))
        agreements.save(tx, changed, (), keyring=home.world.keyring, now=home.world.now())
    return replace(trader, agreement=changed)


def usually(home, *services):
    """Nothing: the library's new lines begin with these services, and it has barcodes."""
    file = resources.files("punchout.demo").joinpath("customers.json").read_text("utf-8")
    world = json.loads(file)
    library = world["customers"][0]
    library["settings"]["services"] = list(services)
    library["barcodes"] = [{"first": "0990000001", "last": "0990000999"}]
    report = import_json(home.store, json.dumps(world), services=services)
    assert [remark for remark in report.remarks if remark.severity == "error"] == []


def paper(home, number):
    """Item numbers of printed titles that can be sent at once."""
    listed = orderable(home, 100)
    waiting = home.shop.waiting(tuple(listed))
    printed = [
        product_id
        for product_id in listed
        if product_id not in waiting and home.shop.offer(CUSTOMER, product_id).services
    ]
    return printed[:number]


def take_home(home, trader, copies=3, titles=2):
    """The cart that a shopper has sent back, with its usual services; every copy has its place."""
    here, _ = visiting(home, trader)
    fill(home, here, paper(home, titles), copies)
    place = (CUSTOMER, here.session.cart_id)
    for line in shop.cart(home.world, here).lines:
        home.shop.set_copies(*place, line.line_id, (PLACE,) * copies)
    parcel = transfer.freeze(home.world, here)
    return trader.read_return(dict(parcel.fields), here.session.setup.buyer_cookie)


def changed(cart, **quantities):
    """The cart with other quantities, by item number; 0 leaves the line out."""
    lines = tuple(
        replace(line, quantity=Decimal(quantities.get(line.product_id, line.quantity)))
        for line in cart.message.lines
        if quantities.get(line.product_id, 1)
    )
    return replace(cart, message=replace(cart.message, lines=lines))


def services_of(placed):
    """By line, the services of an order."""
    return [[entry.service_id for entry in line.services] for line in placed.order.lines]


def sent_and_invoiced(home, placed):
    """The invoice of an order that has been picked, packed and sent."""
    counter, number = home.counter, placed.order_number
    counter.set_picked(CUSTOMER, number, {line.number: line.quantity for line in placed.order.lines})
    parcel = counter.pack(((CUSTOMER, number),), home.world.now().date().isoformat())
    counter.ship(parcel.parcel_number)
    return counter.invoice(CUSTOMER, number)


@WAYS
@pytest.mark.rule("SVC-4", way="punchout")
@pytest.mark.rule("PRICE-5", way="punchout")
@pytest.mark.rule("INV-4", way="punchout")
def test_services_go_to_approval_and_come_back_to_their_books(gateway, trader, service_lines):
    """Cart, purchase order, bookshop order and invoice cost the same to the øre."""
    trader = agree(gateway, trader, service_lines=service_lines)
    usually(gateway, "HYLLEKLAR", "PLAST")
    cart = take_home(gateway, trader)
    services = [line for line in cart.message.lines if line.product_id in {"HYLLEKLAR", "PLAST"}]
    assert len(services) == (4 if service_lines == "per_title" else 2)
    assert cart.holds, cart.verdicts
    answer = trader.send_order(cart, order_id="PO-1")
    assert answer.code == 200, answer.detail
    do_what_was_promised(gateway)
    (placed,) = gateway.shop.orders(CUSTOMER, "PO-1")
    assert services_of(placed) == [["HYLLEKLAR", "PLAST"]] * 2
    assert {copy.codes for line in placed.order.lines for copy in line.copies} == {PLACE}
    barcodes = [copy.barcode for line in placed.order.lines for copy in line.copies]
    assert barcodes == [f"{number:010d}" for number in range(990000001, 990000007)]
    invoice = sent_and_invoiced(gateway, placed)
    assert invoice.net == cart.message.total
    billed = {line.buyer_line for line in invoice.lines if line.kind is Kind.SERVICE}
    assert billed == {line.number for line in services}


@WAYS
@pytest.mark.rule("SVC-4", way="punchout")
@pytest.mark.rule("CHK-10", way="punchout")
def test_services_follow_the_copies_to_each_branch(gateway, trader, service_lines):
    """Two orders, two invoices, and together they cost what the cart did."""
    trader = agree(gateway, trader, service_lines=service_lines)
    usually(gateway, "HYLLEKLAR", "PLAST")
    here, _ = visiting(gateway, trader)
    fill(gateway, here, paper(gateway, 2), 3)
    for line in shop.cart(gateway.world, here).lines:
        places = (PLACE, replace(PLACE, branch_code="BJO"), PLACE)
        gateway.shop.set_copies(CUSTOMER, here.session.cart_id, line.line_id, places)
    parcel = transfer.freeze(gateway.world, here, Wish(by_branch=True))
    cart = trader.read_return(dict(parcel.fields), here.session.setup.buyer_cookie)
    inbox = Inbox(trader)
    with receiving(answer=inbox.answer) as receiver:
        at(gateway, trader.agreement, receiver.endpoint)
        inbox.ordered(trader.send_order(cart, order_id="PO-1"))
        do_what_was_promised(gateway)
    (confirmation,) = (document.model for document in inbox.documents)
    assert confirmation.type is ConfirmationType.ACCEPT
    placed = gateway.shop.orders(CUSTOMER, "PO-1")
    assert sorted(one.order.po_suffix for one in placed) == ["-1", "-2"]
    assert [services_of(one) for one in placed] == [[["HYLLEKLAR", "PLAST"]] * 2] * 2
    barcodes = [copy.barcode for one in placed for line in one.order.lines for copy in line.copies]
    assert len(set(barcodes)) == 6
    invoices = [sent_and_invoiced(gateway, one) for one in placed]
    assert total(one.net for one in invoices) == cart.message.total


@WAYS
@pytest.mark.rule("SVC-4", way="punchout")
def test_an_approver_may_take_the_service_off_and_keep_the_books(gateway, trader, service_lines):
    """Nothing is held, and the books come without it."""
    trader = agree(gateway, trader, service_lines=service_lines)
    usually(gateway, "PLAST")
    cart = changed(take_home(gateway, trader), PLAST=0)
    assert trader.send_order(cart, order_id="PO-1").code == 200
    do_what_was_promised(gateway)
    assert services_of(gateway.shop.orders(CUSTOMER, "PO-1")[0]) == [[], []]


@pytest.mark.rule("SVC-4", way="punchout")
def test_a_service_for_too_few_copies_waits_and_is_never_charged_for_more(gateway, trader):
    """Once released, whole lines only get it; the rest is rejected in the confirmation."""
    trader = agree(gateway, trader, service_lines="per_order")
    usually(gateway, "PLAST")
    cart = changed(take_home(gateway, trader), PLAST=4)
    answer = trader.send_order(cart, order_id="PO-1")
    assert (answer.code, "service.quantity" in answer.detail) == (201, True)
    (stored,) = kept(gateway, trader.agreement.id)
    assert (stored.state, stored.hold_reasons) == (OrderState.HELD, ("service.quantity",))
    assert [len(line.services) for line in stored.shop_orders[0].lines] == [1, 0]
    inbox = Inbox(trader)
    with receiving(answer=inbox.answer) as receiver:
        at(gateway, trader.agreement, receiver.endpoint)
        inbox.ordered(answer)
        (held,) = holds.listing(gateway.world)
        holds.release(gateway.world, held, "operator:Åse")
        do_what_was_promised(gateway)
    status, confirmation = (document.model for document in inbox.documents)
    assert (status.code, confirmation.type) == (200, ConfirmationType.EXCEPT)
    (line,) = confirmation.lines
    told = [(answer.status, answer.quantity) for answer in line.answers]
    assert told == [(LineStatus.ACCEPT, Decimal(3)), (LineStatus.REJECT, Decimal(1))]
    assert all(document.holds for document in inbox.documents)


@pytest.mark.rule("SVC-4", way="punchout")
def test_equal_services_that_a_buyer_s_system_adds_up_still_serve_all_their_books(gateway, trader):
    """One line of them is left, with the first one's token."""
    usually(gateway, "PLAST")
    cart = take_home(gateway, trader, titles=3)
    books = [line for line in cart.message.lines if line.product_id != "PLAST"]
    first, *others = (line for line in cart.message.lines if line.product_id == "PLAST")
    together = replace(first, quantity=first.quantity + sum(line.quantity for line in others))
    merged = replace(cart, message=replace(cart.message, lines=(*books, together)))
    answer = trader.send_order(merged, order_id="PO-1")
    assert answer.code == 200, answer.detail
    do_what_was_promised(gateway)
    (placed,) = gateway.shop.orders(CUSTOMER, "PO-1")
    assert services_of(placed) == [["PLAST"]] * 3
    assert sent_and_invoiced(gateway, placed).net == cart.message.total


@pytest.mark.rule("SVC-4", way="punchout")
def test_services_alone_are_no_order(gateway, trader):
    """They wait for a person, and nothing is placed."""
    usually(gateway, "PLAST")
    cart = take_home(gateway, trader)
    lines = tuple(line for line in cart.message.lines if line.product_id == "PLAST")
    alone = replace(cart, message=replace(cart.message, lines=lines))
    assert trader.send_order(alone, order_id="PO-1").code == 201
    (stored,) = kept(gateway, trader.agreement.id)
    assert "service.alone" in stored.hold_reasons
    assert gateway.shop.orders(CUSTOMER, "PO-1") == ()


@pytest.mark.rule("SVC-4", way="punchout")
def test_the_same_services_are_not_ordered_twice(gateway, trader):
    """A requisition that is copied finds the copies of its services taken, too (DIST-10)."""
    usually(gateway, "PLAST")
    cart = take_home(gateway, trader)
    assert trader.send_order(cart, order_id="PO-1").code == 200
    assert trader.send_order(cart, order_id="PO-2").code == 201
    second = next(one for one in kept(gateway, trader.agreement.id) if one.order_id == "PO-2")
    assert "copies.taken" in second.hold_reasons


@WAYS
@pytest.mark.rule("SVC-4", way="punchout")
@pytest.mark.rule("FLOW-5")
def test_an_edit_brings_the_services_back_that_the_requisition_still_has(gateway, trader, service_lines):
    """Under the tokens that they had."""
    trader = agree(gateway, trader, service_lines=service_lines)
    usually(gateway, "HYLLEKLAR", "PLAST")
    cart = changed(take_home(gateway, trader), PLAST=0)
    before = {line.line_token for line in cart.message.lines}
    token = trader.start("http://localhost:1/return", Operation.EDIT, items=cart.message.lines).start_url
    here, _ = entered(gateway, token)
    filled = shop.cart(gateway.world, here)
    assert [[entry.service_id for entry in line.services] for line in filled.lines] == [["HYLLEKLAR"]] * 2
    parcel = transfer.freeze(gateway.world, here)
    again = trader.read_return(dict(parcel.fields), here.session.setup.buyer_cookie)
    assert {line.line_token for line in again.message.lines} == before
    assert again.message.total == total(
        line.unit_price.times(line.quantity) for line in cart.message.lines if line.unit_price
    )


def entered(home, start_url):
    """The visit behind a StartPage."""
    arrived = start.enter(home.world, start_url.rpartition("/")[2])
    return shop.visit(home.world, arrived.handle, None), arrived.handle


@pytest.mark.rule("SVC-1", way="punchout")
@pytest.mark.rule("SVC-5", way="punchout")
def test_a_shelf_ready_line_without_its_place_keeps_the_cart_here(gateway, trader):
    """Until each copy has branch and shelf mark."""
    usually(gateway, "HYLLEKLAR")
    here, _ = visiting(gateway, trader)
    fill(gateway, here, paper(gateway, 1))
    with pytest.raises(transfer.NotReady, match="branch and a shelf mark"):
        transfer.freeze(gateway.world, here)


@pytest.mark.rule("PRICE-6", way="punchout")
@pytest.mark.rule("SVC-4", way="punchout")
def test_a_changed_price_of_a_service_is_a_changed_price(gateway, trader):
    """The agreement's policy decides."""
    usually(gateway, "PLAST")
    cart = take_home(gateway, trader)
    cheaper = tuple(
        replace(line, unit_price=Money(Decimal("1.00"))) if line.product_id == "PLAST" else line
        for line in cart.message.lines
    )
    answer = trader.send_order(replace(cart, message=replace(cart.message, lines=cheaper)), order_id="PO-1")
    (stored,) = kept(gateway, trader.agreement.id)
    assert (answer.code, stored.hold_reasons) == (201, ("price.changed",))
