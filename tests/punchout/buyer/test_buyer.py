"""The buyer's documents and what it makes of the answers."""

import pytest
import requests
import responses

from protocols.cxml import order, setup, status
from protocols.cxml.cart import form_field
from protocols.cxml.envelope import open_envelope
from protocols.cxml.frame import Stamp
from protocols.errors import Unauthorized
from protocols.model.session import Deployment, Operation
from protocols.xml import parse_untrusted
from punchout.buyer.exchange import GatewayUnreachable
from tests.punchout.buyer.conftest import GATEWAY, NOW, TOKEN, agreement_of

STAMP = Stamp(payload_id="9@shop.example", timestamp=NOW)


@pytest.fixture
def gateway():
    """A stand-in for POST /cxml; ``answer`` says what it answers, ``calls`` what it got."""
    with responses.RequestsMock() as mock:
        mock.answer = lambda body: mock.post(f"{GATEWAY}/cxml", body=body, content_type="text/xml")
        yield mock


def sent(gateway):
    """The document that the gateway got, opened."""
    return open_envelope(parse_untrusted(gateway.calls[-1].request.body))


def test_start_sends_a_call_up_and_reads_the_start_page(gateway, buyer):
    """The session's address and the cookie to expect come back."""
    gateway.answer(setup.build_reply("https://shop.example/start/x", STAMP, buyer.dialect))
    started = buyer.start("http://localhost:1/return")
    call_up, findings = setup.parse(sent(gateway))
    assert started.start_url == "https://shop.example/start/x"
    assert call_up.buyer_cookie == started.buyer_cookie
    assert call_up.return_url == "http://localhost:1/return"
    assert call_up.operation is Operation.CREATE
    assert call_up.shopper.name == "Innkjøper Testby"
    assert findings == ()


def test_requests_carry_the_agreed_names_and_the_secret(gateway, buyer):
    """From, To and Sender are those of the agreement; the agreement's deployment goes along."""
    gateway.answer(setup.build_reply("https://shop.example/start/x", STAMP, buyer.dialect))
    buyer.start("http://localhost:1/return")
    envelope = sent(gateway)
    assert [entry.secret for entry in envelope.sender.credentials] == ["sesame"]
    assert [entry.identity for entry in envelope.to.credentials] == ["shop"]
    assert envelope.deployment is Deployment.TEST


def test_what_is_kept_of_a_request_has_no_secret(gateway, buyer):
    """The exchange can be shown to anybody."""
    gateway.answer(setup.build_reply("https://shop.example/start/x", STAMP, buyer.dialect))
    exchange = buyer.start("http://localhost:1/return").exchange
    assert b"sesame" in gateway.calls[-1].request.body
    assert b"sesame" not in exchange.sent
    assert "sesame" not in repr(buyer)


def test_a_refused_call_up_raises_what_the_status_says(gateway, buyer):
    """A cXML Status above 400 is an error with the gateway's words."""
    gateway.answer(status.build(401, "unknown Sender", STAMP))
    with pytest.raises(Unauthorized, match="unknown Sender"):
        buyer.start("http://localhost:1/return")


def test_a_silent_gateway_is_named(gateway, buyer):
    """Nobody there: the address stands in the error."""
    gateway.post(f"{GATEWAY}/cxml", body=requests.ConnectionError("refused"))
    with pytest.raises(GatewayUnreachable, match=r"127\.0\.0\.1:9"):
        buyer.start("http://localhost:1/return")


@pytest.mark.parametrize("name", ["ariba", "coupa", "dynamics365", "jaggaer", "generic"])
def test_the_order_brings_back_what_the_cart_brought(gateway, buyer, returned, name):
    """Line token, item, quantity, price, unit and quote id come back as they went out."""
    gateway.answer(status.build(200, "received", STAMP))
    cart = buyer.read_document(returned("c1"), "c1")
    answer = buyer.send_order(cart, requisition_id="PR-1")
    placed, findings = order.parse(sent(gateway))
    assert findings == ()
    assert (answer.code, answer.order_id) == (200, placed.order_id)
    assert placed.lines == cart.message.lines
    assert placed.lines[0].line_token == TOKEN
    assert placed.supplier_order_id == f"PS-{TOKEN}"
    assert placed.requisition_id == "PR-1"
    assert str(placed.total) == "597.00 NOK"
    assert agreement_of(name).id == f"demo-{name}"


def test_an_approver_may_change_quantities(gateway, buyer, returned):
    """The order says what was approved, and its total follows."""
    gateway.answer(status.build(201, "held", STAMP))
    cart = buyer.read_document(returned("c1"), "c1")
    assert buyer.send_order(cart, quantities={1: 2}).code == 201
    placed, _ = order.parse(sent(gateway))
    assert [int(line.quantity) for line in placed.lines] == [2]
    assert str(placed.total) == "398.00 NOK"


@pytest.mark.parametrize("encoding", ["urlencoded", "base64"])
def test_a_cart_is_read_from_either_field(buyer, returned, encoding):
    """Norwegian letters come out of both encodings."""
    dialect = type(buyer.dialect)(name="generic", title="x", cart_encoding=encoding)
    cart = buyer.read_return(dict([form_field(returned("c1"), dialect)]), "c1")
    assert cart.message.lines[0].description == "Øya utenfor kartet"
    assert cart.holds
