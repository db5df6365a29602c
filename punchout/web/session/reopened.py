"""What an edit or inspect session tells of its lines: what the buyer changed, what has been ordered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punchout.catalogues import marked
from punchout.roundtrip import shop
from punchout.web.language import money, say
from punchout.web.pages import world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocols.model.cart import Cart, CartLine
    from protocols.model.refill import Refill, RefilledLine
    from punchout.roundtrip.shop import Visit
    from session_store.orders import StoredOrder

_QUANTITY = marked("The quantity in the procurement system is %(asked)s; in the cart it was %(returned)s.")
_NOT_HELD = marked(
    "The quantity in the procurement system is %(asked)s, which one line cannot hold; here it is %(held)s."
)
_PRICE = marked("The price was %(price)s without tax when the cart went back.")
_ORDERED = marked("Has been ordered. What you send now is a new order.")
_ORDERED_BY = marked(
    "Has been ordered: order %(number)s, reference %(reference)s. What you send now is a new order."
)
_SEEN_ORDERED = marked("Has been ordered.")
_SEEN_ORDERED_BY = marked("Has been ordered: order %(number)s, reference %(reference)s.")


def remarks(here: Visit, now: Cart, again: Refill | None) -> dict[str, list[str]]:
    """Line id → sentences about the line, translated; none for what is as it went back."""
    if again is None:
        return {}
    known = {entry.line.line_id: entry for entry in again.lines}
    orders = shop.earlier_orders(world(), here, again)
    return {
        line.line_id: list(_about(here, line, known[line.line_id], orders))
        for line in now.lines
        if line.line_id in known
    }


def _about(here: Visit, line: CartLine, entry: RefilledLine, orders: dict[str, StoredOrder]) -> Iterator[str]:
    if entry.ordered:
        yield _ordered(here, orders.get(entry.order_key))
    held = len(entry.line.codes)
    if entry.asked != str(held):
        yield say(_NOT_HELD) % {"asked": entry.asked, "held": held}
    elif entry.requantified:
        yield say(_QUANTITY) % {"asked": entry.asked, "returned": entry.returned}
    if line.unit_price != entry.unit_price:
        yield say(_PRICE) % {"price": money(entry.unit_price)}


def _ordered(here: Visit, order: StoredOrder | None) -> str:
    """That an order has taken the line; which one, where it is the shopper's own (PO-ID-5)."""
    if order is None:
        return say(_ORDERED if here.writable else _SEEN_ORDERED)
    values = {"number": order.order.order_id, "reference": order.reference}
    return say(_ORDERED_BY if here.writable else _SEEN_ORDERED_BY) % values
