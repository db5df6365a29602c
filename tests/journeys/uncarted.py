"""An order that no cart of ours stands behind, for tests of what happens before an order is judged."""

from decimal import Decimal

from protocols.model.money import Money
from protocols.model.order import OrderLine, PurchaseOrder

ORDER = PurchaseOrder(
    order_id="PO-1",
    order_date="2026-03-02",
    lines=(
        OrderLine(
            number=1,
            product_id="9788299000017",
            quantity=Decimal(2),
            unit_price=Money(Decimal("199.00")),
            description="Boka",
            unit="EA",
            classification="55101500",
        ),
    ),
)
