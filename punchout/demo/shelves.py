"""The demo catalogue: titles that we made up, for a shop that can be tried before it has a feed.

Nothing in it exists. Authors carry names that say so (Eksempelvik, Prøvestad, Placeholder), and everything
comes from Demoforlaget. ISBNs stand in 979-99, where no country has been given a range, and board games carry
a GTIN from the range for use inside one shop (prefix 2), so none of these numbers can meet a real product.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files
from typing import Any

from protocols.model.item import Contributor, Product
from protocols.model.money import Money, round_money

PUBLISHER = "Demoforlaget"
_ROLES = {  # ONIX list 17, in the order of a title page
    "by": "A01",
    "illustrated_by": "A12",
    "edited_by": "B01",
    "translated_by": "B06",
    "read_by": "E07",
}


def titles() -> Iterator[Product]:
    """Every demo title, shelf by shelf, in the order of the files."""
    for shelf in sorted(files(__package__).joinpath("titles").iterdir(), key=lambda file: file.name):
        content = tomllib.loads(shelf.read_text("utf-8"))
        for title in content["title"]:
            yield _product(content["shelf"] | title)


def _product(title: dict[str, Any]) -> Product:
    """One title; what it does not say itself, its shelf says for all."""
    number, tax = title["id"], Decimal(title.get("tax", 0))
    return Product(
        product_id=number,
        isbn=number if number.startswith("979") else "",
        title=title["title"],
        subtitle=title.get("subtitle", ""),
        contributors=tuple(_contributors(title)),
        series=title.get("series", ""),
        series_number=title.get("number", ""),
        publisher=PUBLISHER,
        published=title.get("published"),
        form=title["form"],
        language=title["language"],
        audience=title["audience"],
        dewey=title.get("dewey", ""),
        thema=tuple(filter(None, [title.get("thema", "")])),
        pages=title.get("pages"),
        description=title["description"],
        list_price=Money(round_money(title["price"] / (1 + tax / 100))),
        tax_rate=tax,
        publishing_status=title.get("status", "04"),
        availability=title.get("availability", "20"),
        demo=True,
    )


def _contributors(title: dict[str, Any]) -> Iterator[Contributor]:
    for key, role in _ROLES.items():
        for name in title.get(key, ()):
            yield Contributor(name=name, role=role)
