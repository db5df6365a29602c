"""Orders with copies under their own ids, packed in steps, for the rules of the counter."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from catalog_bridge.rules import slips
from catalog_bridge.rules.invoicing import Account, Sent
from protocols.model.customer import Customer
from protocols.model.distribution import Code, Copy, CopyCodes, Register
from protocols.model.item import Product
from protocols.model.money import Money
from protocols.model.order import BookshopOrder, ShopOrder, ShopOrderLine
from protocols.model.party import Address
from protocols.model.service import LineService

ADDRESS = Address(name="Hovedbiblioteket", street=("Storgata 1",), postal_code="9996", city="Testby")
CUSTOMER = Customer(number="100234", name="Testby bibliotek", organisation_number="310000019")
REGISTER = Register(
    codes=(
        Code(field="branch_code", value="HBB", label="Hovedbiblioteket"),
        Code(field="branch_code", value="BJO", label="Bjørnsletta", retired=True),
        Code(field="collection_code", value="VOKSEN", label="Voksen"),
        Code(field="collection_code", value="BARN", label="Barn"),
    )
)
DAY = date(2026, 3, 2)

PLACES = (
    CopyCodes(branch_code="HBB", collection_code="VOKSEN"),
    CopyCodes(branch_code="HBB", collection_code="BARN"),
    CopyCodes(branch_code="BJO", collection_code="BARN"),
    CopyCodes(collection_code="BARN"),
    CopyCodes(note="Gave"),
    CopyCodes(),
)


def line(number, *codes, price="199.00", rate=0, services=()):
    """A line with a copy for each of the codes and these services, and its product, taxed at this rate."""
    copies = tuple(
        Copy(number=position, codes=each, copy_id=f"1-{number}-{position}")
        for position, each in enumerate(codes, start=1)
    )
    made = ShopOrderLine(
        number=number,
        product_id=f"97882050{number:05d}",
        quantity=len(copies),
        unit_price=Money(Decimal(price)),
        copies=copies,
        services=tuple(services),
    )
    return made, Product(
        product_id=made.product_id, isbn=made.product_id, title=f"Bok {number}", tax_rate=Decimal(rate)
    )


def order(*lines, **facts):
    """A placed order of these lines."""
    wish = ShopOrder(
        customer_number="100234",
        delivery_address_id="HBB",
        lines=tuple(made for made, _ in lines),
        **facts,
    )
    return BookshopOrder(order_number="1", status="received", placed_at="2026-03-01", order=wish)


def packed(placed, lines, now, before=(), parcel="P1"):
    """The slip of these copies of the order."""
    content = slips.Packed(
        order=placed,
        now=set(now),
        before=set(before),
        customer=CUSTOMER,
        register=REGISTER,
        products={product.product_id: product for _, product in lines},
    )
    return slips.slip(content, parcel, ADDRESS, DAY.isoformat())


def ids(placed):
    """The ids of all live copies."""
    return [copy.copy_id for each in placed.order.lines for copy in each.copies]


def sent(placed, lines, *parts, days=0):
    """The order's slips, each part of its copies in a parcel of its own, that many days apart."""
    gone, made = [], []
    for number, part in enumerate(parts, start=1):
        slip = packed(placed, lines, part, gone, f"P{number}")
        made.append(Sent(slip=slip, on=date.fromordinal(DAY.toordinal() + days * (number - 1))))
        gone += part
    return tuple(made)


def account(placed, shipments, billed=(), invoices=()):
    """The order's account."""
    return Account(
        order=placed,
        customer=CUSTOMER,
        sent=shipments,
        billed=frozenset(billed),
        invoices=tuple(invoices),
    )


PRICES = st.decimals("0.00", "999.99", places=2) | st.decimals("0.0000", "9.9999", places=4)
RATES = st.sampled_from([0, 0, 15, 25])
SERVICES = tuple(
    LineService(service_id=id_, name=id_.title(), unit_price=Money(Decimal(price)), tax_rate=Decimal(rate))
    for id_, price, rate in [
        ("PLAST", "24.50", 25),
        ("ETIKETT", "5.99", 25),
        ("GRATIS", "0.00", 25),
        ("MAT", "7.77", 15),
    ]
)


@st.composite
def orders(draw, prices=PRICES):
    """An order with one to six lines of one to five copies, and what it was made of."""
    lines = tuple(
        line(
            number,
            *draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=5)),
            price=draw(prices),
            rate=draw(RATES),
            services=draw(st.sets(st.sampled_from(SERVICES), max_size=3)),
        )
        for number in range(1, draw(st.integers(1, 6)) + 1)
    )
    return order(*lines), lines


@st.composite
def shipped(draw, prices=PRICES):
    """An order, what it was made of, and its copies in parts as they were sent; some stay behind."""
    placed, lines = draw(orders(prices))
    where = [draw(st.integers(0, 3)) for _ in ids(placed)]
    parts = [[id_ for id_, part in zip(ids(placed), where, strict=True) if part == n] for n in (1, 2, 3)]
    return placed, lines, [part for part in parts if part]
