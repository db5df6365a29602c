"""The customers and titles that the contract speaks of, and the house an implementation opens."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Protocol

from catalog_bridge.bookshop import Bookshop
from catalog_bridge.grids import Grids
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.item import Kind, Product
from protocols.model.money import Money
from protocols.model.order import BookshopOrder, ShopOrder, ShopOrderLine
from protocols.model.service import Service
from protocols.model.standing import SeriesOffer

LIBRARY = "100234"
OLD_NUMBER = "5512"
USER = "barn@testby.example"
SCHOOL = "100235"

HBB = CopyCodes(branch_code="HBB", collection_code="VOKSEN")
BJO = CopyCodes(branch_code="BJO", collection_code="BARN")


class House(Protocol):
    """A shop with the world in it, and the doors through which its people change the world."""

    @property
    def shop(self) -> Bookshop:
        """The implementation under test."""

    @property
    def grids(self) -> Grids:
        """Its calls for many lines at once."""

    def take_customers(self, text: str) -> None:
        """Nothing; the shop knows these customers, in the JSON of ``customers import``."""

    def take_titles(self, titles: tuple[Product, ...]) -> None:
        """Nothing; these titles, and no others, are on the shelves."""

    def take_series(self, *offers: SeriesOffer) -> None:
        """Nothing; these can be subscribed to."""

    def pick(self, placed: BookshopOrder, line_number: int) -> BookshopOrder:
        """The order when this line has been taken from the shelf for it."""


def _title(product_id: str, title: str, price: str, **facts: object) -> Product:
    return replace(
        Product(
            product_id=product_id,
            isbn=product_id,
            title=title,
            list_price=Money(Decimal(price)),
            publisher="Demo",
        ),
        **facts,
    )


NOVEL = _title("9788203187568", "Ærlige øyer på Ås", "399.00")
PICTURE_BOOK = _title("9788205000001", "Måsen som ville sove", "249.00", audience="3-6")
GAME = _title("9788205000018", "Brettspill om å låne", "100.00", tax_rate=Decimal(25))
COMING = _title("9788205000025", "Kommer til høsten", "349.00", publishing_status="02", availability="10")
CANCELLED = _title("9788205000032", "Ble aldri noe av", "349.00", publishing_status="01")
UNPRICED = _title("9788205000049", "Uten pris", "1.00", list_price=None)
EBOOK = _title("9788205000056", "Bare på skjerm", "99.00", form="ED")
TITLES = (NOVEL, PICTURE_BOOK, GAME, COMING, CANCELLED, UNPRICED, EBOOK)

KRIM = SeriesOffer(
    product_id="SERIE-KRIM", kind=Kind.SERIES, title="Krim på Ås", audience="adult", releases_a_year=4
)
PICTURES = SeriesOffer(product_id="PAKKE-BILDEBOK", kind=Kind.PACKAGE, title="Bildebokpakken")

LABEL = Service(service_id="ETIKETT", name="Ryggetikett", unit_price=Money(Decimal("6.00")))
PLASTIC = Service(service_id="PLAST", name="Plasting", unit_price=Money(Decimal("24.50")), extra_days=7)
READY = Service(
    service_id="HYLLEKLAR",
    name="Hylleklar bok",
    unit_price=Money(Decimal("39.00")),
    shelf_ready=True,
    barcode=True,
    includes=("ETIKETT",),
    needs_library_system=True,
)
SERVICES = (READY, PLASTIC, LABEL)
"""The shop's price list."""


def customers(*, retired: str = "") -> str:
    """The two customers as JSON; the branch or collection code ``retired`` is no longer offered."""
    codes = [("branch_code", "HBB"), ("branch_code", "BJO"), ("collection_code", "VOKSEN")]
    codes.append(("collection_code", "BARN"))
    library = {
        "number": LIBRARY,
        "old_numbers": [OLD_NUMBER, "5513"],
        "name": "Testby bibliotek",
        "organisation_number": "310000019",
        "library_system": "mikromarc",
        "settings": {"distribution": "optional", "discount_percent": "12.5"},
        "addresses": [
            {
                "id": "HBB",
                "name": "Hovedbiblioteket",
                "street": "Storgata 1",
                "postal_code": "9996",
                "city": "Testby",
            },
            {
                "id": "BJO",
                "name": "Bjørnsletta",
                "street": "Bjørneveien 2",
                "postal_code": "9997",
                "city": "Testby",
            },
        ],
        "codes": [
            {"field": field, "value": value, "label": value.title(), "retired": value == retired}
            for field, value in codes
        ],
        "profiles": [{"name": "Barn bildebok", "codes": {"collection_code": "BARN"}}]
        if retired != "BARN"
        else [],
        "users": [
            {"email": USER, "default_profile": "" if retired == "BARN" else "Barn bildebok"},
            {"email": "voksen@testby.example"},
        ],
    }
    school = {
        "number": SCHOOL,
        "name": "Testby skolebibliotek",
        "addresses": [
            {"id": "SKO", "name": "Skolen", "street": "Skoleveien 3", "postal_code": "9996", "city": "Testby"}
        ],
    }
    return json.dumps({"customers": [library, school]})


def order_of(*lines: ShopOrderLine, **facts: object) -> ShopOrder:
    """An order of the library to its main address; one novel where no lines are given."""
    order = ShopOrder(customer_number=LIBRARY, delivery_address_id="HBB", lines=lines or (line_of(1, NOVEL),))
    return replace(order, **facts)


def line_of(number: int, product: Product, *codes: CopyCodes, **facts: object) -> ShopOrderLine:
    """A line with one copy for each of the codes; one unassigned copy where none are given."""
    copies = numbered(codes or (CopyCodes(),))
    line = ShopOrderLine(
        number=number,
        product_id=product.product_id,
        quantity=len(copies),
        unit_price=Money(Decimal("199.00")),
        copies=copies,
    )
    return replace(line, **facts)
