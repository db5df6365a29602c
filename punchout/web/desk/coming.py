"""Into the desk by a one-time address, and out again (security §8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, url_for

from punchout.catalogues import marked
from punchout.roundtrip import operators
from punchout.web import security
from punchout.web.desk.room import blueprint, closed, operator, with_cookie
from punchout.web.pages import world

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse


@blueprint.get("/login/<token>")
def come_in(token: str) -> AnyResponse:
    """The desk, for whoever opens the address first; a page that explains for everybody else."""
    security.no_referrer()
    if security.only_looking():
        return Response(status=204)
    entered = operators.enter(world(), token)
    if entered is None:
        return closed(marked("This address has been used, has expired, or is unknown"))
    return with_cookie(redirect(url_for("desk.waiting"), 303), entered.cookie)


@blueprint.post("/logout")
def go_out() -> AnyResponse:
    """The page that says how to come in again; the cookie opens nothing any more."""
    operators.leave(world(), operator())
    return with_cookie(closed(marked("You have left the desk")), "")
