"""What is built says what it was built of, and is valid by the official DTDs and by our schema."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from protocols.cxml import cart, confirmation, order, profile, setup, status, status_update
from protocols.cxml.envelope import open_response
from protocols.model.order import OrderType
from protocols.model.session import Deployment
from protocols.xml import parse_untrusted
from tests.protocols.cxml.made import (
    COOKIES,
    GENERIC,
    LATEST,
    NOON,
    ORDERS,
    STAMP,
    STATUS_UPDATES,
    TEXTS,
    TO_BUYER,
    TO_SHOP,
    confirmations,
    opened,
    returned_carts,
    setup_requests,
)

DEPLOYMENTS = st.sampled_from(Deployment)
FEW = settings(max_examples=30)
"""Whole orders are costly to draw, and each holds dozens of texts."""


@FEW
@given(made=setup_requests(), deployment=DEPLOYMENTS)
def test_setup_request_survives(official, made, deployment):
    """The call-up comes out as it went in, lines of an earlier cart and cookie markup included."""
    document = setup.build(made, TO_SHOP, STAMP, GENERIC, deployment)
    official(document)
    envelope = opened(document)
    assert setup.parse(envelope)[0] == made
    assert (envelope.deployment, envelope.kind) == (deployment, "PunchOutSetupRequest")
    assert envelope.sender.credentials == TO_SHOP.sender


@FEW
@given(made=ORDERS, deployment=DEPLOYMENTS)
def test_order_survives(official, made, deployment):
    """The order comes out as it went in, accounting, addresses and comments included."""
    document = order.build(made, TO_SHOP, STAMP, GENERIC, deployment)
    official(document)
    assert order.parse(opened(document)) == (made, ())


@FEW
@given(made=ORDERS, date=TEXTS)
def test_order_with_a_delivery_date_survives_in_later_versions(official, made, date):
    """1.2.071 has a place for it in the header."""
    dated = replace(made, requested_delivery=date)
    document = order.build(dated, TO_SHOP, STAMP, LATEST, Deployment.TEST)
    official(document, ["1.2.071"])
    assert order.parse(opened(document))[0] == dated


@FEW
@given(made=ORDERS)
def test_delivery_date_goes_to_the_lines_where_the_header_has_no_place(official, made):
    """1.2.014 knows it on lines only; a line's own date stays."""
    document = order.build(
        replace(made, requested_delivery="2026-04-01"), TO_SHOP, STAMP, GENERIC, Deployment.TEST
    )
    official(document)
    read = order.parse(opened(document))[0]
    assert [line.requested_delivery for line in read.lines] == [
        line.requested_delivery or "2026-04-01" for line in made.lines
    ]


@FEW
@given(made=confirmations(), deployment=DEPLOYMENTS)
def test_confirmation_survives(official_fulfill, made, deployment):
    """Every answer to every line comes out as it went in, prices, dates and comments included."""
    document = confirmation.build(made, TO_BUYER, STAMP, GENERIC, deployment)
    official_fulfill(document)
    envelope = opened(document)
    assert confirmation.parse(envelope) == (made, ())
    assert (envelope.deployment, envelope.kind) == (deployment, "ConfirmationRequest")
    assert envelope.sender.credentials == TO_BUYER.sender


@given(made=STATUS_UPDATES, deployment=DEPLOYMENTS)
def test_status_update_survives(official, made, deployment):
    """The document that it is about, code, text and detail."""
    document = status_update.build(made, TO_BUYER, STAMP, GENERIC, deployment)
    official(document)
    assert status_update.parse(opened(document)) == (made, ())


def test_a_cancellation_may_come_without_lines():
    """Some buyers send none, though the standard asks for one."""
    made = order.parse(opened(order.build(_cancellation(), TO_SHOP, STAMP, GENERIC, Deployment.TEST)))[0]
    assert (made.type, made.lines) == (OrderType.DELETE, ())


def _cancellation():
    return order.PurchaseOrder(order_id="PO1", order_date="2026-03-02", lines=(), type=OrderType.DELETE)


