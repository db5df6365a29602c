"""Where a shopper's visit begins: at what the call-up asked to see (cxml.md §5, CART-6)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import BookshopError, NotFound, Refused
from protocols.model.session import Operation
from punchout.roundtrip import resume, shop

if TYPE_CHECKING:
    from punchout.roundtrip.shop import Visit
    from punchout.roundtrip.world import World


class Door(StrEnum):
    """The pages that a visit can begin with."""

    FRONT = "front"
    WHO = "who"
    CART = "cart"
    UNFINISHED = "unfinished"
    TITLE = "title"
    SEARCH = "search"
    CHECK = "check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """The first page; ``text`` is the item number of a title, or what to search for."""

    door: Door = Door.FRONT
    text: str = ""


def first_page(world: World, here: Visit) -> Arrival:
    """Where the visit begins: who shops, where nobody is named; then the question for an unfinished cart.

    Before it is known for whom the session shops, and while the bookshop is away, that is the front. A title
    or a search that the call-up asks for comes first, and the questions before the cart is sent.
    """
    setup = here.session.setup
    if setup.check is not None:
        return Arrival(door=Door.CHECK)
    if not here.session.customer_number:
        return Arrival()
    if setup.form_return is not None and (setup.selected_item or setup.search):
        return _shown(world, here)
    if shop.asks_who(here):
        return Arrival(door=Door.WHO)
    try:
        return Arrival(door=Door.UNFINISHED) if resume.offers(world, here) else asked_for(world, here)
    except BookshopError:
        return Arrival()


def _shown(world: World, here: Visit) -> Arrival:
    try:
        return asked_for(world, here)
    except BookshopError:
        return Arrival()


def asked_for(world: World, here: Visit) -> Arrival:
    """The page that the call-up asked for: the cart of an edit or inspect, the SelectedItem, else the front.

    An item that the bookshop does not know becomes a search for it.
    """
    if here.operation in {Operation.EDIT, Operation.INSPECT}:
        return Arrival(door=Door.CART)
    setup = here.session.setup
    if not setup.selected_item:
        return Arrival(door=Door.SEARCH, text=setup.search) if setup.search else Arrival()
    wanted = setup.selected_item
    try:
        offer = world.shop.offer(here.session.customer_number, wanted)
    except (NotFound, Refused):
        return Arrival(door=Door.SEARCH, text=wanted)
    return Arrival(door=Door.TITLE, text=offer.product.product_id)
