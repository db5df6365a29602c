"""Everything under /s/<handle>/: the visit of each request, and what every page of it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for

from catalog_bridge.bookshop import BookshopError, NotFound, ShopUnavailable
from punchout.catalogues import marked
from punchout.roundtrip import shop
from punchout.web import binding, errors, language, security
from punchout.web.pages import world
from punchout.web.shop.forms import PlainForm

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from protocols.model.agreement import Agreement
    from protocols.model.cart import Cart
    from punchout.roundtrip.shop import CookieMissing, SessionGone, Visit
    from session_store.sessions import StoredSession

blueprint = Blueprint("shop", __name__, url_prefix="/s/<handle>", template_folder="templates")

_WITHOUT_VISIT = {"shop.resume", "shop.give_back"}
_WITHOUT_CUSTOMER = {"shop.customer", "shop.choose_customer", "shop.leave", "shop.cancel", "shop.sent"}


@blueprint.url_value_preprocessor
def _take_handle(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.handle = (values or {}).pop("handle")


@blueprint.url_defaults
def _give_handle(_endpoint: str, values: dict[str, Any]) -> None:
    values.setdefault("handle", g.get("handle"))


@blueprint.before_request
def _visit() -> AnyResponse | None:
    """Nothing, with the visit found; or the way to the page that asks for whom the session shops."""
    if request.endpoint in _WITHOUT_VISIT:
        return None
    g.visit = shop.visit(world(), g.handle, binding.fingerprint(request, g.handle, world().keyring))
    _belongs_to(here().agreement)
    if here().session.customer_number or request.endpoint in _WITHOUT_CUSTOMER:
        return None
    return redirect(url_for("shop.customer"), 303)


def here() -> Visit:
    """The visit of this request."""
    visit: Visit = g.visit
    return visit


def page(template: str, *, status: int = 200, cart: Cart | None = None, **context: object) -> Response:
    """A page of the shop: with the session's customer, cart and shopper around it."""
    if not here().session.customer_number:
        return way_out(template, status=status, **context)
    around = {"customer": shop.customer(world(), here()), "cart": cart or shop.cart(world(), here())}
    return way_out(template, status=status, **around, **context)


def way_out(template: str, *, status: int = 200, **context: object) -> Response:
    """A page that asks nothing of the bookshop: so the way back is open while the shop is away (FLOW-6)."""
    around = {"here": here(), "shopper": shop.shopper(here())}
    return Response(render_template(template, **around, **context), status=status)


@blueprint.errorhandler(shop.SessionGone)
def _gone(error: SessionGone) -> Response:
    """410 with what happened; a session that nobody knows looks like one that has ended."""
    agreement = _explained_to(error.session)
    body = render_template(
        "closed.html",
        title=None,
        session=error.session,
        agreement=agreement,
        form=PlainForm() if _may_give_back() else None,
    )
    return Response(body, status=410)


def _may_give_back() -> bool:
    """Whether this browser may end the session at the buyer's, where its time is over."""
    try:
        left_behind()
    except shop.SessionGone:
        return False
    return True


def left_behind() -> Visit:
    """The ended session behind this request's handle; SessionGone where there is nothing to give back."""
    return shop.ended(world(), g.handle, binding.fingerprint(request, g.handle, world().keyring))


@blueprint.errorhandler(shop.CookieMissing)
def _cookie_missing(error: CookieMissing) -> Response:
    """403 with the button that lets the shopper go on here, where the agreement allows it."""
    _explained_to(error.session)
    form = PlainForm() if error.may_continue else None
    body = render_template("shop/elsewhere.html", session=error.session, form=form)
    return Response(body, status=403)


@blueprint.errorhandler(BookshopError)
def _refused(error: BookshopError) -> Response:
    """What the bookshop said where no field could carry it."""
    code = 404 if isinstance(error, NotFound) else 503 if isinstance(error, ShopUnavailable) else 409
    return errors.page(
        errors.Trouble(
            code=code,
            title=marked("The bookshop could not do that"),
            detail=language.refusal(error),
            advice=marked("Go back to the cart and try again. Nothing has been lost."),
        )
    )


def _explained_to(session: StoredSession | None) -> Agreement | None:
    agreement = shop.agreement_of(world(), session) if session else None
    if agreement is not None:
        _belongs_to(agreement)
    return agreement


def _belongs_to(agreement: Agreement) -> None:
    security.framed_by(agreement)
    language.use(agreement.locale)
