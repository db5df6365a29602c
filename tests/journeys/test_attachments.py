"""An order with files beside it, from POST /cxml to where people find them (cxml.md §7)."""

import pytest

from protocols.cxml.envelope import open_response
from protocols.multipart import WHOLE
from protocols.xml import parse_untrusted
from session_store import attachments, orders
from tests.journeys.agreement_files import AGREEMENT_ID, agreement_file, known
from tests.journeys.rows import count
from tests.protocols.bodies import PDF, RELATED, body, document, part
from tests.protocols.cxml.made import approved

LINE = (
    '<ItemOut quantity="1" lineNumber="1"><ItemID><SupplierPartID>9788299000017</SupplierPartID></ItemID>'
    "<Comments><Attachment><URL>cid:1%40b</URL></Attachment></Comments></ItemOut>"
)


@pytest.fixture
def send(home, client):
    """The gateway's answer to a body of several parts."""
    party = {"domain": "NetworkID", "identity": "AN01"}
    known(home, agreement_file("Testby", {"sender": party}, "hush"))

    def post(raw, content_type=RELATED):
        return client.post("/cxml", data=raw, content_type=content_type)

    return post


def code(answer):
    """The cXML status."""
    return open_response(parse_untrusted(answer.data)).code


DRAWING = part(PDF, cid="1@b", name="Tegning.pdf")


def order(payload_id="1@b", files=(DRAWING,)):
    """An order, and files beside it."""
    return body(document(approved(items=LINE).replace('"1@b"', f'"{payload_id}"', 1)), *files)


def kept(home):
    """The files of the agreement's only order, and what is in them."""
    with home.store.read() as tx:
        (stored,) = orders.listing(tx, AGREEMENT_ID)
        listed = attachments.listing(tx, AGREEMENT_ID, stored.id)
        return listed, [attachments.content(tx, AGREEMENT_ID, one.id) for one in listed]


def test_file_lies_with_the_order(send, home):
    """Under an id of ours, its bytes as they were sent; the order is judged as any other."""
    answer = send(order())
    assert (answer.status_code, code(answer)) == (200, 201)
    (listed,), contents = kept(home)
    assert (listed.name, listed.media_type, listed.size) == ("Tegning.pdf", "application/pdf", len(PDF))
    assert listed.id != "1@b"
    assert contents == [PDF]


@pytest.mark.rule("T-I1")
def test_same_body_again_keeps_nothing_twice(send, home):
    """The same answer, and one file; also when the order comes again under another payloadID."""
    first = send(order())
    assert send(order()).data == first.data
    assert code(send(order("2@b"))) == 201
    assert len(kept(home)[0]) == 1
    assert count(home.settings.database_url, "attachment") == 1


@pytest.mark.rule("T-I2")
def test_same_document_with_another_file_is_another_document(send, home):
    """409: what a file says is part of what was sent."""
    send(order())
    assert code(send(order(files=(part(PDF + b"x", cid="1@b"),)))) == 409
    assert kept(home)[1] == [PDF]


def test_missing_file_is_told_and_the_order_taken(send, home):
    """A person can ask for it."""
    assert code(send(order(files=()))) == 201
    assert kept(home) == ((), [])


@pytest.mark.rule("T-X1")
def test_large_files_come_in_up_to_their_own_limit(send, home):
    """12 MB beside a document of a kilobyte; the same as one document is too large."""
    large = b"%PDF-" + b"x" * 12_000_000
    assert code(send(order(files=(part(large, cid="1@b"),)))) == 201
    assert kept(home)[1] == [large]
    assert send(large, "text/xml").status_code == 413


@pytest.mark.rule("T-X1")
@pytest.mark.parametrize("files", [[part(b"hei")] * 20, [part(b"x" * WHOLE)]])
def test_too_much_is_refused_and_nothing_kept(send, home, files):
    """More than 20 parts or 25 MB: 499, and no row is written."""
    answer = send(order(files=files))
    assert (answer.status_code, code(answer)) == (413, 499)
    assert count(home.settings.database_url, "attachment") == 0
    assert count(home.settings.database_url, "inbox") == 0


def test_body_that_is_cut_off_is_refused(send, home):
    """406 in the sender's own language; it sends the same again."""
    assert code(send(order()[:-9])) == 406
    assert count(home.settings.database_url, "purchase_order") == 0
