"""Peppol orders that say two things, or too little, of one: they wait for a person; on both databases."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from catalog_bridge.calendar_day import calendar_day
from protocols.model.agreement import Difference, Policy
from protocols.model.money import Money
from protocols.model.order import Charge, OrderReferences
from punchout import local
from punchout.app import create_app
from punchout.roundtrip import holds
from session_store.orders import OrderState
from tests.journeys.crashing import do_what_was_promised, kept, orderable, take_home, trader_at
from tests.journeys.peppol_orders import agree, hand_over, only, order_of, written

LOCATION = (
    b"<cac:DeliveryLocation><cbc:ID>1001</cbc:ID><cac:Address><cac:Country><cbc:IdentificationCode>NO"
    b"</cbc:IdentificationCode></cac:Country></cac:Address></cac:DeliveryLocation>"
)
RECEIVER = (
    b"<cac:DeliveryParty><cac:PartyIdentification><cbc:ID>1002</cbc:ID></cac:PartyIdentification>"
    b"<cac:PartyName><cbc:Name>Filialen</cbc:Name></cac:PartyName></cac:DeliveryParty>"
)
SECOND = b"</cac:Delivery><cac:Delivery>" + LOCATION.replace(b"1001", b"1002") + b"</cac:Delivery>"

ALLOWANCE = Charge(amount=Money(Decimal("500.00")), allowance=True, reason="Rabatt")


@pytest.fixture
def home(settings):
    """A gateway without a worker: what was promised is looked at before it is done."""
    with local.running(settings, worker=False) as running:
        yield running


@pytest.fixture
def trader(home):
    """The generic buyer, whose agreement takes Peppol documents and knows two places."""
    made = trader_at(home)
    agree(home, made.agreement.id, addresses={"1001": "HBB", "1002": "BJO"})
    return made


@pytest.fixture
def cart(home, trader):
    """Two titles of three copies each."""
    return take_home(home, trader)


@pytest.fixture
def reply(home, trader):
    """The HTTP reply to a document."""
    client = create_app(home).test_client()
    return lambda document: hand_over(client, trader.agreement.id, document)


@pytest.fixture
def door(reply):
    """What the answer to a document says."""
    return lambda document: json.loads(reply(document).data)


def released(home, trader):
    """The order after a person has let it go on, placed."""
    holds.release(home.world, holds.find(home.world, only(home, trader).reference), "desk")
    do_what_was_promised(home)
    placed = only(home, trader)
    assert placed.state is OrderState.PLACED
    return placed


def places(order):
    """Where the bookshop's orders go."""
    return [one.delivery_address_id for one in order.shop_orders]


@pytest.mark.rule("CHK-7", way="punchout")
def test_goods_go_to_the_recipient_where_no_place_is_named(home, trader, cart, door):
    """The party's code is looked up like a place's, and nothing goes to the usual address."""
    said = door(written(order_of(home, cart)).replace(LOCATION, RECEIVER))
    assert said["status"] == 200
    assert places(only(home, trader)) == ["BJO"]


@pytest.mark.rule("CHK-7", way="punchout")
def test_a_recipient_that_nobody_knows_waits(home, trader, cart, door):
    """What the order names, and the agreement does not, is never the usual address."""
    receiver = RECEIVER.replace(b"1002", b"9009").replace(b"<cbc:Name>Filialen</cbc:Name>", b"")
    said = door(written(order_of(home, cart)).replace(LOCATION, receiver))
    assert said["status"] == 201
    assert only(home, trader).hold_reasons == ("address.unknown",)


@pytest.mark.rule("CHK-7", way="punchout")
@pytest.mark.parametrize(
    ("more", "where"),
    [(RECEIVER, "Order/cac:Delivery/cac:DeliveryLocation"), (SECOND[:-15], "/Order/cac:Delivery[2]")],
    ids=["recipient", "second delivery"],
)
def test_two_places_in_one_order_wait_for_a_person(home, trader, cart, door, more, where):
    """Whether as a recipient elsewhere or as a second delivery; let go on, it goes to the first."""
    said = door(written(order_of(home, cart)).replace(LOCATION, LOCATION + more))
    assert said["status"] == 201
    assert where in [entry["where"] for entry in said["findings"] if entry["code"] == "address.several"]
    assert only(home, trader).hold_reasons == ("address.several",)
    assert places(released(home, trader)) == ["HBB"]


