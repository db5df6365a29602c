"""The shop's pages stand in a room: each way in, direct or punchout, is one, and answers what they ask.

The views hang on one blueprint, which each way's own blueprint takes in under its addresses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from flask import Blueprint, g, request, url_for

from catalog_bridge.rules import services
from protocols.model.customer import DistributionUse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from flask import Response

    from catalog_bridge.lists import Person
    from protocols.model.cart import Cart, CartLine
    from punchout.roundtrip.cart_problems import Problem
    from punchout.roundtrip.register_keeping import Keeper

blueprint = Blueprint("shop", __name__)


class Room(Protocol):
    """What the pages need to know of the way that leads to them."""

    @property
    def customer_number(self) -> str:
        """Whose prices, addresses and register the pages show."""

    @property
    def cart_id(self) -> str:
        """The cart that they fill."""

    @property
    def writable(self) -> bool:
        """Whether the cart may still change."""

    @property
    def distribution(self) -> str:
        """off, optional or required (DIST-7)."""

    @property
    def order_name_pattern(self) -> str:
        """Which form an order name must have."""

    @property
    def resume_code(self) -> str:
        """The code by which, with its name, the cart is found again; empty where it is not (CART-6)."""

    @property
    def origin(self) -> str:
        """Whence a message comes: what the desk finds its writer's place by, and no person's name."""

    @property
    def register_access(self) -> str:
        """read, profiles or edit: what may be done with the register here (DIST-12)."""

    @property
    def keeper(self) -> Keeper:
        """Who changes the register here, for the journal."""

    @property
    def whose_orders(self) -> str | None:
        """The e-mail of the person whose orders alone are shown; None for all of the customer's (PO-ID-5)."""

    @property
    def papers(self) -> bool:
        """Whether packing slips and invoices are shown here (PO-ID-5, ORD-5)."""

    @property
    def test(self) -> bool:
        """Whether what is ordered here is a test, so that test orders count."""

    @property
    def owner(self) -> Person:
        """Who sees and saves lists here (CART-7)."""

    def other_carts(self) -> Mapping[str, str]:
        """Id → name of the carts beside this one that may be spoken of here (CART-8)."""

    def check_writable(self) -> None:
        """Nothing; Conflict when the cart cannot change."""

    def cart(self) -> Cart:
        """The cart as it stands, made when it is first asked for."""

    def problems(self, now: Cart) -> Sequence[Problem]:
        """What keeps the cart from going on."""

    def remarks(self, now: Cart) -> Mapping[str, list[str]]:
        """Line id → sentences about the line."""

    def onward(self) -> str:
        """The address of the page that comes after the cart."""

    def page(self, template: str, *, status: int = 200, cart: Cart | None = None, **context: Any) -> Response:  # noqa: ANN401 - as Jinja takes it
        """A page with what this way shows around it."""


def room() -> Room:
    """The room of this request."""
    found: Room = g.room
    return found


def this_cart() -> tuple[str, str]:
    """Customer number and id of the cart that this request is about."""
    return room().customer_number, room().cart_id


def carries_codes(lines: Iterable[CartLine]) -> bool:
    """Whether copies of these lines carry codes here: by the setting, or because shelf-ready ones need some.

    (DIST-7, SVC-5)
    """
    ready = (services.shelf_ready(line.services) for line in lines)
    return room().distribution != DistributionUse.OFF or any(ready)


def page(template: str, *, status: int = 200, cart: Cart | None = None, **context: object) -> Response:
    """A page of the shop in its room."""
    return room().page(template, status=status, cart=cart, **context)


@blueprint.app_template_global()
def shop_url(name: str, **values: Any) -> str:  # noqa: ANN401 - as url_for takes it
    """The address of a view of the shop in the room of this request."""
    way = (request.blueprint or "").partition(".")[0]
    return url_for(f"{way}.{blueprint.name}.{name}", **values)
