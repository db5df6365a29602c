"""The orders of a customer number in one place: both ways in, filters, pages, one's own (ORD-3, ORD-4)."""

from contextlib import suppress
from dataclasses import replace

import pytest

from catalog_bridge import order_history
from catalog_bridge.bookshop import NotFound
from catalog_bridge.embedded import order_history as embedded_history
from catalog_bridge.embedded.order_history import EmbeddedOrderHistory
from catalog_bridge.order_history import WrongFilter
from protocols.model.distribution import CopyCodes
from tests.catalog_bridge.contract.world import (
    BJO,
    HBB,
    LIBRARY,
    NOVEL,
    OLD_NUMBER,
    PICTURE_BOOK,
    SCHOOL,
    line_of,
    order_of,
)
from tests.catalog_bridge.rules.ways import both_ways

ANNE, BO = "anne@testby.example", "bo@testby.example"


@pytest.fixture
def history(house):
    """The history of the shop's world."""
    return EmbeddedOrderHistory(house.db, house.shelves)


@pytest.fixture
def place(house):
    """Places an order of the library, and says its number."""

    def placed(key, **facts):
        return house.shop.place_order(order_of(**facts), key).order_number

    return placed


def numbers(page):
    """The order numbers of a page."""
    return [entry.order_number for entry in page.entries]


@both_ways("ORD-3")
def test_direct_and_punchout_stand_in_one_list_newest_first(history, place):
    """Each with name, references, buyer and way; nothing of it under another number."""
    direct = place("1", way="direct", order_name="Barnebøker", ordered_by="Anne", ordered_by_email=ANNE)
    punchout = place("2", po_number="PO-7", po_suffix="-2", ordered_by="Bo")
    page = history.page(LIBRARY)
    assert numbers(page) == [punchout, direct]
    assert [(entry.way, entry.order_name, entry.po_number, entry.ordered_by) for entry in page.entries] == [
        ("punchout", "", "PO-7-2", "Bo"),
        ("direct", "Barnebøker", "", "Anne"),
    ]
    assert page.older == ""
    assert history.page(SCHOOL).entries == ()


@both_ways("CUST-4")
def test_the_history_is_found_under_an_old_number(history, place):
    """Old numbers are for reading: they lead to the orders of today's number."""
    placed = place("1")
    assert numbers(history.page(OLD_NUMBER)) == [placed]


@both_ways("ORD-4")
@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"buyer": "Anne"}, "31"),
        ({"status": "received"}, "32"),
        ({"status": "cancelled"}, "1"),
        ({"order_name": "barn"}, "21"),
        ({"order_name": "100 %"}, "3"),
        ({"order_name": "%"}, "3"),
        ({"order_name": "_"}, ""),
        ({"way": "direct"}, "1"),
        ({"buyer": "Anne", "way": "punchout"}, "3"),
        ({"buyer": "Anne", "status": ""}, "31"),
        ({"buyer": " Anne "}, "31"),
        ({"buyer": "anne"}, ""),
    ],
)
def test_filters_pick_orders_and_all_of_them_must_fit(house, history, place, filters, found):
    """Buyer, status, a part of the order name, way in; an empty filter says nothing."""
    placed = {
        place("1", way="direct", order_name="Barn", ordered_by="Anne"): "1",
        place("2", order_name="Barn og unge", ordered_by="Bo"): "2",
        place("3", order_name="100 % voksen", ordered_by="Anne"): "3",
    }
    house.shop.cancel_order(LIBRARY, next(iter(placed)), "cancel-1")
    assert "".join(placed[number] for number in numbers(history.page(LIBRARY, filters))) == found


@both_ways("ORD-4")
def test_an_unknown_filter_is_refused_and_the_known_ones_are_named(history):
    """Never ignored: who asks for something else must not get everything."""
    with pytest.raises(WrongFilter, match=r"no filter colour. There are: buyer, status, order_name, way"):
        history.page(LIBRARY, {"colour": "blue"})
    with pytest.raises(WrongFilter, match=r"cannot be lost. It can be: received, held"):
        history.page(LIBRARY, {"status": "lost"})
    with pytest.raises(WrongFilter, match="no page abc"):
        history.page(LIBRARY, after="abc")


@both_ways("ORD-4")
def test_every_filter_of_the_list_has_its_condition():
    """Filters are data: the list that people see and the one that is asked are the same."""
    assert {entry.key for entry in order_history.FILTERS} == set(embedded_history._CONDITIONS)


@both_ways("ORD-4")
def test_pages_hold_every_order_once(history, place, monkeypatch):
    """One page leads to the next, whatever is ordered meanwhile."""
    monkeypatch.setattr(embedded_history, "PAGE_SIZE", 2)
    embedded_history._page.cache_clear()
    placed = [place(str(number)) for number in range(5)]
    seen, after = [], ""
    while True:
        page = history.page(LIBRARY, after=after)
        seen += numbers(page)
        place(f"meanwhile {after}")
        if not page.older:
            break
        after = page.older
    embedded_history._page.cache_clear()
    assert seen == placed[::-1]


@pytest.mark.rule("PO-ID-5", way="punchout")
def test_own_orders_are_those_of_the_persons_address(history, place):
    """However it was spelled; nobody in particular owns none, and another's order is not found."""
    own = [
        place("1", ordered_by_email="Anne@Testby.example"),
        place("2", ordered_by_email=ANNE, ordered_by="Anne"),
    ]
    other, nobodys = place("3", ordered_by_email=BO), place("4")
    assert numbers(history.page(LIBRARY, own=f" {ANNE.upper()} ")) == own[::-1]
    assert numbers(history.page(LIBRARY, {"buyer": "Anne"}, own=ANNE)) == own[1:]
    assert history.page(LIBRARY, own="").entries == ()
    assert history.order(LIBRARY, own[0], own=ANNE).order.order_number == own[0]
    for number in (other, nobodys):
        for whose in (ANNE, ""):
            with pytest.raises(NotFound):
                history.order(LIBRARY, number, own=whose)


