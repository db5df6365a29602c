"""What the library has already of the titles on a page: ordered before, or in another cart (CART-8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from punchout.web.pages import world
from punchout.web.shop.room import room

if TYPE_CHECKING:
    from collections.abc import Iterable

    from catalog_bridge.marks import Ordered, Waiting


@dataclass(frozen=True, slots=True)
class InCart:
    """So many copies in a cart that is called so; some carts have no name."""

    name: str
    copies: int


@dataclass(frozen=True, slots=True)
class Marks:
    """What is said of one title."""

    ordered: tuple[Ordered, ...]
    in_carts: tuple[InCart, ...]


def marks(product_ids: Iterable[str]) -> dict[str, Marks]:
    """Product id → what there is to say, where there is anything; looked up for all of them at once."""
    wanted, here, asked = tuple(product_ids), room(), world().marks
    ordered = asked.ordered(here.customer_number, wanted, own=here.whose_orders, test=here.test)
    names = here.other_carts() if wanted else {}
    waiting = asked.waiting(here.customer_number, wanted, tuple(names))
    return {
        product_id: Marks(
            ordered.get(product_id, ()),
            tuple(_in_cart(one, names[one.cart_id]) for one in waiting.get(product_id, ())),
        )
        for product_id in wanted
        if product_id in ordered or product_id in waiting
    }


def _in_cart(one: Waiting, name: str) -> InCart:
    return InCart(name or one.order_name, one.copies)
