"""The door for documents: what passes, what is tidied, what is refused (security §1)."""

import gzip
import zlib

import pytest
from lxml import etree

from protocols import xml
from protocols.cxml.elements import attribute, text
from protocols.errors import NotAcceptable, TooLarge, UnsupportedEncoding
from protocols.xml import Limits, canonical, parse_untrusted, to_bytes, write_canonical


class Drops:
    """A stream that gives less than asked for, as a chunked request does."""

    def __init__(self, body, size=7):
        self.body, self.size, self.given = body, size, 0

    def read(self, size, /):
        """At most a drop."""
        piece = self.body[self.given : self.given + min(size, self.size)]
        self.given += len(piece)
        return piece


@pytest.mark.rule("T-X1")
def test_a_body_of_exactly_the_limit_is_read():
    """The limit itself is allowed."""
    assert xml.read_limited(Drops(b"x" * 100), 100) == b"x" * 100


@pytest.mark.rule("T-X1")
def test_a_longer_body_is_refused_and_not_read_to_its_end():
    """One byte more than the limit is enough to know, however small the chunks are."""
    stream = Drops(b"x" * 10_000)
    with pytest.raises(TooLarge) as refused:
        xml.read_limited(stream, 100)
    assert stream.given == 101
    assert (refused.value.http_status, refused.value.cxml_status) == (413, 499)


@pytest.mark.rule("T-X1")
def test_a_document_over_its_limit_is_refused():
    """Also where the body has been read elsewhere."""
    with pytest.raises(TooLarge):
        parse_untrusted(b"<a>" + b"x" * 100 + b"</a>", limits=Limits(body=50, tags=10))


@pytest.mark.rule("T-X2")
@pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
def test_plain_bodies_pass_as_they_are(encoding):
    """No encoding is the rule."""
    assert xml.decompressed(b"body", encoding, 100) == b"body"


@pytest.mark.rule("T-X2")
@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "gzip, gzip"])
def test_compressed_bodies_are_refused(encoding):
    """415, unless the agreement allows gzip."""
    with pytest.raises(UnsupportedEncoding) as refused:
        xml.decompressed(gzip.compress(b"body"), encoding, 100)
    assert refused.value.http_status == 415


@pytest.mark.rule("T-X2")
def test_gzip_is_unpacked_where_it_is_allowed():
    """One member, within the limit."""
    assert xml.decompressed(gzip.compress(b"body"), "gzip", 100, gzip_allowed=True) == b"body"


@pytest.mark.rule("T-X2")
def test_a_gzip_bomb_is_refused_before_it_unfolds(monkeypatch):
    """A hundred megabytes in a hundred kilobytes: no more than the limit and one byte ever comes out."""
    unpacked = []

    class Watched:
        def __init__(self, bits):
            self._real = zlib.decompressobj(bits)

        def decompress(self, data, most):
            unpacked.append(self._real.decompress(data, most))
            return unpacked[-1]

    monkeypatch.setattr(xml, "zlib", type("Zlib", (), {"decompressobj": Watched, "error": zlib.error}))
    packing = zlib.compressobj(wbits=31)
    bomb = b"".join(packing.compress(b"\0" * 1_000_000) for _ in range(100)) + packing.flush()
    with pytest.raises(TooLarge):
        xml.decompressed(bomb, "gzip", 1_000_000, gzip_allowed=True)
    assert len(bomb) < 120_000
    assert [len(piece) for piece in unpacked] == [1_000_001]


@pytest.mark.rule("T-X2")
@pytest.mark.parametrize(
    "body",
    [gzip.compress(b"one") + gzip.compress(b"two"), gzip.compress(b"one")[:-4], b"not gzip at all"],
    ids=["two-members", "cut-off", "damaged"],
)
def test_gzip_that_is_not_one_whole_member_is_refused(body):
    """What follows the first member would be read by nobody, so it is not taken."""
    with pytest.raises(NotAcceptable):
        xml.decompressed(body, "gzip", 100, gzip_allowed=True)


@pytest.mark.parametrize(
    "doctype",
    [
        b'<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd">',
        b'<!DOCTYPE cXML SYSTEM "cXML.dtd">',
        b'<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.060/Custom.dtd">',
        b'<!DOCTYPE cxml PUBLIC "-//x//y" "z.dtd">',
        b'<!-- <!DOCTYPE other [ <!ENTITY a "b"> ]> -->',
        b"",
    ],
    ids=["official", "relative", "private", "other-case", "commented-out", "none"],
)
def test_a_plain_doctype_passes(doctype):
    """It only tells which version the sender means; nothing is fetched."""
    parsed = parse_untrusted(b'<?xml version="1.0"?>' + doctype + b"<cXML>x</cXML>")
    assert parsed.root.text == "x"
    assert parsed.findings == ()


def test_the_system_identifier_is_kept():
    """The version that the sender claims, for the journal."""
    body = b'<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd"><cXML/>'
    assert parse_untrusted(body).system_id == "http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd"


