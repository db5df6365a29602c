"""Invoices and credit notes as stored: written once, never changed (INV-1, INV-4)."""

from __future__ import annotations

from sqlalchemy import BindParameter, Connection, bindparam, insert, select

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.embedded import orders, tables
from protocols.model.invoice import CreditNote, Invoice
from protocols.model.serial import from_json, to_json

_SCOPE: BindParameter[str] = bindparam("scope")

_invoice, _note = tables.invoice.c, tables.credit_note.c
_NEWEST = (_invoice.issued_at.desc(), _invoice.invoice_number.desc())
_MINE = _invoice.customer_number == _SCOPE
_ALL = select(_invoice.invoice).where(_MINE).order_by(*_NEWEST)
_OF_ORDER = _ALL.where(_invoice.order_number == bindparam("order"))
_ONE = select(_invoice.invoice).where(_MINE, _invoice.invoice_number == bindparam("of"))
_LOCK = _ONE.with_for_update()
_NOTES = (
    select(_note.note, _note.idempotency_key, _note.asked)
    .where(_note.customer_number == _SCOPE, _note.invoice_number == bindparam("of"))
    .order_by(_note.issued_at, _note.credit_number)
)


def new_number(tx: Connection, *, test: bool) -> str:
    """The next invoice number, tests in a series of their own."""
    return f"{orders.PREFIX[test]}F{orders.next_in(tx, 'tinvoice' if test else 'invoice')}"


def new_credit_number(tx: Connection, *, test: bool) -> str:
    """The same for credit notes."""
    return f"{orders.PREFIX[test]}K{orders.next_in(tx, 'tcredit' if test else 'credit')}"


def add(tx: Connection, invoice: Invoice, at: str) -> None:
    """Nothing; the invoice is there."""
    row = {
        "customer_number": invoice.customer_number,
        "invoice_number": invoice.number,
        "order_number": invoice.order_number,
        "issued_at": at,
        "invoice": to_json(invoice),
    }
    tx.execute(insert(tables.invoice), row)


def listed(tx: Connection, customer_number: str, order_number: str = "") -> tuple[Invoice, ...]:
    """The customer's invoices, newest first, or those of one order."""
    key = {"scope": customer_number}
    rows = tx.execute(_OF_ORDER, {**key, "order": order_number}) if order_number else tx.execute(_ALL, key)
    return tuple(from_json(text, Invoice) for text in rows.scalars())


def one(tx: Connection, customer_number: str, number: str, *, lock: bool = False) -> Invoice:
    """One invoice; NotFound. Locked, nobody else credits it until the transaction ends."""
    text = tx.execute(_LOCK if lock else _ONE, {"scope": customer_number, "of": number}).scalar()
    if text is None:
        raise NotFound("There is no invoice %(number)s for this customer.", number=number)
    return from_json(text, Invoice)


def notes(tx: Connection, customer_number: str, number: str) -> tuple[CreditNote, ...]:
    """The invoice's credit notes, the first first."""
    rows = tx.execute(_NOTES, {"scope": customer_number, "of": number})
    return tuple(from_json(row.note, CreditNote) for row in rows)


def replayed(tx: Connection, customer_number: str, number: str, key: str, asked: str) -> CreditNote | None:
    """The note that this key made of the invoice before; Refused when it asked for something else."""
    for row in tx.execute(_NOTES, {"scope": customer_number, "of": number}):
        if row.idempotency_key == key:
            if row.asked != asked:
                raise Refused("The same key has asked for another credit note.")
            return from_json(row.note, CreditNote)
    return None


def add_note(tx: Connection, note: CreditNote, key: str, asked: str, at: str) -> None:
    """Nothing; the credit note is there, under its key."""
    row = {
        "customer_number": note.customer_number,
        "credit_number": note.number,
        "invoice_number": note.invoice_number,
        "idempotency_key": key,
        "asked": asked,
        "issued_at": at,
        "note": to_json(note),
    }
    tx.execute(insert(tables.credit_note), row)
