"""What goes out: deliveries that wait or have been given up, and mails (security §11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, request, url_for

from punchout.catalogues import marked
from punchout.direct import code_mail
from punchout.roundtrip import outbox_desk
from punchout.web.desk.room import blueprint, operator, page
from punchout.web.pages import world

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

KINDS = {
    "carry_out": marked("The order to the bookshop"),
    "take_up": marked("A change that waited for its order"),
    "confirmation": marked("Order confirmation to the procurement system"),
    "status_update": marked("Status to the procurement system"),
    "mail": marked("Mail"),
    "place_direct": marked("A direct order to the bookshop"),
    "login_code": marked("Mail with a code for log-in"),
}
"""What is delivered, in people's words."""


@blueprint.get("/outbox")
def outbox() -> Response:
    """Deliveries that have been given up, and those that wait, each with what its last attempt said."""
    return page(
        "desk/outbox.html", listed=outbox_desk.undone(world()), kinds=KINDS, retried="retried" in request.args
    )


@blueprint.post("/outbox/<agreement_id>/<delivery_id>/retry")
def retry(agreement_id: str, delivery_id: str) -> AnyResponse:
    """The list again; the delivery is due now. Conflict when it has been done meanwhile."""
    outbox_desk.retry(world(), agreement_id, delivery_id, operator().actor)
    return redirect(url_for("desk.outbox", retried=1), 303)


@blueprint.get("/mail")
def mail() -> Response:
    """The newest mails, as they were or will be sent."""
    return page("desk/mail.html", mails=outbox_desk.mails(world(), {code_mail.LOGIN_CODE: code_mail.shown}))
