"""What the tester's pages share: the buyer that a trial plays, and the address its cart comes back to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for

from catalog_bridge.bookshop import NotFound
from protocols.errors import ProtocolError
from punchout import signed
from punchout.buyer import systems, trading
from punchout.buyer.exchange import GatewayUnreachable
from punchout.catalogues import marked
from punchout.web import errors
from punchout.web.pages import world

if TYPE_CHECKING:
    from protocols.model.order import BookshopOrder
    from punchout.buyer.buyer import Buyer
    from punchout.buyer.oci_buyer import OciBuyer
    from punchout.house import House

blueprint = Blueprint("tester", __name__, url_prefix="/tester")

_PURPOSE = "tester return"
_REFUSED = (
    marked("The gateway said no"),
    marked("Mend what the answer names, in the agreement or in what the system sends, and start again."),
)
_UNREADABLE = (
    marked("The cart cannot be read"),
    marked("Send the cart from the shop again, or start again."),
)


def buyer(name: str) -> Buyer | OciBuyer:
    """The buyer that plays this system; 404 for a system that nobody knows."""
    try:
        system = systems.system(name)
    except KeyError:
        abort(404)
    house: House = current_app.extensions["house"]
    return trading.trader(world(), system, standards=house.settings.standards_dir)


def return_url(system: str, cookie: str) -> str:
    """Where the cart of this trial comes back to: the address itself remembers the trial, signed."""
    base = world().public_base_url
    return f"{base}{url_for('tester.take', system=system, cookie=cookie, mark=_mark(system, cookie))}"


def check(system: str, cookie: str, mark: str) -> None:
    """Nothing; 404 for a return address that we did not make."""
    if not signed.is_ours(world().keyring, _PURPOSE, f"{system}/{cookie}", mark):
        abort(404)


def _mark(system: str, cookie: str) -> str:
    return signed.signature(world().keyring, _PURPOSE, f"{system}/{cookie}")


@blueprint.errorhandler(trading.NoAgreement)
@blueprint.errorhandler(GatewayUnreachable)
def _cannot_start(error: Exception) -> Response:
    return errors.page(
        errors.Trouble(
            code=503,
            title=marked("The trial cannot start"),
            detail=str(error),
            advice=marked("Fill the gateway with demo data and see that it runs, then try again."),
        )
    )


@blueprint.errorhandler(ProtocolError)
def _answered_no(error: ProtocolError) -> Response:
    """What the gateway refused, or what is wrong with the cart, as a buyer's system would see it."""
    title, advice = _REFUSED if request.endpoint == "tester.start" else _UNREADABLE
    return Response(render_template("tester/refused.html", error=error, title=title, advice=advice))


def orders_of(customers: tuple[str, ...], po_number: str) -> list[BookshopOrder]:
    """What the bookshop made of a PO number, for whichever of the agreement's customers it was."""
    found: list[BookshopOrder] = []
    for number in customers:
        try:
            found += world().shop.orders(number, po_number)
        except NotFound:
            continue
    return found
