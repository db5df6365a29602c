"""Series and packages to subscribe to: what one gets, what the library has of it, the way into the cart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, g, redirect, request, url_for

from catalog_bridge.bookshop import NotFound, Refused
from punchout.catalogues import marked
from punchout.web.direct.room import blueprint, page, visit
from punchout.web.language import refusal, say
from punchout.web.pages import world
from punchout.web.shop.forms import AddForm, offer_profiles
from punchout.web.shop.room import this_cart

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from protocols.model.distribution import Register
    from protocols.model.standing import SeriesOffer, Subscription

_NO_PROFILE = marked("No profile")
KINDS = {"series": marked("Series"), "package": marked("Book package")}


@blueprint.get("/series")
def series() -> Response:
    """The shop's list."""
    return _shown()


@blueprint.post("/series/<product_id>")
def subscribe(product_id: str) -> AnyResponse:
    """The series in the cart, and back to it in the list; or the list with what was wrong."""
    offer, form = _offer(product_id), AddForm(request.form)
    if form.validate() and _added(offer, form):
        back = url_for("direct.series", added=product_id, _anchor=f"series-{product_id}")
        return redirect(back, 303)
    return _shown(product_id, form)


def _added(offer: SeriesOffer, form: AddForm) -> bool:
    g.room.cart()
    codes = form.codes(_register())
    try:
        world().shop.add_to_cart(*this_cart(), offer.product_id, form.wanted, codes, offer.kind)
    except Refused as error:
        form.quantity.errors = [refusal(error)]
        return False
    return True


def _shown(failed_id: str = "", failed: AddForm | None = None) -> Response:
    """The list, with one form as it was sent where that went wrong; what has ended only where it is had."""
    subscriptions = world().standing.subscriptions(visit().customer_number)
    mine: dict[str, list[Subscription]] = {one.product_id: [] for one in subscriptions}
    for one in subscriptions:
        if not one.ended:
            mine[one.product_id].append(one)
    offers = [one for one in world().standing.offers() if not one.ended or mine.get(one.product_id)]
    register = _register()
    forms = {one.product_id: _prepared(AddForm(), register) for one in offers}
    if failed is not None:
        forms[failed_id] = _prepared(failed, register)
    return page(
        "direct/series.html",
        status=422 if failed else 200,
        offers=offers,
        mine=mine,
        forms=forms,
        failed_id=failed_id if failed_id in forms and not _offer(failed_id).ended else "",
        wrong=failed.quantity.errors if failed else (),
        added=request.args.get("added", ""),
        kinds=KINDS,
    )


def _offer(product_id: str) -> SeriesOffer:
    for one in world().standing.offers():
        if one.product_id == product_id:
            return one
    raise NotFound("There is no series or book package with number %(number)s.", number=product_id)


def _prepared(form: AddForm, register: Register) -> AddForm:
    offer_profiles(form, register, say(_NO_PROFILE))
    return form


def _register() -> Register:
    return world().shop.register(visit().customer_number)
