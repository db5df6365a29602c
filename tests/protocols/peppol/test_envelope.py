"""An Order comes bare or in the envelope of the network, and what is kept of it holds no card."""

import pytest

from protocols.errors import Malformed, NotAcceptable
from protocols.peppol.envelope import open_envelope
from protocols.peppol.identifiers import ORDERING
from protocols.peppol.order import build
from protocols.peppol.record import record
from protocols.peppol.verdict import validate
from protocols.xml import parse_untrusted
from tests.protocols.peppol.made import SBDH, as_peppol, line, opened, parsed, wrapped, written


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


CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
SMALL = build(as_peppol(parsed(written(line() + line(id_="2")))[0]), ORDERING).decode()
"""An order without any fault."""


@pytest.mark.parametrize(
    ("old", "new", "where", "got"),
    [
        (
            "<cac:OrderLine>",
            "<cbc:Odd/><cac:OrderLine>",
            "/Order/cbc:Odd",
            "This element is not expected. Ex",
        ),
        (
            "</cac:OrderLine></Order>",
            f'<b:Odd xmlns:b="{CBC}"/></cac:OrderLine></Order>',
            "/Order/cac:OrderLine[2]/cbc:Odd",
            "This element is not expected. Expected is",
        ),
        (
            "<cbc:ID>2</cbc:ID>",
            f'<ID xmlns="{CBC}"/>',
            "/Order/cac:OrderLine[2]/cac:LineItem/cbc:ID",
            "[facet",
        ),
        (
            ">2026-03-02<",
            ">x<",
            "/Order/cbc:IssueDate",
            "'x' is not a valid value of the atomic type 'cbc:Day'",
        ),
        (
            "<cac:OrderLine>",
            '<cac:OrderLine odd="">',
            "/Order/cac:OrderLine[1]",
            "attribute 'odd': The attribute 'odd' is not allowed.",
        ),
    ],
)
def test_our_schema_says_what_is_wrong_and_where(old, new, where, got):
    """A finding with its place, in names that people know, whatever prefixes were sent; never a refusal."""
    document = SMALL.replace(old, new, 1)
    for sent in (document, wrapped(document.encode())):
        (told,) = validate(opened(sent))
        assert (told.code, told.where) == ("schema.invalid", where)
        assert told.got.startswith(got)
        assert "urn:" not in told.got


def test_a_reason_ends_within_what_is_told():
    """Of the names that could stand there, the first ones."""
    (told,) = validate(opened(SMALL.replace("</cbc:ID>", "</cbc:ID><cbc:Odd/>", 1)))
    assert told.got.startswith("This element is not expected. Expected is one of ( cbc:")
    assert len(told.got) <= 80


CARD = (
    '<cac:CardAccount odd="4111"><cbc:PrimaryAccountNumberID>4111</cbc:PrimaryAccountNumberID>'
    "<cbc:ExpiryDate>4111</cbc:ExpiryDate></cac:CardAccount>"
)


@pytest.mark.parametrize("means", ["<cbc:PaymentDueDate>4111</cbc:PaymentDueDate>", ""])
def test_our_schema_looks_into_no_card(means):
    """It would quote what it does not like; the order is without any fault to it."""
    paid = f"<cac:PaymentMeans>{means}{CARD}</cac:PaymentMeans>"
    assert validate(opened(SMALL.replace("<cac:OrderLine>", f"{paid}<cac:OrderLine>", 1))) == ()


@pytest.mark.parametrize(
    "before", ["<cbc:IssueDate>", "<cac:LineItem>", "<cac:Item>", "<cac:BuyerCustomerParty>"]
)
def test_a_card_in_the_wrong_place_is_not_quoted_either(before):
    """That it stands there is all that is told."""
    (told, *_) = validate(opened(SMALL.replace(before, f"{CARD}{before}", 1)))
    assert told.where.endswith("/cac:CardAccount")
    assert "4111" not in told.got
