"""Several at once in the hand-off: library systems that fetch, orders that change, on both databases."""

import pytest

from catalog_bridge.embedded.hand_off import EmbeddedLibrarySystems
from catalog_bridge.library_systems import LineState, Report
from protocols.library import csv
from tests.catalog_bridge.contract.implementations import START
from tests.catalog_bridge.contract.world import BJO, HBB, LIBRARY, NOVEL, line_of, order_of
from tests.catalog_bridge.embedded.test_races import at_once


@pytest.fixture
def library(house):
    """The hand-off beside the bookshop of the house."""
    return EmbeddedLibrarySystems(house.db, now=lambda: START)


@pytest.mark.rule("LS-5")
def test_orders_at_once_give_documents_numbers_of_their_own(house, library):
    """Eight orders, eight documents, numbered without gap or repetition, none lost."""
    placed = at_once([lambda n=n: house.shop.place_order(order_of(), f"key-{n}") for n in range(8)])
    documents = library.documents(LIBRARY)
    assert [document.number for document in documents] == list(range(1, 9))
    assert {document.order_number for document in documents} == {order.order_number for order in placed}


@pytest.mark.rule("DIST-11")
def test_two_that_fetch_at_once_get_the_same(house, library):
    """The same bytes for all, and the lines are sent."""
    house.shop.place_order(order_of(), "key-1")
    taken = at_once([lambda: library.take(LIBRARY, 1)] * 6)
    assert len({document.body for document in taken}) == 1
    assert {line.state for line in library.document(LIBRARY, 1).facts.lines} == {LineState.SENT}


@pytest.mark.rule("HO-1")
def test_fetching_while_the_order_changes_loses_nothing(house, library):
    """Whoever fetches all that waits, again and again, ends with the copies that the order has."""
    placed = house.shop.place_order(order_of(line_of(1, NOVEL, HBB, HBB)), "key-1")
    fetched = {}

    def fetch():
        for document in library.undelivered(LIBRARY):
            fetched[document.number] = library.take(LIBRARY, document.number).body
            library.report(LIBRARY, document.number, {})

    def move(codes):
        house.shop.set_order_copies(LIBRARY, placed.order_number, 1, codes)

    moves = [(HBB, BJO), (BJO, BJO), (BJO, HBB)]
    at_once([fetch, fetch, *(lambda codes=codes: move(codes) for codes in moves)])
    fetch()
    assert library.undelivered(LIBRARY) == ()
    newest = csv.parse(fetched[max(fetched)])[0].lines[0]
    assert newest.copies == house.shop.order(LIBRARY, placed.order_number).order.lines[0].copies
    assert sorted(fetched) == list(range(1, len(fetched) + 1))


@pytest.mark.rule("DIST-11")
def test_reports_at_once_leave_one_of_them_whole(house, library):
    """Of an acknowledgement and a failure one stands for both lines, never one each."""
    placed = house.shop.place_order(order_of(line_of(1, NOVEL), line_of(2, NOVEL)), "key-1")
    library.take(LIBRARY, 1)
    failed = {f"{placed.order_number}.{n}": Report(failed=True, reason="nei") for n in (1, 2)}
    at_once([lambda r=r: library.report(LIBRARY, 1, r) for r in ({}, failed, {}, failed)])
    assert len({line.state for line in library.document(LIBRARY, 1).facts.lines}) == 1


@pytest.mark.rule("HO-1")
def test_changes_at_once_are_told_in_their_order(house, library):
    """The newest document says what the order says, whoever changed it last."""
    placed = house.shop.place_order(order_of(line_of(1, NOVEL, HBB)), "key-1")
    wishes = [order_of(line_of(1, NOVEL, *(HBB,) * n)) for n in range(2, 8)]
    at_once(
        [
            lambda n=n, w=w: house.shop.change_order(placed.order_number, w, f"change-{n}")
            for n, w in enumerate(wishes)
        ]
    )
    documents = library.documents(LIBRARY)
    assert len(documents) == 7
    newest = csv.parse(library.document(LIBRARY, 7).body)[0].lines[0]
    assert newest.copies == house.shop.order(LIBRARY, placed.order_number).order.lines[0].copies
