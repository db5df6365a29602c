"""Services chosen in the cart: for one title, or for all that can have them (SVC-3, SVC-4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules import services
from punchout.web.language import refusal
from punchout.web.pages import world
from punchout.web.shop.cart import shown
from punchout.web.shop.forms import ServicesForm, SomeServicesForm
from punchout.web.shop.room import blueprint, room, shop_url, this_cart

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response as AnyResponse


@blueprint.post("/cart/services")
def serve_all() -> AnyResponse:
    """The cart with the chosen services on all titles that can have them, or on none."""
    room().check_writable()
    form = SomeServicesForm(request.form)
    lines = room().cart().lines
    change = services.taken_off if "remove" in request.form else services.put_on
    wanted = change(lines, form.services.data or []) if form.validate() else {}
    if form.errors or not _served(wanted, form):
        return shown(unserved="", services_form=form)
    return redirect(shop_url("cart", served=len(wanted)), 303)


@blueprint.post("/cart/lines/<line_id>/services")
def serve(line_id: str) -> AnyResponse:
    """The cart with exactly these services on one title."""
    room().check_writable()
    form = ServicesForm(request.form)
    if form.validate() and _served({line_id: tuple(form.services.data or ())}, form):
        return redirect(shop_url("cart", changed=line_id, _anchor=f"line-{line_id}"), 303)
    return shown(unserved=line_id, services_form=form)


def _served(wanted: Mapping[str, tuple[str, ...]], form: ServicesForm) -> bool:
    """Whether the bookshop has taken the choice; what it said stands at the field."""
    try:
        world().shop.set_services(*this_cart(), wanted)
    except Refused as error:
        form.services.errors = [refusal(error)]
        return False
    return True
