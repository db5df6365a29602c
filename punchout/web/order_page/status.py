"""How far an order has come, for whoever has its reference code (ORD-9)."""

from __future__ import annotations

from flask import Response, render_template

from protocols.library.order import LineStatus
from punchout.roundtrip import progress
from punchout.roundtrip.letters import WHY
from punchout.web import language
from punchout.web.order_page.room import blueprint, unknown
from punchout.web.pages import world

_MANY = 20
"""More lines than these are folded away, but for those that failed."""


@blueprint.get("", strict_slashes=False)
def status(reference: str) -> Response:
    """How far the order has come, in steps."""
    found = progress.find(world(), reference)
    if found is None:
        return unknown()
    language.use(found.agreement.locale)
    body = render_template(
        "order_page/status.html",
        found=found,
        order=found.order,
        steps=progress.STEPS,
        stands=progress.STANDS,
        why=WHY,
        in_library=progress.IN_LIBRARY,
        many=_MANY,
        cancelled=LineStatus.CANCELLED,
    )
    return Response(body)
