"""The demo customers in the demo catalogue: all of the bookshop together, on both databases."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import resources

import pytest

from catalog_bridge.bookshop import Bookshop, SearchQuery
from catalog_bridge.embedded import building, schema
from catalog_bridge.embedded.catalogue import Catalogue
from catalog_bridge.embedded.customers_import import import_json
from catalog_bridge.embedded.pointer import PointerRow
from catalog_bridge.embedded.shop import EmbeddedBookshop
from catalog_bridge.feeds.record import records
from protocols.model.order import ShopOrder, ShopOrderLine
from punchout.demo import titles
from session_store.database import Database

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def shop(database_url: str) -> Iterator[Bookshop]:
    """The embedded bookshop with what ``punchout demo`` puts into it."""
    db = Database.open(database_url)
    schema.upgrade(db)
    import_json(db, resources.files("punchout.demo").joinpath("customers.json").read_text("utf-8"))
    catalogue = Catalogue(database_url, PointerRow(db))
    building.build(catalogue, records(titles(), sent_at=NOW), now=NOW)
    yield EmbeddedBookshop(db, catalogue, now=lambda: NOW, new_id=lambda: str(uuid.uuid4()))
    catalogue.close()
    db.close()


@pytest.mark.rule("CART-1", way="direct")
def test_demo_library_searches_fills_a_cart_and_orders(shop):
    """From a search with æøå to an order whose copies carry the codes of a profile."""
    found = shop.search("100234", SearchQuery(text="små støvler"))
    product = next(offer.product for offer in found.offers if offer.orderable)
    profile = shop.register("100234").profiles[0]
    shop.open_cart("100234", "c")
    shop.add_to_cart("100234", "c", product.product_id, 2, profile.codes)
    cart = shop.set_details("100234", "c", "Barnebøker å låne", "BJO")
    (line,) = cart.lines
    order = ShopOrder(
        customer_number="100234",
        delivery_address_id=cart.delivery_address_id,
        lines=(
            ShopOrderLine(
                number=1,
                product_id=line.product.product_id,
                quantity=line.quantity,
                unit_price=line.unit_price,
                copies=line.copies,
            ),
        ),
        order_name=cart.order_name,
        way="direct",
    )
    placed = shop.place_order(order, "key-1")
    assert shop.orders("100234") == (placed,)
    assert placed.order.order_name == "Barnebøker å låne"
    assert {copy.codes for copy in placed.order.lines[0].copies} == {profile.codes}
    assert shop.catalogue().demo
