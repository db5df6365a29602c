"""The digest by which an order is known when it comes again."""

from dataclasses import replace
from decimal import Decimal

import pytest

from protocols.model.money import Money
from protocols.model.order import PEPPOL, Charge, OrderLine, OrderReferences, PurchaseOrder
from punchout.roundtrip.receive import _digest

ORDER = PurchaseOrder(
    order_id="PO1",
    order_date="2026-03-02",
    lines=(
        OrderLine(number=1, product_id="x", quantity=Decimal(2), unit_price=Money(Decimal("1.50"))),
        OrderLine(number=2, product_id="y", quantity=Decimal(1)),
    ),
)
FREIGHT = Charge(amount=Money(Decimal("49.00")))


def test_an_order_by_cxml_keeps_the_digest_that_it_had_before_peppol():
    """One that came before the upgrade is known when it comes again after it."""
    assert _digest(ORDER).hex() == "50ed0ae7d1d7f19fafe861d311a2b5441c60d9aa65ce0354f92ef772d510ecc3"


@pytest.mark.parametrize(
    "changes",
    [
        {"protocol": PEPPOL},
        {"references": OrderReferences(contract="R-1")},
        {"tax": Money(Decimal(1))},
        {"lines": (ORDER.lines[0], replace(ORDER.lines[1], standard_id="9788203187568"))},
        {"charges": (FREIGHT,)},
        {"lines": (replace(ORDER.lines[0], charges=(FREIGHT,)), ORDER.lines[1])},
    ],
)
def test_what_only_peppol_says_counts_where_it_is_said(changes):
    """Other content is another order."""
    assert _digest(replace(ORDER, **changes)) != _digest(ORDER)
