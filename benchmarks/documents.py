"""Documents to measure with: recorded shapes, made unique, and lines by the thousand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

from lxml import etree

from protocols import dialects
from protocols.cxml import order
from protocols.cxml.frame import Route, Stamp
from protocols.model.cart import ReturnedCart, ReturnedLine
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.money import Money
from protocols.model.order import Accounting, OrderLine, PurchaseOrder
from protocols.model.party import Address, Credential, Extrinsic
from protocols.model.session import Deployment

_SETUP = Path(__file__).parents[1] / "fixtures/ariba/setup/request.xml"
_PAYLOAD_ID, _COOKIE = "1772442000000.1842917.0007@", "34J9QX8MZ2TVB:1772442000"
_numbers = count(1)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ARIBA = dialects.load("ariba")
SENDER, SECRET = "AN01000000002", "demo-secret-ariba"
"""Who sends the recorded call-up, and what proves it."""

STAMP = Stamp(payload_id="1.bench@bokhandel.example", timestamp=NOON)
BUYER = Credential(domain="NetworkID", identity=SENDER, secret=SECRET)
SHOP = Credential(domain="NetworkID", identity="AN01000000000")
TO_SHOP = Route(from_=(BUYER,), to=(SHOP,), sender=(BUYER,))
TO_BUYER = Route(from_=(SHOP,), to=(BUYER,), sender=(SHOP,))
TESTBY = Address(
    address_id="1001",
    name="Testby hovedbibliotek",
    street=("Bokgata 1",),
    postal_code="9999",
    city="Testby",
    country="NO",
)


def call_up() -> bytes:
    """A recorded PunchOutSetupRequest whose payloadID and BuyerCookie came never before.

    Else it would be a replay, answered from the inbox without any work.
    """
    new = number()
    text = _SETUP.read_text(encoding="utf-8")
    assert _PAYLOAD_ID in text
    assert _COOKIE in text
    return text.replace(_PAYLOAD_ID, f"{new}.bench@").replace(_COOKIE, f"cookie-{new}").encode()


def number() -> int:
    """A number that came never before: what makes a document new."""
    return next(_numbers)


def approved(lines: int, which: int = 1) -> bytes:
    """An OrderRequest with so many lines, each with token, price, text and cost accounting.

    Indented, as all orders are that we have from other people's systems. It orders what ``returned`` gives
    for the same numbers, all of it and unchanged.
    """
    return indented(order.build(_wanted(lines, which), TO_SHOP, order_stamp(which), ARIBA, Deployment.TEST))


def order_stamp(which: int = 1) -> Stamp:
    """What makes this order a document of its own."""
    return replace(STAMP, payload_id=f"{which}.order.bench@testby.example")


def indented(document: bytes) -> bytes:
    """The document with line breaks and white space between its elements."""
    root = etree.fromstring(document)
    etree.indent(root, "  ")
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)


def _wanted(lines: int, which: int) -> PurchaseOrder:
    return PurchaseOrder(
        order_id=f"{4_500_000_000 + which}",
        order_date="2026-03-02T12:00:00+00:00",
        lines=tuple(_order_line(number, which) for number in range(1, lines + 1)),
        ship_to=TESTBY,
        bill_to=TESTBY,
    )


def _order_line(number: int, which: int) -> OrderLine:
    return OrderLine(
        number=number,
        product_id=_isbn(number),
        line_token=token(number, which),
        quantity=Decimal(number % 7 + 1),
        unit_price=_price(number),
        description=f"Bøker i åtte bind, bind {number}",
        unit="EA",
        classification="55101500",
        accounting=(
            Accounting(
                name="DistributionCharge",
                segments=(Extrinsic(name="Konto", value="11500"), Extrinsic(name="Ansvar", value="4410")),
                charge=_price(number),
            ),
        ),
    )


def returned(lines: int, which: int = 1) -> ReturnedCart:
    """A frozen cart with so many lines, Norwegian letters in all of them, every copy with codes."""
    return ReturnedCart(
        quote_id=f"PS-{which:020}",
        customer_number="100234",
        cart_id=f"cart-{which}",
        frozen_at=NOON,
        valid_until=NOON + timedelta(days=30),
        delivery_address_id="HBB",
        lines=tuple(_returned_line(number, which) for number in range(1, lines + 1)),
    )


def _returned_line(number: int, which: int) -> ReturnedLine:
    return ReturnedLine(
        number=number,
        line_token=token(number, which),
        line_id=str(number),
        product_id=_isbn(number),
        description=f"Bøker i åtte bind, bind {number} / Åse Forfatter",
        short_name=f"Bøker, bind {number}",
        publisher="Prøveforlaget",
        quantity=number % 7 + 1,
        unit_price=_price(number),
        copies=numbered(tuple(_codes(copy) for copy in range(number % 7 + 1))),
    )


def _codes(copy: int) -> CopyCodes:
    return CopyCodes(
        branch_code=("HBB", "BJO", "LIL")[copy % 3], shelf_location="BILDEBOK", note="Påskeutlån"
    )


def _isbn(number: int) -> str:
    return f"97882999{number:05}"


def token(number: int, which: int) -> str:
    """The line token of this line of this cart."""
    return f"{which:010}{number:010}"


def _price(number: int) -> Money:
    return Money(Decimal(f"{100 + number % 300}.50"))
