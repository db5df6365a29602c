"""What keeps a cart from going on, whichever way it goes: to checkout, or back to the buyer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog_bridge.rules import distribution
from protocols.model.customer import DistributionUse

if TYPE_CHECKING:
    from protocols.model.cart import Cart
    from punchout.roundtrip.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that has to be mended first, and the line it stands at.

    text
        The bookshop's sentence, a message id that pages translate.
    """

    text: str
    line_id: str
    title: str


def problems(world: World, cart: Cart, use: str) -> tuple[Problem, ...]:
    """What has to be mended in this cart; empty when it is ready (CART-5, DIST-6, DIST-7).

    use
        off, optional or required: the customer's setting, or the agreement's in punchout.
    """
    register = world.shop.register(cart.customer_number)
    judged = [
        (line, line.problem or distribution.undistributed(line.copies, register, DistributionUse(use)))
        for line in cart.lines
    ]
    return tuple(
        Problem(text=text, line_id=line.line_id, title=line.product.title) for line, text in judged if text
    )
