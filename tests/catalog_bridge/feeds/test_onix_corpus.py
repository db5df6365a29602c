"""Other people's ONIX files: each is read, or put aside or refused with a reason."""

import re
from pathlib import Path

import pytest

from catalog_bridge.feeds import onix
from catalog_bridge.feeds.record import Deletion, Quarantined, Record
from protocols.errors import NotSupported
from tests.catalog_bridge.catalogue.shelf import NOW
from tests.services.places import corpus_files

# File → what it holds: the product ids that are read, or the reason why one is not.
EXPECTED = {
    "elibri__lending_example.xml": ["9788383578750"],
    "elibri__onix_audiobook_example.xml": ["9788380625952"],
    "elibri__onix_board_game_example.xml": ["5902719470332"],
    "elibri__onix_cancelled_product_example.xml": ["9788324799992"],
    "elibri__onix_deleted_product_example.xml": ["deleted"],
    "elibri__onix_preorder_product_example.xml": ["9788324799992"],
    "elibri__onix_series_memberships_example.xml": ["9788324799992"],
    "im_onix__9782707154298.xml": ["wrong check digit: it should end in 3"],
    "im_onix__9782752906700.xml": ["3019002489208", "3019002489901", "3019002490006", "9782752908643"],
    "im_onix__full_sample.xml": ["9780007232833"],
    "im_onix__short.xml": ["9780007232833"],
    "im_onix__test_prices_with_multiple_periods.xml": ["no ISBN-13 or GTIN-13"],
    "jonix__Onix3.1-single-ref.xml": ["9780007232833"],
    "jonix__Onix3.1-single-short.xml": ["9780007232833"],
    "jonix__onix3-multiple.xml": 21 * [r"\d{13}"],
    "jonix__onix3-single.xml": ["9780007232833"],
    "jonix__single-book-onix3-short.xml": ["9780007232833"],
    "onixcheck__invalid_google_onix_3.xml": ["9789999999991"],
    "onixcheck__valid_google_onix_3.xml": ["9789999999991"],
    "onixcheck__valid_onix3_short.xml": ["There is no title"],
    "yob21__Bookwise_July_2008.xml": ["ONIX 2.1"],
}


def outcome(event: Record | Deletion | Quarantined) -> str:
    """What became of one product, in a word or a reason."""
    if isinstance(event, Record):
        return event.product.product_id
    return event.reason if isinstance(event, Quarantined) else "deleted"


@pytest.mark.rule("CAT-1")
@pytest.mark.rule("CAT-2")
@pytest.mark.parametrize("path", corpus_files("onix/*.xml"))
def test_every_file_is_read_or_refused_with_a_reason(path: Path) -> None:
    """No file of the corpus goes through without its products being accounted for."""
    try:
        with path.open("rb") as stream:
            outcomes = [outcome(event) for event in onix.read(stream, now=NOW)]
    except NotSupported as refused:
        outcomes = [refused.detail]
    expected = EXPECTED[path.name]
    assert len(outcomes) == len(expected)
    assert all(re.search(part, found) for part, found in zip(expected, outcomes, strict=True)), outcomes


def test_the_table_covers_the_corpus(corpus: Path) -> None:
    """A file that is added must be accounted for too, and one that is gone must go from the table."""
    assert {path.name for path in corpus.glob("onix/*.xml")} == EXPECTED.keys()
