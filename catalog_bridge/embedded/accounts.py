"""Where an order stands between shop and customer: what of it has left, and what has been charged."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from catalog_bridge.calendar_day import calendar_day
from catalog_bridge.embedded import bills, customers, handled, orders, parcels
from catalog_bridge.rules.invoicing import Account, Sent, due_on
from protocols.model.invoice import Billable
from protocols.model.shipment import Consignment


def account(tx: Connection, customer_number: str, order_number: str) -> Account:
    """The order's account in this transaction; NotFound."""
    travelling = parcels.of_order(tx, customer_number, order_number)
    return Account(
        order=orders.one(tx, customer_number, order_number),
        customer=customers.read(tx, customer_number),
        sent=tuple(Sent(slip=one.slip, on=_day(one)) for one in travelling if one.sent_at),
        billed=handled.read(tx, customer_number, order_number).billed,
        invoices=bills.listed(tx, customer_number, order_number),
    )


def billable(tx: Connection, customer_number: str, order_number: str, after_days: int) -> Billable | None:
    """What an invoice could charge of the order; None when there is nothing."""
    found = account(tx, customer_number, order_number)
    due = due_on(found, after_days)
    if due is None:
        return None
    copies = handled.read(tx, customer_number, order_number)
    return Billable(
        order_number=order_number,
        customer_number=customer_number,
        customer_name=found.customer.name,
        order_name=found.order.order.order_name,
        due_on=due.isoformat(),
        copies=len(copies.sent - copies.billed),
        test=found.order.order.test,
    )


def _day(consignment: Consignment) -> date:
    return calendar_day(datetime.fromisoformat(consignment.sent_at))
