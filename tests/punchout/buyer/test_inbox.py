"""The buyer's endpoint: what the shop sends back is judged, answered and kept once."""

from dataclasses import replace
from decimal import Decimal

import pytest
import requests

from protocols.cxml import confirmation, status, status_update
from protocols.cxml.envelope import open_response
from protocols.cxml.frame import Route, Stamp
from protocols.model.fulfilment import (
    Confirmation,
    ConfirmationType,
    ConfirmedLine,
    LineAnswer,
    LineStatus,
    StatusUpdate,
)
from protocols.model.order import OrderLine, PurchaseOrder
from protocols.model.session import Deployment
from protocols.xml import parse_untrusted
from punchout.buyer.exchange import Exchange
from punchout.buyer.inbox import Inbox
from punchout.buyer.ordering import OrderAnswer
from punchout.buyer.receiver import receiving
from tests.punchout.buyer.conftest import NOW

STAMP = Stamp(payload_id="7f@shop.example", timestamp=NOW)
ORDER = PurchaseOrder(
    order_id="PO-1",
    order_date="2026-03-02",
    lines=(OrderLine(number=1, product_id="978", quantity=Decimal(3), unit="EA"),),
)
ANSWER = OrderAnswer(
    order=ORDER,
    payload_id="1@buyer.example",
    code=200,
    text="OK",
    detail="",
    exchange=Exchange(sent=b"", received=b"", http_status=200),
)
LINE = ConfirmedLine(
    number=1,
    quantity=Decimal(3),
    answers=(LineAnswer(status=LineStatus.BACKORDERED, quantity=Decimal(3)),),
)
CONFIRMED = Confirmation(
    confirm_id="C-1",
    type=ConfirmationType.EXCEPT,
    noticed_at="2026-03-02T10:00:00+01:00",
    order_id="PO-1",
    order_date="2026-03-02",
    order_payload_id=ANSWER.payload_id,
    lines=(LINE,),
)
UPDATE = StatusUpdate(document_payload_id=ANSWER.payload_id, code=200, text="OK")


@pytest.fixture
def inbox(buyer):
    """The inbox of a buyer that has ordered."""
    made = Inbox(buyer)
    made.ordered(ANSWER)
    return made


@pytest.fixture
def document(buyer):
    """Writes what the shop sends; keywords change route, stamp or deployment."""
    ours = buyer.route(None)
    route = Route(
        from_=ours.to, to=ours.from_, sender=tuple(replace(entry, secret="sesame") for entry in ours.to)
    )

    def write(model, deployment=Deployment.TEST, stamp=STAMP, **changes):
        build = confirmation.build if isinstance(model, Confirmation) else status_update.build
        return build(model, replace(route, **changes), stamp, buyer.dialect, deployment)

    return write


def code(answer):
    """The Status code of an answer."""
    return open_response(parse_untrusted(answer)).code


@pytest.mark.parametrize("model", [CONFIRMED, UPDATE])
def test_a_document_that_holds_is_answered_200_and_kept(inbox, document, model):
    """With everything it says, and without its secret."""
    assert code(inbox.answer(document(model))) == 200
    (kept,) = inbox.documents
    assert (kept.model, kept.holds, kept.payload_id) == (model, True, STAMP.payload_id)
    assert b"sesame" not in kept.record
    assert inbox.refusals == []


def test_a_repeat_is_answered_and_kept_once(inbox, document):
    """The shop sends again when it heard no answer; other content under the same payloadID is a mistake."""
    assert [code(inbox.answer(document(CONFIRMED))) for _ in range(2)] == [200, 200]
    assert len(inbox.documents) == 1
    assert code(inbox.answer(document(UPDATE))) == 409


def test_a_wrong_secret_is_refused(inbox, document, buyer):
    """Whatever it says: anybody could have written it."""
    strangers = tuple(replace(entry, secret="open") for entry in buyer.route(None).to)
    assert code(inbox.answer(document(CONFIRMED, sender=strangers))) == 401
    assert code(inbox.answer(document(CONFIRMED, sender=buyer.route(None).to))) == 401
    assert inbox.documents == []


@pytest.mark.parametrize(
    ("model", "about"),
    [
        (replace(CONFIRMED, order_payload_id="other@buyer.example"), "order known"),
        (replace(CONFIRMED, order_id="PO-2"), "order number"),
        (replace(CONFIRMED, lines=(replace(LINE, number=2),)), "line 2"),
        (replace(CONFIRMED, lines=(replace(LINE, unit="BX"),)), "line 1"),
        (replace(CONFIRMED, noticed_at="yesterday"), "schema"),
        (replace(UPDATE, document_payload_id="other@buyer.example"), "order known"),
    ],
)
def test_a_number_that_is_none_of_the_orders_is_refused(inbox, document, model, about):
    """With what was expected and what stands there."""
    said = open_response(parse_untrusted(inbox.answer(document(model))))
    assert (said.code, about in said.detail) == (400, True)
    assert inbox.documents == []


def test_a_document_for_somebody_else_is_refused(inbox, document, buyer):
    """From and To turned round, or in earnest where a test was ordered."""
    route = buyer.route(None)
    assert code(inbox.answer(document(CONFIRMED, from_=route.from_, to=route.to))) == 400
    assert code(inbox.answer(document(CONFIRMED, deployment=Deployment.PRODUCTION))) == 400


def test_what_is_no_document_of_the_shops_is_refused(inbox):
    """A request of another kind, an answer, or no XML."""
    assert code(inbox.answer(status.build(200, "", STAMP))) == 406
    assert code(inbox.answer(b"hello")) == 406
    assert len(inbox.refusals) == 2


def test_the_endpoint_answers_over_http(inbox, document):
    """Beside the address for carts, which goes on taking forms."""
    with receiving(answer=inbox.answer) as receiver:
        headers = {"Content-Type": "text/xml; charset=UTF-8"}
        reply = requests.post(receiver.endpoint, document(CONFIRMED), headers=headers, timeout=10)
        requests.post(receiver.url, data={"cXML-urlencoded": "x"}, timeout=10)
    assert (reply.status_code, code(reply.content)) == (200, 200)
    assert [kept.kind for kept in inbox.documents] == ["ConfirmationRequest"]
    assert receiver.forms == [{"cXML-urlencoded": "x"}]
