"""Packing slips and invoices of a library's own orders, to look at and to print (ORD-5, INV-1, SHIP-4)."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

from catalog_bridge.bookshop import NotFound
from protocols.errors import Forbidden
from punchout.catalogues import marked
from punchout.web.language import say
from punchout.web.own.room import blueprint, customer_number, page, room
from punchout.web.pages import shop_facts, world
from punchout.web.papers import pdf, sheets

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

    from protocols.model.invoice import Invoice
    from punchout.web.papers.sheets import Sheet

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
    return page("own/slips.html", order_number=order, sheets=_slips(order))


@blueprint.get("/ordrer/<number>/pakksedler.pdf")
@_where_shown
def slips_pdf(number: str) -> Response:
    """The same as PDF."""
    order = _mine(number)
    return pdf.reply(_slips(order), shop_facts(), title=f"{say('Packing slips')} {order}", number=order)


@blueprint.get("/ordrer/<number>/fakturaer/<invoice>")
@_where_shown
def invoice(number: str, invoice: str) -> Response:
    """An invoice of the order, with its credit notes."""
    order = _mine(number)
    found = _invoice(order, invoice)
    return page("own/invoice.html", order_number=order, invoice=found, sheets=_bills(found))


@blueprint.get("/ordrer/<number>/fakturaer/<invoice>.pdf")
@_where_shown
def invoice_pdf(number: str, invoice: str) -> Response:
    """The same as PDF."""
    found = _invoice(_mine(number), invoice)
    title = f"{say('Invoice')} {found.number}"
    return pdf.reply(_bills(found), shop_facts(), title=title, number=found.number)


def _slips(order_number: str) -> list[Sheet]:
    consignments = world().counter.consignments(customer_number(), order_number)
    return [sheets.of_slip(one.slip, one) for one in consignments]


def _invoice(order_number: str, number: str) -> Invoice:
    """The order's invoice of this number; NotFound where the order has no such."""
    found = world().counter.invoice_numbered(customer_number(), number)
    if found.order_number != order_number:
        raise NotFound("There is no invoice %(number)s for this order.", number=number)
    return found


def _bills(invoice: Invoice) -> list[Sheet]:
    """The invoice, and what has been given back of it."""
    notes = world().counter.credit_notes(customer_number(), invoice.number)
    return [sheets.of_invoice(invoice, shop_facts().bank_account), *map(sheets.of_credit_note, notes)]


def _mine(number: str) -> str:
    """The number of an order that this room shows; NotFound for any other."""
    found = world().order_history.order(customer_number(), number, own=room().whose_orders)
    return found.order.order_number
