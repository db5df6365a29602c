"""The cart: lines, order name, delivery address, sums with tax (CART-2, CHK-3, CHK-6)."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from flask import Response, redirect, request

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules import pricing, services
from punchout.catalogues import marked
from punchout.web import vocabulary
from punchout.web.copies_shown import summary
from punchout.web.language import refusal, say
from punchout.web.pages import world
from punchout.web.shop.forms import DetailsForm, PlainForm, QuantityForm
from punchout.web.shop.marks import marks
from punchout.web.shop.room import blueprint, carries_codes, page, room, shop_url, this_cart
from punchout.web.shop.services_shown import serving

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from protocols.model.cart import Cart
    from protocols.model.money import Taxed
    from punchout.web.shop.forms import ServicesForm

_NO_ADDRESS = marked("Not chosen")


@blueprint.get("/cart")
def cart() -> Response:
    """The cart as it stands."""
    return shown()


@blueprint.post("/cart/lines/<line_id>/quantity")
def change_quantity(line_id: str) -> AnyResponse:
    """The cart with another quantity in one line, or with what was wrong about it."""
    room().check_writable()
    form = QuantityForm(request.form)
    if form.validate() and _resized(line_id, form):
        return redirect(shop_url("cart", changed=line_id, _anchor=f"line-{line_id}"), 303)
    return shown(failed={line_id: form})


@blueprint.post("/cart/lines/<line_id>/remove")
def remove(line_id: str) -> AnyResponse:
    """The cart without the line."""
    room().check_writable()
    world().shop.set_quantity(*this_cart(), line_id, 0)
    return redirect(shop_url("cart", removed=1), 303)


@blueprint.post("/cart/details")
def change_details() -> AnyResponse:
    """The cart with order name and address, and on to the sending where that button was pressed."""
    room().check_writable()
    form = DetailsForm(request.form)
    if form.validate() and form.fits(room().order_name_pattern) and _described(form):
        onward = room().onward() if "send" in request.form else shop_url("cart", saved=1)
        return redirect(onward, 303)
    return shown(details=form)


def _resized(line_id: str, form: QuantityForm) -> bool:
    try:
        world().shop.set_quantity(*this_cart(), line_id, form.wanted)
    except Refused as error:
        form.quantity.errors = [refusal(error)]
        return False
    return True


def _described(form: DetailsForm) -> bool:
    try:
        world().shop.set_details(
            *this_cart(), form.order_name.data or "", form.delivery_address_id.data or ""
        )
    except Refused as error:
        field = form.delivery_address_id if "address" in error.values else form.order_name
        field.errors = [refusal(error)]
        return False
    return True


def shown(
    failed: dict[str, QuantityForm] | None = None,
    details: DetailsForm | None = None,
    unserved: str | None = None,
    services_form: ServicesForm | None = None,
) -> Response:
    """The page of the cart, with the form that was refused as it was sent.

    unserved
        Where ``services_form`` was refused: the id of a line, or empty for the whole cart.
    """
    now = room().cart()
    forms = {line.line_id: QuantityForm(quantity=line.quantity) for line in now.lines}
    return page(
        "shop/cart.html",
        status=422 if failed or details or services_form else 200,
        cart=now,
        quantities={**forms, **(failed or {})},
        failed=set(failed or {}),
        details=_with_addresses(details or DetailsForm(obj=now)),
        button=PlainForm(),
        problems={problem.line_id: problem.text for problem in room().problems(now)},
        remarks=room().remarks(now),
        marks=marks(line.product.product_id for line in now.lines),
        resume_code=room().resume_code,
        taxes=taxes(now),
        summary=summary,
        coded=carries_codes(now.lines),
        serving=serving(now, unserved, services_form),
        with_tax=services.with_tax,
        included=services.included,
        needs_place=services.NEEDS_PLACE,
    )


def taxes(now: Cart) -> tuple[Taxed, ...]:
    """The tax of the cart, its services included, rate by rate."""
    charged = chain.from_iterable(services.charges(line, line.product.tax_rate) for line in now.goods)
    return pricing.tax_by_rate(charged, now.currency)


def _with_addresses(form: DetailsForm) -> DetailsForm:
    listed = world().shop.customer(room().customer_number).addresses
    form.delivery_address_id.choices = [
        ("", say(_NO_ADDRESS)),
        *((entry.address_id, vocabulary.address(entry)) for entry in listed),
    ]
    return form