@pytest.mark.rule("T-X5")
@pytest.mark.parametrize(
    "prolog",
    [
        b'<!DOCTYPE a [ <!ENTITY b "c"> ]>',
        b"<!DOCTYPE a [ ]>",
        b'<!DOCTYPE a SYSTEM "a.dtd" [ <!ENTITY % p "INCLUDE"> ]>',
        b'<!DOCTYPE a [ <!ATTLIST a b CDATA "c"> ]>',
        b'<!DOCTYPE other SYSTEM "a.dtd">',
    ],
    ids=["entity", "empty", "parameter-entity", "default-attribute", "other-root"],
)
def test_a_doctype_that_could_change_the_document_is_refused(prolog):
    """An internal subset, however harmless, and a DOCTYPE for another root."""
    with pytest.raises(NotAcceptable) as refused:
        parse_untrusted(prolog + b"<a/>")
    assert refused.value.where == "DOCTYPE"


@pytest.mark.rule("T-X5")
@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE a SYSTEM "a.dtd"><a>one&other;two</a>',
        b'<!DOCTYPE a SYSTEM "a.dtd"><a b="one&other;two"/>',
        b"<a>one&other;two</a>",
    ],
    ids=["text", "attribute", "no-doctype"],
)
def test_a_reference_to_an_unknown_entity_is_refused(body):
    """With an outside DTD lxml would drop it in silence and read another text than was sent."""
    with pytest.raises(NotAcceptable) as refused:
        parse_untrusted(body)
    assert refused.value.where.startswith("line 1, column ")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b'<?xml version="1.0" encoding="UTF-8"?>\n<a>\n  <b>one & two</b></a>', "line 3, column 11"),
        (b"<a>\n<b>one < two</b></a>", "line 2, column 9"),
        (b"<a><b></a>", "line 1, column 11"),
        (b"hello", "line 1, column 1"),
    ],
    ids=["bare-ampersand", "stray-less-than", "unclosed", "no-markup"],
)
def test_what_is_not_well_formed_is_refused_with_its_place(body, where):
    """Line and column fit the document as it was sent; nothing is repaired."""
    with pytest.raises(NotAcceptable, match="not well-formed") as refused:
        parse_untrusted(body)
    assert refused.value.where == where


def test_an_error_never_quotes_a_secret():
    """A password with & and ; in it is an entity to the parser, and must not come back in the answer."""
    with pytest.raises(NotAcceptable) as refused:
        parse_untrusted(b"<SharedSecret>hush&hushhush;</SharedSecret>")
    assert "hush" not in refused.value.detail


def test_comments_and_processing_instructions_are_taken_out():
    """So that no text is cut in two by one of them."""
    parsed = parse_untrusted(b"<a>sec<!-- x -->ret<?php y ?>!</a>")
    assert parsed.root.text == "secret!"
    assert len(parsed.root) == 0


@pytest.mark.parametrize("tail", [b"\0", b"\0\0\n", b"\n\n", b" \t"])
def test_what_stands_behind_the_document_is_trimmed(tail):
    """Trailing NULs come from fixed-length buffers of real senders."""
    parsed = parse_untrusted(b"<a>x</a>" + tail)
    assert parsed.root.text == "x"
    assert [finding.code for finding in parsed.findings] == ["whitespace.trimmed"] * (b"\0" in tail)


def test_white_space_before_the_declaration_is_trimmed():
    """No parser takes it, many senders write it."""
    parsed = parse_untrusted(b'\r\n  <?xml version="1.0"?>\n<a>x</a>')
    assert parsed.root.text == "x"
    assert [finding.code for finding in parsed.findings] == ["whitespace.trimmed"]


def test_white_space_before_a_bare_root_is_no_deviation():
    """XML allows it, so nobody is told."""
    assert parse_untrusted(b"\n <a/>").findings == ()


def test_both_ways_of_writing_one_document_are_canonically_equal():
    """Attribute order, quotes, empty tags and character set do not make another document."""
    one = parse_untrusted("<a b='1' c='æ'><d/></a>".encode())
    other = parse_untrusted(
        '<?xml version="1.0" encoding="iso-8859-1"?><a c="æ" b="1"><d></d></a>'.encode("latin-1")
    )
    assert canonical(one) == canonical(other)


def test_what_goes_out_is_declared_and_can_be_pure_ascii():
    """Everything beyond ASCII becomes a character reference."""
    root = etree.Element("a")
    root.text = "ø 😀 ŋ"
    assert to_bytes(root) == '<?xml version="1.0" encoding="UTF-8"?>\n<a>ø 😀 ŋ</a>'.encode()
    assert to_bytes(root, doctype="<!DOCTYPE a>", ascii_only=True) == (
        b'<?xml version="1.0" encoding="US-ASCII"?>\n<!DOCTYPE a>\n<a>&#248; &#128512; &#331;</a>'
    )


def test_text_over_the_limit_is_refused_when_it_is_taken_out():
    """The tree may hold it, no model ever does."""
    parsed = parse_untrusted(b'<a><b c="' + b"y" * 1_000_001 + b'">' + b"x" * 1_000_001 + b"</b></a>")
    with pytest.raises(TooLarge):
        text(parsed.root[0])
    with pytest.raises(TooLarge):
        attribute(parsed.root[0], "c")


def test_the_canonical_form_in_pieces_is_the_canonical_form():
    """Also of a document that has none, which stands for itself."""
    for raw in (b"<a b='1'  c='2'><!-- x -->\xc3\xa6</a>", b'<a xmlns="relative"/>'):
        document, pieces = parse_untrusted(raw), []
        write_canonical(document, pieces.append)
        assert b"".join(pieces) == canonical(document)
