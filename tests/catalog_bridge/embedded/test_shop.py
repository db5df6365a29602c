"""What is the embedded bookshop's own, beyond the contract."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from catalog_bridge.bookshop import Bookshop, NotFound, Refused, ShopUnavailable
from catalog_bridge.embedded.carts import CartRows, StoredLine
from catalog_bridge.embedded.shop import EmbeddedBookshop
from catalog_bridge.rules.ordering import MOST_COPIES
from protocols.errors import Unavailable
from protocols.model.item import Kind
from tests.catalog_bridge.contract.implementations import Shelves
from tests.catalog_bridge.contract.world import BJO, HBB, LIBRARY, NOVEL, SCHOOL, line_of, order_of


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
