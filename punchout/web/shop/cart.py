"""The cart: lines, order name, delivery address, sums with tax (CART-2, CHK-3, CHK-6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, request, url_for

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules import pricing
from punchout.catalogues import marked
from punchout.roundtrip import resume, shop, transfer
from punchout.web import vocabulary
from punchout.web.copies_shown import summary
from punchout.web.language import refusal, say
from punchout.web.pages import world
from punchout.web.shop.forms import DetailsForm, PlainForm, QuantityForm
from punchout.web.shop.reopened import remarks
from punchout.web.shop.room import blueprint, here, page

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from protocols.model.cart import Cart
    from protocols.model.money import Taxed

_NO_ADDRESS = marked("Not chosen")


@blueprint.get("/cart")
def cart() -> Response:
    """The cart as it stands."""
    return _shown()


@blueprint.post("/cart/lines/<line_id>/quantity")
def change_quantity(line_id: str) -> AnyResponse:
    """The cart with another quantity in one line, or with what was wrong about it."""
    shop.writable(here())
    form = QuantityForm(request.form)
    if form.validate() and _resized(line_id, form):
        return redirect(url_for("shop.cart", changed=line_id, _anchor=f"line-{line_id}"), 303)
    return _shown(failed={line_id: form})


@blueprint.post("/cart/lines/<line_id>/remove")
def remove(line_id: str) -> AnyResponse:
    """The cart without the line."""
    shop.writable(here())
    world().shop.set_quantity(*_this_cart(), line_id, 0)
    return redirect(url_for("shop.cart", removed=1), 303)


@blueprint.post("/cart/details")
def change_details() -> AnyResponse:
    """The cart with order name and address, and on to the sending where that button was pressed."""
    shop.writable(here())
    form = DetailsForm(request.form)
    if form.validate() and form.fits(here().agreement.references.order_name) and _described(form):
        onward = url_for("shop.preview") if "send" in request.form else url_for("shop.cart", saved=1)
        return redirect(onward, 303)
    return _shown(details=form)


def _resized(line_id: str, form: QuantityForm) -> bool:
    try:
        world().shop.set_quantity(*_this_cart(), line_id, form.wanted)
    except Refused as error:
        form.quantity.errors = [refusal(error)]
        return False
    return True


def _described(form: DetailsForm) -> bool:
    try:
        world().shop.set_details(
            *_this_cart(), form.order_name.data or "", form.delivery_address_id.data or ""
        )
    except Refused as error:
        field = form.delivery_address_id if "address" in error.values else form.order_name
        field.errors = [refusal(error)]
        return False
    return True


def _shown(failed: dict[str, QuantityForm] | None = None, details: DetailsForm | None = None) -> Response:
    now, again = shop.cart(world(), here()), shop.refill(world(), here())
    forms = {line.line_id: QuantityForm(quantity=line.quantity) for line in now.lines}
    return page(
        "shop/cart.html",
        status=422 if failed or details else 200,
        cart=now,
        quantities={**forms, **(failed or {})},
        failed=set(failed or {}),
        details=_with_addresses(details or DetailsForm(obj=now)),
        button=PlainForm(),
        problems=_problems(now),
        again=again,
        remarks=remarks(now, again),
        nameable=resume.by_name(here()),
        taxes=taxes(now),
        summary=summary,
    )


def _problems(now: Cart) -> dict[str, str]:
    """Line id → what has to be mended; nothing where nothing can be changed."""
    found = transfer.problems(world(), here(), now) if here().writable else ()
    return {problem.line_id: problem.text for problem in found}


def taxes(now: Cart) -> tuple[Taxed, ...]:
    """The tax of the cart, rate by rate."""
    return pricing.tax_by_rate([(line.product.tax_rate, line.line_total) for line in now.lines], now.currency)


def _with_addresses(form: DetailsForm) -> DetailsForm:
    listed = shop.customer(world(), here()).addresses
    form.delivery_address_id.choices = [
        ("", say(_NO_ADDRESS)),
        *((entry.address_id, vocabulary.address(entry)) for entry in listed),
    ]
    return form


def _this_cart() -> tuple[str, str]:
    return here().session.customer_number, here().session.cart_id
