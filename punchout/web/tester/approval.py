"""The cart comes back to the buyer, is approved with or without changes, and goes out as an order."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from flask import Response, abort, redirect, render_template, request, url_for

from protocols.errors import Malformed
from protocols.model.finding import CODES
from protocols.model.session import Operation
from punchout.buyer.oci_buyer import OciBuyer
from punchout.buyer.received import ReceivedCart
from punchout.buyer.received_form import ReceivedForm
from punchout.catalogues import marked
from punchout.web import security
from punchout.web.copies_shown import summary
from punchout.web.pages import world
from punchout.web.tester.forms import ApprovalForm
from punchout.web.tester.room import blueprint, buyer, check, orders_of, return_url
from punchout.web.tester.showing import pretty, shown
from session_store import orders

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from protocols.model.order import OrderLine
    from punchout.buyer.buyer import Buyer
    from punchout.buyer.ordering import OrderAnswer


_EDIT = (Operation.EDIT, marked("Change it (edit)"))
_INSPECT = (Operation.INSPECT, marked("Look at it (inspect)"))
_AGAIN = {Operation.EDIT: (_EDIT, _INSPECT), Operation.INSPECT: (_INSPECT,), Operation.CREATE: ()}
"""What the cart promised → what may be tried with it."""


@blueprint.post("/return/<system>/<cookie>/<mark>")
def take(system: str, cookie: str, mark: str) -> str:
    """The returned cart, decoded and judged, with the form that makes an order of it."""
    check(system, cookie, mark)
    playing = buyer(system)
    cart = _came_home(playing, cookie)
    return _cart_page(playing, cart, cookie, _form_of(playing, cart))


@blueprint.post("/order/<system>/<cookie>")
def approve(system: str, cookie: str) -> AnyResponse | str:
    """On to what the shop made of the order; the answer itself where the gateway refused it."""
    playing = buyer(system)
    form = ApprovalForm(request.form)
    cart = _read_again(playing, _document(form), cookie)
    if not form.validate() or len(form.lines) != len(cart.lines):
        return Response(_cart_page(playing, cart, cookie, form), status=422)
    answer = _sent(playing, cart, form)
    if answer.code >= 400:
        return _answer_page(playing, cart, answer, return_url(system, cookie))
    return redirect(url_for("tester.made", system=system, order_id=answer.order_id), 303)


@blueprint.post("/back/<system>/<cookie>/<operation>")
def go_back(system: str, cookie: str, operation: str) -> Response | str:
    """The shop opened again with the lines as they stand in the form, to change them or to look at them."""
    if operation not in {Operation.EDIT, Operation.INSPECT}:
        abort(404)
    playing = buyer(system)
    if isinstance(playing, OciBuyer):
        abort(404)
    form = ApprovalForm(request.form)
    cart = playing.read_document(_document(form), cookie)
    if not form.validate() or len(form.lines) != len(cart.message.lines):
        return Response(_cart_page(playing, cart, cookie, form), status=422)
    lines = tuple(line for line in _lines(cart.lines, form) if line.quantity)
    new = world().new_id()
    started = playing.start(return_url(system, new), Operation(operation), items=lines, buyer_cookie=new)
    return shown("tester/started.html", started, playing.system.title)


@blueprint.get("/made/<system>/<order_id>")
def made(system: str, order_id: str) -> str:
    """What the gateway promised and what the bookshop made of it, as far as it has come."""
    playing = buyer(system)
    security.framed_by_ourselves()
    with world().store.read() as tx:
        stored = orders.find(tx, playing.agreement.id, order_id, "")
    if stored is None:
        abort(404)
    placed = orders_of(playing.agreement.customers, order_id)
    return render_template(
        "tester/made.html",
        system=playing.system,
        stored=stored,
        orders=placed,
        titles={line.product_id: line.description for line in stored.order.lines},
        reasons=CODES,
        summary=summary,
    )


def _came_home(playing: Buyer | OciBuyer, cookie: str) -> ReceivedCart | ReceivedForm:
    """What the browser has just posted; a form of lines is read from its bytes, in its own character set."""
    if isinstance(playing, OciBuyer):
        return playing.read_return(request.get_data())
    return playing.read_return(request.form, cookie)


def _read_again(playing: Buyer | OciBuyer, document: bytes, cookie: str) -> ReceivedCart | ReceivedForm:
    if isinstance(playing, OciBuyer):
        return playing.read_return(document)
    return playing.read_document(document, cookie)


def _form_of(playing: Buyer | OciBuyer, cart: ReceivedCart | ReceivedForm) -> ApprovalForm:
    """The form as an approver finds it: everything as it was returned, tokens as the system keeps them."""
    keeps = isinstance(cart, ReceivedCart) or playing.system.keeps_ext_product_id
    lines = [
        {
            "quantity": int(line.quantity),
            "price": line.unit_price.amount if line.unit_price else 0,
            "token": keeps,
        }
        for line in cart.lines
    ]
    usual = playing.system.ship_to
    return ApprovalForm(
        document=base64.b64encode(cart.document).decode(),
        lines=lines,
        requisition_id="PR-1001",
        address_id=usual.address_id if usual else "",
    )


def _document(form: ApprovalForm) -> bytes:
    try:
        return base64.b64decode(form.document.data or "", validate=True)
    except binascii.Error:
        raise Malformed(
            "the cart did not come along; send it from the shop again", where="document"
        ) from None


def _sent(playing: Buyer | OciBuyer, cart: ReceivedCart | ReceivedForm, form: ApprovalForm) -> OrderAnswer:
    """The gateway's answer to the cart as it was approved."""
    # What becomes of a line's token is what the approver says here, whatever the system would do.
    there = replace(playing.system, ship_to=form.ship_to(playing.system.ship_to), keeps_ext_product_id=True)
    trader, lines = replace(playing, system=there), _lines(cart.lines, form)
    requisition = (form.requisition_id.data or "").strip()
    if isinstance(trader, OciBuyer):
        form_home = cast("ReceivedForm", cart).with_lines(lines)
        return trader.send_order(form_home, requisition_id=requisition)
    cart_home = cast("ReceivedCart", cart)
    approved = replace(cart_home, message=replace(cart_home.message, lines=lines))
    return trader.send_order(approved, requisition_id=requisition)


