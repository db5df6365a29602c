"""What tells a repeated request from another one."""

from dataclasses import dataclass, replace
from decimal import Decimal

import pytest

from catalog_bridge.embedded.order_digest import digest
from protocols.model.money import Money
from protocols.model.order import ShopOrder
from tests.catalog_bridge.contract.test_orders import FULL


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterOrder(ShopOrder):
    """An order as a later release may know it."""

    gift_card: str = ""


def as_later(order, **facts):
    """The order with the fields of a later release."""
    return LaterOrder(**{name: getattr(order, name) for name in ShopOrder.__dataclass_fields__}, **facts)


@pytest.mark.rule("ORD-1")
def test_order_says_the_same_after_an_upgrade_that_adds_a_field():
    """A retry that meets the next release is still a retry; only what is said counts."""
    assert digest(as_later(FULL)) == digest(FULL)
    assert digest(as_later(FULL, gift_card="Til Kari")) != digest(FULL)


@pytest.mark.rule("ORD-1")
def test_every_field_of_an_order_counts():
    """Another name, quantity, code or price is another order; a price with other zeros is not."""
    line = FULL.lines[0]
    others = [
        replace(FULL, order_name="En annen"),
        replace(FULL, test=True),
        replace(FULL, lines=FULL.lines[:1]),
        replace(FULL, lines=(replace(line, copies=line.copies[:2]), FULL.lines[1])),
        replace(FULL, lines=(replace(line, copies=line.copies[::-1]), FULL.lines[1])),
        replace(FULL, lines=(replace(line, buyer_line=0), FULL.lines[1])),
        replace(FULL, lines=(replace(line, unit_price=Money(Decimal("199.01"))), FULL.lines[1])),
        replace(FULL, lines=(replace(line, unit_price=Money(Decimal("199.00"), "SEK")), FULL.lines[1])),
    ]
    assert len({digest(order) for order in [FULL, *others]}) == 1 + len(others)
    zeros = replace(line, unit_price=Money(Decimal("199.0000")))
    assert digest(replace(FULL, lines=(zeros, FULL.lines[1]))) == digest(FULL)
