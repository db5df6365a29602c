"""What an edit or inspect session opens with: earlier lines, as the buyer now holds them (FLOW-5)."""

from __future__ import annotations

from dataclasses import dataclass

from protocols.model.cart import KeptLine
from protocols.model.money import Money
from protocols.model.order import OrderLine


@dataclass(frozen=True, slots=True, kw_only=True)
class RefilledLine:
    """One line, settled at the call-up and the same for the whole session.

    line
        As the bookshop gets it: the buyer's quantity, our codes (DIST-9).
    line_token
        What finds it again; empty where it goes back as a new line, because an order has taken its copies.
    returned, asked
        Its quantity as it last went back, and as the buyer wrote it now.
    unit_price
        As it last went back (FLOW-7).
    ordered
        Whether an order has taken copies of it.
    order_key
        Of that order, where it is the shopper's own (PO-ID-5).
    """

    line: KeptLine
    line_token: str
    returned: int
    asked: str
    unit_price: Money
    ordered: bool = False
    order_key: str = ""

    @property
    def requantified(self) -> bool:
        """Whether the cart holds another number of copies than went back."""
        return len(self.line.codes) != self.returned


@dataclass(frozen=True, slots=True, kw_only=True)
class Refill:
    """The whole of it.

    unknown
        Lines of the buyer's that no returned cart accounts for, as they came.
    services
        Id and token of each service that comes back, so that it is found again (SVC-4).
    order_name, delivery_address_id
        Of the earlier carts, where they agree.
    by_branch, apart
        Whether each of them was to be divided by branch, and by what is not here yet (CHK-10, INV-2).
    """

    customer_number: str
    lines: tuple[RefilledLine, ...]
    unknown: tuple[OrderLine, ...] = ()
    services: tuple[tuple[str, str], ...] = ()
    order_name: str = ""
    delivery_address_id: str = ""
    by_branch: bool = False
    apart: bool = False
