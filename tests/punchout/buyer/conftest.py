"""A buyer whose gateway is a stand-in, and a cart of ours for it."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from importlib.resources import files

import pytest

from protocols import dialects
from protocols.cxml import cart as cxml_cart
from protocols.cxml.frame import Route, Stamp
from protocols.model.cart import ReturnedCart, ReturnedLine
from protocols.model.money import Money
from protocols.model.party import Credential
from protocols.model.session import Deployment
from punchout.buyer.buyer import Buyer
from punchout.buyer.systems import system
from session_store.agreement_file import read_toml

NOW = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
GATEWAY = "http://127.0.0.1:9"
TOKEN = "0123456789ABCDEFGHJK"


def agreement_of(name):
    """The demo agreement of this system, as its file says."""
    file = f"demo-{name}.toml"
    text = files("punchout.demo").joinpath("agreements", file).read_text("utf-8")
    return read_toml(text, file)[0]


@pytest.fixture
def buyer():
    """The generic buyer, with numbers for random text."""
    numbers = itertools.count(1)
    return Buyer(
        gateway=GATEWAY,
        system=system("generic"),
        agreement=agreement_of("generic"),
        secret="sesame",
        now=lambda: NOW,
        new_id=lambda: f"{next(numbers):08}",
    )


@pytest.fixture
def returned():
    """Builds the cart document that the shop sends for a cookie; keywords change the cart."""
    line = ReturnedLine(
        number=1,
        line_token=TOKEN,
        line_id="1",
        product_id="9788200000013",
        description="Øya utenfor kartet",
        quantity=3,
        unit_price=Money(Decimal("199.00")),
    )
    cart = ReturnedCart(
        quote_id=f"PS-{TOKEN}",
        customer_number="100234",
        cart_id="1",
        frozen_at=NOW,
        valid_until=NOW,
        lines=(line,),
    )

    def build(cookie, **changes):
        route = Route(from_=_party("shop"), to=_party("buyer"), sender=_party("shop"))
        stamp = Stamp(payload_id="1@shop.example", timestamp=NOW)
        dialect = dialects.load("generic")
        made = replace(cart, **changes)
        return cxml_cart.build(made, cookie, route, stamp, dialect, Deployment.TEST)[0]

    return build


def _party(identity):
    return (Credential(domain="NetworkID", identity=identity),)
