"""Documents that come in a form field or escaped: each layer is undone at most twice (cxml.md §10)."""

from base64 import b64encode
from html import escape
from urllib.parse import quote, urlencode

import pytest

from protocols.errors import NotAcceptable
from protocols.xml import parse_untrusted

DOCUMENT = '<?xml version="1.0" encoding="ISO-8859-1"?><cXML a="1&amp;2">ø + 50 % &#230;</cXML>'
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "layers"),
    [
        (urlencode({"cXML-urlencoded": DOCUMENT}), 1),
        (urlencode({"cxml-Urlencoded": DOCUMENT}), 1),
        (urlencode({"other": "x", "xmlRequest": DOCUMENT}), 1),
        (urlencode({"cXML": DOCUMENT}), 1),
        (urlencode({"cXML-urlencoded": escape(DOCUMENT)}), 2),
        (urlencode({"cXML-urlencoded": quote(DOCUMENT)}), 2),
        (urlencode({"cXML-urlencoded": "not this", "cXML-base64": b64encode(DOCUMENT.encode("latin-1"))}), 1),
        (f"cXML-urlencoded={DOCUMENT}", 1),
        (escape(DOCUMENT), 1),
        (escape(escape(DOCUMENT)), 2),
        (quote(DOCUMENT), 1),
        (quote(quote(DOCUMENT)), 2),
        (escape(quote(DOCUMENT)), 1),
    ],
    ids=[
        *("field", "field-case", "xmlRequest", "cXML", "field-escaped", "field-encoded-twice", "base64"),
        *("field-raw", "escaped", "escaped-twice", "encoded", "encoded-twice", "escaped-encoded"),
    ],
)
def test_a_wrapped_document_is_unwrapped_with_a_finding(body, layers):
    """The same text comes out of every wrapping; the declaration counts in base64 only."""
    parsed = parse_untrusted(body.encode(), FORM)
    assert (parsed.root.get("a"), parsed.root.text) == ("1&2", "ø + 50 % æ")
    assert [(finding.code, finding.got) for finding in parsed.findings] == [
        ("form.layer", f"{layers} layers")
    ]


def test_windows_letters_in_a_form_are_read():
    """A form that was encoded in windows-1252 is no reason to refuse."""
    body = urlencode({"cXML-urlencoded": "<cXML>blåbær</cXML>"}, encoding="cp1252")
    assert parse_untrusted(body.encode(), FORM).root.text == "blåbær"


def test_base64_with_spaces_for_pluses_is_mended():
    """Naive forms turn + into a space, and break lines."""
    packed = b64encode("<cXML>???ø~~~</cXML>".encode()).decode()
    assert packed.endswith("+")
    body = f"cXML-base64={packed[:10]}%0D%0A{packed[10:]}"
    assert parse_untrusted(body.encode(), FORM).root.text == "???ø~~~"


@pytest.mark.parametrize(
    "body",
    [
        escape(escape(escape(DOCUMENT))),
        quote(quote(quote(DOCUMENT))),
        "cXML-base64=%%%",
        "cXML-base64=blåbær",
        "a=1&b=2",
        "cXML-urlencoded=",
        "&".join(f"f{n}=x" for n in range(2_000)),
        "HOOK_URL=https://buyer.example",
    ],
    ids=["escaped-thrice", "encoded-thrice", "bad-base64", "letters", "no-field", "empty", "many", "oci"],
)
def test_what_holds_no_document_is_refused(body):
    """A clean 406, never a guess."""
    with pytest.raises(NotAcceptable):
        parse_untrusted(body.encode(), FORM)
