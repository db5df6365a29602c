"""New and forthcoming titles, for who builds a collection (CART-9)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from catalog_bridge.bookshop import Refused

NEW_FOR = timedelta(days=90)
NEW, FORTHCOMING = "new", "forthcoming"


class Period(NamedTuple):
    """Days of publication, the first and the last of them, in ISO 8601 so that text compares as time does."""

    first: str
    last: str


def period(when: str, today: date) -> Period | None:
    """The days that a filter means; None without one. Refused for another word.

    A title without a day of publication is neither new nor forthcoming.

    >>> period("new", date(2026, 3, 2))
    Period(first='2025-12-02', last='2026-03-02')
    """
    if not when:
        return None
    if when == NEW:
        return Period((today - NEW_FOR).isoformat(), today.isoformat())
    if when == FORTHCOMING:
        return Period((today + timedelta(days=1)).isoformat(), date.max.isoformat())
    raise Refused("Titles are new or forthcoming; there is no %(value)s.", value=when)
