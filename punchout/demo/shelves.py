"""The demo catalogue: titles that we made up, for a shop that can be tried before it has a feed.

Nothing in it exists. Authors carry names that say so (Eksempelvik, Prøvestad, Placeholder), and everything
comes from Demoforlaget. ISBNs stand in 979-99, where no country has been given a range, and board games carry
a GTIN from the range for use inside one shop (prefix 2), so none of these numbers can meet a real product.

``titles/`` has one file a shelf. A work says once what its editions share, a shelf what its works share.
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
    "translated_by": "B06",
    "read_by": "E07",
}


def titles() -> Iterator[Product]:
    """Every edition of every work, shelf by shelf; each is a product of its own."""
    for file in sorted(files(__package__).joinpath("titles").iterdir(), key=lambda file: file.name):
        shelf = tomllib.loads(file.read_text("utf-8"))
        for work in shelf["work"]:
            for edition in work["editions"]:
                yield _product(shelf["shelf"] | work | edition)


def _product(facts: dict[str, Any]) -> Product:
    """One edition; ``price`` is what a reader pays, tax included."""
    number, tax = facts["id"], Decimal(facts.get("tax", 0))
    return Product(
        product_id=number,
        isbn=number if number.startswith("979") else "",
        title=facts["title"],
        subtitle=facts.get("subtitle", ""),
        contributors=tuple(_contributors(facts)),
        series=facts.get("series", ""),
        series_number=facts.get("number", ""),
        publisher=PUBLISHER,
        published=facts.get("published"),
        form=facts["form"],
        language=facts["language"],
        original_language=facts.get("original_language", ""),
        audience=facts["audience"],
        dewey=facts.get("dewey", ""),
        thema=tuple(filter(None, [facts.get("thema")])),
        pages=facts.get("pages"),
        description=facts["description"],
        list_price=Money(round_money(facts["price"] / (1 + tax / 100))),
        fixed_price_until=facts.get("fixed_until"),
        tax_rate=tax,
        publishing_status=facts.get("status", "04"),
        availability=facts.get("availability", "20"),
        demo=True,
    )


def _contributors(facts: dict[str, Any]) -> Iterator[Contributor]:
    """Who made it, each named once: who writes and draws is the author."""
    named: set[str] = set()
    for key, role in _ROLES.items():
        for name in facts.get(key, ()):
            if name not in named or key == "read_by":
                named.add(name)
                yield Contributor(name=name, role=role)
