"""Orders unlike the cart that went back: taken in, held with the reason, nothing lost (design §4.7)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from protocols.model.money import Money
from session_store.orders import OrderState
from tests.journeys.crashing import kept, take_home, trader_at
from tests.journeys.rows import promised


def wrong_check_digit(line):
    """The line for an ISBN-13 that cannot be."""
    last = (int(line.product_id[-1]) + 1) % 10
    return replace(line, product_id=f"{line.product_id[:-1]}{last}")


CHANGES = {
    "a lower price": (lambda line: replace(line, unit_price=Money(Decimal("1.00"))), "price.changed"),
    "no price at all": (lambda line: replace(line, unit_price=Money(Decimal(0))), "price.changed"),
    "an ISBN with a wrong check digit": (wrong_check_digit, "item.unknown"),
    "no item": (lambda line: replace(line, product_id=""), "item.unknown"),
    "an item of markup": (lambda line: replace(line, product_id="<b>&'\"]]>"), "item.unknown"),
    "half a book": (lambda line: replace(line, quantity=Decimal("1.5")), "quantity.fraction"),
    "a million books": (lambda line: replace(line, quantity=Decimal(1_000_000)), "quantity.many"),
}
"""What becomes of the first line, and the reason that the order then waits for."""


@pytest.fixture
def trader(gateway):
    """The generic buyer."""
    return trader_at(gateway)


def changed(cart, change):
    """The cart as the buyer's system has it now: its first line is another one."""
    first, *others = cart.message.lines
    return replace(cart, message=replace(cart.message, lines=(change(first), *others)))


@pytest.mark.parametrize("name", CHANGES)
def test_an_order_unlike_its_cart_waits_with_its_reason(gateway, trader, name):
    """Status 201 names the reason; the order is kept, and the bookshop gets nothing yet (design §4.7)."""
    change, reason = CHANGES[name]
    answer = trader.send_order(changed(take_home(gateway, trader), change), order_id="PO-1")
    (stored,) = kept(gateway, trader.agreement.id)
    assert (answer.code, stored.state) == (201, OrderState.HELD)
    assert reason in answer.detail
    assert reason in stored.hold_reasons
    assert stored.reference in answer.detail
    assert len(stored.order.lines) == 2
    assert promised(gateway.settings.database_url) == 0
