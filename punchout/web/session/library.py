"""For whom the session shops, what it knows of itself, and going on in another window (PO-ID-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, g, redirect, request, url_for

from punchout.catalogues import marked
from punchout.roundtrip import arrive, shop
from punchout.web import binding
from punchout.web.pages import world
from punchout.web.session.arrival import way_to
from punchout.web.session.room import blueprint, here, page
from punchout.web.shop.forms import CustomerForm

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

_ABOUT = marked(
    "Prices, addresses and distribution codes are those of the library that you choose. It holds for this"
    " session."
)


@blueprint.get("/library")
def customer() -> AnyResponse:
    """The libraries to choose from; the front where the choice has been made."""
    if here().session.customer_number:
        return redirect(url_for("session.shop.front"), 303)
    return _asked(CustomerForm())


@blueprint.post("/library")
def choose_customer() -> AnyResponse:
    """On to the shop, for the chosen library; only one of the agreement's can be chosen."""
    shop.writable(here())
    form = _with_libraries(CustomerForm(request.form))
    if here().session.customer_number:
        return redirect(url_for("session.shop.front"), 303)
    if not form.validate():
        return _asked(form, 422)
    chosen = shop.choose_customer(world(), here(), form.customer.data)
    return redirect(way_to(arrive.first_page(world(), chosen), g.handle), 303)


@blueprint.get("/session")
def about() -> Response:
    """The library's account as the bookshop has it, read only (CUST-6), and facts about the session."""
    to_do = world().library.warning(here().session.customer_number)
    return page("session/about.html", to_do=to_do)


@blueprint.post("/continue")
def resume() -> AnyResponse:
    """Back into a session that is bound to another window, with a cookie for this one."""
    try:
        shop.visit(world(), g.handle, binding.fingerprint(request, g.handle, world().keyring))
    except shop.CookieMissing as missing:
        if not missing.may_continue:
            raise
        return _taken_over(missing)
    return redirect(url_for("session.shop.front"), 303)


def _taken_over(missing: shop.CookieMissing) -> AnyResponse:
    response = redirect(url_for("session.shop.front"), 303)
    agreement = shop.agreement_of(world(), missing.session)
    if agreement is not None:
        cookie = binding.offer(response, g.handle, agreement, world().keyring)
        shop.rebind(world(), missing.session, cookie)
    return response


def _asked(form: CustomerForm, status: int = 200) -> Response:
    return page(
        "shop/customer.html",
        status=status,
        form=_with_libraries(form),
        action=url_for("session.choose_customer"),
        about=_ABOUT,
    )


def _with_libraries(form: CustomerForm) -> CustomerForm:
    accounts = [world().shop.customer(number) for number in here().agreement.customers]
    form.customer.choices = [(account.number, account.name) for account in accounts]
    return form
