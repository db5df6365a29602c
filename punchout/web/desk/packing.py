"""Parcels: packed of orders to one address, sent, and printed slip by slip (SHIP-2 to SHIP-6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, request, url_for

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.calendar_day import calendar_day
from punchout.roundtrip import counter_work, parcels_sent
from punchout.web.desk.counter_forms import PackForm, ShipForm
from punchout.web.desk.room import blueprint, operator, page
from punchout.web.language import refusal, say
from punchout.web.pages import shop_facts, world
from punchout.web.papers import pdf, sheets

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from protocols.model.shipment import OrderAtCounter, Parcel
    from punchout.web.papers.sheets import SlipSheet

_DONE = {"packed", "sent"}


@blueprint.get("/counter/pack/<customer>/<number>")
def ask_pack(customer: str, number: str) -> Response:
    """Which orders to the address of this one lie in a parcel with it."""
    order = world().counter.order(customer, number)
    form = PackForm(data={"carrier_day": f"{calendar_day(world().now()):%d.%m.%Y}"})
    form.orders.data = [_key(order)]
    return _packing(order, form)


@blueprint.post("/counter/pack/<customer>/<number>")
def pack(customer: str, number: str) -> AnyResponse:
    """On to the parcel; the question again, as it was filled in, where these orders cannot share one."""
    order, form = world().counter.order(customer, number), PackForm(request.form)
    if not form.validate() or form.day is None:
        return _packing(order, form, 422)
    wanted = tuple(_order_of(key) for key in dict.fromkeys(form.orders.data or ()))
    try:
        parcel = counter_work.pack(world(), wanted, form.day.isoformat(), operator().actor)
    except (Refused, NotFound) as error:
        return _packing(order, form, 422, refusal(error))
    return redirect(url_for("desk.parcel", number=parcel.parcel_number, done="packed"), 303)


@blueprint.get("/counter/parcels/<number>")
def parcel(number: str) -> Response:
    """One parcel: what is in it, and how it leaves."""
    return _parcel(world().counter.parcel(number), ShipForm())


@blueprint.get("/counter/parcels/<number>/slips")
def slips(number: str) -> Response:
    """Every slip of the parcel, each on a sheet of its own."""
    parcel = world().counter.parcel(number)
    return page("desk/slips.html", parcel=parcel, sheets=_sheets(parcel))


@blueprint.get("/counter/parcels/<number>/slips.pdf")
def slips_pdf(number: str) -> Response:
    """The same as PDF."""
    parcel = world().counter.parcel(number)
    title = f"{say('Packing slips')} {parcel.parcel_number}"
    return pdf.reply(_sheets(parcel), shop_facts(), title=title, number=parcel.parcel_number)


@blueprint.post("/counter/parcels/<number>/send")
def send(number: str) -> AnyResponse:
    """The parcel, which has left; whoever ordered is told. The form again where its numbers are wrong."""
    form = ShipForm(request.form)
    try:
        parcels_sent.ship(world(), number, form.tracking.data or "", form.sscc.data or "", operator().actor)
    except Refused as error:
        return _parcel(world().counter.parcel(number), form, 422, form.blame(error))
    return redirect(url_for("desk.parcel", number=number, done="sent"), 303)


@blueprint.post("/counter/parcels/<number>/unpack")
def unpack(number: str) -> AnyResponse:
    """What is to do; the parcel is no more."""
    counter_work.unpack(world(), number, operator().actor)
    return redirect(url_for("desk.counter", unpacked=1), 303)


def _sheets(parcel: Parcel) -> list[SlipSheet]:
    return [sheets.of_slip(slip, parcel) for slip in parcel.slips]


def _packing(order: OrderAtCounter, form: PackForm, status: int = 200, refused: str = "") -> Response:
    ready = world().counter.to_pack_with(order.customer_number, order.order_number)
    choices = [(_key(one), one) for one in ready]
    return page("desk/pack.html", status=status, order=order, choices=choices, form=form, refused=refused)


def _parcel(parcel: Parcel, form: ShipForm, status: int = 200, refused: str = "") -> Response:
    done = request.args.get("done", "")
    return page(
        "desk/parcel.html",
        status=status,
        parcel=parcel,
        form=form,
        refused=refused,
        done=done if done in _DONE else "",
    )


def _key(order: OrderAtCounter) -> str:
    return f"{order.customer_number} {order.order_number}"


def _order_of(key: str) -> tuple[str, str]:
    customer, _, number = key.partition(" ")
    return customer, number
