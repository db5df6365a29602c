"""What the library has ordered once and for all, and what is still to come from before (CUST-9, ORD-7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.model.distribution import numbered
from punchout.catalogues import marked
from punchout.web.copies_shown import summary
from punchout.web.direct.my_page import PAGES, MyPage, blueprint
from punchout.web.direct.room import page, user
from punchout.web.pages import world

if TYPE_CHECKING:
    from flask import Response

KINDS = {"series": marked("Series"), "package": marked("Book package")}

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
    return page(
        "direct/subscriptions.html",
        subscriptions=world().standing.subscriptions(number),
        open_orders=world().standing.open_orders(number),
        missing=world().order_history.brought_over(number).missing,
        kinds=KINDS,
        summary=summary,
        numbered=numbered,
    )
