"""Which generation of the catalogue is live: one row in the shop's own database."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import select

from catalog_bridge.bookshop import CatalogueStatus
from catalog_bridge.embedded.database import Database, put
from catalog_bridge.embedded.tables import catalogue

_LIVE = select(catalogue).where(catalogue.c.id == 1)
_GENERATION = select(catalogue.c.generation).where(catalogue.c.id == 1)


class Pointer(Protocol):
    """What makes a generation live, for every process at once."""

    def generation(self) -> int:
        """The live generation, 0 before the first import."""

    def flip(self, status: CatalogueStatus) -> None:
        """Makes ``status.generation`` the live one."""

    def status(self) -> CatalogueStatus:
        """What was said of the live generation when it was built."""


class PointerRow:
    """The pointer in table ``shop_catalogue``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def generation(self) -> int:
        """The live generation, 0 before the first import."""
        with self._db.read() as tx:
            return tx.scalar(_GENERATION) or 0

    def flip(self, status: CatalogueStatus) -> None:
        """Makes ``status.generation`` the live one."""
        row = {
            "id": 1,
            "generation": status.generation,
            "products": status.products,
            "quarantined": status.quarantined,
            "imported_at": status.imported_at,
            "demo": status.demo,
        }
        with self._db.write() as tx:
            put(tx, catalogue, [row])

    def status(self) -> CatalogueStatus:
        """What was said of the live generation when it was built."""
        with self._db.read() as tx:
            row = tx.execute(_LIVE).one_or_none()
        if row is None:
            return CatalogueStatus(generation=0, products=0, quarantined=0)
        return CatalogueStatus(
            generation=row.generation,
            products=row.products,
            quarantined=row.quarantined,
            imported_at=row.imported_at,
            demo=row.demo,
        )
