"""Invoices and credit notes at the desk (INV-1 to INV-4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, request, url_for

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.rules.invoicing import remaining
from punchout.roundtrip import counter_work
from punchout.web.desk.counter_forms import LINES_ON_A_PAGE, CreditForm
from punchout.web.desk.room import blueprint, operator, page
from punchout.web.language import say
from punchout.web.pages import shop_facts, world
from punchout.web.papers import pdf, sheets

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from protocols.model.invoice import CreditNote, Invoice
    from punchout.web.papers.sheets import BillSheet


@blueprint.post("/counter/orders/<customer>/<number>/invoice")
def make_invoice(customer: str, number: str) -> AnyResponse:
    """On to the invoice; pressed twice, to the same one."""
    made = counter_work.invoice(world(), customer, number, operator().actor)
    return redirect(url_for("desk.invoice", customer=customer, number=made.number), 303)


@blueprint.get("/counter/invoices/<customer>/<number>")
def invoice(customer: str, number: str) -> Response:
    """The invoice as it is printed, and its credit notes."""
    found = world().counter.invoice_numbered(customer, number)
    notes = world().counter.credit_notes(customer, number)
    return page(
        "desk/invoice.html",
        invoice=found,
        sheet=_sheet(found),
        notes=notes,
        left=sum(remaining(found, notes).values()),
    )


@blueprint.get("/counter/invoices/<customer>/<number>.pdf")
def invoice_pdf(customer: str, number: str) -> Response:
    """The invoice as PDF."""
    found = world().counter.invoice_numbered(customer, number)
    title = f"{say('Invoice')} {found.number}"
    return pdf.reply([_sheet(found)], shop_facts(), title=title, number=found.number)


@blueprint.get("/counter/invoices/<customer>/<number>/credit")
def ask_credit(customer: str, number: str) -> Response:
    """What of the invoice is credited, and why."""
    found = world().counter.invoice_numbered(customer, number)
    left = remaining(found, world().counter.credit_notes(customer, number))
    lines = [{"number": line, "count": count} for line, count in left.items() if count]
    data = {"lines": lines[:LINES_ON_A_PAGE], "key": world().new_id()}
    return _crediting(found, CreditForm(data=data))


@blueprint.post("/counter/invoices/<customer>/<number>/credit")
def credit(customer: str, number: str) -> AnyResponse:
    """On to the credit note; the question again, as it was filled in, where that much cannot be."""
    form = CreditForm(request.form)
    if not form.validate():
        return _crediting(world().counter.invoice_numbered(customer, number), form, 422)
    counts = form.counts or {0: 0}  # no line at all is nothing, and never the whole invoice
    reason, key = form.reason.data or "", form.key.data or ""
    try:
        note = counter_work.credit(
            world(), customer, number, counts, reason=reason, key=key, actor=operator().actor
        )
    except Refused as error:
        return _crediting(world().counter.invoice_numbered(customer, number), form, 422, form.blame(error))
    return redirect(url_for("desk.credit_note", customer=customer, number=number, note=note.number), 303)


@blueprint.get("/counter/invoices/<customer>/<number>/credit/<note>")
def credit_note(customer: str, number: str, note: str) -> Response:
    """A credit note as it is printed."""
    found = _credit_note(customer, number, note)
    return page("desk/credit_note.html", note=found, sheet=sheets.of_credit_note(found))


@blueprint.get("/counter/invoices/<customer>/<number>/credit/<note>.pdf")
def credit_note_pdf(customer: str, number: str, note: str) -> Response:
    """The credit note as PDF."""
    found = _credit_note(customer, number, note)
    title = f"{say('Credit note')} {found.number}"
    return pdf.reply([sheets.of_credit_note(found)], shop_facts(), title=title, number=found.number)


def _sheet(invoice: Invoice) -> BillSheet:
    return sheets.of_invoice(invoice, shop_facts().bank_account)


def _credit_note(customer: str, invoice: str, number: str) -> CreditNote:
    """The invoice's credit note of this number; NotFound where it has no such."""
    for one in world().counter.credit_notes(customer, invoice):
        if one.number == number:
            return one
    raise NotFound("There is no credit note %(number)s for this invoice.", number=number)


def _crediting(invoice: Invoice, form: CreditForm, status: int = 200, refused: str = "") -> Response:
    notes = world().counter.credit_notes(invoice.customer_number, invoice.number)
    return page(
        "desk/credit.html",
        status=status,
        invoice=invoice,
        lines={line.number: line for line in invoice.lines},
        left=remaining(invoice, notes),
        form=form,
        refused=refused,
    )
