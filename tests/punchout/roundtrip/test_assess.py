"""What the bookshop would get for an order, and what keeps it from that."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from catalog_bridge.bookshop import NotFound, Refused
from protocols.errors import Malformed
from protocols.model.agreement import Agreement, Difference, Policy
from protocols.model.cart import ReturnedCart, ReturnedLine
from protocols.model.customer import Customer, DeliveryAddress
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.finding import Severity
from protocols.model.item import Offer, Product
from protocols.model.money import Money
from protocols.model.order import OrderLine, PurchaseOrder
from protocols.model.party import Address, Extrinsic
from protocols.model.session import Deployment
from punchout.roundtrip.assess import assess
from punchout.roundtrip.rejoin import rejoin
from session_store.carts import FrozenLine

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
TOKEN = "A" * 20
ITEM = "9790000000001"


def kr(amount: str, currency: str = "NOK") -> Money:
    """An amount, in Norwegian kroner unless said otherwise."""
    return Money(Decimal(amount), currency)


@dataclass
class FakeShop:
    """A shop with one customer and one title."""

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
            if customer.number == number:
                return customer
        raise NotFound("no such customer")

    def offer(self, _number, product_id):
        """The one title, dearer today than in the returned cart."""
        if product_id == "978":
            raise Refused("wrong check digit")
        if product_id != ITEM:
            raise NotFound("no such title")
        product = Product(product_id=ITEM, isbn=ITEM, title="Tittel")
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


def assessed(order=ORDER, agreement=AGREEMENT, *, frozen=FROZEN, now=NOON, deployment=Deployment.PRODUCTION):
    """The verdict on an order of this agreement."""
    world = SimpleNamespace(shop=FakeShop(), now=lambda: now)
    known = {frozen.token: frozen} if frozen else {}
    return assess(world, agreement, order, rejoin(order, known, "ask"), deployment)


def codes(verdict) -> list[str]:
    """The codes of all findings."""
    return [finding.code for finding in verdict.findings]


def held(verdict) -> list[str]:
    """The codes that hold the order."""
    return [finding.code for finding in verdict.findings if finding.severity is Severity.ERROR]


def with_line(**changes) -> PurchaseOrder:
    """The order with its one line changed."""
    return replace(ORDER, lines=(replace(ORDER.lines[0], **changes),))


def test_an_order_as_it_was_returned_goes_on_without_a_word():
    """Customer, address, price and order name come from the returned cart."""
    verdict = assessed()
    assert codes(verdict) == []
    assert verdict.shop_orders[0].customer_number == "100234"
    assert verdict.shop_orders[0].delivery_address_id == "BJØ"
    assert verdict.shop_orders[0].po_number == "4500001"
    assert verdict.shop_orders[0].requisition_id == "REQ-7"


@pytest.mark.rule("CHK-4", way="punchout")
def test_the_librarian_s_order_name_wins():
    """What was typed in the session comes before everything the buyer's system says."""
    order = replace(ORDER, extrinsics=(Extrinsic(name="RequisitionName", value="Innkjøp uke 3"),))
    assert assessed(order).shop_orders[0].order_name == "Barnebøker"


@pytest.mark.rule("CHK-7", way="punchout")
def test_a_mapped_address_id_decides():
    """ShipTo's addressID is looked up in the agreement's map."""
    order = replace(ORDER, ship_to=Address(address_id="1001", name="whatever"))
    assert assessed(order).shop_orders[0].delivery_address_id == "HBB"


@pytest.mark.rule("CHK-7", way="punchout")
def test_an_address_found_by_its_text_is_used_and_told():
    """Street and postal code of a listed address are enough, with a finding."""
    place = Address(address_id="9", street=("STORGATA 1",), postal_code="0001")
    verdict = assessed(replace(ORDER, ship_to=place))
    assert verdict.shop_orders[0].delivery_address_id == "HBB"
    assert codes(verdict) == ["address.matched"]


@pytest.mark.rule("CHK-7", way="punchout")
def test_an_unknown_address_is_held_and_never_shipped_to():
    """Text from the message is no destination."""
    verdict = assessed(replace(ORDER, ship_to=Address(address_id="9", street=("Ukjent 5",), postal_code="9")))
    assert held(verdict) == ["address.unknown"]
    assert verdict.shop_orders == ()


