"""MARC records: what is read of them, that they are kept as they are, and what bad ones cost."""

import io

import pymarc
import pytest
from stdnum import isbn

from catalog_bridge.feeds import marc
from catalog_bridge.feeds.record import Quarantined
from catalog_bridge.marc import MarcFormat
from protocols.errors import Malformed, NotAcceptable, TooLarge
from tests.catalog_bridge.feeds.marc_files import (
    END,
    NOVEL,
    SECOND,
    SUBFIELD,
    a,
    book,
    collection,
    mrc,
    sub,
    xml,
)
from tests.protocols.test_xml_attacks import laughs

pytestmark = pytest.mark.rule("CAT-4")


def read(raw):
    """What the file says of its records."""
    return list(marc.read(io.BytesIO(raw)))


def only(raw):
    """The one record of the file."""
    (event,) = read(raw)
    return event


@pytest.mark.parametrize(
    ("raw", "form"), [(book(), MarcFormat.ISO_2709), (collection(xml()), MarcFormat.MARCXML)]
)
def test_number_title_and_bibbi_id_are_read(raw, form):
    """In both formats, and the record's bytes are those of the file."""
    record = only(raw)
    assert record.isbns == (NOVEL,)
    assert (record.bibbi_id, record.title) == ("0250080", "Ærlige øyer")
    assert (record.format, record.charset, record.body) == (form, "utf-8", raw)


@pytest.mark.parametrize(
    ("written", "isbns"),
    [
        ("9788203187568", (NOVEL,)),
        ("978-82-03-18756-8", (NOVEL,)),
        ("978 82 03 18756 8", (NOVEL,)),
        ("8203187560 (ib.)", (NOVEL,)),
        ("82-03-18756-0 [h.]", (NOVEL,)),
        ("8203187560 ib. : Nkr 349.00", (NOVEL,)),
        ("141659423x", ("9781416594239",)),
        ("Nkr 349.00", ()),
        ("", ()),
    ],
)
def test_isbns_are_read_as_cataloguers_write_them(written, isbns):
    """Ten or thirteen digits, hyphens, and what says which edition is meant."""
    assert only(book(written)).isbns == isbns
    assert only(xml(written)).isbns == isbns


def test_each_edition_is_joined_and_a_wrong_number_beside_a_right_one_is_left():
    """Once each; cancelled numbers stand in $z and are not read."""
    fields = [("020", a(text)) for text in (NOVEL, SECOND, "8203187560", "9788203187569")]
    record = only(mrc(*fields, ("020", SUBFIELD + b"z9788205000018"), ("245", a("To bind"))))
    assert record.isbns == (NOVEL, SECOND)


def test_a_number_of_another_agency_is_no_bibbi_id():
    """015 $b says whose it is."""
    other = a("832303") + SUBFIELD + b"bBibliofilID"
    assert only(mrc(("015", other), ("020", a(NOVEL)), ("245", a("Bok")))).bibbi_id == ""


def test_a_wrong_check_digit_is_put_aside_with_its_title():
    """Nothing would ever find the record."""
    found = only(book("9788203187569"))
    assert isinstance(found, Quarantined)
    assert found.reference == "Ærlige øyer"
    assert "9788203187569" in found.reason


def test_a_record_of_very_many_numbers_is_put_aside():
    """Nobody buys a work of a thousand volumes; sixty are fine."""
    numbers = [("020", a(f"97888000{number:05}")) for number in range(3000)]
    right = [field for field in numbers if isbn.is_valid(field[1][2:].decode())]
    assert len(only(mrc(*right[:60])).isbns) == 60
    assert "61 ISBNs" in only(mrc(*right[:61])).reason


def test_what_is_shown_of_a_record_steers_no_terminal_and_can_be_stored():
    """Escape and NUL are marked, and stay in the record."""
    raw = book(title="\x1b]0;x\x07Tittel", bibbi="12\x003")
    record = only(raw)
    assert (record.title, record.bibbi_id) == ("\ufffd]0;x\ufffdTittel", "12\ufffd3")
    assert record.body == raw


def test_marc_8_is_read_and_kept():
    """Letters of before Unicode: the title is right, the bytes are as they came."""
    raw = mrc(("020", a(NOVEL)), ("245", SUBFIELD + b"a\xa5rlige \xb2yer"), status=b" ")
    record = only(raw)
    assert (record.title, record.charset, record.body) == ("Ærlige øyer", "marc-8", raw)


def test_records_may_stand_on_lines_of_their_own():
    """Line ends between them belong to none; each says where it stood."""
    found = read(b"\r\n".join((book(), book(SECOND), b"\x1a")))
    assert [record.body for record in found] == [book(), book(SECOND)]


def test_what_we_keep_is_read_by_another_program():
    """Record for record, by a reader that has never seen ours."""
    found = read(book() + book(SECOND))
    kept = pymarc.MARCReader(io.BytesIO(b"".join(record.body for record in found)))
    assert [record["020"]["a"] for record in kept] == [NOVEL, SECOND]
    (alone,) = pymarc.parse_xml_to_array(io.BytesIO(only(collection(xml())).body))
    assert alone["245"]["a"] == "Ærlige øyer"


