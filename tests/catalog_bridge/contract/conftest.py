"""Each implementation in turn, with the world in it."""

import pytest

from catalog_bridge.bookshop import Bookshop
from session_store.database import Database
from tests.catalog_bridge.contract.implementations import IMPLEMENTATIONS
from tests.catalog_bridge.contract.world import LIBRARY, House


@pytest.fixture(params=IMPLEMENTATIONS)
def house(request: pytest.FixtureRequest, shop_db: Database) -> House:
    """One implementation with the contract's customers and titles."""
    return IMPLEMENTATIONS[request.param](shop_db)


@pytest.fixture
def shop(house: House) -> Bookshop:
    """The bookshop under test."""
    return house.shop


@pytest.fixture
def cart(shop: Bookshop) -> str:
    """The id of an empty cart of the library."""
    return shop.open_cart(LIBRARY, "cart-1").cart_id
