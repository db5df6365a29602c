"""What a library's own pages share: who may change what in this room, and where each page lies.

The views hang on one blueprint: Min side takes it in below ``/min-side/``, a session below its handle.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec

from flask import Blueprint, request, url_for

from catalog_bridge.rules.register import allows
from protocols.errors import Forbidden
from punchout.catalogues import marked
from punchout.roundtrip.register_keeping import KeptRegisters
from punchout.web.pages import world
from punchout.web.shop.room import page, room

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response as AnyResponse

    from catalog_bridge.registers import Registers

    P = ParamSpec("P")

__all__ = ["blueprint", "customer_number", "may", "needs", "own_url", "page", "registers", "room"]

blueprint = Blueprint("own", __name__)

_PLACES = {"session": "session.own", "direct": "direct.my_page.own"}
_REASONS = {
    "profiles": marked("Your organisation's agreement lets you read the register here, not change it."),
    "edit": marked("Your organisation's agreement does not let you change codes here."),
}


def customer_number() -> str:
    """Whose pages these are."""
    return room().customer_number


def registers() -> Registers:
    """The register and its templates; whoever changes them here is written down."""
    return KeptRegisters(world(), room().keeper)


def may(level: str) -> bool:
    """Whether this room allows so much with the register (DIST-12)."""
    return allows(room().register_access, level)


def needs(level: str) -> Callable[[Callable[P, AnyResponse]], Callable[P, AnyResponse]]:
    """A view that only rooms with this level open; 403 with the reason elsewhere, 409 in a closed session."""

    def guard(view: Callable[P, AnyResponse]) -> Callable[P, AnyResponse]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> AnyResponse:
            room().check_writable()
            if not may(level):
                raise Forbidden(_REASONS[level], where="register")
            return view(*args, **kwargs)

        return guarded

    return guard


@blueprint.app_template_global()
def own_url(name: str, /, **values: Any) -> str:  # noqa: ANN401 - as url_for takes it
    """The address of one of these views in the room of this request."""
    way = (request.blueprint or "").partition(".")[0]
    return url_for(f"{_PLACES[way]}.{name}", **values)
