"""What the desk's pages share: the operator behind each request, and the page for nobody (security §8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, render_template, request

from catalog_bridge.bookshop import BookshopError, NotFound, ShopUnavailable
from protocols.errors import ProtocolError
from punchout.catalogues import marked
from punchout.roundtrip import operators
from punchout.web import errors, forgery, language
from punchout.web.pages import world
from punchout.web.shop.forms import PlainForm

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from session_store.desk import Seat

blueprint = Blueprint("desk", __name__, url_prefix="/desk")

OPEN_TO_ALL = {"desk.come_in"}
"""Views that ask for no operator."""

_NAME = "desk"
_NOT_DONE = marked("That could not be done")
_LOOK_AGAIN = marked("Look at it again. Nothing has been changed.")


@blueprint.url_value_preprocessor
def _own_forms(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Nothing: a form of one operator's page is worth nothing in another's."""
    forgery.belong_to(f"{_NAME} {_cookie()}")


@blueprint.before_request
def _operator() -> Response | None:
    """Nothing, with the operator found; or the page that says how to come in."""
    if request.endpoint in OPEN_TO_ALL:
        return None
    seat = operators.at_desk(world(), _cookie())
    if seat is None:
        return closed()
    g.seat = seat
    return None


def operator() -> Seat:
    """The operator of this request."""
    seat: Seat = g.seat
    return seat


def closed(title: str = "") -> Response:
    """403 with how to come in."""
    return Response(render_template("desk/closed.html", title=title), status=403)


def page(template: str, *, status: int = 200, **context: object) -> Response:
    """A page of the desk: with the operator's name and the way out around it."""
    around = {"operator": operator().actor.removeprefix("operator:"), "button": PlainForm()}
    return Response(render_template(template, **around, **context), status=status)


def with_cookie(response: AnyResponse, value: str) -> AnyResponse:
    """The response, which gives the browser the cookie of the desk; an empty value takes it away."""
    response.set_cookie(
        _cookie_name(),
        value,
        max_age=None if value else 0,
        secure=_on_tls(),
        httponly=True,
        path="/",
        samesite="Strict",
    )
    return response


def _cookie() -> str:
    return request.cookies.get(_cookie_name(), "")


def _cookie_name() -> str:
    """With ``__Host-`` no other host can set it; browsers take that, and Secure, over TLS only."""
    return f"__Host-{_NAME}" if _on_tls() else _NAME


def _on_tls() -> bool:
    return world().public_base_url.startswith("https://")


@blueprint.errorhandler(ProtocolError)
def _refused(error: ProtocolError) -> Response:
    return _explained(409, error.detail)


@blueprint.errorhandler(BookshopError)
def _shop_refused(error: BookshopError) -> Response:
    codes = {ShopUnavailable: 503, NotFound: 404}
    return _explained(codes.get(type(error), 409), language.refusal(error))


def _explained(code: int, detail: str) -> Response:
    return errors.page(errors.Trouble(code=code, title=_NOT_DONE, detail=detail, advice=_LOOK_AGAIN))
