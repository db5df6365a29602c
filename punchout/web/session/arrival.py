"""The way to the page that a visit begins with, and the question for an unfinished cart (CART-6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, g, redirect, request, url_for

from protocols.errors import Conflict
from protocols.model.session import NOBODY
from punchout.catalogues import marked
from punchout.roundtrip import arrive, resume, shop
from punchout.roundtrip.arrive import Door
from punchout.web.pages import world
from punchout.web.session.room import blueprint, here, page
from punchout.web.shop.forms import NamedCartForm, PlainForm, WhoForm

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from punchout.roundtrip.arrive import Arrival
    from punchout.roundtrip.resume import Unfinished

_PAGES = {
    Door.FRONT: "session.shop.front",
    Door.WHO: "session.who",
    Door.CART: "session.shop.cart",
    Door.UNFINISHED: "session.unfinished",
    Door.CHECK: "session.check",
}
_UNKNOWN = marked("There is no unfinished cart with this name and code. Look at both again.")


def way_to(arrival: Arrival, handle: str) -> str:
    """The address of the first page."""
    if arrival.door is Door.TITLE:
        return url_for("session.shop.title", handle=handle, product_id=arrival.text)
    if arrival.door is Door.SEARCH:
        return url_for("session.shop.front", handle=handle, q=arrival.text, sought=1)
    return url_for(_PAGES[arrival.door], handle=handle)


@blueprint.get("/who")
def who() -> AnyResponse:
    """The question who shops (PO-ID-6); onward where it is known."""
    if not shop.asks_who(here()):
        return redirect(_onward(), 303)
    return page("session/who.html", form=WhoForm())


@blueprint.post("/who")
def say_who() -> AnyResponse:
    """On to the shop, for this person; the form again where the answer will not do."""
    shop.writable(here())
    form = WhoForm(request.form)
    if "nobody" not in request.form and not form.validate():
        return page("session/who.html", status=422, form=form)
    named = NOBODY if "nobody" in request.form else form.shopper()
    g.visit = shop.say_who(world(), here(), named)
    if shop.cart(world(), here()).lines:
        return redirect(url_for("session.preview"), 303)
    return redirect(way_to(arrive.first_page(world(), here()), g.handle), 303)


@blueprint.get("/unfinished")
def unfinished() -> AnyResponse:
    """The carts to go on with, or the form that finds one by name and code; onward where there is neither."""
    if not (resume.by_name(here()) or resume.offers(world(), here())):
        return redirect(_onward(), 303)
    return _asked(NamedCartForm())


@blueprint.post("/unfinished/<reference>")
def go_on(reference: str) -> AnyResponse:
    """On with one of the carts that this person was offered."""
    shop.writable(here())
    chosen = next((one for one in resume.offers(world(), here()) if one.reference == reference), None)
    if chosen is None:
        raise Conflict(resume.TAKEN)
    return _going_on(chosen)


@blueprint.post("/unfinished")
def go_on_named() -> AnyResponse:
    """On with the cart of this name and code; the form again where there is none."""
    shop.writable(here())
    form = NamedCartForm(request.form)
    chosen = resume.named(world(), here(), form.name.data or "", form.code.data or "")
    if chosen is None:
        form.name.errors = [_UNKNOWN]
        return _asked(form, 422)
    return _going_on(chosen)


def _going_on(chosen: Unfinished) -> AnyResponse:
    resume.go_on(world(), here(), chosen)
    return redirect(url_for("session.shop.cart"), 303)


def _asked(form: NamedCartForm, status: int = 200) -> Response:
    return page(
        "session/unfinished.html",
        status=status,
        offers=resume.offers(world(), here()),
        form=form,
        named=resume.by_name(here()),
        button=PlainForm(),
        onward=_onward(),
    )


def _onward() -> str:
    """The page after the question, where the shopper starts anew."""
    return way_to(arrive.asked_for(world(), here()), g.handle)
