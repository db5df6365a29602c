"""A counter, and orders at it."""

import pytest

from tests.catalog_bridge.contract.world import order_of


@pytest.fixture
def counter(house):
    """The counter of the house."""
    return house.counter


@pytest.fixture
def place(house):
    """Places an order with these lines and facts."""
    keys = iter(range(1000))

    def placed(*lines, **facts):
        return house.shop.place_order(order_of(*lines, **facts), f"key-{next(keys)}")

    return placed
