"""What the direct pages share: the visit behind each request, and the room of the shop's pages in it.

A page of one's own needs a user who is logged in and has a customer: hang it on ``blueprint``, or below
``/min-side/`` on ``my_page.blueprint``, ask ``visit()`` who it is, and answer with ``page()``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec

from flask import Blueprint, Response, g, redirect, render_template, request, url_for

from catalog_bridge.bookshop import BookshopError, NotFound, ShopUnavailable
from protocols.errors import Conflict, Forbidden, ProtocolError
from punchout.catalogues import marked
from punchout.direct import visit as visits
from punchout.roundtrip.cart_problems import Problem, problems
from punchout.roundtrip.register_keeping import Keeper
from punchout.web import errors, forgery, home, language
from punchout.web.direct.forms import AddressForm
from punchout.web.pages import world
from punchout.web.shop import kept, room

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from werkzeug.wrappers import Response as AnyResponse

    from catalog_bridge.lists import Person
    from catalog_bridge.users import Membership
    from protocols.model.cart import Cart, CartLine
    from protocols.model.customer import Customer
    from punchout.direct.visit import Visit
    from punchout.web.shop.kept import Kept

    P = ParamSpec("P")

blueprint = Blueprint("direct", __name__)
blueprint.register_blueprint(room.blueprint)

OPEN_TO_ALL = {f"direct.{name}" for name in ("log_in", "ask_code", "code", "give_code")}
"""Views that ask for no user."""

_WITHOUT_CUSTOMER = {f"direct.{name}" for name in ("customer", "choose_customer", "log_out")}
_FRONT = "direct.shop.front"
_SESSION, _BROWSER = "shop", "login"

_WAY = {
    "way": "direct",
    "layout": "direct/layout.html",
    "onward_words": marked("Go on to checkout"),
    "mend_words": marked("Cannot be ordered as it is:"),
}
_FORBIDDEN = marked("That is not allowed here")
_NOT_NOW = marked("That cannot be done now")
_GO_BACK = marked("Go back to the cart and try again. Nothing has been lost.")
_ADMINISTRATORS = marked("Only users with administrator access can do this.")
_PLAIN_PATH = re.compile(r"(/[A-Za-z0-9_-]+)+/?")
_PRICE_CHANGED = marked(
    "The price was %(before)s without tax when you put it in the cart; now it is %(now)s."
)


@blueprint.url_value_preprocessor
def _own_forms(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Nothing: a form is worth nothing in another's browser, nor once its user shops for another library."""
    cookie = session_cookie()
    number = visits.customer_of(world(), cookie) if cookie else ""
    forgery.belong_to(f"direct {cookie} {number}")


@blueprint.before_request
def _visit() -> AnyResponse | None:
    """Nothing, with the visit found; or the way to log in, or to choose a customer."""
    if request.endpoint in OPEN_TO_ALL:
        return None
    found = visits.visit(world(), session_cookie())
    if found is None:
        return _nobody()
    g.visit, g.room = found, DirectRoom(found)
    if found.user or request.endpoint in _WITHOUT_CUSTOMER:
        return None
    return redirect(url_for("direct.customer"), 303)


def _nobody() -> AnyResponse:
    if request.endpoint == _FRONT:
        return Response(home.shown())
    if late := _kept():
        return outside("direct/login.html", status=410, form=AddressForm(), is_over=True, kept=late)
    wanted = request.path if request.method == "GET" else ""
    return redirect(url_for("direct.log_in", to=wanted or None), 303)


def _kept() -> Kept | None:
    """What was typed into the grid or the list and came too late, now in the cart that it was typed for."""
    left = visits.ended(world(), session_cookie()) if request.method == "POST" else None
    try:
        return kept.keep(visits.cart(world(), left, visits.cart_id(world(), left))) if left else None
    except BookshopError:
        return None


def wanted() -> str:
    """Where the user was going before log-in; the front where that is no plain path of ours."""
    path = request.args.get("to", "")
    return path if _PLAIN_PATH.fullmatch(path) else url_for("direct.shop.front", welcome=1)


def visit() -> Visit:
    """The visit of this request: its ``user``, ``customer_number`` and ``memberships``."""
    found: Visit = g.visit
    return found


def user() -> Membership:
    """The user at the chosen customer."""
    found = visit().user
    if found is None:
        raise Forbidden("choose a library first", where="customer")
    return found


def customer() -> Customer:
    """The chosen customer, asked of the bookshop once in a request."""
    if "customer" not in g:
        g.customer = visits.customer(world(), visit())
    found: Customer = g.customer
    return found


