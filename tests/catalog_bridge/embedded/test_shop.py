"""What is the embedded bookshop's own, beyond the contract."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from threading import get_ident

import pytest
from sqlalchemy import Engine, event

from catalog_bridge.bookshop import Bookshop, NotFound, Refused, ShopUnavailable
from catalog_bridge.embedded.carts import CartRows, StoredLine
from catalog_bridge.embedded.shop import EmbeddedBookshop
from catalog_bridge.rules.ordering import MOST_COPIES
from protocols.errors import Unavailable
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.item import Kind
from tests.catalog_bridge.contract.implementations import Shelves
from tests.catalog_bridge.contract.world import (
    BJO,
    HBB,
    LIBRARY,
    NOVEL,
    OLD_NUMBER,
    SCHOOL,
    line_of,
    order_of,
)


class BusyDatabase:
    """A database that somebody else keeps busy."""

    kind = "sqlite"

    @contextmanager
    def read(self):
        """Never a connection."""
        raise Unavailable("busy")
        yield

    write = read


def test_busy_database_makes_the_shop_unavailable():
    """Callers are told to try again, for reading and for writing."""
    shop: Bookshop = EmbeddedBookshop(BusyDatabase(), Shelves(), now=lambda: datetime.now(UTC), new_id=str)
    for call in (
        lambda: shop.customer(LIBRARY),
        lambda: shop.open_cart(LIBRARY, "c"),
        lambda: shop.place_order(order_of(), "key-1"),
        lambda: shop.change_order("1000001", order_of(), "change-1"),
        lambda: shop.cancel_order(LIBRARY, "1000001", "cancel-1"),
        lambda: shop.set_order_copies(LIBRARY, "1000001", 1, (HBB,)),
    ):
        with pytest.raises(ShopUnavailable, match="try again"):
            call()


def test_refusal_carries_its_message_id_and_values():
    """Pages translate the sentence and fill it themselves; the detail is the English reading."""
    refused = Refused(
        "%(field)s: %(count)d characters, at most %(limit)d are possible.", field="Note", count=9, limit=8
    )
    assert refused.detail == "Note: 9 characters, at most 8 are possible."
    assert refused.message.startswith("%(field)s")
    assert refused.values == {"field": "Note", "count": 9, "limit": 8}
    assert str(NotFound("100 % certain")) == "100 % certain"


def test_refused_order_takes_no_number(house):
    """Numbers without an order would look like lost ones."""
    first = house.shop.place_order(order_of(), "key-1")
    with pytest.raises(Refused):
        house.shop.place_order(order_of(customer_number=SCHOOL, delivery_address_id="SKO"), "key-1")
    second = house.shop.place_order(order_of(), "key-2")
    assert int(second.order_number) == int(first.order_number) + 1


def test_copy_ids_have_room_for_the_largest_order(house):
    """A seven-digit test number and 10,000 full lines still make ids of 20 characters."""
    placed = house.shop.place_order(order_of(line_of(1, NOVEL, HBB, BJO), test=True), "key-1")
    ids = [copy.copy_id for copy in placed.order.lines[0].copies]
    assert ids == [f"{placed.order_number}-1", f"{placed.order_number}-2"]
    assert len(placed.order_number) == len("TEST-1234567")
    assert len(f"{placed.order_number}-{10_000 * MOST_COPIES}") == 20


def test_cart_of_500_lines_is_whole(house):
    """A cart as large as a library fills one is read back complete, in order, each line with its copies."""
    numbers = [f"97882{number:08d}" for number in range(500)]
    house.take_titles(tuple(replace(NOVEL, product_id=number) for number in numbers))
    house.shop.open_cart(LIBRARY, "c")
    with house.db.write() as tx:
        rows = CartRows(tx, LIBRARY, "c")
        for number in numbers:
            rows.append(
                StoredLine(
                    line_id=number, product_id=number, title=number, kind=Kind.TITLE, copies=(HBB, BJO, HBB)
                )
            )
    cart = house.shop.cart(LIBRARY, "c")
    assert [line.product.product_id for line in cart.lines] == numbers
    assert {line.quantity for line in cart.lines} == {3}


@pytest.mark.rule("CUST-4")
def test_line_is_picked_under_an_old_number(house):
    """The counter may have the number that stands on an old shelf list."""
    placed = house.shop.place_order(order_of(), "key-1")
    assert house.counter.pick(OLD_NUMBER, placed.order_number, 1).picked == (1,)


@contextmanager
def statements():
    """A list that fills with what this thread sends to a database: each statement, and for how many rows."""
    sent, here = [], get_ident()

    def note(_connection, _cursor, statement, parameters, _context, many):
        if get_ident() == here:
            sent.append((statement, len(parameters) if many else 1))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("size", [5, 5000])
def test_change_of_5000_lines_takes_as_many_statements_as_of_five(house, size):
    """A large order is changed in bulk: all lines of it, one new line, and each answer kept whole."""
    lines = [line_of(number, NOVEL, HBB, BJO) for number in range(1, size + 1)]
    placed = house.shop.place_order(order_of(*lines), "key-1")
    new = [replace(line, note="Haster", copies=numbered((BJO, CopyCodes()))) for line in lines]
    wish = order_of(*new, line_of(size + 1, NOVEL))
    with statements() as sent:
        change = house.shop.change_order(placed.order_number, wish, "change-1")
    assert len(sent) <= 22
    assert {line.note for line in change.order.order.lines[:-1]} == {"Haster"}
    assert house.shop.order(LIBRARY, placed.order_number) == change.order
    assert house.shop.change_order(placed.order_number, wish, "change-1") == change


def test_change_writes_only_what_differs(house):
    """Rows that others may point at, such as a slip at its copies, are not written anew for nothing."""
    lines = [line_of(number, NOVEL, HBB, BJO) for number in range(1, 10)]
    placed = house.shop.place_order(order_of(*lines), "key-1")
    with statements() as sent:
        wish = order_of(*lines[:6], line_of(7, NOVEL, BJO), replace(lines[7], note="Haster"))
        house.shop.change_order(placed.order_number, wish, "change-1")
    rows = {text.split("(")[0].split(" SET")[0].strip(): rows for text, rows in sent}
    assert rows["INSERT INTO shop_order_line"] == 2
    assert rows["INSERT INTO shop_order_copy"] == 1


def test_change_that_changes_nothing_writes_no_line(house):
    """A buyer who sends the same order again costs one row: that the key has been answered."""
    wish = order_of(line_of(1, NOVEL, HBB, BJO))
    placed = house.shop.place_order(wish, "key-1")
    with statements() as sent:
        assert house.shop.change_order(placed.order_number, wish, "change-1").order == placed
    written = [text.split("(")[0].strip() for text, _ in sent if not text.startswith("SELECT")]
    assert written == ["INSERT INTO shop_order_change"]
