"""Approved orders that come as Peppol documents: the same inbox, ladder and holds; on both databases."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from protocols.model.agreement import PeppolSettings
from protocols.model.cart import ReturnedCart, ReturnedLine
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.money import Money
from protocols.model.order import PEPPOL, OrderLine
from protocols.model.party import OrderParty
from protocols.model.session import Deployment
from protocols.peppol.identifiers import EHF_ORDERING
from punchout import local
from punchout.app import create_app
from punchout.roundtrip import holds
from session_store import agreements, carts, journal
from session_store.orders import OrderState
from tests.journeys.crashing import (
    COPIES,
    do_what_was_promised,
    kept,
    orderable,
    take_home,
    trader_at,
    visiting,
)
from tests.journeys.peppol_orders import BUYER, TOKEN, agree, hand_over, only, order_of, written
from tests.journeys.rows import one
from tests.journeys.waiting import Operator
from tests.protocols.peppol.made import wrapped
from tests.services.places import corpus_files
from tests.session_store.racing import race


@pytest.fixture
def home(settings):
    """A gateway without a worker: what was promised is looked at before it is done."""
    with local.running(settings, worker=False) as running:
        yield running


@pytest.fixture
def client(home):
    """A way in without a network."""
    return create_app(home).test_client()


@pytest.fixture
def trader(home):
    """The generic buyer, whose agreement takes Peppol documents too."""
    made = trader_at(home)
    agree(home, made.agreement.id)
    return made


@pytest.fixture
def cart(home, trader):
    """Two titles of three copies each, every copy with codes of its own."""
    return take_home(home, trader)


@pytest.fixture
def door(client, trader):
    """The reply to a document that the buyer hands over."""

    def send(document, **headers):
        return hand_over(client, trader.agreement.id, document, **headers)

    return send


def refusals(home, agreement_id):
    """What the journal tells of refused documents: summary and record."""
    with home.store.read() as tx:
        nameless = journal.timeline(tx, agreement_id, "")
    return [(entry.summary, entry.document) for entry in nameless if entry.kind.endswith(".refused")]


@pytest.mark.rule("DIST-8", way="punchout")
def test_an_order_brings_every_copy_of_its_cart_to_the_bookshop(home, trader, cart, door):
    """Tokens in the seller's item numbers find the lines; 200 says that it goes on."""
    reply = door(written(order_of(home, cart)))
    said = json.loads(reply.data)
    assert (reply.status_code, reply.content_type, said["status"]) == (200, "application/json", 200)
    order = only(home, trader)
    assert (order.order.protocol, order.reference, order.state) == (
        PEPPOL,
        said["reference"],
        OrderState.RECEIVED,
    )
    do_what_was_promised(home)
    placed = only(home, trader)
    assert placed.state is OrderState.PLACED
    (shop_order,) = placed.shop_orders
    assert sum(len(line.copies) for line in shop_order.lines) == 2 * COPIES
    assert all(copy.codes.note for line in shop_order.lines for copy in line.copies)


def test_an_ehf_order_is_taken_as_well(home, trader, cart, door):
    """Whichever variant the buyer speaks."""
    assert door(written(order_of(home, cart), EHF_ORDERING)).status_code == 200
    assert only(home, trader).order.profile == EHF_ORDERING.profile_id


@pytest.mark.rule("T-I1")
def test_the_same_document_again_gets_the_same_bytes(home, trader, cart, door):
    """Bare, by its content; nothing is done twice."""
    document = written(order_of(home, cart))
    first, second = door(document), door(document)
    assert first.data == second.data
    only(home, trader)


@pytest.mark.rule("T-I1")
def test_equal_documents_at_once_make_one_order(home, trader, cart, door):
    """The losers of the race wait, and get the winner's bytes."""
    document = written(order_of(home, cart))
    assert len({reply.data for reply in race(8, lambda _which: door(document))}) == 1
    only(home, trader)