def for_administrators(view: Callable[P, AnyResponse]) -> Callable[P, AnyResponse]:
    """The view for users with administrator access; 403 with a plain reason for others (CUST-7)."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> AnyResponse:
        if not visit().is_administrator:
            raise Forbidden(_ADMINISTRATORS, where="user")
        return view(*args, **kwargs)

    return guarded


@dataclass(frozen=True, slots=True)
class DirectRoom:
    """The shop's pages for a user who is logged in (``punchout.web.shop.room.Room``)."""

    visit: Visit

    @property
    def customer_number(self) -> str:
        """Of the customer that the user has chosen."""
        return self.visit.customer_number

    @property
    def cart_id(self) -> str:
        """Of the user's cart in use."""
        if "cart_id" not in g:
            g.cart_id = visits.cart_id(world(), self.visit)
        return str(g.cart_id)

    @property
    def writable(self) -> bool:
        """True: what has been ordered is no cart any more."""
        return True

    @property
    def distribution(self) -> str:
        """The customer's setting (DIST-7)."""
        return customer().distribution.value

    @property
    def order_name_pattern(self) -> str:
        """Any: only municipalities ask for a form of their own."""
        return ".*"

    @property
    def resume_code(self) -> str:
        """None: the user's carts stand in a list."""
        return ""

    @property
    def origin(self) -> str:
        """The customer's number."""
        return self.customer_number

    @property
    def register_access(self) -> str:
        """All of it: the library's own people keep it (DIST-2)."""
        return "edit"

    @property
    def keeper(self) -> Keeper:
        """The user."""
        return Keeper(actor=self.visit.session.email)

    @property
    def whose_orders(self) -> str | None:
        """Everybody's (ORD-3)."""
        return None

    @property
    def papers(self) -> bool:
        """Always: they are the library's own (ORD-5)."""
        return True

    @property
    def test(self) -> bool:
        """False: the shop itself is in earnest."""
        return False

    @property
    def owner(self) -> Person:
        """The user, by the address that logged in."""
        return visits.owner(self.visit)

    def other_carts(self) -> dict[str, str]:
        """Those of all users of the customer: what a colleague is about to order is told, not opened."""
        return visits.other_carts(world(), self.visit, self.cart_id)

    def check_writable(self) -> None:
        """Nothing."""

    def cart(self) -> Cart:
        """The user's cart in use."""
        return visits.cart(world(), self.visit, self.cart_id)

    def problems(self, now: Cart) -> tuple[Problem, ...]:
        """What has to be mended before checkout."""
        return problems(world(), now, self.distribution)

    def remarks(self, now: Cart) -> Mapping[str, list[str]]:
        """What a title cost when it was put in the cart, where that was something else (PRICE-6)."""
        return {line.line_id: [price_changed(line)] if line.price_changed else [] for line in now.lines}

    def onward(self) -> str:
        """The checkout."""
        return url_for("direct.checkout")

    def page(
        self, template: str, *, status: int = 200, cart: Cart | None = None, **context: object
    ) -> Response:
        """A page of the shop for this user."""
        return page(template, status=status, cart=cart, **context)


def page(template: str, *, status: int = 200, cart: Cart | None = None, **context: object) -> Response:
    """A page with the user, the customer and the cart around it; ``direct/layout.html`` is its layout."""
    around: dict[str, object] = {"visit": visit(), "here": g.room, **_WAY}
    if visit().user:
        around["customer"] = customer()
        around["cart"] = cart or g.room.cart()
        around["carts"] = visits.carts(world(), visit())
    return Response(render_template(template, **around, **context), status=status)


def outside(template: str, *, status: int = 200, **context: object) -> Response:
    """A page for nobody: before log-in."""
    return Response(render_template(template, **context), status=status)


def price_changed(line: CartLine) -> str:
    """The sentence about a line whose price is another than when it was put in the cart."""
    before = language.money(line.added_price or line.unit_price)
    return language.filled(_PRICE_CHANGED, {"before": before, "now": language.money(line.unit_price)})


def session_cookie() -> str:
    """The cookie that says who is logged in; empty without one."""
    return request.cookies.get(_name(_SESSION), "")


def browser_cookie() -> str:
    """The cookie of the browser that asked for a code; empty without one."""
    return request.cookies.get(_name(_BROWSER), "")


def with_session(response: AnyResponse, value: str) -> AnyResponse:
    """The response, which gives the browser the session's cookie; an empty value takes it away.

    ``Lax``: a link in a mail of ours leads in.
    """
    return _with_cookie(response, _SESSION, value, "Lax")


def with_browser(response: AnyResponse, value: str) -> AnyResponse:
    """The response, which gives the browser the cookie that its code is bound to."""
    return _with_cookie(response, _BROWSER, value, "Strict")


def _with_cookie(response: AnyResponse, name: str, value: str, same_site: str) -> AnyResponse:
    response.set_cookie(
        _name(name),
        value,
        max_age=None if value else 0,
        secure=_on_tls(),
        httponly=True,
        path="/",
        samesite=same_site,
    )
    return response


def _name(name: str) -> str:
    """With ``__Host-`` no other host can set it; browsers take that, and Secure, over TLS only."""
    return f"__Host-{name}" if _on_tls() else name


def _on_tls() -> bool:
    return world().public_base_url.startswith("https://")


@blueprint.errorhandler(ProtocolError)
def _not_done(error: ProtocolError) -> Response:
    """What a use case would not do, without a word of procurement systems."""
    code = 403 if isinstance(error, Forbidden) else 409 if isinstance(error, Conflict) else error.http_status
    return errors.page(
        errors.Trouble(
            code=max(code, 400),
            title=_FORBIDDEN if code == 403 else _NOT_NOW,
            detail=language.say(error.detail),
            advice=_GO_BACK,
        )
    )


@blueprint.errorhandler(BookshopError)
def _refused(error: BookshopError) -> Response:
    """What the bookshop said where no field could carry it."""
    code = 404 if isinstance(error, NotFound) else 503 if isinstance(error, ShopUnavailable) else 409
    return errors.page(
        errors.Trouble(
            code=code,
            title=marked("The bookshop could not do that"),
            detail=language.refusal(error),
            advice=_GO_BACK,
        )
    )
