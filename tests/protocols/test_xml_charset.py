"""Character sets: six are read, strictly; everything else is refused in words (security §1 step 3)."""

import codecs

import pytest

from protocols.errors import NotAcceptable
from protocols.xml import parse_untrusted

LETTERS = "blåbærsyltetøy ÆØÅ"


def document(encoding="", text=LETTERS):
    """A small document, declared as this or not at all."""
    declared = f'<?xml version="1.0" encoding="{encoding}"?>' if encoding else ""
    return f"{declared}<a>{text}</a>"


def findings(parsed):
    """Their codes."""
    return [finding.code for finding in parsed.findings]


@pytest.mark.rule("T-X3")
@pytest.mark.parametrize(
    "body",
    [
        document("UTF-8").encode(),
        document().encode(),
        codecs.BOM_UTF8 + document("utf-8").encode(),
        codecs.BOM_UTF16_LE + document("UTF-16").encode("utf-16-le"),
        codecs.BOM_UTF16_BE + document("UTF-16").encode("utf-16-be"),
        document("ISO-8859-1").encode("iso-8859-1"),
        document("iso-8859-15").encode("iso-8859-15"),
        document("windows-1252").encode("cp1252"),
        document("US-ASCII").encode("ascii", "xmlcharrefreplace"),
    ],
    ids=["utf-8", "assumed", "bom", "utf-16-le", "utf-16-be", "latin-1", "latin-9", "cp1252", "ascii"],
)
def test_norwegian_letters_are_right_in_every_allowed_set(body):
    """The same letters come out, however they were coded, and there is nothing to remark."""
    parsed = parse_untrusted(body, "text/xml")
    assert parsed.root.text == LETTERS
    assert parsed.findings == ()


@pytest.mark.rule("T-X3")
@pytest.mark.parametrize("quote", ['"', "'"])
def test_declaration_is_dropped_in_both_kinds_of_quotes(quote):
    """The parser gets UTF-8 and never sees the name of another set."""
    body = document("ISO-8859-1").replace('"', quote).encode("iso-8859-1")
    parsed = parse_untrusted(body)
    assert parsed.root.text == LETTERS
    assert b"<?xml" not in parsed.utf8


@pytest.mark.rule("T-X3")
@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ('text/xml; charset="iso-8859-1"', document("UTF-8").encode("iso-8859-1"), LETTERS),
        ("text/xml;charset=utf-8", document("ISO-8859-1").encode(), LETTERS),
        ("text/xml; charset=iso-8859-1", codecs.BOM_UTF8 + document("UTF-8").encode(), LETTERS),
    ],
    ids=["header-over-declaration", "header-says-utf-8", "mark-over-header"],
)
def test_byte_order_mark_then_header_then_declaration(content_type, body, expected):
    """The stronger source decides, and the disagreement is noted (RFC 7303)."""
    parsed = parse_untrusted(body, content_type)
    assert parsed.root.text == expected
    assert findings(parsed) == ["charset.disagreement"]


def test_one_buyer_may_be_believed_over_its_header():
    """With trust_declaration a wrong HTTP header does no harm."""
    body = document("ISO-8859-1").encode("iso-8859-1")
    parsed = parse_untrusted(body, "text/xml; charset=utf-8", trust_declaration=True)
    assert parsed.root.text == LETTERS
    assert findings(parsed) == ["charset.disagreement"]


@pytest.mark.rule("T-X3")
@pytest.mark.parametrize("encoding", ["UTF-8", ""])
def test_latin_letters_in_what_should_be_utf_8_are_read_with_a_finding(encoding):
    """The second try is windows-1252, and a person is told which byte raised it."""
    parsed = parse_untrusted(document(encoding, "Å på “øy”").encode("cp1252"))
    assert parsed.root.text == "Å på “øy”"
    assert findings(parsed) == ["charset.fallback"]
    assert parsed.findings[0].where.startswith("byte ")


def test_windows_letters_declared_as_latin_1_are_read_with_a_finding():
    """ISO-8859-1 has no curly quotes; windows-1252 has them where the other has nothing."""
    parsed = parse_untrusted(document("ISO-8859-1", "“øy”").encode("cp1252"))
    assert parsed.root.text == "“øy”"
    assert findings(parsed) == ["charset.fallback"]


EBCDIC = document().encode("cp500")
UTF_7 = b"+ADw-a+AD4-x+ADw-/a+AD4-"


@pytest.mark.rule("T-X3")
@pytest.mark.parametrize(
    "body",
    [
        UTF_7,
        document("UTF-7").encode(),
        codecs.BOM_UTF32_LE + document().encode("utf-32-le"),
        codecs.BOM_UTF32_BE + document().encode("utf-32-be"),
        document("UTF-32").encode(),
        document("UTF-16").encode("utf-16-le"),
        document("UTF-16").encode(),
        EBCDIC,
        document("IBM037").encode(),
        b"<a>\xc0\xbcb>\xc0\xaf</a>",
        b"<a>\xe0\x80\xaf</a>",
        b"<a>\xf0\x80\x80\xaf</a>",
        b"<a>\xed\xa0\x80</a>",
        codecs.BOM_UTF16_LE + "<a>".encode("utf-16-le") + b"\x00\xd8" + "</a>".encode("utf-16-le"),
        b"<a>one\x00two</a>",
        b"<a>\x81\x8d\x8f</a>",
        codecs.BOM_UTF8 + document().encode("iso-8859-1"),
        document("US-ASCII").encode(),
        document("x-unknown").encode(),
        b"",
        b"\xff",
    ],
    ids=[
        *("utf-7", "utf-7-declared", "utf-32-le", "utf-32-be", "utf-32-declared", "utf-16-no-mark"),
        *("utf-16-declared-only", "ebcdic", "ebcdic-declared", "overlong-2", "overlong-3", "overlong-4"),
        *("surrogate-utf-8", "surrogate-utf-16", "nul", "no-set-at-all", "mark-lies", "ascii-lies"),
        *("unknown", "empty", "one-byte"),
    ],
)
def test_other_sets_and_broken_bytes_are_refused(body):
    """A clean 406, for what lxml alone would read otherwise than a person does."""
    with pytest.raises(NotAcceptable):
        parse_untrusted(body, "text/xml")


def test_refusal_says_what_to_do():
    """Whoever reads the error knows the way out."""
    with pytest.raises(NotAcceptable, match="send the document as UTF-8"):
        parse_untrusted(document("UTF-7").encode())


@pytest.mark.parametrize(
    "body", [b"<a>one\xc2\x85two</a>", b"<a>one&#x85;two</a>", b"<a>one\x7ftwo</a>", b"<a>one&#0127;two</a>"]
)
def test_control_characters_that_xml_lets_pass_are_replaced(body):
    """Nothing invisible reaches a page, a printer or a terminal, and the replacement is told."""
    parsed = parse_untrusted(body)
    assert parsed.root.text == "one\ufffdtwo"
    assert findings(parsed) == ["value.replaced"]


def test_harmless_neighbours_of_control_characters_stay():
    """Quotes, no-break space and ordinary references are letters like others."""
    parsed = parse_untrusted("<a>«\u00a0»&#65;&#xe5;</a>".encode())
    assert parsed.root.text == "«\u00a0»Aå"
    assert parsed.findings == ()
