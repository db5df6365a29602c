"""What the OCI buyer sends, and what it makes of the answers."""

import json

import pytest
import requests
import responses

from protocols.errors import NotAcceptable
from protocols.oci import callup
from protocols.peppol import order as peppol_order
from protocols.peppol.envelope import open_envelope
from protocols.xml import parse_untrusted
from punchout.buyer.browser import Browser
from punchout.buyer.exchange import GatewayUnreachable
from tests.punchout.buyer.conftest import GATEWAY, TOKEN
from tests.punchout.buyer.forms import PASSWORD, body, oci_buyer

HOOK = "https://buyer.testby.example/return?session=1"


@pytest.fixture
def gateway():
    """A stand-in for the gateway."""
    with responses.RequestsMock() as mock:
        yield mock


def answered(gateway, buyer, said, status=200):
    """Nothing: the door for Peppol answers this from now on."""
    gateway.post(f"{GATEWAY}/peppol/{buyer.agreement.id}", json=said, status=status)


def sent(gateway):
    """The order that the gateway got, and what deviated in it but for the notes."""
    document = open_envelope(parse_untrusted(gateway.calls[-1].request.body))
    order, findings = peppol_order.parse(document)
    return order, [finding for finding in findings if finding.severity != "note"]


@pytest.mark.parametrize("name", ["sap_srm", "visma_proceedo"])
def test_the_call_up_is_what_the_agreement_says(name):
    """Login fields, HOOK_URL and the system's own fields can be read by the shop without a deviation."""
    buyer = oci_buyer(name)
    fields = buyer.call_up(HOOK)
    call_up, findings = callup.parse(b"", callup_body(fields, buyer), buyer.agreement.oci, buyer.dialect.oci)
    assert findings == ()
    assert call_up.hook_url == HOOK
    assert call_up.login == buyer.login
    assert call_up.version == "4.0"


def callup_body(fields, buyer):
    """The fields as a browser sends them."""
    return body(dict(fields), charset=buyer.charset)


@pytest.mark.parametrize(("name", "token"), [("sap_srm", TOKEN), ("visma_proceedo", "")])
def test_the_order_brings_back_what_the_system_kept(gateway, name, token):
    """Offer, item, quantity and price come back always, the line token where EXT_PRODUCT_ID is kept."""
    buyer = oci_buyer(name)
    answered(gateway, buyer, {"status": 200, "reference": "ABCD", "detail": "received", "findings": []})
    answer = buyer.send_order(buyer.read_return(body()), requisition_id="PR-1")
    placed, findings = sent(gateway)
    (line,) = placed.lines
    assert findings == []
    assert (answer.code, answer.text, answer.order_id) == (200, "OK", placed.order_id)
    assert (line.product_id, line.line_token, int(line.quantity)) == ("9788200000013", token, 3)
    assert placed.supplier_order_id == f"PS-{TOKEN}"
    assert placed.requisition_id == "PR-1"
    assert placed.buyer.endpoint == buyer.agreement.peppol.participant
    assert str(placed.total) == "597.00 NOK"


def test_the_unit_is_in_the_words_of_peppol_again(gateway):
    """SAP's PCE is a piece."""
    buyer = oci_buyer()
    answered(gateway, buyer, {"status": 200, "detail": "received"})
    buyer.send_order(buyer.read_return(body()))
    assert sent(gateway)[0].lines[0].unit == "EA"


def test_an_approver_may_change_quantities(gateway):
    """The order says what was approved, and its total follows; a held one is told so."""
    buyer = oci_buyer()
    answered(gateway, buyer, {"status": 201, "detail": "waits"}, status=201)
    assert buyer.send_order(buyer.read_return(body()), quantities={1: 2}).code == 201
    assert str(sent(gateway)[0].total) == "398.00 NOK"


def test_a_refusal_is_told_in_the_gateway_s_words(gateway):
    """Code, what is wrong, and where."""
    buyer = oci_buyer()
    answered(gateway, buyer, {"status": 403, "detail": "not your participant", "where": "/Order"}, status=403)
    answer = buyer.send_order(buyer.read_return(body()))
    assert (answer.code, answer.detail) == (403, "not your participant /Order")


@pytest.mark.parametrize("said", [b"<html>", json.dumps([1]).encode(), b'{"status": "no number"}'])
def test_an_answer_that_is_no_receipt_is_refused(gateway, said):
    """A page of some proxy is no answer."""
    buyer = oci_buyer()
    gateway.post(f"{GATEWAY}/peppol/{buyer.agreement.id}", body=said)
    with pytest.raises(NotAcceptable):
        buyer.send_order(buyer.read_return(body()))


@pytest.mark.parametrize(("name", "method"), [("sap_srm", "POST"), ("visma_proceedo", "GET")])
def test_a_silent_gateway_is_named_without_the_password(gateway, name, method):
    """An address with a password in it never gets into an error."""
    buyer = oci_buyer(name)
    gateway.add(method, buyer.url, body=requests.ConnectionError(f"refused: {PASSWORD}"))
    with pytest.raises(GatewayUnreachable) as silent:
        buyer.open(Browser(), HOOK)
    assert PASSWORD not in str(silent.value)
    assert silent.value.__cause__ is None
    assert PASSWORD not in repr(buyer)
