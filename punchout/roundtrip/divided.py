"""What orders a session's cart would become when it has been approved (CHK-10, INV-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog_bridge.rules import dividing
from catalog_bridge.rules.dividing import Wish
from protocols.model.order import ShopOrder
from punchout.roundtrip import shop

if TYPE_CHECKING:
    from catalog_bridge.rules.dividing import Outlook
    from protocols.model.cart import Cart
    from punchout.roundtrip.shop import Visit
    from punchout.roundtrip.world import World


def outlook(world: World, here: Visit, cart: Cart, wish: Wish | None) -> Outlook:
    """What the cart would become by this wish, None for what was wished the last time that it went back.

    Without a chosen address it is the buyer's order that says where the copies of no branch go.
    """
    whole = ShopOrder(
        customer_number=cart.customer_number,
        delivery_address_id=cart.delivery_address_id,
        lines=tuple(dividing.as_ordered(number, line) for number, line in enumerate(cart.lines, start=1)),
        order_name=cart.order_name,
    )
    waiting = world.shop.waiting(tuple(line.product.product_id for line in cart.lines))
    return dividing.outlook(whole, shop.customer(world, here), wish or before(world, here), waiting)


def before(world: World, here: Visit) -> Wish:
    """What was wished for the lines that the session opened with (FLOW-5); nothing in a new one."""
    again = shop.refill(world, here)
    return Wish(by_branch=again.by_branch, apart=again.apart) if again else Wish()