@pytest.mark.rule("T-I1")
@pytest.mark.parametrize("enveloped", [True, False])
def test_the_envelope_s_id_is_the_key(home, trader, cart, door, enveloped):
    """In the SBDH, or in a header where the access point took that off; other content under it is refused."""
    own = f"0192:{home.world.shop_number}"

    def send(order):
        document = written(order)
        if enveloped:
            return door(wrapped(document, "instance-1", receiver=own))
        return door(document, Peppol_Instance_Id="instance-1")

    first, again = send(order_of(home, cart)), send(order_of(home, cart))
    assert (first.status_code, first.data) == (200, again.data)
    assert only(home, trader).payload_id == "instance-1"
    other = send(order_of(home, cart, "PO-2"))
    assert (other.status_code, other.content_type) == (409, "application/problem+json")
    said = json.loads(other.data)
    assert "under a new InstanceIdentifier" in said["detail"]
    assert said["where"].endswith("/DocumentIdentification/InstanceIdentifier")


@pytest.mark.rule("T-I3")
def test_equal_content_in_another_envelope_makes_no_second_order(home, trader, cart, door):
    """The order fence: the number is known, and says the same."""
    document = written(order_of(home, cart))
    answers = [json.loads(door(document, Peppol_Instance_Id=name).data) for name in ("a", "b")]
    assert answers[0]["reference"] == answers[1]["reference"]
    only(home, trader)


@pytest.mark.rule("T-I3")
def test_other_content_under_a_known_number_is_a_conflict(home, trader, cart, door):
    """By the agreement's policy, with the place in their document."""
    door(written(order_of(home, cart)))
    reply = door(written(order_of(home, cart, comments="changed")))
    said = json.loads(reply.data)
    assert (reply.status_code, said["code"], said["where"]) == (409, "conflict", "Order/cbc:ID")


def test_an_order_of_another_kind_waits_for_a_person_who_may_let_it_go_on(home, trader, cart, door):
    """A blanket order is no refusal: 201, and the reason."""
    reply = door(written(order_of(home, cart, order_kind="221")))
    assert json.loads(reply.data)["status"] == 201
    order = only(home, trader)
    assert order.hold_reasons == ("order.kind",)
    holds.release(home.world, holds.find(home.world, order.reference), "desk")
    assert only(home, trader).state is OrderState.RECEIVED


@pytest.mark.rule("ORD-9")
def test_an_order_shows_at_the_desk_like_any_other(home, trader, cart, door):
    """On the list with its reason, with its document as it came, and released there."""
    door(written(order_of(home, cart, order_kind="221")))
    operator, reference = Operator(home), only(home, trader).reference
    assert "Bestillingen er av en type som et menneske må se på" in operator.open(f"orders/{reference}").text
    assert "PO-1" in operator.open().text
    assert "221 NOK" in operator.open(f"orders/{reference}/document").text


def test_findings_name_places_in_their_document(home, trader, cart, door):
    """A price that differs is told with the line's own id."""
    line = order_of(home, cart).lines[0]
    dearer = replace(line, line_id="A", unit_price=Money(Decimal("9999.00")))
    order = order_of(home, cart)
    said = json.loads(door(written(replace(order, lines=(dearer, *order.lines[1:])))).data)
    (told,) = [entry for entry in said["findings"] if entry["code"] == "price.changed"]
    assert (
        told["where"] == "Order/cac:OrderLine[cac:LineItem/cbc:ID='A']/cac:LineItem/cac:Price/cbc:PriceAmount"
    )


def test_a_number_that_nobody_knows_gives_way_to_the_isbn(home, trader, cart, door):
    """The shop sells it by that, and says so."""
    order = order_of(home, cart)
    lines = tuple(
        replace(line, product_id=f"BS-{line.number}", standard_id=line.product_id, line_token="")
        for line in order.lines
    )
    said = json.loads(
        door(written(replace(order, lines=lines, supplier_order_id=cart.message.quote_id))).data
    )
    assert said["status"] == 200
    assert [entry["code"] for entry in said["findings"]].count("item.standard") == 2
    do_what_was_promised(home)
    assert only(home, trader).state is OrderState.PLACED


