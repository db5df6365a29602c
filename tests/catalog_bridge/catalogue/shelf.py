"""Short ways to put titles on the shelf and to ask for them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from catalog_bridge.bookshop import CatalogueStatus, SearchQuery
from catalog_bridge.embedded.building import ImportReport, build
from catalog_bridge.embedded.catalogue import Catalogue
from catalog_bridge.feeds.record import Event, Record
from catalog_bridge.rules.browsing import period
from protocols.model.item import Contributor, Product
from protocols.model.money import Money

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Pointer:
    """The pointer as one variable, which two catalogues may share."""

    def __init__(self) -> None:
        self._status = CatalogueStatus(generation=0, products=0, quarantined=0)

    def generation(self) -> int:
        """The live generation."""
        return self._status.generation

    def flip(self, status: CatalogueStatus) -> None:
        """Makes the generation live."""
        self._status = status

    def status(self) -> CatalogueStatus:
        """The live generation's facts."""
        return self._status


def product(title: str, number: int = 1, by: str = "Signe Eksempelvik", **fields: Any) -> Product:
    """A title with a number of its own."""
    product_id = f"97999{number:08d}"
    known = {
        "product_id": product_id,
        "isbn": product_id,
        "contributors": (Contributor(name=by),),
        "list_price": Money(Decimal("299.00")),
    }
    return Product(title=title, **(known | fields))


def record(title: str, number: int = 1, *, days: int = 0, **fields: Any) -> Record:
    """A record sent so many days after the first."""
    reference = fields.pop("reference", f"no.demo.{number}")
    kept = fields.pop("kept", ())
    sent_at = NOW + timedelta(days=days)
    return Record(reference=reference, sent_at=sent_at, product=product(title, number, **fields), kept=kept)


def put(catalogue: Catalogue, events: Iterable[Event]) -> ImportReport:
    """The report of an import of these."""
    return build(catalogue, events, now=NOW)


def shelve(catalogue: Catalogue, *titles: str) -> ImportReport:
    """The report of an import of titles that differ in nothing else."""
    return put(catalogue, [record(title, number) for number, title in enumerate(titles, start=1)])


def find(catalogue: Catalogue, text: str = "", **filters: Any) -> list[str]:
    """The titles found, best first; what is new or forthcoming is so at ``NOW``."""
    query = SearchQuery(text=text, **filters)
    return [product.title for product in catalogue.search(query, period(query.when, NOW.date())).products]


def price(amount: str) -> Money:
    """So many kroner."""
    return Money(Decimal(amount))
