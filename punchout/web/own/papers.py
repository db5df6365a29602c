"""Packing slips and invoices of a library's own orders, to look at and to print (ORD-5, INV-1, SHIP-4)."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

from catalog_bridge.bookshop import NotFound
from protocols.errors import Forbidden
from punchout.catalogues import marked
from punchout.web.own.room import blueprint, customer_number, page, room
from punchout.web.pages import world

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

    P = ParamSpec("P")

_NOT_SHOWN = marked("Your organisation's agreement does not show packing slips and invoices here.")


def _where_shown(view: Callable[P, Response]) -> Callable[P, Response]:
    """A view for rooms that show papers; 403 with the reason elsewhere (PO-ID-5)."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        if not room().papers:
            raise Forbidden(_NOT_SHOWN, where="invoices")
        return view(*args, **kwargs)

    return guarded


@blueprint.get("/ordrer/<number>/pakksedler")
@_where_shown
def slips(number: str) -> Response:
    """The packing slips of an order, one for each parcel that something of it lies in."""
    order = _mine(number)
    return page(
        "own/slips.html",
        order_number=order,
        consignments=world().counter.consignments(customer_number(), order),
    )


@blueprint.get("/ordrer/<number>/fakturaer/<invoice>")
@_where_shown
def invoice(number: str, invoice: str) -> Response:
    """An invoice of the order, with its credit notes."""
    order = _mine(number)
    found = world().counter.invoice_numbered(customer_number(), invoice)
    if found.order_number != order:
        raise NotFound("There is no invoice %(number)s for this order.", number=invoice)
    return page(
        "own/invoice.html",
        order_number=order,
        invoice=found,
        notes=world().counter.credit_notes(customer_number(), found.number),
    )


def _mine(number: str) -> str:
    """The number of an order that this room shows; NotFound for any other."""
    found = world().order_history.order(customer_number(), number, own=room().whose_orders)
    return found.order.order_number
