"""Where a deviation stands in the file, and what to do about it."""

import re
from pathlib import Path

import pytest
from lxml import etree

from protocols import dialects
from protocols.model.finding import CODES
from protocols.xml import parse_untrusted
from punchout.contents import contents
from punchout.inspection import inspect
from punchout.remarks import MEND, line_of, remarks
from tests.fixtures.cases import case
from tests.protocols.cxml.made import call_up
from tests.services.places import ROOT

GENERIC = dialects.load("generic")
DOCUMENT = b"""<?xml version="1.0"?>
<cXML>
  <Header>
    <Sender/>
  </Header>
  <Request>
    <OrderRequest>
      <ItemOut/>
      <ItemOut>
        <ItemID/>
      </ItemOut>
    </OrderRequest>
  </Request>
</cXML>
"""


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("/cXML", 2),
        ("/cXML/@payloadID", 2),
        ("/cXML/Header/Sender", 4),
        ("/cXML/Header/Sender/UserAgent", 4),
        ("/cXML/Request/OrderRequest/ItemOut[2]/ItemID", 10),
        ("/cXML/Request/OrderRequest/ItemOut[3]", 7),
        ("OrderRequest/ItemOut/ShipTo", 8),
        ("byte 30", 3),
        ("line 7, column 3", 7),
        ("/", 0),
        ("", 0),
        ("Nowhere/Else", 0),
    ],
)
def test_a_place_is_found_in_the_file(where, line):
    """The line of the element, or of what is nearest around it."""
    assert line_of(parse_untrusted(DOCUMENT), where) == line


def test_a_place_in_a_document_with_namespaces_is_found():
    """Paths have plain names; the document may have others."""
    document = parse_untrusted(
        DOCUMENT.replace(b"<cXML>", b'<cxml xmlns="urn:x">').replace(b"/cXML", b"/cxml")
    )
    assert line_of(document, "/cXML/Header/Sender/UserAgent") == 4


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        (("<UserAgent>U</UserAgent>", ""), "Add UserAgent."),
        (("<UserAgent>", "<Odd/><UserAgent>"), "Leave Odd out, or send its value in an Extrinsic."),
        ((' operation="create"', ""), "Add the attribute."),
        ((' operation="create"', ' operation="create" odd="1"'), "Leave the attribute out."),
        (("+01:00", ""), "Write date, time and UTC offset, such as 2026-03-02T09:15:00+01:00."),
        (
            ("<BuyerCookie>", "<Contact role='x'><Name xml:lang='nb'/></Contact><BuyerCookie>"),
            "Send BuyerCookie in",
        ),
        (("</BuyerCookie>", "</BuyerCookie><BuyerCookie/>"), "Send BuyerCookie once."),
    ],
)
def test_each_kind_of_deviation_can_be_mended(change, advice):
    """The advice follows from what is wrong."""
    document = call_up()
    assert change[0] in document
    found = inspect(document.replace(*change).encode())
    told = [remark.advice for remark in remarks(found) if remark.source == "schema"]
    assert any(one.startswith(advice) for one in told), told


def test_a_document_without_fault_has_no_remarks():
    """Silence is the praise."""
    assert remarks(inspect(call_up().encode())) == ()


def test_every_finding_of_a_reader_comes_with_advice():
    """A code that a reader notes without advice of its own has one here."""
    assert MEND.keys() <= CODES.keys()
    sources = [*Path(ROOT, "protocols").glob("*.py"), *Path(ROOT, "protocols", "cxml").glob("*.py")]
    outgoing = {"fitting.py", "keeping.py"}
    text = "".join(path.read_text("utf-8") for path in sources if path.name not in outgoing)
    noted = {code for code in re.findall(r'"([a-z]+\.[a-z]+)"', text) if code in CODES}
    own = {"form.layer", "value.replaced", "payment.dropped", "attachment.dangling", "schema.invalid"}
    assert noted - own <= MEND.keys()


def without_each(raw):
    """The document once for each element in it, without that element."""
    count = len(list(etree.fromstring(raw).iter("*")))
    for number in range(1, count):
        root = etree.fromstring(raw)
        gone = list(root.iter("*"))[number]
        gone.getparent().remove(gone)
        yield etree.tostring(root, encoding="utf-8")


@pytest.mark.parametrize("name", ["dynamics365/order", "generic/setup-edit", "coupa/cart"])
def test_whatever_is_missing_is_told_and_never_trips_the_teller(name):
    """Each element in turn is taken out: the rest is still told, and so is what deviates."""
    whole = list(contents(inspect(case(name).raw).model, GENERIC))
    for raw in without_each(case(name).raw):
        found = inspect(raw)
        told = list(contents(found.model, GENERIC))
        assert all(remark.says for remark in remarks(found))
        assert found.refusal or len(told) >= len(whole) / 2
