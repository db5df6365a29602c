"""The cart on its way back: preview, freeze, the posting page; or leaving unchanged (FLOW-3, FLOW-6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, abort, g, redirect, render_template, request, url_for

from protocols.model.finding import CODES, Severity
from punchout.catalogues import marked
from punchout.roundtrip import budget, divided, oci_functions, resume, shop, transfer
from punchout.web import language, security
from punchout.web.copies_shown import summary
from punchout.web.oci import in_charset
from punchout.web.pages import world
from punchout.web.session.room import blueprint, here, left_behind, page, way_out
from punchout.web.shop.cart import taxes
from punchout.web.shop.forms import DIVISIONS, DivisionForm, PlainForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from werkzeug.wrappers import Response as AnyResponse

    from catalog_bridge.rules.dividing import Wish
    from protocols.model.cart import ReturnedCart
    from protocols.model.finding import Finding
    from punchout.roundtrip.parcel import Parcel

_DELETE = "delete"
"""Name of the button that sends an emptied cart."""

_SHOW = "show"
"""Name of the button that shows the orders by another choice."""

_COLUMN = re.compile(r"NEW_ITEM-(\w+)")
_PARTS = {
    "Description": marked("Description"),
    "ShortName": marked("Short title"),
    "ManufacturerName": marked("Publisher"),
    "SupplierPartID": marked("Item number"),
    "SupplierPartAuxiliaryID": marked("Item number"),
    "UnitPrice": marked("Price"),
    "UnitOfMeasure": marked("Unit"),
    "Classification": marked("Classification"),
    "Extrinsic": marked("Further details"),
    "DESCRIPTION": marked("Description"),
    "LONGTEXT": marked("Long description"),
    "VENDORMAT": marked("Item number"),
    "MANUFACTMAT": marked("Item number"),
    "EXT_PRODUCT_ID": marked("Item number"),
    "EXT_QUOTE_ID": marked("Our number for the cart"),
    "PRICE": marked("Price"),
    "UNIT": marked("Unit"),
    "MATGROUP": marked("Classification"),
    "EXT_CATEGORY": marked("Classification"),
    "LEADTIME": marked("Delivery time"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of a value on its way, for the shopper (design §4.6).

    title
        Of the line that it stands in; empty where it is about the whole cart.
    part
        What the value is, as a message; empty where shoppers have no word for it.
    column
        The form's own name for it there, so that two changes do not read alike; empty elsewhere.
    refused
        Whether the procurement system may turn the line away.
    unproven
        Whether this is only reported by others, so that it may not happen here.
    """

    title: str
    part: str
    column: str
    text: str
    refused: bool
    unproven: bool


@blueprint.get("/send")
def preview() -> AnyResponse:
    """What will be sent, what the procurement system will not keep of it, and what has to be mended first."""
    if not here().writable:
        return redirect(url_for("session.shop.cart" if here().open else "session.sent"), 303)
    if shop.asks_who(here()):
        return redirect(url_for("session.who"), 303)
    form = DivisionForm(formdata=None, spread=request.args.get("spread"), waits=request.args.get("waits"))
    wish = _wish(form)
    whole = shop.cart(world(), here())
    found = transfer.preview(world(), here(), wish)
    returned = found.returned
    return page(
        "session/send.html",
        cart=whole,
        going=found.cart,
        returned=returned,
        looked=found.outlook,
        form=form,
        wish=wish,
        choices=DIVISIONS,
        changes=changes(found.findings, returned),
        problems=transfer.to_mend(world(), here(), found),
        rest=found.rest,
        budget=budget.of(here(), whole),
        by_person=resume.by_person(here()),
        taxes=taxes(found.cart),
        summary=summary,
        again=shop.refill(world(), here()),
    )


@blueprint.post("/send")
def send() -> AnyResponse:
    """On to the page that posts the frozen cart; back to the preview where the cart may not go yet.

    Orders that were not shown are shown first (CHK-10).
    An emptied cart of an edit goes only by the button that says what it means.
    """
    form = DivisionForm(request.form)
    back = url_for("session.preview", **form.chosen())
    if _SHOW in request.form:
        return redirect(url_for("session.preview", **form.chosen(), shown=1), 303)
    if here().writable and not (_DELETE in request.form or shop.cart(world(), here()).lines):
        return redirect(back, 303)
    if here().writable and not form.as_seen:
        return redirect(url_for("session.preview", **form.chosen(), changed=1), 303)
    try:
        transfer.freeze(world(), here(), _wish(form))
    except transfer.NotReady:
        return redirect(back, 303)
    return redirect(url_for("session.sent"), 303)


def _wish(form: DivisionForm) -> Wish:
    """What the form says; of what it was not asked, what was wished for these lines before."""
    return form.wish(divided.before(world(), here()))


@blueprint.get("/leave")
def leave() -> AnyResponse:
    """The question whether to leave without changing anything."""
    if not here().open:
        return redirect(url_for("session.sent"), 303)
    return way_out("session/leave.html", button=PlainForm())


@blueprint.post("/leave")
def cancel() -> AnyResponse:
    """On to the page that tells the procurement system that nothing changes."""
    transfer.cancel(world(), here())
    return redirect(url_for("session.sent"), 303)


@blueprint.get("/sent")
def sent() -> AnyResponse:
    """The page that posts what was frozen; it may be opened again until the order arrives (design §4.6)."""
    if here().open:
        return redirect(url_for("session.shop.cart"), 303)
    if arrived := transfer.ordered(world(), here()):
        return way_out(
            "session/ordered.html", orders=arrived.orders, division=arrived.division, choices=DIVISIONS
        )
    return _posting(transfer.again(world(), here()))


@blueprint.post("/back")
def give_back() -> Response:
    """The page that tells the procurement system that nothing changes, once the session's time is over."""
    g.visit = left_behind()
    language.use(here().agreement.locale)
    security.framed_by(here().agreement)
    return _posting(transfer.expire(world(), here()))


def _posting(parcel: Parcel) -> Response:
    nonce = world().new_secret()
    security.return_to(parcel.action, here().agreement, nonce)
    response = way_out(
        "session/sent.html", parcel=parcel, nonce=nonce, choices=DIVISIONS, by_person=resume.by_person(here())
    )
    return in_charset(response, response.get_data(as_text=True), parcel.charset)


@blueprint.get("/checked")
def check() -> AnyResponse:
    """The page that posts the product which the procurement system asked about, or that it is gone.

    404 in a session that somebody shops in: nobody asked.
    """
    if here().session.setup.check is None:
        abort(404)
    form = oci_functions.check(world(), here())
    nonce = world().new_secret()
    security.return_to(form.action, here().agreement, nonce)
    body = render_template("oci/checked.html", form=form, nonce=nonce)
    return in_charset(Response(), body, form.charset)


def changes(findings: Iterable[Finding], returned: ReturnedCart) -> list[Change]:
    """Each finding about a cart on its way, for the shopper, in the time that it takes to read them once."""
    titles = {line.number: line.short_name for line in returned.lines}
    return [_change(finding, titles.get(transfer.line_number(finding.where), "")) for finding in findings]


def _change(finding: Finding, title: str) -> Change:
    column = _COLUMN.match(finding.where)
    named = column[1] if column else finding.where.rpartition("/")[2]
    return Change(
        title=title,
        part=_PARTS.get(named, ""),
        column=named if column and named not in _PARTS else "",
        text=CODES[finding.code],
        refused=finding.severity is Severity.ERROR,
        unproven=finding.unproven,
    )
