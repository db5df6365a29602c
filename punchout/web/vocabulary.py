"""Codes of catalogue and orders in librarians' words (message ids); language names come from Babel."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel import Locale

from catalog_bridge.rules import ordering
from catalog_bridge.rules.browsing import FORTHCOMING, NEW
from punchout.catalogues import marked
from punchout.web.language import current

if TYPE_CHECKING:
    from protocols.model.customer import DeliveryAddress
    from protocols.model.item import Offer, Product

_COVERS = 8

FORMS = {
    "BB": marked("Hardback"),
    "BC": marked("Paperback"),
    "BD": marked("Loose-leaf"),
    "BE": marked("Spiral bound"),
    "BH": marked("Board book"),
    "AC": marked("Audiobook on CD"),
    "AE": marked("Audiobook on CD"),
    "AJ": marked("Audiobook, download"),
    "AN": marked("Audiobook, download"),
    "EA": marked("E-book"),
    "ED": marked("E-book"),
    "ZE": marked("Game"),
    "A": marked("Audiobook"),
    "B": marked("Book"),
    "C": marked("Map"),
    "E": marked("E-book"),
    "P": marked("Other printed matter"),
    "V": marked("Film"),
}
"""ONIX list 150; a single letter names the whole family."""

OFFERED_FORMS = ("BB", "BC", "BH", "A", "E", "Z")
"""What the search can be narrowed to; a letter finds its family."""

AUDIENCES = {
    "0-3": marked("0–3 years"),
    "3-6": marked("3–6 years"),
    "6-9": marked("6–9 years"),
    "9-12": marked("9–12 years"),
    "12-16": marked("12–16 years"),
    "adult": marked("Adults"),
}

GENRES = {
    "F": marked("Fiction"),
    "FF": marked("Crime"),
    "FM": marked("Fantasy"),
    "FL": marked("Science fiction"),
    "FK": marked("Horror"),
    "FR": marked("Romance"),
    "FV": marked("Historical fiction"),
    "FYB": marked("Short stories"),
    "DC": marked("Poetry"),
    "DN": marked("Biography and essays"),
    "X": marked("Comics"),
    "YB": marked("Picture books and board books"),
    "YF": marked("Fiction for children and young people"),
    "YN": marked("Non-fiction for children and young people"),
    "J": marked("Society"),
    "N": marked("History"),
    "P": marked("Natural science and mathematics"),
    "S": marked("Sport and outdoor life"),
    "VF": marked("Health and family"),
    "WB": marked("Food and drink"),
    "WF": marked("Needlework and crafts"),
    "WM": marked("Gardening"),
    "WT": marked("Travel"),
}
"""How Thema subjects begin → what such titles are called in the shop."""

WHEN = {
    NEW: marked("New, the last 90 days"),
    FORTHCOMING: marked("Forthcoming"),
}

ROLES = {
    "A01": marked("Author"),
    "A12": marked("Illustrator"),
    "B01": marked("Editor"),
    "B06": marked("Translator"),
    "E07": marked("Reader"),
}
"""ONIX list 17."""

ORDER_STATUSES = {
    "received": marked("Received"),
    "held": marked("Waits for somebody"),
    "confirmed": marked("Confirmed"),
    "backordered": marked("Ordered from the publisher"),
    "part_delivered": marked("Delivered in part"),
    "delivered": marked("Delivered"),
    "invoiced": marked("Invoiced"),
    "cancelled": marked("Cancelled"),
}
"""Where an order stands (ORD-2): the same words for the library and for the desk."""

_TAGS = {
    "nob": "nb",
    "nno": "nn",
    "nor": "no",
    "sme": "se",
    "smj": "smj",
    "sma": "sma",
    "eng": "en",
    "dan": "da",
    "swe": "sv",
    "fin": "fi",
    "ice": "is",
    "ger": "de",
    "fre": "fr",
    "spa": "es",
    "ita": "it",
    "pol": "pl",
    "ukr": "uk",
    "rus": "ru",
    "ara": "ar",
    "per": "fa",
    "kur": "ku",
    "som": "so",
    "tir": "ti",
    "tur": "tr",
    "urd": "ur",
    "vie": "vi",
}
"""ISO 639-2/B as the catalogue writes it → language tag for the page."""

OFFERED_LANGUAGES = ("nob", "nno", "sme", "smj", "sma", "eng", "dan", "swe")

_IN_STOCK = {"21"}


@dataclass(frozen=True, slots=True)
class Availability:
    """How soon a title can be had: a message and a tone (``yes``, ``wait`` or ``no``) for its look."""

    text: str
    tone: str


def form_name(code: str) -> str:
    """The message for a product form, or for its family where the code is rarer than our list."""
    return FORMS.get(code) or FORMS.get(code[:1]) or marked("Other goods")


def genre_name(code: str) -> str:
    """The message for a genre that the shop offers; else the Thema subject itself."""
    return GENRES.get(code, code)


def language_tag(code: str) -> str:
    """The language tag of a catalogue language, for ``lang``; empty for one we do not know."""
    return _TAGS.get(code, "")


def language_name(code: str) -> str:
    """The language's name in this request's language, with a capital; the code where nobody knows it."""
    name: str = Locale.parse(current()).languages.get(language_tag(code), code)
    return name[:1].upper() + name[1:]


def availability(offer: Offer) -> Availability:
    """What a shopper may expect of the offer (ONIX list 65, CART-5)."""
    product = offer.product
    if not offer.orderable:
        return Availability(offer.reason, "no")
    if ordering.forthcoming(product):
        return Availability(marked("Not published yet: is ordered and waits"), "wait")
    if ordering.out_of_stock(product):
        return Availability(marked("Out of stock for now: is ordered and waits"), "wait")
    stocked = product.availability in _IN_STOCK
    return Availability(marked("In stock") if stocked else marked("Can be ordered"), "yes")


def address(entry: DeliveryAddress) -> str:
    """A listed address on one line, its code first."""
    place = entry.address
    town = f"{place.postal_code} {place.city}".strip()
    return f"{entry.address_id}: " + ", ".join(filter(None, [place.name, *place.street, town]))


def cover(product: Product) -> int:
    """Which of the drawn covers stands in for the product's own: always the same one."""
    return zlib.crc32(product.product_id.encode()) % _COVERS
