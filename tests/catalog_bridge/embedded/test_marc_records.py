"""Bibliographic records in the bookshop: kept by ISBN, and handed to who has ordered them."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from catalog_bridge.bookshop import NotFound
from catalog_bridge.embedded.hand_off import EmbeddedLibrarySystems
from catalog_bridge.embedded.marc_records import MarcRecords, RecordReport
from catalog_bridge.feeds import marc
from catalog_bridge.library_systems import NO_RECORD_ORDERED, NO_RECORD_YET
from catalog_bridge.marc import MarcFormat
from protocols.errors import Malformed
from protocols.model.money import Money
from protocols.model.service import LineService
from tests.catalog_bridge.contract.world import (
    LIBRARY,
    NOVEL,
    OLD_NUMBER,
    PICTURE_BOOK,
    SCHOOL,
    line_of,
    order_of,
)
from tests.catalog_bridge.feeds.marc_files import a, book, collection, mrc, xml

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RECORD = LineService(service_id="POST", name="Katalogpost", unit_price=Money(Decimal("12.00")), record=True)
PLASTIC = replace(RECORD, service_id="PLAST", record=False)


@pytest.fixture
def records(house):
    """The records beside the bookshop of the house; none yet."""
    return MarcRecords(house.db, now=lambda: NOW)


@pytest.fixture
def library(house):
    """What the library systems ask."""
    return EmbeddedLibrarySystems(house.db, now=lambda: NOW)


def take(records, raw):
    """The report of importing these bytes."""
    return records.take(marc.read(io.BytesIO(raw)))


@pytest.fixture
def ordered(house):
    """The novel, ordered by the library with its record."""
    return house.shop.place_order(order_of(line_of(1, NOVEL, services=(RECORD,))), "key")


@pytest.mark.rule("CAT-4")
def test_an_import_is_counted_and_may_be_repeated(records):
    """New, then unchanged; what has no ISBN is not kept, what is bad is told."""
    raw = book() + mrc(("245", a("Uten nummer"))) + book("9788203187569") + book(PICTURE_BOOK.isbn)
    report = take(records, raw)
    counted = RecordReport(read=4, new=2, without_isbn=1, quarantined=1, reasons=report.reasons)
    assert report == counted
    assert "9788203187569" in report.reasons[0].reason
    assert records.count() == 2
    assert take(records, raw) == replace(counted, new=0, unchanged=2)
    assert records.count() == 2


@pytest.mark.rule("CAT-4")
def test_the_newest_import_wins(records, library, ordered):
    """Whatever its format, and the last one within a file; each with the bytes it came with."""
    take(records, book(title="Foreløpig"))
    report = take(records, collection(xml(title="Bedre"), xml(title="Best")))
    assert (report.read, report.changed) == (2, 2)
    found = library.record(LIBRARY, NOVEL.isbn)
    assert found.format is MarcFormat.MARCXML
    assert found.body == collection(xml(title="Best"))
    assert (found.bibbi_id, found.charset) == ("0250080", "utf-8")
    raw = mrc(("020", a(NOVEL.isbn)), ("245", b"\x1fa\xa5rlig\xff"), status=b" ")
    assert take(records, raw).changed == 1
    found = library.record(LIBRARY, NOVEL.isbn)
    assert (found.body, found.charset, found.bibbi_id) == (raw, "marc-8", "")


@pytest.mark.rule("CAT-4")
def test_a_record_of_two_editions_is_found_by_both(records, library, ordered):
    """By either number, as people write it."""
    raw = mrc(("020", a("8203187560")), ("020", a(PICTURE_BOOK.isbn)), ("245", a("To bind")))
    assert take(records, raw).new == 1
    assert records.count() == 2
    assert library.record(LIBRARY, "82-03-18756-0").body == raw


def test_more_than_a_batch_is_taken(records):
    """Each batch in a transaction of its own; a file that breaks off is kept to there."""
    many = [xml(title=f"Nummer {number}") for number in range(700)]
    report = take(records, collection(*many).replace(b"</collection>", b"<record>"))
    assert (report.read, report.new, report.changed) == (700, 1, 699)
    assert "not well-formed" in report.stopped


def test_a_file_that_is_no_marc_changes_nothing(records):
    """It is refused."""
    with pytest.raises(Malformed):
        take(records, b"no marc")
    assert records.count() == 0


@pytest.mark.rule("SVC-3")
@pytest.mark.parametrize("way", ["direct", "punchout"])
def test_a_record_goes_to_who_ordered_it_with_its_service(house, records, library, way):
    """By today's customer number or an old one, however the order came."""
    house.shop.place_order(order_of(line_of(1, NOVEL, services=(PLASTIC, RECORD)), way=way), "key")
    take(records, book())
    assert library.record(LIBRARY, NOVEL.isbn).body == book()
    assert library.record(OLD_NUMBER, NOVEL.isbn).body == book()


@pytest.mark.rule("SVC-3")
@pytest.mark.parametrize("services", [(), (PLASTIC,)])
def test_a_title_without_the_service_has_no_record(house, records, library, services):
    """The record is there, and belongs to who has ordered it."""
    house.shop.place_order(order_of(line_of(1, NOVEL, services=services)), "key")
    house.shop.place_order(order_of(line_of(1, PICTURE_BOOK, services=(RECORD,))), "key-2")
    take(records, book())
    with pytest.raises(NotFound) as refused:
        library.record(LIBRARY, NOVEL.isbn)
    assert refused.value.message == NO_RECORD_ORDERED


@pytest.mark.rule("SVC-3")
@pytest.mark.rule("T-M1")
def test_another_customers_order_brings_no_record(records, library, ordered):
    """The school's system is told what it would be told if nobody had ordered it."""
    take(records, book())
    with pytest.raises(NotFound) as refused:
        library.record(SCHOOL, NOVEL.isbn)
    assert refused.value.message == NO_RECORD_ORDERED


@pytest.mark.rule("SVC-3")
def test_neither_a_test_nor_a_cancelled_line_brings_a_record(house, records, library, ordered):
    """Tests reach no library system, and what is cancelled is not paid."""
    take(records, book())
    house.shop.cancel_order(LIBRARY, ordered.order_number, "cancel")
    test = order_of(line_of(1, NOVEL, services=(RECORD,)), test=True)
    house.shop.place_order(test, "key-2")
    with pytest.raises(NotFound):
        library.record(LIBRARY, NOVEL.isbn)


@pytest.mark.rule("SVC-3")
def test_a_record_that_has_not_come_is_told_so(library, ordered):
    """Another reason, for the same question may be asked again."""
    with pytest.raises(NotFound) as refused:
        library.record(LIBRARY, NOVEL.isbn)
    assert refused.value.message == NO_RECORD_YET


@pytest.mark.parametrize("isbn", ["", "x", "9788203187569", "%", "9" * 500, "\x00"])
def test_what_is_no_isbn_finds_nothing(records, library, ordered, isbn):
    """A wrong check digit too."""
    take(records, book())
    with pytest.raises(NotFound):
        library.record(LIBRARY, isbn)
