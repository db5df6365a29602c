"""The outer frame: whose it is, what kind it is, and what is refused at once."""

import pytest
from lxml import etree

from protocols.cxml.envelope import Envelope, open_envelope, open_response
from protocols.errors import Malformed, NotAcceptable
from protocols.model.party import Credential
from protocols.xml import parse_untrusted
from tests.protocols.cxml.made import approved, call_up, opened, request
from tests.services.places import corpus_files


def test_the_parties_of_a_request():
    """Sender with its secret and program, From and To with their names."""
    envelope = opened(call_up())
    assert envelope.sender.credentials == (Credential(domain="NetworkID", identity="AN01", secret="hush"),)
    assert envelope.sender.user_agent == "U"
    assert (
        envelope.from_.credentials
        == envelope.to.credentials
        == (Credential(domain="NetworkID", identity="AN01"),)
    )


def test_a_secret_is_never_in_what_is_printed():
    """Also where the whole envelope lands in a log by mistake."""
    assert "hush" not in repr(opened(call_up()))


def test_payload_id_is_opaque():
    """With spaces or without host, it is kept as it is."""
    assert (
        opened(request("<ProfileRequest/>", 'payloadID="20101222 190337.2999"')).payload_id
        == "20101222 190337.2999"
    )


def test_original_document_is_a_second_key():
    """A hub writes down which document it passes on."""
    path = '<Path><Node type="route"/></Path><OriginalDocument payloadID="first@b"/></Header>'
    assert opened(call_up().replace("</Header>", path)).original_payload_id == "first@b"
    assert opened(call_up()).original_payload_id == ""


@pytest.mark.parametrize(
    "kind", ["InvoiceDetailRequest", "StatusUpdateRequest", "GetPendingRequest", "Nonsense"]
)
def test_kinds_that_are_not_served_are_opened_all_the_same(kind):
    """So that the sender is checked first; who asks is told 450 after that."""
    envelope = opened(request(f"<{kind}><x/></{kind}>"))
    assert (envelope.kind, envelope.is_message) == (kind, False)


def test_a_message_is_opened_without_sender():
    """By the standard it carries no secret."""
    envelope = opened(
        '<cXML payloadID="1"><Message><Status code="204" text="x"/><QuoteMessage/></Message></cXML>'
    )
    assert (envelope.kind, envelope.is_message, envelope.sender.credentials) == ("QuoteMessage", True, ())


def test_the_payload_is_found_by_path():
    """A copy of somebody else's order inside is not an order to us."""
    inside = approved().replace("<cXML", "<cXML")
    assert opened(request(f"<CopyRequest>{inside}</CopyRequest>")).kind == "CopyRequest"


def test_a_signature_is_not_taken_for_a_payload():
    """ds:Signature stands after the payload and keeps its namespace."""
    signature = (
        '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo/></ds:Signature></cXML>'
    )
    envelope = opened(call_up().replace("</cXML>", signature))
    assert envelope.kind == "PunchOutSetupRequest"
    assert envelope.payload.getroottree().getroot()[-1].tag.startswith("{http://www.w3.org/2000/09/xmldsig#}")


def test_taking_namespaces_off_leaves_the_document_alone():
    """Its canonical form is the key against duplicates, whoever looked at it before."""
    document = parse_untrusted(call_up().replace("<cXML ", '<cXML xmlns="u" ').encode())
    before = etree.tostring(document.root)
    open_envelope(document)
    assert etree.tostring(document.root) == before


@pytest.mark.parametrize(
    ("document", "refusal"),
    [
        ("<html/>", NotAcceptable),
        ("<cXML><Response><Status code='200' text='OK'/></Response></cXML>", NotAcceptable),
        ("<cXML/>", Malformed),
        ("<cXML><Header/></cXML>", Malformed),
        (request(""), Malformed),
        (request("only text"), Malformed),
    ],
    ids=["other-root", "response", "empty", "header-only", "empty-request", "text"],
)
def test_what_is_no_request_is_refused(document, refusal):
    """406 for what is none, 400 for one with nothing in it."""
    with pytest.raises(refusal):
        opened(document)


@pytest.mark.parametrize("path", corpus_files("cxml/documents/*.xml"))
def test_every_corpus_document_opens_one_way(path):
    """Request, message or response: none is both, and only an internal subset stops at the door."""
    if "internal-subset" in path.name:
        with pytest.raises(NotAcceptable):
            parse_untrusted(path.read_bytes())
        return
    document = parse_untrusted(path.read_bytes())
    if "Response" in {child.tag for child in document.root}:
        assert open_response(document).code in {200, 400}
        with pytest.raises(NotAcceptable):
            open_envelope(document)
    else:
        assert isinstance(open_envelope(document), Envelope)
        with pytest.raises(NotAcceptable):
            open_response(document)


@pytest.mark.parametrize("status", ["", '<Status text="OK"/>', '<Status code="OK"/>', '<Status code="²"/>'])
def test_a_response_needs_a_code(status):
    """Without it nobody knows what was answered."""
    with pytest.raises(Malformed):
        open_response(parse_untrusted(f"<cXML><Response>{status}</Response></cXML>".encode()))
