"""punchout catalog records: bibliographic records from files, each with a report."""

import pytest

from punchout.cli.frame import Exit
from tests.catalog_bridge.feeds.marc_files import SECOND, book, collection, xml

pytestmark = pytest.mark.rule("CAT-4")


def test_files_are_imported_in_order_and_counted(ready, tmp_path):
    """Both formats; the status says of how many ISBNs there is a record."""
    one, two = tmp_path / "one.mrc", tmp_path / "two.xml"
    one.write_bytes(book() + book(SECOND))
    two.write_bytes(collection(xml()))
    result = ready("catalog", "records", one, two)
    assert result.exit_code == Exit.CLEAN
    assert result.stdout.splitlines() == [
        "one.mrc: 2 records: 2 new, 0 changed, 0 unchanged, 0 without ISBN, 0 quarantined",
        "two.xml: 1 records: 0 new, 1 changed, 0 unchanged, 0 without ISBN, 0 quarantined",
    ]
    assert ready.json("catalog", "status")["records"] == 2
    assert "2 ISBNs" in ready("catalog", "status").stdout


def test_a_bad_record_is_put_aside_with_reason_and_place(ready, tmp_path):
    """The rest is in; exit code 1."""
    file = tmp_path / "some.mrc"
    file.write_bytes(book("9788203187569") + book(SECOND) + book()[:100])
    result = ready("catalog", "records", file)
    assert result.exit_code == Exit.FINDINGS
    first, wrong, cut = result.stdout.splitlines()
    assert "1 new" in first
    assert "2 quarantined" in first
    assert "put aside: Ærlige øyer: 020 $a" in wrong
    assert "(record 1, byte 0)" in wrong
    assert "put aside: a record: " in cut
    (report,) = ready.json("catalog", "records", file)
    assert (report["file"], report["unchanged"], report["quarantined"]) == ("some.mrc", 1, 2)


def test_a_file_that_is_no_marc_stops_no_other(ready, tmp_path):
    """It is told, with exit code 2."""
    bad, good = tmp_path / "bad.xml", tmp_path / "good.mrc"
    bad.write_bytes(b"<html/>")
    good.write_bytes(book())
    result = ready("catalog", "records", bad, good)
    assert result.exit_code == Exit.UNUSABLE
    assert "no MARC record" in result.stdout
    assert "1 new" in result.stdout
