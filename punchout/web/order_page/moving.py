"""Copies moved from an order's own page, by whoever has the address that the letter about it names (DIST-13).

The reference code alone is for reading: it is printed, read out and looked over shoulders.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

from flask import Response, render_template, url_for

from catalog_bridge.bookshop import NotFound
from catalog_bridge.rules import assigning
from protocols.model.customer import DistributionUse
from punchout.roundtrip import progress
from punchout.roundtrip.moving import Mover
from punchout.roundtrip.moving import find as find_order
from punchout.roundtrip.telling import MAY_MOVE
from punchout.signed import is_ours
from punchout.web import language, moving
from punchout.web.copies_shown import summary
from punchout.web.order_lines import stated
from punchout.web.order_page.room import blueprint, unknown
from punchout.web.pages import world
from session_store.orders import OrderState

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response as AnyResponse

    from punchout.roundtrip.progress import Progress

_VIEWS = {"line_copies": "order_copies", "use_pattern": "order_pattern", "assign": "order_assign"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlace:
    """The pages of one purchase order (``punchout.web.moving.Place``).

    owners
        Bookshop order number → customer number, of all that the purchase order stands as.
    """

    found: Progress
    reference: str
    signature: str
    owners: dict[str, str]
    number: str = ""

    @property
    def mover(self) -> Mover:
        """Whoever has the address, for the orders of this purchase order; NotFound for others."""
        if self.number not in self.owners:
            raise NotFound("There is no order %(number)s for this customer.", number=self.number)
        return Mover(customer_number=self.owners[self.number])

    def url(self, view: str, /, **values: Any) -> str:  # noqa: ANN401 - as url_for takes it
        """The address below this order's."""
        of: dict[str, Any] = {"reference": self.reference, "signature": self.signature}
        if view == "order":
            number = values.pop("number")
            return url_for("order_page.orders_copies", **of, **values, _anchor=f"order-{number}")
        return url_for(f"order_page.{_VIEWS[view]}", **of, **values)

    def page(self, template: str, *, status: int = 200, **context: Any) -> Response:  # noqa: ANN401 - as Jinja takes it
        """A page with nothing around it but the shop's name."""
        return Response(render_template(template, layout="base.html", **context), status=status)


def _signed(view: Callable[..., AnyResponse]) -> Callable[..., AnyResponse]:
    """A view for who brings our signature; how the order stands, once it is not the one in the bookshop."""

    @wraps(view)
    def guarded(reference: str, signature: str, **kwargs: str) -> AnyResponse:
        found = progress.find(world(), reference)
        if found is None or not is_ours(world().keyring, MAY_MOVE, found.order.id, signature):
            return unknown()
        language.use(found.agreement.locale)
        if found.order.state is not OrderState.PLACED:
            return _over(found)
        owners = {one.order_number: one.customer_number for one in found.order.standing}
        place = OrderPlace(
            found=found,
            reference=reference,
            signature=signature,
            owners=owners,
            number=kwargs.get("number", ""),
        )
        try:
            return view(place, **kwargs)
        except NotFound:
            return unknown()

    return guarded


@blueprint.get("/distribution/<signature>")
@_signed
def orders_copies(place: OrderPlace) -> Response:
    """The lines of all that the purchase order stands as, with their copies, each to be moved."""
    use = DistributionUse(place.found.agreement.policy.distribution)
    orders = [
        find_order(world(), Mover(customer_number=owner), number) for number, owner in place.owners.items()
    ]
    return place.page(
        "order_page/copies.html",
        place=place,
        order=place.found.order,
        orders=[
            (one, stated(one.order), assigning.offered(one.order, use), assigning.left(one.order))
            for one in orders
        ],
        summary=summary,
        done=moving.done(),
    )


@blueprint.get("/distribution/<signature>/<number>/<line>")
@_signed
def order_copies(place: OrderPlace, number: str, line: str) -> Response:
    """The copies of a line, to be moved."""
    return moving.line_copies(place, number, line)


@blueprint.post("/distribution/<signature>/<number>/<line>")
@_signed
def move_copies(place: OrderPlace, number: str, line: str) -> AnyResponse:
    """The copies of the line, moved."""
    return moving.move_copies(place, number, line)


@blueprint.post("/distribution/<signature>/<number>/<line>/profile")
@_signed
def order_pattern(place: OrderPlace, number: str, line: str) -> AnyResponse:
    """The line with a profile's or a template's codes on a run of its copies."""
    return moving.use_pattern(place, number, line)


@blueprint.get("/distribution/<signature>/<number>")
@_signed
def order_assign(place: OrderPlace, number: str) -> Response:
    """How all copies without codes are to be assigned (DIST-9)."""
    return moving.assign(place, number)


@blueprint.post("/distribution/<signature>/<number>")
@_signed
def assign_copies(place: OrderPlace, number: str) -> AnyResponse:
    """All copies without codes, assigned."""
    return moving.assign_copies(place, number)


def _over(found: Progress) -> Response:
    """409: the order has not come so far, or another version has taken its place."""
    body = render_template("order_page/not_now.html", order=found.order, stands=progress.STANDS)
    return Response(body, status=409)