@pytest.mark.rule("PO-ID-3", way="punchout")
def test_the_unit_that_orders_names_the_library(home, trader, door):
    """By the agreement's org codes, as in cXML; an order without a cart has nothing else."""
    agree(home, trader.agreement.id, org_codes={"4410": "100235"})
    (book,) = orderable(home, 1)
    line = OrderLine(number=1, line_id="1", product_id=book, quantity=Decimal(1))
    unit = OrderParty(party_id="4410", name="Barneavdelingen")
    door(written(order_of(home, lines=(line,), originator=unit)))
    held = only(home, trader)
    assert "customer.unknown" not in held.hold_reasons
    judged = holds.today(home.world, holds.find(home.world, held.reference))
    assert {part.customer_number for part in judged.shop_orders} <= {"100235"}


def test_no_cxml_leaves_for_an_order_that_came_by_peppol(home, trader, cart, door):
    """Though the agreement has an endpoint for it; people still get their mail."""
    agree(home, trader.agreement.id, endpoints={"cxml": "http://localhost:1/cxml"})
    door(written(order_of(home, cart, order_kind="221")))
    order = only(home, trader)
    holds.release(home.world, holds.find(home.world, order.reference), "desk")
    do_what_was_promised(home)
    url = home.settings.database_url
    assert only(home, trader).state is OrderState.PLACED
    assert one(url, "SELECT count(*) FROM outbox WHERE kind IN ('confirmation', 'status_update')") == 0


def test_a_refusal_by_a_person_sends_no_cxml_either(home, trader, cart, door):
    """There is no document for it yet."""
    agree(home, trader.agreement.id, endpoints={"cxml": "http://localhost:1/cxml"})
    door(written(order_of(home, cart, order_kind="221")))
    held = holds.find(home.world, only(home, trader).reference)
    holds.refuse(home.world, held, "desk", "ikke avtalt")
    sent = "SELECT count(*) FROM outbox WHERE kind IN ('confirmation', 'status_update')"
    assert one(home.settings.database_url, sent) == 0


@pytest.mark.parametrize(
    ("spoil", "status", "code", "where"),
    [
        ((b":order:3<", b":order:4<"), 422, "not-supported", "/Order/cbc:CustomizationID"),
        ((b"bis:ordering:3<", b"bis:other:3<"), 422, "not-supported", "/Order/cbc:ProfileID"),
        ((b"<cbc:ID>PO-1</cbc:ID>", b""), 400, "malformed", "/Order/cbc:ID"),
        ((b"</Order>", b""), 400, "not-acceptable", "line "),
        ((b"<Order ", b"<!DOCTYPE Order [<!ENTITY a 'b'>]><Order "), 400, "not-acceptable", "DOCTYPE"),
        ((b"<Order ", b"<!DOCTYPE Order><Order "), 400, "not-acceptable", "DOCTYPE"),
    ],
)
def test_what_cannot_be_read_is_refused_and_kept(home, trader, cart, door, spoil, status, code, where):
    """With place and advice for the sender, and the bytes as they came in the journal."""
    document = written(order_of(home, cart)).replace(*spoil)
    reply = door(document)
    said = json.loads(reply.data)
    assert (reply.status_code, reply.content_type) == (status, "application/problem+json")
    assert (said["code"], said["where"][: len(where)]) == (code, where)
    assert said["detail"]
    assert said["advice"]
    assert "Traceback" not in reply.text
    assert kept(home, trader.agreement.id) == ()
    ((summary, record),) = refusals(home, trader.agreement.id)
    assert said["where"] in summary
    assert b"Testby kommune" in record