def _lines(lines: tuple[OrderLine, ...], form: ApprovalForm) -> tuple[OrderLine, ...]:
    """The cart's lines as the form leaves them."""
    return tuple(entry.form.approved(line) for entry, line in zip(form.lines, lines, strict=True))


def _cart_page(
    playing: Buyer | OciBuyer, cart: ReceivedCart | ReceivedForm, cookie: str, form: ApprovalForm
) -> str:
    security.framed_by_ourselves()
    common = {"system": playing.system, "cookie": cookie, "cart": cart, "form": form}
    if isinstance(cart, ReceivedForm):
        return render_template("tester/form.html", **common)
    again = _AGAIN[cart.message.operation_allowed]
    return render_template("tester/cart.html", **common, again=again, document=pretty(cart.document))


def _answer_page(
    playing: Buyer | OciBuyer, cart: ReceivedCart | ReceivedForm, answer: OrderAnswer, again: str
) -> str:
    """The refusal, with a way back to the cart: browsers do not go back to what was posted."""
    security.framed_by_ourselves()
    encoded = base64.b64encode(cart.document).decode()
    return render_template(
        "tester/answer.html",
        system=playing.system,
        answer=answer,
        again=again,
        charset=playing.charset if isinstance(playing, OciBuyer) else "utf-8",
        fields=cart.pairs if isinstance(cart, ReceivedForm) else (("cxml-base64", encoded),),
        sent=pretty(answer.exchange.sent),
        received=_received(answer),
    )


def _received(answer: OrderAnswer) -> str:
    """The answer, be it XML or JSON."""
    written = answer.exchange.received
    return written.decode("utf-8", "replace") if written.lstrip()[:1] == b"{" else pretty(written)
