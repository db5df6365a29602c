"""Titles by the numbers that people write, all asked of the catalogue at once (CART-4)."""

from __future__ import annotations

from collections.abc import Sequence

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.embedded.database import Catalogue
from catalog_bridge.rules.item_number import isbn13
from protocols.model.item import Product


def products(catalogue: Catalogue, numbers: Sequence[str]) -> list[Product | None]:
    """The product of each number; None where there is none."""
    names = [_names(number) for number in numbers]
    found = catalogue.products(list(dict.fromkeys(name for two in names for name in two)))
    return [next((found[name] for name in two if name in found), None) for two in names]


def known(product: Product | None, number: str) -> Product:
    """The product that was found; NotFound, or Refused where the check digit tells why there is none."""
    if product is None:
        isbn13(number)
        raise NotFound("There is no title with number %(number)s in the catalogue.", number=number.strip())
    return product


def _names(number: str) -> tuple[str, ...]:
    """What the title may be called in the catalogue: as it is written, else the ISBN that it means."""
    written = number.strip()
    try:
        return tuple(filter(None, (written, isbn13(written)))) if written.isprintable() else ()
    except Refused:
        return (written,)