def test_what_the_document_says_twice_still_waits_once_the_copies_are_chosen(home, trader, cart, door):
    """A librarian who chooses copies has not said which of two places is meant."""
    order = order_of(home, cart)
    fewer = replace(order, lines=tuple(replace(line, quantity=Decimal(2)) for line in order.lines))
    door(written(fewer).replace(LOCATION, LOCATION + SECOND[:-15]))
    held = holds.find(home.world, only(home, trader).reference)
    assert set(held.order.hold_reasons) == {"address.several", "copies.choice"}
    asked = holds.questions(home.world, held)
    keep = {one.line.number: [copy.number for copy in one.planned][: one.keep] for one in asked}
    holds.choose(home.world, held, keep, "shopper")
    waiting = only(home, trader)
    assert (waiting.state, waiting.hold_reasons) == (OrderState.HELD, ("address.several",))


def test_two_titles_on_one_line_wait_for_a_person(home, trader, cart, door):
    """The token and the shop's number say one, the ISBN beside them another that the shop sells too."""
    order = order_of(home, cart)
    (other,) = {*orderable(home, 3)} - {line.product_id for line in order.lines}
    lines = (replace(order.lines[0], standard_id=other), *order.lines[1:])
    said = door(written(replace(order, lines=lines)))
    assert said["status"] == 201
    assert only(home, trader).hold_reasons == ("item.contradiction",)
    (placed,) = released(home, trader).shop_orders
    assert {line.product_id for line in placed.lines} == {line.product_id for line in order.lines}


@pytest.mark.parametrize(("days", "told"), [(-1, 1), (0, 0), (1, 0)])
def test_an_order_that_comes_after_its_last_day_goes_on_and_is_told(home, trader, cart, door, days, told):
    """It may have waited at an access point; who does not want it any more can still say so."""
    last = calendar_day(home.world.now()) + timedelta(days=days)
    said = door(written(order_of(home, cart, references=OrderReferences(valid_until=last.isoformat()))))
    assert (said["status"], only(home, trader).hold_reasons) == (200, ())
    late = [entry["where"] for entry in said["findings"] if entry["code"] == "order.expired"]
    assert late == ["Order/cac:ValidityPeriod/cbc:EndDate"] * told


@pytest.mark.parametrize("sent", [b"3.0000000000", b"+3", b"3."])
def test_a_quantity_in_another_spelling_is_the_quantity(home, trader, cart, door, sent):
    """It is the number that counts, as xs:decimal writes it."""
    document = written(order_of(home, cart))
    assert b'unitCode="C62">3</cbc:Quantity>' in document
    said = door(document.replace(b">3</cbc:Quantity>", b">%b</cbc:Quantity>" % sent))
    assert said["status"] == 200
    assert [sum(len(line.copies) for line in one.lines) for one in only(home, trader).shop_orders] == [6]


@pytest.mark.parametrize("instead", [b"", b'<cbc:Quantity unitCode="C62">0</cbc:Quantity>'])
def test_a_line_of_no_copies_waits_and_turns_no_order_away(home, trader, cart, door, instead):
    """A person asks what was meant (design §4.7); releasing alone does not mend it."""
    document = written(order_of(home, cart))
    said = door(document.replace(b'<cbc:Quantity unitCode="C62">3</cbc:Quantity>', instead, 1))
    assert said["status"] == 201
    assert only(home, trader).hold_reasons == ("line.incomplete",)
    held = holds.find(home.world, only(home, trader).reference)
    assert holds.release(home.world, held, "desk").hold_reasons == ("line.incomplete",)


def test_an_amount_that_cannot_be_compared_is_told_and_the_order_goes_on(home, trader, cart, door):
    """The sum of the lines is what will be invoiced."""
    tax = b'<cac:TaxTotal><cbc:TaxAmount currencyID="NOK">1.123456</cbc:TaxAmount></cac:TaxTotal>'
    document = written(order_of(home, cart)).replace(b"</cac:Delivery>", b"</cac:Delivery>" + tax, 1)
    said = door(document)
    assert said["status"] == 200
    assert "/Order/cac:TaxTotal/cbc:TaxAmount" in [entry["where"] for entry in said["findings"]]


