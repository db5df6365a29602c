"""Everything under /s/<handle>/: the visit of each request, and the room of the shop's pages in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for

from catalog_bridge.bookshop import BookshopError, NotFound, ShopUnavailable
from protocols.model.session import Deployment, Operation
from punchout.catalogues import marked
from punchout.roundtrip import budget, resume, shop
from punchout.roundtrip.cart_problems import Problem, problems
from punchout.roundtrip.register_keeping import Keeper
from punchout.web import binding, errors, language, own, security
from punchout.web.pages import world
from punchout.web.session.reopened import remarks
from punchout.web.shop import kept, room
from punchout.web.shop.forms import PlainForm

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from catalog_bridge.lists import Person
    from protocols.model.agreement import Agreement
    from protocols.model.cart import Cart
    from protocols.model.refill import Refill
    from punchout.roundtrip.budget import Budget
    from punchout.roundtrip.shop import CookieMissing, SessionGone, Visit
    from punchout.web.shop.kept import Kept
    from session_store.sessions import StoredSession

blueprint = Blueprint("session", __name__, url_prefix="/s/<handle>")
blueprint.register_blueprint(room.blueprint)
blueprint.register_blueprint(own.blueprint)

_WITHOUT_VISIT = {"session.resume", "session.give_back"}
_WITHOUT_CUSTOMER = {
    f"session.{name}" for name in ("customer", "choose_customer", "leave", "cancel", "sent", "check")
}

_WAY = {
    "way": "session",
    "layout": "session/layout.html",
    "onward_words": marked("Go on to sending"),
    "mend_words": marked("Must be mended before sending:"),
}


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
    g.room = SessionRoom(here())
    _belongs_to(here().agreement)
    if here().session.customer_number or request.endpoint in _WITHOUT_CUSTOMER:
        return None
    return redirect(url_for("session.customer"), 303)


def here() -> Visit:
    """The visit of this request."""
    visit: Visit = g.visit
    return visit


@dataclass(frozen=True, slots=True)
class SessionRoom:
    """The shop's pages in a session (``punchout.web.shop.room.Room``): rules and cart are the visit's."""

    visit: Visit

    @property
    def customer_number(self) -> str:
        """Of the customer that the session shops for."""
        return self.visit.session.customer_number

    @property
    def cart_id(self) -> str:
        """Of the session's own cart."""
        return self.visit.session.cart_id

    @property
    def writable(self) -> bool:
        """Whether nothing has gone back yet, and the session is for more than looking."""
        return self.visit.writable

    @property
    def distribution(self) -> str:
        """The agreement's setting (DIST-7)."""
        return self.visit.distribution

    @property
    def order_name_pattern(self) -> str:
        """The municipality's own."""
        return self.visit.agreement.references.order_name

    @property
    def resume_code(self) -> str:
        """The session's reference code, where carts are found by it (CART-6)."""
        return self.visit.session.reference if resume.by_name(self.visit) else ""

    @property
    def origin(self) -> str:
        """The session's reference code."""
        return self.visit.session.reference

    @property
    def register_access(self) -> str:
        """What the agreement allows; a session that is only shown changes nothing (DIST-12)."""
        return self.visit.agreement.policy.register if self.writable else "read"

    @property
    def keeper(self) -> Keeper:
        """The session's shopper, on the session's own timeline."""
        session = self.visit.session
        return Keeper(
            actor="shopper",
            agreement_id=session.agreement_id,
            reference=session.reference,
            session_id=session.id,
        )

    @property
    def whose_orders(self) -> str | None:
        """The shopper's own orders alone, unless the agreement says otherwise (PO-ID-5)."""
        own = self.visit.agreement.policy.history == "own"
        return self.visit.session.setup.shopper.email if own else None

    @property
    def papers(self) -> bool:
        """As the agreement has it (PO-ID-5)."""
        return self.visit.agreement.policy.invoices

    @property
    def test(self) -> bool:
        """Whether the session is one."""
        return self.visit.session.deployment is Deployment.TEST

    @property
    def owner(self) -> Person:
        """The person whom the call-up named; under a shared login nobody in particular (CART-6, LOGIN-7)."""
        return resume.owner(self.visit)

    def other_carts(self) -> dict[str, str]:
        """The shopper's own, called by their order names alone (CART-6)."""
        return dict.fromkeys(resume.other_carts(world(), self.visit), "")

    def check_writable(self) -> None:
        """Nothing; Conflict when the cart has gone back, or is only shown (FLOW-4, FLOW-5)."""
        shop.writable(self.visit)

    def cart(self) -> Cart:
        """The session's cart."""
        return shop.cart(world(), self.visit)

    def problems(self, now: Cart) -> tuple[Problem, ...]:
        """What has to be mended; nothing where nothing can be changed."""
        return problems(world(), now, self.distribution) if self.writable else ()

    def remarks(self, now: Cart) -> dict[str, list[str]]:
        """What has become of the lines since they went back."""
        return remarks(self.visit, now, shop.refill(world(), self.visit))

    def onward(self) -> str:
        """The preview of what is sent."""
        return url_for("session.preview")

    def page(
        self, template: str, *, status: int = 200, cart: Cart | None = None, **context: object
    ) -> Response:
        """A page of the shop in this session."""
        return page(template, status=status, cart=cart, **context)


def page(template: str, *, status: int = 200, cart: Cart | None = None, **context: object) -> Response:
    """A page with the session's customer, cart and shopper around it."""
    if not here().session.customer_number:
        return way_out(template, status=status, **context)
    around = {"customer": shop.customer(world(), here()), "cart": cart or shop.cart(world(), here())}
    return way_out(template, status=status, **around, **context)


def way_out(template: str, *, status: int = 200, **context: object) -> Response:
    """A page that asks nothing of the bookshop: so the way back is open while the shop is away (FLOW-6)."""
    asked = {"refill": _refill, "budget_of": _budget}
    around = {"here": here(), "shopper": shop.shopper(here()), **asked, **_WAY}
    return Response(render_template(template, **around, **context), status=status)


def _budget(cart: Cart) -> Budget | None:
    return budget.of(here(), cart)


def _refill() -> Refill | None:
    return shop.refill(world(), here())


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
        kept=_kept(),
    )
    return Response(body, status=410)


def _kept() -> Kept | None:
    """What was typed into the grid or the list and came too late, now in the cart that it was typed for.

    The cart outlives its session (CART-6), and goes on in the next one of the same person. So what the
    session's own browser sends by one of its forms is not thrown away, unless the cart has gone on elsewhere.
    """
    try:
        left = left_behind()
        if left.operation is Operation.INSPECT or left.session.continued_by:
            return None
        return kept.keep(world().shop.cart(left.session.customer_number, left.session.cart_id))
    except (shop.SessionGone, BookshopError):
        return None


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
    body = render_template("session/elsewhere.html", session=error.session, form=form)
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
