"""What people told of the pages, for whoever is at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, request, url_for

from punchout.roundtrip import feedback
from punchout.web.desk.room import blueprint, operator, page
from punchout.web.pages import world
from punchout.web.shop.feedback import PARTS

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse


@blueprint.get("/feedback")
def messages() -> Response:
    """Every message, those first that wait."""
    return page(
        "desk/feedback.html", listed=feedback.listing(world()), parts=PARTS, done="done" in request.args
    )


@blueprint.post("/feedback/<message_id>/done")
def settle_message(message_id: str) -> AnyResponse:
    """The list again; somebody has seen to this message."""
    feedback.settle(world(), message_id, operator().actor)
    return redirect(url_for("desk.messages", done=1), 303)