@pytest.mark.rule("CHK-8", way="punchout")
def test_several_addresses_are_held():
    """An order has exactly one delivery address."""
    line = ORDER.lines[0]
    order = replace(
        ORDER,
        lines=(
            replace(line, ship_to=Address(address_id="1001")),
            replace(line, number=2, ship_to=Address(address_id="1002")),
        ),
    )
    assert "address.several" in held(assessed(order))


@pytest.mark.rule("PRICE-6", way="punchout")
@pytest.mark.parametrize(
    ("policy", "severity"),
    [(Difference.HOLD, Severity.ERROR), (Difference.FLAG, Severity.WARNING)],
)
def test_another_price_than_returned_follows_the_policy(policy, severity):
    """The returned cart's price is what the order is held against."""
    agreement = replace(AGREEMENT, policy=Policy(price_difference=policy))
    verdict = assessed(with_line(unit_price=kr("150.00")), agreement)
    (finding,) = verdict.findings
    assert (finding.code, finding.severity) == ("price.changed", severity)
    assert (finding.expected, finding.got) == ("199.00 NOK", "150.00 NOK")


@pytest.mark.rule("PRICE-6", way="punchout")
def test_a_rejected_price_makes_no_order():
    """Where the agreement says reject, the buyer hears it at once."""
    agreement = replace(AGREEMENT, policy=Policy(price_difference=Difference.REJECT))
    with pytest.raises(Malformed, match="price differs"):
        assessed(with_line(unit_price=kr("150.00")), agreement)


@pytest.mark.rule("PRICE-6", way="punchout")
def test_after_the_offer_has_run_out_today_s_price_counts():
    """An expired cart is compared with what the title costs today."""
    verdict = assessed(now=NOON + timedelta(days=31))
    assert [finding.expected for finding in verdict.findings] == ["249.00 NOK"]


@pytest.mark.parametrize("product_id", ["no-such-item", "978"])
def test_an_item_the_shop_does_not_know_is_held(product_id):
    """Unknown part numbers and broken ISBNs wait for a person; the order is not lost."""
    verdict = assessed(with_line(product_id=product_id, line_token=""), frozen=None)
    assert "item.unknown" in held(verdict)
    assert verdict.shop_orders == ()


@pytest.mark.rule("PO-ID-3", way="punchout")
def test_an_order_for_nobody_in_particular_is_held():
    """Two customers and nothing that tells which: a person settles it."""
    agreement = replace(AGREEMENT, customers=("100234", "100235"))
    verdict = assessed(with_line(line_token=""), agreement, frozen=None)
    assert "customer.unknown" in held(verdict)


@pytest.mark.rule("PO-ID-3", way="punchout")
def test_the_org_code_names_the_customer():
    """An extrinsic that the agreement maps settles it without a cart."""
    agreement = replace(AGREEMENT, customers=("100234", "100235"), org_codes={"4410": "100234"})
    order = replace(with_line(line_token=""), extrinsics=(Extrinsic(name="CostCenter", value="4410"),))
    assert "customer.unknown" not in held(assessed(order, agreement, frozen=None))


def test_a_total_that_is_not_the_sum_is_told():
    """A wrong Total holds nothing up: the lines are what counts."""
    verdict = assessed(replace(ORDER, total=kr("1.00")))
    assert codes(verdict) == ["total.changed"]
    assert verdict.shop_orders


def test_a_test_document_makes_a_test_order():
    """Either the document or the agreement may say so."""
    assert assessed(deployment=Deployment.TEST).shop_orders[0].test
    assert assessed(agreement=replace(AGREEMENT, deployment=Deployment.TEST)).shop_orders[0].test
    assert not assessed().shop_orders[0].test


@pytest.mark.rule("DIST-10", way="punchout")
def test_rest_of_a_split_cart_is_an_order_line_of_its_own():
    """Copies 3 and 4 of a returned line, ordered later, are copies 1 and 2 of their bookshop order."""
    codes = tuple(CopyCodes(branch_code=branch) for branch in ("HBB", "HBB", "BJØ", "BJØ"))
    rest = replace(FROZEN, free_copies=numbered(codes)[2:])
    order = replace(ORDER, lines=(replace(ORDER.lines[0], quantity=Decimal(2)),))
    (line,) = assessed(order, frozen=rest).shop_orders[0].lines
    assert [(copy.number, copy.codes.branch_code) for copy in line.copies] == [(1, "BJØ"), (2, "BJØ")]
