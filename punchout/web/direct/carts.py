"""The user's own carts: a new one by name, and which one is in use (CART-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request, url_for

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules.order_name import LIMIT
from catalog_bridge.rules.plain_text import collapsed, one_line
from punchout.catalogues import marked
from punchout.direct import visit as visits
from punchout.web.direct.forms import CartForm
from punchout.web.direct.room import blueprint, page, visit
from punchout.web.language import refusal
from punchout.web.pages import world

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

_NO_NAME = marked("Give the new cart a name.")


@blueprint.get("/carts")
def carts() -> Response:
    """All carts of the user at this customer."""
    return _shown(CartForm())


@blueprint.post("/carts")
def begin_cart() -> AnyResponse:
    """On to the new cart, which is in use from now on."""
    form = CartForm(request.form)
    try:
        name = one_line(collapsed(form.name.data or ""), field="Name of the new cart", limit=LIMIT)
    except Refused as error:
        form.name.errors = [refusal(error)]
        return _shown(form, 422)
    if not name:
        form.name.errors = [_NO_NAME]
        return _shown(form, 422)
    visits.begin_cart(world(), visit(), name)
    return redirect(url_for("direct.shop.cart"), 303)


@blueprint.post("/carts/<cart_id>/use")
def use_cart(cart_id: str) -> AnyResponse:
    """On to this cart of the user's."""
    visits.use_cart(world(), visit(), cart_id)
    return redirect(url_for("direct.shop.cart"), 303)


def _shown(form: CartForm, status: int = 200) -> Response:
    return page("direct/carts.html", status=status, form=form)
