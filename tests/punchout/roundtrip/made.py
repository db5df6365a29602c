"""One agreement, its one library and cart, and the order as it comes back untouched."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from catalog_bridge.bookshop import NotFound, Refused
from protocols.model.agreement import Agreement
from protocols.model.cart import FrozenLine, ReturnedCart, ReturnedLine
from protocols.model.customer import Customer, DeliveryAddress
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.item import Offer, Product
from protocols.model.money import Money
from protocols.model.order import OrderLine, PurchaseOrder
from protocols.model.party import Address
from protocols.model.service import Service

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
TOKEN, SECOND_TOKEN = "A" * 20, "B" * 20
PRICE_LIST = (Service(service_id="PLAST", name="Plasting", unit_price=Money(Decimal("25.00"))),)
ITEM, OTHER_ITEM = "9790000000001", "9790000000002"


def kr(amount: str, currency: str = "NOK") -> Money:
    """An amount, in Norwegian kroner unless said otherwise."""
    return Money(Decimal(amount), currency)


@dataclass
class FakeShop:
    """A shop with one customer and two titles."""

    customers: tuple[Customer, ...] = (
        Customer(
            number="100234",
            name="Testby bibliotek",
            addresses=(
                DeliveryAddress(
                    address_id="HBB", address=Address(street=("Storgata 1",), postal_code="0001")
                ),
                DeliveryAddress(
                    address_id="BJØ", address=Address(street=("Bjørneveien 2",), postal_code="0002")
                ),
            ),
        ),
    )

    def customer(self, number):
        """The one customer."""
        for customer in self.customers:
            if number in {customer.number, "77"}:
                return customer
        raise NotFound("no such customer")

    def services(self):
        """What is sold beside the titles."""
        return PRICE_LIST

    def offer(self, _number, product_id):
        """A title, dearer today than in the returned cart."""
        if product_id == "978":
            raise Refused("wrong check digit")
        if product_id not in {ITEM, OTHER_ITEM}:
            raise NotFound("no such title")
        product = Product(product_id=product_id, isbn=product_id, title="Tittel")
        return Offer(product=product, unit_price=kr("249.00"))


AGREEMENT = Agreement(
    id="testby",
    name="Testby kommune",
    protocols=("cxml",),
    customers=("100234",),
    credentials=(),
    addresses={"1001": "HBB"},
)

FROZEN = FrozenLine(
    token=TOKEN,
    quote_id="PS-1",
    cart=ReturnedCart(
        quote_id="PS-1",
        customer_number="100234",
        cart_id="c",
        frozen_at=NOON,
        valid_until=NOON + timedelta(days=30),
        order_name="Barnebøker",
        delivery_address_id="BJØ",
    ),
    line=ReturnedLine(
        number=1,
        line_token=TOKEN,
        line_id="l",
        product_id=ITEM,
        description="Tittel",
        quantity=1,
        unit_price=kr("199.00"),
    ),
    free_copies=numbered((CopyCodes(branch_code="HBB"),)),
)

ORDER = PurchaseOrder(
    order_id="4500001",
    order_date="2026-01-03",
    requisition_id="REQ-7",
    lines=(
        OrderLine(number=1, product_id=ITEM, quantity=Decimal(1), line_token=TOKEN, unit_price=kr("199.00")),
    ),
)
