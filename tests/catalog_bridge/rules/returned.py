"""Returned carts and the orders made of them, small."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from catalog_bridge.rules import rejoining
from catalog_bridge.rules.dealing import Habits
from catalog_bridge.rules.ladder import Clues
from protocols.cxml.order import PLACES
from protocols.model.cart import FrozenLine, ReturnedCart, ReturnedLine
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.finding import Severity
from protocols.model.money import Money
from protocols.model.order import OrderLine, PurchaseOrder

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
HBB, BJO = CopyCodes(branch_code="HBB"), CopyCodes(branch_code="BJØ")
NONE = CopyCodes()
A, B, C = "A" * 20, "B" * 20, "C" * 20
ITEM, OTHER_ITEM = "9790000000001", "9790000000002"


def frozen(token, codes, taken=0, *, item=ITEM, quote="PS-1", number=1, price="199.00", **cart):
    """A frozen line with these copies, the first ones taken."""
    copies = numbered(tuple(codes))
    line = ReturnedLine(
        number=number,
        line_token=token,
        line_id=token.lower(),
        product_id=item,
        description="Tittel",
        quantity=len(copies),
        unit_price=Money(Decimal(price)),
        copies=copies,
    )
    header = ReturnedCart(
        quote_id=quote,
        customer_number="100234",
        cart_id=f"cart of {quote}",
        frozen_at=NOON,
        valid_until=NOON + timedelta(days=30),
    )
    return FrozenLine(
        token=token, quote_id=quote, cart=replace(header, **cart), line=line, free_copies=copies[taken:]
    )


def line(number, token, quantity, item=ITEM, **changes):
    """An order line."""
    made = OrderLine(number=number, product_id=item, quantity=Decimal(quantity), line_token=token)
    return replace(made, **changes)


def order(*lines, **changes):
    """An order of these lines, or of a line for each pair of token and quantity."""
    made = tuple(
        entry if isinstance(entry, OrderLine) else line(number, *entry)
        for number, entry in enumerate(lines, start=1)
    )
    return replace(PurchaseOrder(order_id="4500001", order_date="2026-01-02", lines=made), **changes)


def rejoined(wanted, *kept, clues=None, **habits):
    """The order's lines after the ladder, everything else as usual."""
    by_token = {entry.token: entry for entry in kept}
    return rejoining.rejoin(wanted, by_token, clues or Clues(now=NOON), PLACES, Habits(**habits))


def branches(joined):
    """The branch of each copy of each line."""
    return [[copy.codes.branch_code for copy in line.copies] for line in joined]


def codes_found(joined):
    """The codes of all findings."""
    return [finding.code for line in joined for finding in line.findings]


def held(joined):
    """The codes that hold the order."""
    return [
        finding.code for line in joined for finding in line.findings if finding.severity is Severity.ERROR
    ]


def steps(joined):
    """What each line was found by."""
    return [line.match.step for line in joined]
