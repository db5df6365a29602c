"""Pick, pack and send: what is to do, and one order of it (SHIP-1, DIST-13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, request, url_for

from catalog_bridge.bookshop import Refused
from catalog_bridge.calendar_day import calendar_day
from catalog_bridge.rules.parcels import places
from punchout.roundtrip import counter_work
from punchout.web.copies_shown import summary
from punchout.web.desk.counter_forms import LINES_ON_A_PAGE, PickForm
from punchout.web.desk.room import blueprint, operator, page
from punchout.web.pages import world
from punchout.web.vocabulary import ORDER_STATUSES

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from protocols.model.shipment import LineAtCounter, OrderAtCounter

_MOST = 300
"""Orders on the list at once."""

_DONE = {"picked", "given_up"}


@blueprint.get("/counter")
def counter() -> Response:
    """What there is to pick, the oldest first, address by address; parcels to send; what can be invoiced."""
    at = world().counter
    waiting = at.to_pick(most=_MOST + 1)
    return page(
        "desk/counter.html",
        places=places(waiting[:_MOST]),
        most=_MOST if len(waiting) > _MOST else 0,
        parcels=at.parcels(),
        billable=at.to_invoice(),
    )


@blueprint.get("/counter/orders/<customer>/<number>")
def counter_order(customer: str, number: str) -> Response:
    """One order: its copies to pick, its slips and its invoices."""
    order = world().counter.order(customer, number)
    return _shown(order, _filled(order))


@blueprint.post("/counter/orders/<customer>/<number>/pick")
def pick(customer: str, number: str) -> AnyResponse:
    """The order again, with so many copies picked; the same page, as filled in, where that cannot be."""
    form = PickForm(request.form)
    if not form.validate():
        return _shown(world().counter.order(customer, number), form, 422)
    try:
        counter_work.set_picked(world(), customer, number, form.counts, operator().actor)
    except Refused as error:
        refused = form.blame(error)
        return _shown(world().counter.order(customer, number), form, 422, refused)
    return _back(customer, number, "picked")


@blueprint.get("/counter/orders/<customer>/<number>/rest")
def ask_give_up(customer: str, number: str) -> Response:
    """The question whether the rest of the order is cancelled."""
    return page("desk/rest.html", order=world().counter.order(customer, number))


@blueprint.post("/counter/orders/<customer>/<number>/rest")
def give_up(customer: str, number: str) -> AnyResponse:
    """The order again, without what was in no parcel."""
    counter_work.give_up_rest(world(), customer, number, operator().actor)
    return _back(customer, number, "given_up")


def _to_pick(order: OrderAtCounter) -> list[LineAtCounter]:
    """The lines of which something is in no parcel, as many as one page holds."""
    return [line for line in order.lines if line.packed < line.quantity][:LINES_ON_A_PAGE]


def _filled(order: OrderAtCounter) -> PickForm:
    """The form as it is first shown: everything that is not waited for has been picked."""
    lines = [
        {"number": line.number, "count": line.picked if line.waits else line.quantity}
        for line in _to_pick(order)
    ]
    return PickForm(data={"lines": lines})


def _shown(order: OrderAtCounter, form: PickForm, status: int = 200, refused: str = "") -> Response:
    at, key = world().counter, (order.customer_number, order.order_number)
    billable, today = at.billable(*key), calendar_day(world().now()).isoformat()
    done = request.args.get("done", "")
    return page(
        "desk/counter_order.html",
        status=status,
        order=order,
        lines={line.number: line for line in order.lines},
        form=form,
        refused=refused,
        travelling=at.consignments(*key),
        invoices=at.invoices(*key),
        billable=billable,
        due=billable is not None and billable.due_on <= today,
        stands=ORDER_STATUSES,
        summary=summary,
        done=done if done in _DONE else "",
    )


def _back(customer: str, number: str, done: str) -> AnyResponse:
    return redirect(url_for("desk.counter_order", customer=customer, number=number, done=done), 303)
