"""An order by Peppol for the commands that read files."""

from decimal import Decimal

from protocols.model.money import Money
from protocols.model.order import PEPPOL, OrderLine, OrderReferences, PurchaseOrder
from protocols.model.party import OrderParty
from protocols.peppol.identifiers import ORDERING
from protocols.peppol.order import build


def peppol_order():
    """One line of an item that no gateway knows."""
    price = Money(Decimal("349.00"))
    line = OrderLine(
        number=1,
        product_id="9788299000017",
        quantity=Decimal(1),
        unit="EA",
        unit_price=price,
        description="Blåbær",
    )
    order = PurchaseOrder(
        order_id="PO-1",
        order_date="2026-03-02",
        lines=(line,),
        total=price,
        protocol=PEPPOL,
        profile=ORDERING.profile_id,
        buyer=OrderParty(endpoint="0192:987654325", name="Testby kommune"),
        seller=OrderParty(endpoint="0192:999999999", name="Bokhandel Test"),
        references=OrderReferences(valid_until="2099-12-31"),
    )
    return build(order, ORDERING)
