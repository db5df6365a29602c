"""Records cut out of a feed: their bytes stay as they are, and nothing in them is believed."""

import io

import pytest

from protocols.errors import NotAcceptable, TooLarge
from protocols.xml import cut_untrusted, parse_untrusted
from tests.protocols.test_xml_attacks import laughs

SIZE = 10_000


def cut(raw, size=SIZE):
    """The bodies of the records in these bytes."""
    return [cutting.body for cutting in cut_untrusted(io.BytesIO(raw), "record", size)]


class Drops(io.BytesIO):
    """A stream that gives one byte at a time."""

    def read(self, size=-1, /):
        """One byte, whatever was asked for."""
        return super().read(min(size, 1))


def test_a_record_stands_between_the_tags_of_its_root():
    """Blanks, quotes, comments and references inside are as they were; so are the root's namespaces."""
    one, two = b"<m:record a='1' ><!-- > --><m:x>&#248;</m:x></m:record  >", b'<m:record b="/>"/>'
    head = b'<m:collection xmlns:m="urn:m">\n'
    raw = b"<?xml version='1.0'?>\n" + head + one + b"\n<m:other/>" + two + b"</m:collection>\n"
    first, second = cut(raw)
    assert first == head + one + b"</m:collection>"
    assert second == head + two + b"</m:collection>"
    assert parse_untrusted(first).root[0].tag == "{urn:m}record"


def test_a_record_alone_is_cut_too():
    """With what is called the same inside it."""
    alone = b"<record><record>x</record></record>"
    assert cut(b"\n" + alone + b"\n") == [alone]


@pytest.mark.rule("T-X3")
@pytest.mark.parametrize(
    ("encoding", "declared", "mark"),
    [
        ("utf-8", "", b""),
        ("utf-8", "UTF-8", b"\xef\xbb\xbf"),
        ("iso-8859-1", "ISO-8859-1", b""),
        ("cp1252", "windows-1252", b""),
        ("utf-16-le", "UTF-16", b"\xff\xfe"),
        ("utf-16-be", "", b"\xfe\xff"),
    ],
)
def test_a_record_stays_in_its_encoding(encoding, declared, mark):
    """Its bytes are those of the file, and it says which encoding they are in."""
    record = "<record>Ærlige øyer på Ås</record>"
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    (body,) = cut(mark + f"{declaration}<c>{record}</c>".encode(encoding))
    assert record.encode(encoding) in body
    assert parse_untrusted(body).root.findtext("record") == "Ærlige øyer på Ås"


def test_records_are_found_however_the_stream_comes():
    """Byte by byte, and over the edge of what is read at once."""
    records = [b"<record>%s</record>" % (b"x" * 7_000) for _ in range(30)]
    raw = b"<c>" + b"".join(records) + b"</c>"
    assert cut(raw) == [b"<c>" + record + b"</c>" for record in records]
    short = b"<c><record>\xc3\xb8</record></c>"
    assert [cutting.body for cutting in cut_untrusted(Drops(short), "record", SIZE)] == [short]


def test_a_record_that_needs_no_end_tag_takes_no_other():
    """Whatever its root is called."""
    assert cut(b"<recordset><record/></recordset>") == [b"<recordset><record/></recordset>"]
    assert cut(b"<record/>") == [b"<record/>"]


def test_deeper_records_are_not_cut():
    """What stands between them and the root would be lost."""
    assert cut(b"<c><part><record/></part></c>") == []


def test_what_came_before_the_break_is_given_out():
    """Then the place is told."""
    found = cut_untrusted(io.BytesIO(b"<c><record>1</record>\n<record>2</recor></c>"), "record", SIZE)
    assert next(found).line == 1
    with pytest.raises(NotAcceptable) as refused:
        next(found)
    assert "line 2" in refused.value.where
    with pytest.raises(NotAcceptable, match="not well-formed"):
        cut(b"<c><record>1</record>")


ATTACKS = {
    "billion laughs": (laughs("text").replace(b"a>", b"record>"), NotAcceptable),
    "outside entity": (
        b'<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]><c><record>&x;</record></c>',
        NotAcceptable,
    ),
    "long text": (b"<c><record>" + b"x" * 2_000_000 + b"</record></c>", TooLarge),
    "long attribute": (b'<c><record a="' + b"x" * 2_000_000 + b'"/></c>', TooLarge),
    "long comment": (b"<c><!--" + b"x" * 2_000_000 + b"--><record/></c>", TooLarge),
    "much beside": (b"<c><other>" + b"<x/>" * 500_000 + b"</other></c>", TooLarge),
    "much behind": (b"<c/>" + b"<!-- x -->" * 200_000, TooLarge),
}


@pytest.mark.rule("T-X5")
@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_are_refused(name):
    """In the manner of the door, whatever the size that is said to be allowed."""
    raw, error = ATTACKS[name]
    with pytest.raises(error):
        cut(raw)


@pytest.mark.rule("T-X4")
def test_an_entity_of_an_outside_dtd_is_not_lost_in_silence():
    """The record that refers to it is refused when it is read."""
    (body,) = cut(b'<!DOCTYPE c SYSTEM "http://x.example/c.dtd"><c><record>&x;</record></c>')
    with pytest.raises(NotAcceptable, match="entity"):
        parse_untrusted(body)
