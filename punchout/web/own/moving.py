"""Copies of an order, moved from Min side and from a session (DIST-13), where that may write."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec

from flask import Response, redirect

from punchout.roundtrip.moving import Mover
from punchout.web import moving
from punchout.web.own.room import blueprint, customer_number, own_url, page, room

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response as AnyResponse

    P = ParamSpec("P")

_VIEWS = {"line_copies": "order_copies", "use_pattern": "order_pattern", "assign": "order_assign"}


class OwnPlace:
    """A room's pages (``punchout.web.moving.Place``)."""

    @property
    def mover(self) -> Mover:
        """Whoever is in the room, for the orders that it shows (PO-ID-5)."""
        return Mover(customer_number=customer_number(), own=room().whose_orders)

    def url(self, view: str, /, **values: Any) -> str:  # noqa: ANN401 - as url_for takes it
        """The address in the room."""
        return own_url(_VIEWS.get(view, view), **values)

    def page(self, template: str, *, status: int = 200, **context: Any) -> Response:  # noqa: ANN401 - as Jinja takes it
        """A page in the room."""
        return page(template, status=status, **context)


def _shown(view: Callable[P, Response]) -> Callable[P, AnyResponse]:
    """A page for rooms that may write; the order in others."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> AnyResponse:
        if not room().writable:
            return redirect(own_url("order", number=kwargs["number"]), 303)
        return view(*args, **kwargs)

    return guarded


@blueprint.get("/ordrer/<number>/linjer/<line>")
@_shown
def order_copies(number: str, line: str) -> Response:
    """The copies of a line, to be moved."""
    return moving.line_copies(OwnPlace(), number, line)


@blueprint.post("/ordrer/<number>/linjer/<line>")
def move_copies(number: str, line: str) -> AnyResponse:
    """The copies of the line, moved."""
    room().check_writable()
    return moving.move_copies(OwnPlace(), number, line)


@blueprint.post("/ordrer/<number>/linjer/<line>/profil")
def order_pattern(number: str, line: str) -> AnyResponse:
    """The line with a profile's or a template's codes on a run of its copies."""
    room().check_writable()
    return moving.use_pattern(OwnPlace(), number, line)


@blueprint.get("/ordrer/<number>/fordeling")
@_shown
def order_assign(number: str) -> Response:
    """How all copies without codes are to be assigned (DIST-9)."""
    return moving.assign(OwnPlace(), number)


@blueprint.post("/ordrer/<number>/fordeling")
def assign_copies(number: str) -> AnyResponse:
    """All copies without codes, assigned."""
    room().check_writable()
    return moving.assign_copies(OwnPlace(), number)
