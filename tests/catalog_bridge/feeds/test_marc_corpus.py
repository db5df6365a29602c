"""Other people's MARC files: each record is read with its number, or put aside with a reason."""

from pathlib import Path

import pytest

from catalog_bridge.feeds import marc
from catalog_bridge.marc import MarcFormat, MarcRecord
from tests.services.places import corpus_files

# File → how many records, of how many ISBNs, and the BIBBI ids in it.
EXPECTED = {
    "deichman-BS_external_data.xml": (1, 0, ["0250080"]),
    "deichman-BS_external_data_bible.xml": (1, 1, ["0377057"]),
    "deichman-BS_external_data_with_work.xml": (1, 0, ["0250080"]),
    "deichman-marc.xml": (1, 1, ["0147191"]),
    "deichman-ragde.marcxml": (1, 0, []),
    "evergreen-brodart-on-order-970.mrc": (11, 11, []),
    "evergreen-sample_acq_order.mrc": (10, 11, []),
}
FILES = "marc/*.*[cl]"


@pytest.mark.rule("CAT-4")
@pytest.mark.parametrize("path", corpus_files(FILES))
def test_every_record_is_read(path: Path) -> None:
    """With its numbers, and none is put aside."""
    with path.open("rb") as stream:
        found = list(marc.read(stream))
    records = [event for event in found if isinstance(event, MarcRecord)]
    isbns = [isbn for record in records for isbn in record.isbns]
    bibbi = [record.bibbi_id for record in records if record.bibbi_id]
    assert records == found
    assert (len(records), len(isbns), bibbi) == EXPECTED[path.name]
    assert all(record.title for record in records)


@pytest.mark.rule("CAT-4")
@pytest.mark.parametrize("path", corpus_files(FILES))
def test_every_record_keeps_its_bytes(path: Path) -> None:
    """ISO 2709 wholly; MARCXML from the record's start tag to its end tag."""
    raw = path.read_bytes()
    with path.open("rb") as stream:
        bodies = [(event.format, event.body) for event in marc.read(stream) if isinstance(event, MarcRecord)]
    for form, body in bodies:
        assert (body if form is MarcFormat.ISO_2709 else inner(body)) in raw
    if path.suffix == ".mrc":
        assert b"".join(body for _, body in bodies) == raw.rstrip()


def inner(body: bytes) -> bytes:
    """The record's own bytes in a MARCXML document."""
    start = min(place for name in (b"<record", b"<marc:record") if (place := body.find(name)) >= 0)
    end = max(body.rfind(name) + len(name) for name in (b"</record>", b"</marc:record>"))
    return body[start:end]


def test_the_table_covers_the_corpus(corpus: Path) -> None:
    """A file that is added must be accounted for too."""
    assert {path.name for path in corpus.glob(FILES)} == EXPECTED.keys()
