"""A small cart and a buyer, made for the tests of OCI."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from protocols.dialects import Dialect
from protocols.dialects.oci_habits import OciHabits
from protocols.model.agreement import OciSettings
from protocols.model.cart import ReturnedCart, ReturnedLine
from protocols.model.distribution import Copy, CopyCodes
from protocols.model.money import Money
from protocols.model.session import FormReturn
from protocols.oci import cart

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOOK = "https://buyer.testby.example/return?session=1"
TOKEN = "0123456789ABCDEFGHJK"
LINE = ReturnedLine(
    number=1,
    line_token=TOKEN,
    line_id="line-1",
    product_id="9788200000024",
    description="Blåbær på Sørøya / Kari Testesen",
    short_name="Blåbær på Sørøya",
    quantity=2,
    unit_price=Money(Decimal("199.00")),
    copies=(Copy(number=1, codes=CopyCodes(branch_code="SECRET-BRANCH")),),
    note="inside note",
)
CART = ReturnedCart(
    quote_id="PS-0123456789ABCDEFGHJK",
    customer_number="100234",
    cart_id="cart",
    frozen_at=NOON,
    valid_until=NOON + timedelta(days=30),
    lines=(LINE,),
)
OCI = OciSettings(fields={"USERNAME": "testby"}, secret_fields=("PASSWORD",))
UTF8, LATIN1 = FormReturn(), FormReturn(charset="iso-8859-1")


def dialect(most: int = 950, **habits) -> Dialect:
    """A buyer with these habits."""
    return Dialect(name="made", title="Made", max_form_fields=most, oci=OciHabits(**habits))


def build(made=CART, form_return=UTF8, most=950, beside=0, **habits) -> cart.Built:
    """The form of the cart for a buyer with these habits."""
    return cart.build(made, form_return, dialect(most, **habits), beside=beside)


def of_line(form_return=UTF8, habits=None, **changes) -> tuple[dict[str, str], tuple]:
    """The fields of a cart with one line that has these changes, and the findings."""
    made = replace(CART, lines=(replace(LINE, **changes),))
    built = build(made, form_return, **(habits or {}))
    return dict(built.pairs), built.findings


def many(count: int, **changes) -> ReturnedCart:
    """A cart of so many lines."""
    return replace(
        CART, lines=tuple(replace(LINE, number=number, **changes) for number in range(1, count + 1))
    )


def codes(findings) -> list[str]:
    """The findings' codes."""
    return [finding.code for finding in findings]
