"""Which protocol a raw request speaks."""

import codecs
from urllib.parse import urlencode

import pytest

from protocols.errors import NotAcceptable
from protocols.registry import PROTOCOLS, recognise


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/xml", b"<cXML payloadID='1'/>"),
        ("", b'\xef\xbb\xbf<?xml version="1.0"?>\n<!DOCTYPE cXML SYSTEM "x"><cXML>'),
        ("text/xml", b"<cxml>"),
        ("text/plain", b'<c:cXML xmlns:c="u">'),
        ("text/xml", codecs.BOM_UTF16_LE + "<cXML a='1'>".encode("utf-16-le")),
        ("application/x-www-form-urlencoded", urlencode({"cxml-base64": "PGNYTUwvPg=="}).encode()),
        (
            "application/x-www-form-urlencoded; charset=utf-8",
            urlencode({"a": "1", "cXML-urlencoded": "<"}).encode(),
        ),
        ("text/html", b"&lt;cXML&gt;"),
    ],
)
def test_cxml_is_recognised(content_type, body):
    """By its root element, or by the name of the form field that carries it."""
    assert recognise(content_type, body) == "cxml"


@pytest.mark.parametrize(
    "body",
    [
        b"USERNAME=a&HOOK_URL=https%3A%2F%2Fx",
        b"mm_hook_url=https%3A%2F%2Fx",
        b"~OkCode=ADDI&NEW_ITEM-DESCRIPTION%5B1%5D=bok",
        b"NEW_ITEM-UNIT[1]=EA",
        b"NEW_ITEM-LONGTEXT_1%3A132%5B%5D=bok",
        b"NEW_ITEM-DESCRIPTION=bok",
        b"NEW_ITEM_DESCRIPTION(1)=bok",
        b"~OkCode=ADDI&~TARGET=_top&~CALLER=CTLG",
        b"a=1&%7Etarget=_top",
        b"\xef\xbb\xbf OkCode=ADDI",
    ],
)
def test_oci_is_recognised(body):
    """By the return address of a call-up, a column of a line, escaped or not, or a control field."""
    assert recognise("", body) == "oci"
    assert recognise("application/x-www-form-urlencoded", body) == "oci"


@pytest.mark.parametrize(
    "body",
    [
        b"<Order xmlns='urn:oasis:names:specification:ubl:schema:xsd:Order-2'/>",
        b'<?xml version="1.0"?><a:Invoice xmlns:a="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>',
        b"<StandardBusinessDocument><Order xmlns='urn:oasis:names:specification:ubl:schema:xsd:Order-2'/>",
    ],
)
def test_peppol_is_recognised(body):
    """By the namespace of UBL, whatever the document."""
    assert recognise("application/xml", body) == "peppol"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"cxml-base64": 1}'),
        ("application/json", b'{"a": "&HOOK_URL=x"}'),
        ("text/html", b"<a href='?HOOK_URL=x'>HOOK_URL=</a>"),
        ("text/html", b"\xef\xbb\xbf<a href='?HOOK_URL=x'>HOOK_URL=</a>"),
        ("text/html", b"HTTP/1.1 200 OK\n\n<a href='?HOOK_URL=x'>HOOK_URL=</a>"),
        ("application/x-www-form-urlencoded", b"target=_top&caller=me"),
        ("application/x-www-form-urlencoded", b"NEW_ITEM-VENDOR=4410"),
        ("", b""),
    ],
)
def test_what_nobody_speaks_is_refused_with_the_list(content_type, body):
    """The error names what we do speak."""
    with pytest.raises(NotAcceptable, match=r"cXML 1\.1 and 1\.2"):
        recognise(content_type, body)


def test_every_protocol_has_its_own_name():
    """A new protocol is one line in the table."""
    names = [protocol.name for protocol in PROTOCOLS]
    assert len(set(names)) == len(names)
