"""The pointer row says in the shop's own database which generation is live."""

from catalog_bridge.bookshop import CatalogueStatus
from catalog_bridge.embedded import schema
from catalog_bridge.embedded.pointer import PointerRow
from session_store.database import Database


def test_the_pointer_starts_at_nothing_and_keeps_what_it_is_told(database_url: str) -> None:
    """Generation 0 before the first import, then the newest status with all its facts."""
    db = Database.open(database_url)
    schema.upgrade(db)
    pointer = PointerRow(db)
    first = CatalogueStatus(generation=1, products=3, quarantined=0, imported_at="2026-03-02T09:00:00+00:00")
    second = CatalogueStatus(generation=2, products=4, quarantined=1, demo=True)
    found = [pointer.status()]
    for status in (first, second):
        pointer.flip(status)
        found.append(pointer.status())
    assert found == [CatalogueStatus(generation=0, products=0, quarantined=0), first, second]
    assert pointer.generation() == 2
    db.close()