@pytest.mark.parametrize("case", ["unknown", "disabled", "not covered"])
def test_an_agreement_that_takes_none_is_as_one_that_is_not_there(home, client, trader, cart, case):
    """One and the same answer."""
    known = trader.agreement.id
    changes = {"enabled": False} if case == "disabled" else {"protocols": ("cxml",)}
    with home.store.write() as tx:
        changed = replace(agreements.load(tx, known), **({} if case == "unknown" else changes))
        agreements.save(tx, changed, (), keyring=home.world.keyring, now=home.world.now())
    document = written(order_of(home, cart))
    reply = hand_over(client, "nobody" if case == "unknown" else known, document)
    nobody = hand_over(client, "nobody-at-all", document)
    assert (reply.status_code, reply.data) == (404, nobody.data)


@pytest.mark.rule("T-C1")
def test_a_token_is_asked_for_where_one_is_agreed(home, trader, cart, door):
    """None, another and another kind are refused alike; both live ones open while a change-over lasts."""
    agree(home, trader.agreement.id, token=TOKEN)
    document = written(order_of(home, cart))
    tried = [{}, {"Authorization": "Bearer other"}, {"Authorization": f"Basic {TOKEN}"}]
    replies = [door(document, **headers) for headers in tried]
    assert {reply.status_code for reply in replies} == {401}
    assert len({reply.data for reply in replies}) == 1
    assert replies[0].headers["WWW-Authenticate"] == "Bearer"
    agree(home, trader.agreement.id, token="the next one")
    for number, token in enumerate((TOKEN, "the next one")):
        assert door(document, Authorization=f"Bearer {token}").status_code == 200, number


def test_too_many_wrong_tokens_have_to_wait(home, trader, cart, door):
    """From the tenth on also the right one, and the reply says how long."""
    agree(home, trader.agreement.id, token=TOKEN)
    document = written(order_of(home, cart))
    for _ in range(10):
        door(document, Authorization="Bearer wrong")
    reply = door(document, Authorization=f"Bearer {TOKEN}")
    assert reply.status_code == 401
    assert int(reply.headers["Retry-After"]) > 0


@pytest.mark.parametrize(("deployment", "status"), [(Deployment.TEST, 200), (Deployment.PRODUCTION, 403)])
def test_without_a_token_only_tests_are_taken(home, trader, cart, deployment, status):
    """Unless everything is on loopback; the refusal says what to do."""
    agree(home, trader.agreement.id, deployment=deployment)
    outside = replace(home, world=replace(home.world, loopback=False))
    reply = hand_over(create_app(outside).test_client(), trader.agreement.id, written(order_of(home, cart)))
    assert reply.status_code == status
    if status == 403:
        assert "[agreement.peppol] token" in json.loads(reply.data)["detail"]


def test_an_order_to_somebody_else_is_refused_in_earnest_and_told_in_a_test(home, trader, cart, door):
    """The seller's endpoint must be ours."""
    order = order_of(home, cart, seller=OrderParty(endpoint="0192:123456785", name="En annen"))
    agree(home, trader.agreement.id, deployment=Deployment.PRODUCTION)
    reply = door(written(order))
    assert (reply.status_code, json.loads(reply.data)["where"]) == (
        403,
        "/Order/cac:SellerSupplierParty/cac:Party/cbc:EndpointID",
    )
    agree(home, trader.agreement.id, deployment=Deployment.TEST)
    said = json.loads(door(written(order)).data)
    assert "party.other" in [entry["code"] for entry in said["findings"]]


def test_the_buyer_is_the_agreement_s_participant(home, trader, cart, door):
    """Where the agreement names one, nobody else orders under it."""
    agree(home, trader.agreement.id, peppol=PeppolSettings(participant="0192:123456785"))
    reply = door(written(order_of(home, cart)))
    assert (reply.status_code, json.loads(reply.data)["where"]) == (
        403,
        "/Order/cac:BuyerCustomerParty/cac:Party/cbc:EndpointID",
    )
    agree(home, trader.agreement.id, peppol=PeppolSettings(participant=BUYER.endpoint))
    assert door(written(order_of(home, cart))).status_code == 200


