"""The bookshop's word for a database that cannot answer now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from catalog_bridge.bookshop import ShopUnavailable
from protocols.errors import Unavailable


@contextmanager
def available() -> Iterator[None]:
    """Nothing; a database that is busy or away becomes ShopUnavailable."""
    try:
        yield
    except Unavailable as error:
        raise ShopUnavailable("The bookshop is busy; try again in a moment.") from error
