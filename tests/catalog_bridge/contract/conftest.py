"""Each implementation in turn, with the world in it."""

from collections.abc import Iterator

import pytest

from catalog_bridge.bookshop import Bookshop
from tests.catalog_bridge.contract.implementations import IMPLEMENTATIONS
from tests.catalog_bridge.contract.world import LIBRARY, House


@pytest.fixture(params=IMPLEMENTATIONS)
def house(request: pytest.FixtureRequest, shop_url: str) -> Iterator[House]:
    """One implementation with the contract's customers and titles."""
    with IMPLEMENTATIONS[request.param](shop_url) as house:
        yield house


@pytest.fixture
def shop(house: House) -> Bookshop:
    """The bookshop under test."""
    return house.shop


@pytest.fixture
def cart(shop: Bookshop) -> str:
    """The id of an empty cart of the library."""
    return shop.open_cart(LIBRARY, "cart-1").cart_id