@pytest.mark.parametrize(
    ("sender", "status"), [(None, 200), ("", 200), (BUYER.endpoint, 200), ("0192:123456785", 403)]
)
def test_a_buyer_that_is_not_named_is_the_envelope_s_sender(home, trader, cart, door, sender, status):
    """Where neither is named it passes with a warning: the token has proved who hands it over."""
    own = PeppolSettings(participant=BUYER.endpoint)
    agree(home, trader.agreement.id, peppol=own, token=TOKEN)
    document = written(order_of(home, cart, buyer=replace(BUYER, endpoint="")))
    if sender is not None:
        document = wrapped(document, sender=sender, receiver=f"0192:{home.world.shop_number}")
    said = json.loads((reply := door(document, Authorization=f"Bearer {TOKEN}")).data)
    assert reply.status_code == status
    if status == 403:
        assert said["where"] == "/StandardBusinessDocument/StandardBusinessDocumentHeader/Sender/Identifier"
    else:
        (told,) = [entry for entry in said["findings"] if entry["where"].endswith("EndpointID")]
        assert (told["code"], told["severity"]) == ("value.missing", "warning")


def test_a_get_is_told_how_to_send(client):
    """As machines read it."""
    reply = client.get("/peppol/testby")
    assert (reply.status_code, reply.content_type) == (405, "application/problem+json")


@pytest.mark.rule("DIST-8", way="punchout")
@pytest.mark.parametrize("numbers", ["seller", "standard"])
@pytest.mark.parametrize("path", corpus_files("peppol/bookshop/2-order.xml"))
def test_the_bookshop_s_order_rejoins_its_cart(home, trader, door, path, numbers):
    """Quote id, items and quantities find every line, whichever number the cart knows its items by."""
    freeze_bookshop_cart(home, trader.agreement.id, numbers)
    agree(home, trader.agreement.id, deployment=Deployment.TEST)
    said = json.loads(door(path.read_bytes()).data)
    order = only(home, trader)
    held = holds.find(home.world, order.reference)
    judged = holds.today(home.world, held)
    assert [len(joined.planned) for joined in judged.lines] == [3, 2, 1, 6]
    assert {joined.frozen.quote_id for joined in judged.lines} == {"CART-7F3A"}
    codes = [entry["code"] for entry in said["findings"]]
    assert codes.count("item.standard") == (3 if numbers == "standard" else 0)
    assert order.order.requisition_id == "REK-2026-00417"


BOOKSHOP_LINES = (
    ("BS-100001", "9788201000012", 3, "319.20", "1101"),
    ("BS-100001", "9788201000012", 2, "319.20", "1104"),
    ("BS-100025", "9788201000258", 1, "439.20", "1101"),
    ("KLARGJ-PLAST", "KLARGJ-PLAST", 6, "22.00", "1101"),
)
"""What corpus/peppol/bookshop/1-punchout-cart.xml holds: both numbers, quantity, price and branch."""


def freeze_bookshop_cart(home, agreement_id, numbers):
    """Nothing: the cart of the bookshop's story has gone back under this agreement."""
    here, _ = visiting(home, trader_at(home))
    now, ids = home.world.now(), [str(number) for number in range(1, len(BOOKSHOP_LINES) + 1)]
    with home.store.write() as tx:
        tokens = carts.line_tokens(tx, agreement_id, "bookshop", ids, lambda: home.world.new_code(20))
    lines = tuple(
        ReturnedLine(
            number=number,
            line_token=tokens[str(number)],
            line_id=str(number),
            product_id=seller if numbers == "seller" else standard,
            description="Tittel",
            quantity=quantity,
            unit_price=Money(Decimal(price)),
            copies=numbered((CopyCodes(branch_code=branch),) * quantity),
        )
        for number, (seller, standard, quantity, price, branch) in enumerate(BOOKSHOP_LINES, start=1)
    )
    frozen = ReturnedCart(
        quote_id="CART-7F3A",
        customer_number="100234",
        cart_id="bookshop",
        frozen_at=now,
        valid_until=now,
        lines=lines,
    )
    with home.store.write() as tx:
        carts.save(tx, agreement_id, here.session.id, frozen, b"")