BAD_MRC = {
    "too long": (book(length=800), "says that it is '00800' bytes"),
    "too short": (book(length=30), "says that it is '00030' bytes"),
    "no length": (b"12345" + b"x" * 30 + END, "bytes long"),
    "letters for a length": (b"0x" + book()[2:], "bytes long"),
    "no leader": (b"00006" + END, "Leader or directory"),
    "no base address": (book()[:12] + b"00000" + book()[17:], "Leader or directory"),
    "base address outside": (book()[:12] + b"99999" + book()[17:], "Leader or directory"),
    "letters in the directory": (book().replace(b"0150", b"015x"), "Leader or directory"),
}


@pytest.mark.parametrize("name", BAD_MRC)
def test_a_bad_record_costs_nobody_else_anything(name):
    """It is put aside with reason and place; those before and after are read."""
    raw, reason = BAD_MRC[name]
    before, bad, after = read(book() + raw + book(SECOND))
    assert (before.isbns, after.isbns) == ((NOVEL,), (SECOND,))
    assert reason in bad.reason
    assert bad.place == f"record 2, byte {len(book())}"


def test_a_file_that_is_cut_off_is_read_to_there():
    """Wherever it ends."""
    for size in (6, 24, 60, len(book()) - 1):
        first, rest = read(book() + book(SECOND)[:size])
        assert first.isbns == (NOVEL,)
        assert "cut off" in rest.reason


def test_a_record_without_end_is_not_held_in_memory():
    """A hundred megabytes that claim to be one record are one entry in quarantine; the next one is read."""

    class Endless(io.RawIOBase):
        """A record that goes on and on, then a good one."""

        left = 1600
        rest = END + book()

        def read(self, _size=-1, /):
            """The next 64 KB."""
            self.left -= 1
            if self.left >= 0:
                return b"99999nam a2200000   4500".ljust(64 * 1024, b"x")
            chunk, self.rest = self.rest, b""
            return chunk

    bad, good = marc.read(Endless())
    assert "bytes long" in bad.reason or "no end" in bad.reason
    assert good.isbns == (NOVEL,)
    assert len(good.body) == len(book())


def test_fields_that_claim_each_others_bytes_are_quick():
    """Thousands of entries that all claim the same ten thousand bytes."""
    entries = 7_000
    directory = b"".join(b"245999900000" for _ in range(entries))
    data = b"  \x1fa" + b"x" * 9_994 + b"\x1e"
    base = 24 + len(directory) + 1
    leader = f"{base + len(data) + 1:05}nam a22{base:05}   4500".encode()
    record = only(leader + directory + b"\x1e" + data + END)
    assert record.isbns == ()
    assert len(record.title) == 200


def test_a_bad_record_in_marcxml_is_put_aside():
    """One without fields, and one whose entity nobody declares; the rest goes on."""
    raw = b'<!DOCTYPE collection SYSTEM "x.dtd">' + collection(
        xml(), b"<record/>", xml(title="&x;"), xml(SECOND)
    )
    first, empty, entity, last = read(raw)
    assert (first.isbns, last.isbns) == ((NOVEL,), (SECOND,))
    assert empty == Quarantined(reference="", place="record 2, line 2", reason="The record has no datafield.")
    assert "entity" in entity.reason


@pytest.mark.parametrize(
    "start",
    [
        '<marc:collection xmlns:marc="http://www.loc.gov/MARC21/slim">',
        '<collection xmlns="http://www.loc.gov/MARC21/slim">',
    ],
)
def test_the_namespace_goes_with_the_record(start):
    """With a prefix or without, and what is kept can be read alone."""
    prefix = "marc:" if "marc:" in start else ""
    inner = xml().decode().replace("</", f"</{prefix}")
    for name in ("record", "leader", "datafield", "subfield"):
        inner = inner.replace(f"<{name}", f"<{prefix}{name}")
    record = only(f"{start}{inner}</{prefix}collection>".encode())
    assert record.isbns == (NOVEL,)
    assert only(record.body) == record


@pytest.mark.parametrize("raw", [b"", b"no marc", b"{}", b"<html/>", b"<collection/>", b"\x1d"])
def test_what_is_no_marc_is_refused(raw):
    """With what was expected."""
    with pytest.raises(Malformed):
        read(raw)


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (laughs("text").replace(b"a>", b"record>"), NotAcceptable),
        (b'<!DOCTYPE record [<!ENTITY x SYSTEM "file:///etc/passwd">]><record>&x;</record>', NotAcceptable),
        (collection(xml(title=sub("a", "x" * 3_000_000))), TooLarge),
    ],
)
def test_hostile_marcxml_is_refused(raw, error):
    """At the one door for foreign XML."""
    with pytest.raises(error):
        read(raw)
