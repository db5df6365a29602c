"""An Order comes bare or in the envelope of the network, and what is kept of it holds no card."""

import pytest

from protocols.errors import Malformed, NotAcceptable
from protocols.peppol.envelope import open_envelope
from protocols.peppol.record import record
from protocols.peppol.verdict import validate
from protocols.xml import parse_untrusted
from tests.protocols.peppol.made import SBDH, opened, parsed, wrapped, written


def test_a_bare_order_has_no_envelope():
    """Nothing is known of how it came."""
    envelope = opened(written())
    assert (envelope.kind, envelope.instance_id, envelope.sender) == ("Order", "", "")


def test_the_envelope_names_itself_and_both_ends():
    """The instance id is the key of the message."""
    envelope = opened(wrapped(written()))
    assert envelope.instance_id == "11111111-2222"
    assert (envelope.sender, envelope.receiver) == ("0192:987654325", "0192:123456785")
    assert (envelope.kind, envelope.findings) == ("Order", ())


def test_an_order_says_the_same_inside_and_outside():
    """Places of findings are those of the Order itself."""
    assert parsed(wrapped(written())) == parsed(written())


def test_what_an_envelope_lacks_is_told():
    """An access point may leave out what it knows itself."""
    bare = f'<StandardBusinessDocument xmlns="{SBDH}">{written()}</StandardBusinessDocument>'
    assert [finding.code for finding in opened(bare).findings] == ["envelope.missing"] * 3


@pytest.mark.parametrize("rest", ["", ' SYSTEM "order.dtd"', ' PUBLIC "-//x//y" "order.dtd"'])
@pytest.mark.parametrize("around", [str, lambda document: wrapped(document).decode()])
def test_a_doctype_is_refused_in_whatever_form(rest, around):
    """No Peppol document has one, and cXML documents keep theirs elsewhere (peppol.md §10)."""
    document = around(written())
    name = document[1:].partition(" ")[0]
    with pytest.raises(NotAcceptable) as caught:
        opened(f"<!DOCTYPE {name}{rest}>{document}")
    assert caught.value.where == "DOCTYPE"


@pytest.mark.parametrize("inside", ["", written() + written()])
def test_an_envelope_holds_one_document(inside):
    """None is nothing to read, and of two nobody can say which is meant."""
    with pytest.raises(Malformed, match=r"The envelope holds [02] documents"):
        opened(wrapped(inside))


def test_the_record_holds_no_card():
    """Its place stays, its content is gone; the document itself is untouched."""
    card = "<cac:CardAccount><cbc:PrimaryAccountNumberID>4111</cbc:PrimaryAccountNumberID></cac:CardAccount>"
    means = f"<cac:PaymentMeans><cbc:PaymentMeansCode>48</cbc:PaymentMeansCode>{card}</cac:PaymentMeans>"
    document = parse_untrusted(written(rest=means).encode(), "application/xml")
    kept = record(document)
    assert b"4111" not in kept
    assert b"[removed]" in kept
    assert open_envelope(document).payload.xpath("string(//*[local-name()='CardAccount']/*)") == "4111"


def test_the_record_of_any_other_document_is_whole():
    """Envelope and all."""
    document = parse_untrusted(wrapped(written()), "application/xml")
    assert b"InstanceIdentifier" in record(document)


def test_our_schema_finds_what_stands_in_the_wrong_place():
    """A finding with its path, never a refusal."""
    late = written(rest="<cbc:Note>late</cbc:Note>")
    assert [finding.code for finding in validate(opened(late))][:1] == ["schema.invalid"]


def test_the_verdict_never_quotes_a_card():
    """The schema's words could."""
    card = "<cac:PaymentMeans><cac:CardAccount>4111</cac:CardAccount></cac:PaymentMeans>"
    assert not any("4111" in finding.got for finding in validate(opened(written(rest=card))))