@pytest.mark.parametrize("named", ["Quotation", "Catalogue"])
def test_a_cart_that_is_not_there_is_told_where_it_was_named(home, trader, cart, door, named):
    """Some buyers name the cart as a catalogue; the place is one of their document."""
    references = OrderReferences(catalogue="PS-OF-NOBODY" if named == "Catalogue" else "")
    order = order_of(home, cart, supplier_order_id="PS-OF-NOBODY", references=references)
    (told,) = [entry for entry in door(written(order))["findings"] if entry["code"] == "quote.unknown"]
    element = "CatalogueReference" if named == "Catalogue" else "QuotationDocumentReference"
    assert told["where"] == f"Order/cac:{element}/cbc:ID"


def laid_on(home, cart, place):
    """The order with an allowance that nobody agreed on, in its header or on its first line."""
    order = order_of(home, cart)
    if place == "header":
        return replace(order, charges=(ALLOWANCE,))
    first, *others = order.lines
    return replace(order, lines=(replace(first, charges=(ALLOWANCE,)), *others))


@pytest.mark.rule("PRICE-6", way="punchout")
@pytest.mark.parametrize(
    ("place", "where"),
    [
        ("header", "Order/cac:AllowanceCharge"),
        ("line", "Order/cac:OrderLine[cac:LineItem/cbc:ID='1']/cac:LineItem/cac:AllowanceCharge"),
    ],
)
@pytest.mark.parametrize(
    ("policy", "status", "severity"),
    [("hold", 201, "error"), ("flag", 200, "warning"), ("accept", 200, "note")],
)
def test_an_allowance_is_a_difference_in_price(
    home, trader, cart, reply, place, where, policy, status, severity
):
    """It waits for a person who may let it go on, unless something else is agreed; its place is told."""
    agree(home, trader.agreement.id, policy=Policy(price_difference=Difference(policy)))
    said = json.loads(reply(written(laid_on(home, cart, place))).data)
    (told,) = [entry for entry in said["findings"] if entry["code"] == "charge.unagreed"]
    assert (said["status"], told["severity"], told["where"]) == (status, severity, where)
    assert told["got"] == "allowance 500.00 NOK: Rabatt"
    order = only(home, trader)
    assert order.hold_reasons == (("charge.unagreed",) if status == 201 else ())
    if status == 201:
        holds.release(home.world, holds.find(home.world, order.reference), "desk")
    assert only(home, trader).state is OrderState.RECEIVED


@pytest.mark.rule("PRICE-6", way="punchout")
def test_an_allowance_is_refused_where_every_difference_is(home, trader, cart, reply):
    """With its place, and nothing is kept."""
    agree(home, trader.agreement.id, policy=Policy(price_difference=Difference.REJECT))
    refused = reply(written(laid_on(home, cart, "header")))
    said = json.loads(refused.data)
    assert (refused.status_code, said["where"]) == (400, "Order/cac:AllowanceCharge")
    assert "allowance 500.00 NOK: Rabatt" in said["detail"]
    assert kept(home, trader.agreement.id) == ()


@pytest.mark.rule("T-I3")
@pytest.mark.parametrize("place", ["header", "line"])
def test_an_allowance_is_content_of_the_order(home, trader, cart, reply, place):
    """The same number without it is another order."""
    reply(written(order_of(home, cart)))
    assert reply(written(laid_on(home, cart, place))).status_code == 409


@pytest.mark.rule("PRICE-6", way="punchout")
def test_an_order_priced_by_another_unit_waits_for_a_person(home, trader, cart, reply):
    """What a box costs is not what a book costs."""
    document = written(order_of(home, cart)).replace(
        b'BaseQuantity unitCode="C62"', b'BaseQuantity unitCode="BX"'
    )
    said = json.loads(reply(document).data)
    assert said["status"] == 201
    assert [entry["code"] for entry in said["findings"]].count("price.unit") == 2
    assert only(home, trader).hold_reasons == ("price.unit",)