@given(made=returned_carts(), cookie=COOKIES, deployment=DEPLOYMENTS)
def test_cart_says_what_was_frozen(official, made, cookie, deployment):
    """Cookie, total, promise and every line; an unchanged cart has none and says so."""
    document, findings = cart.build(made, cookie, TO_BUYER, STAMP, GENERIC, deployment)
    official(document)
    assert findings == ()
    envelope = opened(document)
    message, found = cart.parse(envelope)
    assert found == ()
    assert (envelope.is_message, envelope.deployment) == (True, deployment)
    assert (message.buyer_cookie, message.operation_allowed) == (cookie, made.operation_allowed)
    assert (message.unchanged, message.quote_id) == (made.unchanged, made.quote_id)
    assert message.total == (made.total if not made.unchanged else replace(made.total, amount=0))
    kept = () if made.unchanged else made.lines
    assert [_facts(line) for line in message.lines] == [_facts(line) for line in kept]
    assert [line.description for line in message.lines] == [line.description for line in kept]


def _facts(line):
    token, extras = line.line_token, line.extrinsics
    return line.number, line.product_id, line.quantity, token, line.unit_price, line.classification, extras


@given(made=returned_carts(), cookie=COOKIES)
def test_cart_survives_both_form_fields(made, cookie):
    """What the buyer's system reads from the form is the document that we built, letter for letter."""
    document, _ = cart.build(made, cookie, TO_BUYER, STAMP, GENERIC, Deployment.TEST)
    expected = cart.parse(opened(document))
    for encoding in ("urlencoded", "base64"):
        field, value = cart.form_field(document, replace(GENERIC, cart_encoding=encoding))
        assert value.isascii()
        assert cart.parse(opened(cart.read_form({"other": "x", field.upper(): value}))) == expected


@given(made=returned_carts(texts=st.text(max_size=80)))
def test_any_text_at_all_gives_a_readable_cart(official, made):
    """Control characters and lone surrogates are replaced, and every line it happened to is named."""
    document, findings = cart.build(made, "c", TO_BUYER, STAMP, GENERIC, Deployment.TEST)
    official(document)
    assert {finding.code for finding in findings} <= {"value.replaced", "value.shortened"}


@given(url=TEXTS.filter(bool))
def test_setup_reply_survives(official, url):
    """The StartPage comes out as it went in."""
    document = setup.build_reply(url, STAMP, GENERIC)
    official(document)
    assert setup.parse_reply(parse_untrusted(document)) == url


@given(code=st.sampled_from(sorted(status.TEXTS)), detail=st.text(max_size=100))
def test_status_survives(official, code, detail):
    """Code, canonical text and detail; a text that XML cannot hold is replaced."""
    document = status.build(code, detail, STAMP)
    official(document)
    answer = open_response(parse_untrusted(document))
    assert (answer.code, answer.text) == (code, status.TEXTS[code])
    assert answer.payload_id == STAMP.payload_id
    if detail.isprintable():
        assert answer.detail == detail.strip(" \t\r\n")


def test_profile_survives(official):
    """Requests, addresses and options, and the date from which they hold."""
    url = "https://shop.example/cxml?a=1&b=2"
    served = {
        "PunchOutSetupRequest": profile.Transaction(url=url, options={"Direct.URL": url}),
        "OrderRequest": profile.Transaction(url=url, options={"attachments": "No", "changes": "Yes"}),
        "ProfileRequest": profile.Transaction(url=url),
    }
    made = profile.Profile(transactions=served, effective=NOON - timedelta(days=1))
    document = profile.build_reply(made, STAMP)
    official(document)
    assert profile.parse_reply(parse_untrusted(document)) == made


@pytest.mark.parametrize("said", [None, NOON + timedelta(seconds=1)])
def test_profile_is_never_effective_in_the_future(said):
    """A client that is new must be able to use it at once; without a date it holds from now on."""
    served = {"ProfileRequest": profile.Transaction(url="https://shop.example/cxml")}
    document = profile.build_reply(profile.Profile(transactions=served, effective=said), STAMP)
    assert profile.parse_reply(parse_untrusted(document)).effective == NOON


def test_profile_request_survives(official):
    """It is empty, and authenticated like any other."""
    document = profile.build_request(TO_SHOP, STAMP)
    official(document)
    envelope = opened(document)
    assert (envelope.kind, profile.parse(envelope)) == ("ProfileRequest", (None, ()))
    assert envelope.sender.credentials[0].secret == "hush"


@FEW
@given(made=setup_requests())
def test_everything_is_a_document_of_its_version(made):
    """The DOCTYPE names the version of the dialect, and payloadID and timestamp are the caller's."""
    document = setup.build(made, TO_SHOP, STAMP, LATEST, Deployment.TEST)
    root = etree.fromstring(document)
    assert b'SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.071/cXML.dtd"' in document
    assert (root.get("payloadID"), root.get("timestamp")) == (STAMP.payload_id, "2026-03-02T12:00:00+00:00")
