"""Files of orders: kept with the order, found inside the agreement alone, forgotten after 13 months."""

from datetime import timedelta
from hashlib import sha256

import pytest

from protocols.model.attachment import Attachment
from session_store import attachments, orders, retention
from tests.session_store.made import NOW, keep, order_of

PDF = Attachment(content_id="1@b", name="Tegning Bø.pdf", media_type="application/pdf", content=b"%PDF\0\xff")
TEXT = Attachment(content_id="", media_type="text/plain", content=b"hei")


@pytest.fixture
def kept(tx):
    """An order with two files."""
    keep(tx, order_of())
    attachments.save(tx, "boe", "order-1", {"id-2": PDF, "id-1": TEXT}, NOW)
    return tx


def test_files_are_listed_in_the_order_they_came_in(kept):
    """With size and SHA-256, without their content."""
    listed = attachments.listing(kept, "boe", "order-1")
    assert [(one.id, one.number, one.name, one.size) for one in listed] == [
        ("id-2", 1, "Tegning Bø.pdf", 6),
        ("id-1", 2, "", 3),
    ]
    assert (listed[0].sha256, listed[0].content_id) == (sha256(PDF.content).digest(), "1@b")


def test_content_comes_back_byte_for_byte(kept):
    """On both databases."""
    assert attachments.content(kept, "boe", "id-2") == PDF.content


@pytest.mark.rule("T-M1")
def test_another_agreement_finds_nothing(kept):
    """Not by the order, not by the file's own id."""
    assert attachments.listing(kept, "aas", "order-1") == ()
    assert attachments.content(kept, "aas", "id-2") is None


def test_content_is_not_in_a_representation():
    """A file that lands in a log line tells nothing."""
    assert "PDF\\0" not in repr(PDF)
    assert "%PDF" not in repr(PDF)


def test_files_go_after_thirteen_months_and_the_order_stays(kept):
    """What has become of a file is then for the books alone."""
    retention.purge(kept, NOW + timedelta(days=396))
    assert len(attachments.listing(kept, "boe", "order-1")) == 2
    retention.purge(kept, NOW + timedelta(days=397))
    assert attachments.listing(kept, "boe", "order-1") == ()
    assert orders.get(kept, "boe", "order-1")


def test_an_order_without_files_costs_nothing(tx):
    """Nearly all come alone."""
    keep(tx, order_of())
    attachments.save(tx, "boe", "order-1", {}, NOW)
    assert attachments.listing(tx, "boe", "order-1") == ()
