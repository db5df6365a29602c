"""Title, subtitle and series from TitleDetail and Collection."""

from __future__ import annotations

from catalog_bridge.feeds.onix.composite import Composite
from catalog_bridge.feeds.onix.unreadable import Unreadable

_DISTINCTIVE = "01"  # TitleType, list 15
_PRODUCT, _COLLECTION = "01", "02"  # TitleElementLevel, list 149


def title(block: Composite) -> dict[str, str]:
    """``title`` and ``subtitle``; a volume without a title of its own is called after its collection.

    Unreadable when there is no title at all.
    """
    elements = _elements(block)
    own = _at(elements, _PRODUCT)
    name = _name(own) or " ".join(_name(element) or element.text("PartNumber") for element in elements)
    if not name.strip():
        raise Unreadable("There is no title (TitleDetail with TitleType 01).")
    return {"title": name.strip(), "subtitle": own.text("Subtitle")}


def series(block: Composite) -> dict[str, str]:
    """``series`` and ``series_number`` of the first collection that has a name, empty without one."""
    for collection in (*block.parts("Collection"), block):
        element = _at(_elements(collection), _COLLECTION)
        if name := _name(element):
            sequence = collection.part("CollectionSequence").text("CollectionSequenceNumber")
            return {"series": name, "series_number": element.text("PartNumber") or sequence}
    return {"series": "", "series_number": ""}


def _elements(block: Composite) -> list[Composite]:
    """The parts of the title as it stands on the book, or of any other title where that is missing."""
    details = block.parts("TitleDetail")
    distinctive = [detail for detail in details if detail.text("TitleType") == _DISTINCTIVE]
    return [element for detail in (distinctive or details)[:1] for element in detail.parts("TitleElement")]


def _at(elements: list[Composite], level: str) -> Composite:
    found = (element for element in elements if element.text("TitleElementLevel") == level)
    return next(found, Composite(()))


def _name(element: Composite) -> str:
    """The element's title; a prefix joins without a blank after an apostrophe (L'été)."""
    if whole := element.text("TitleText"):
        return whole
    prefix, rest = element.text("TitlePrefix"), element.text("TitleWithoutPrefix")
    return (prefix + rest if prefix.endswith(("'", "’")) else f"{prefix} {rest}").strip()