@pytest.mark.rule("LOGIN-4")
@pytest.mark.rule("PO-ID-5", way="punchout")
@pytest.mark.parametrize(
    ("ordered", "own"),
    [("anne@blåfjell.example", "Anne@XN--blfjell-fxa.example"), ("ANNE@intern", " anne@Intern")],
)
def test_a_person_s_own_orders_are_found_by_every_spelling_of_her_address(history, place, ordered, own):
    """The domain in its ASCII form; what is no full address is still hers."""
    number = place("1", ordered_by_email=ordered)
    place("2", ordered_by_email=BO)
    assert numbers(history.page(LIBRARY, own=own)) == [number]
    assert history.order(LIBRARY, number, own=own).order.order_number == number


@both_ways("ORD-3")
def test_one_order_comes_with_the_titles_of_its_lines(house, history):
    """Cancelled lines too; another customer's order is not found."""
    lines = (line_of(1, NOVEL, HBB), line_of(2, PICTURE_BOOK, BJO))
    placed = house.shop.place_order(order_of(*lines), "key-1")
    house.shop.change_order(placed.order_number, order_of(lines[0]), "change-1")
    found = history.order(LIBRARY, placed.order_number)
    assert found.order == house.shop.order(LIBRARY, placed.order_number)
    assert found.titles == {title.product_id: title.title for title in (NOVEL, PICTURE_BOOK)}
    assert history.page(LIBRARY).entries[0].titles == 1
    with pytest.raises(NotFound):
        history.order(SCHOOL, placed.order_number)


@both_ways("ORD-4")
def test_buyers_are_everybody_who_has_ordered(history, place):
    """Each once, by name, whether they still work there or not (CUST-8)."""
    for key, name in enumerate(["Bo", "Anne", "", "Bo"]):
        place(str(key), ordered_by=name)
    assert history.buyers(LIBRARY) == ("Anne", "Bo")
    assert history.buyers(SCHOOL) == ()


@both_ways("ORD-4")
@pytest.mark.parametrize("key", ["buyer", "status", "way", ""])
def test_each_page_is_found_by_an_index_that_has_its_order(house, key):
    """No filter reads through all orders, and nothing is sorted after it was found."""
    statement = embedded_history._page(frozenset({key} - {""}), after=True, own=False)
    wanted = f"ix_shop_order_{'ordered_by' if key == 'buyer' else key or 'placed'}"
    values = {"scope": LIBRARY, "placed": "2", "number": "1", key: "x"}
    with suppress(_Undone), house.db.write() as tx:
        tx.execution_options(across="migration")
        others = {"ix_shop_order_placed", "ix_shop_order_to_pick"} - {wanted}
        plan = "\n".join(_planned(tx, statement, values, others))
        raise _Undone
    assert wanted in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


class _Undone(Exception):
    """Ends a transaction that was only a question."""


def _planned(tx, statement, values, without):
    """How the database would go about it, however few rows there are, if it had not these other indexes."""
    compiled = statement.compile(tx.engine)
    bound = {**compiled.params, **values}
    if tx.dialect.name == "sqlite":
        names = tuple(bound[name] for name in compiled.positiontup)
        return [row.detail for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", names)]
    for index in without:
        tx.exec_driver_sql(f"DROP INDEX {index}")
    for way in ("seqscan", "sort", "incremental_sort", "bitmapscan"):
        tx.exec_driver_sql(f"SET LOCAL enable_{way} = off")
    return [row[0] for row in tx.exec_driver_sql(f"EXPLAIN {compiled}", bound)]


def test_orders_of_the_same_moment_keep_their_places(house, history, monkeypatch):
    """The number decides where the time does not, so that no page loses one."""
    monkeypatch.setattr(house.counter, "_at", lambda: "2026-03-02T09:00:00.000+00:00")
    monkeypatch.setattr(embedded_history, "PAGE_SIZE", 1)
    embedded_history._page.cache_clear()
    placed = [house.shop.place_order(replace(order_of()), str(key)).order_number for key in range(3)]
    seen, after = [], ""
    for _ in placed:
        page = history.page(LIBRARY, after=after)
        seen, after = seen + numbers(page), page.older
    embedded_history._page.cache_clear()
    assert sorted(seen) == sorted(placed)
    assert after == ""


@both_ways("DIST-9")
@both_ways("DIST-13")
def test_orders_with_copies_to_assign_are_found_until_that_is_done(house, history, place):
    """Newest first, with how many; neither what is picked or cancelled, nor what carries any code."""
    nothing, shelf = CopyCodes(), CopyCodes(shelf_mark="Å")
    first = place("1", lines=(line_of(1, NOVEL, HBB, nothing), line_of(2, PICTURE_BOOK)), order_name="Påske")
    second = place("2", lines=(line_of(1, NOVEL, nothing, shelf),), way="direct")
    place("3", lines=(line_of(1, NOVEL, HBB),))
    gone = place("4", lines=(line_of(1, NOVEL),))
    house.shop.cancel_order(LIBRARY, gone, "cancel-4")
    assert [(one.order_number, one.order_name, one.copies) for one in history.unassigned(LIBRARY)] == [
        (second, "", 1),
        (first, "Påske", 2),
    ]
    house.pick(house.shop.order(LIBRARY, first), 2)
    house.shop.set_order_copies(LIBRARY, second, 1, (BJO, shelf))
    assert [(one.order_number, one.copies) for one in history.unassigned(OLD_NUMBER)] == [(first, 1)]
    assert history.unassigned(SCHOOL) == ()
