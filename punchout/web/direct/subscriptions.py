"""What the library has ordered once and for all, its end, and what is to come from before (CUST-9, ORD-7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request, url_for

from protocols.errors import Forbidden
from protocols.model.distribution import numbered
from punchout.catalogues import marked
from punchout.direct import standing
from punchout.web.copies_shown import summary
from punchout.web.direct.my_page import PAGES, MyPage, blueprint
from punchout.web.direct.room import page, user, visit
from punchout.web.direct.series import KINDS
from punchout.web.pages import world
from punchout.web.shop.forms import PlainForm

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

PAGES.append(
    MyPage(
        endpoint="direct.my_page.subscriptions",
        title=marked("Subscriptions"),
        about=marked("Series and book packages, and open orders of before."),
    )
)


@blueprint.get("/abonnement")
def subscriptions() -> Response:
    """Series, packages and open orders; said to be incomplete until all has come over."""
    number = user().customer_number
    found = world().standing.subscriptions(number)
    return page(
        "direct/subscriptions.html",
        subscriptions=found,
        may_end={one.subscription_id for one in found if standing.may_end(visit(), one)},
        ended=request.args.get("ended", ""),
        open_orders=world().standing.open_orders(number),
        missing=world().order_history.brought_over(number).missing,
        kinds=KINDS,
        summary=summary,
        numbered=numbered,
    )


@blueprint.get("/abonnement/<subscription_id>/avslutt")
def ending(subscription_id: str) -> Response:
    """What is asked before a subscription ends; for those who may end it."""
    found = standing.one(world(), visit(), subscription_id)
    if not found.ended and not standing.may_end(visit(), found):
        raise Forbidden(standing.NOT_YOURS, where="subscription")
    return page(
        "direct/subscription_end.html",
        one=found,
        button=PlainForm(),
        summary=summary,
        numbered=numbered,
    )


@blueprint.post("/abonnement/<subscription_id>/avslutt")
def end(subscription_id: str) -> AnyResponse:
    """The list, in which the subscription has ended."""
    standing.end(world(), visit(), subscription_id)
    return redirect(url_for("direct.my_page.subscriptions", ended=subscription_id), 303)
