"""What a shopper can do to a locked cart; each change keeps the rules or is Refused (CART-4, DIST-4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from catalog_bridge.bookshop import Refused
from catalog_bridge.embedded import customers
from catalog_bridge.embedded.carts import CartRows, Copies, StoredLine
from catalog_bridge.rules import services, subscribing
from catalog_bridge.rules.delivery import listed
from catalog_bridge.rules.distribution import checked, fitting, resized
from catalog_bridge.rules.order_name import typed
from catalog_bridge.rules.ordering import NOTE_LENGTH, check_quantity
from catalog_bridge.rules.plain_text import one_line
from protocols.model.cart import KeptLine
from protocols.model.service import Service

Offered = Callable[[StoredLine], Sequence[Service]]
"""Line → the services that can be had with it."""


def add(rows: CartRows, line: StoredLine, obstacle: str) -> None:
    """Nothing; the line is in the cart, its copies after those of a line with the same product (CART-4)."""
    if obstacle:
        raise Refused(obstacle)
    _check_kind(rows, line)
    new = _checked(rows, line.copies)
    same = rows.line_of(line.product_id, line.kind)
    if same is None:
        rows.append(replace(line, copies=new))
    else:
        check_quantity(len(same.copies) + len(new))
        rows.set_copies(same.line_id, same.copies + new)


def fill(rows: CartRows, lines: Sequence[KeptLine], order_name: str, delivery_address_id: str) -> None:
    """Nothing; a new cart holds these lines, their codes as they were (FLOW-5, DIST-6)."""
    _check_apart(lines)
    for line in lines:
        _check_kind(rows, line)
    usual = customers.terms(rows.tx, rows.customer_number).services
    rows.fill(_kept(line, usual) for line in lines)
    if customers.read(rows.tx, rows.customer_number).address(delivery_address_id) is None:
        delivery_address_id = ""
    rows.set_details(typed(order_name), delivery_address_id)


def _check_kind(rows: CartRows, line: KeptLine | StoredLine) -> None:
    if line.kind.subscribed and not rows.row().subscriptions:
        raise Refused(subscribing.NOT_HERE)


def _check_apart(lines: Sequence[KeptLine]) -> None:
    for apart in ({line.line_id for line in lines}, {(line.product_id, line.kind) for line in lines}):
        if len(apart) < len(lines):
            raise Refused("Two lines of the cart are the same.")


def _kept(line: KeptLine, usual: tuple[str, ...]) -> StoredLine:
    check_quantity(len(line.codes))
    fit = {codes: fitting(codes) for codes in set(line.codes)}
    return StoredLine(
        line_id=line.line_id,
        product_id=line.product_id,
        title=line.title,
        kind=line.kind,
        copies=tuple(fit[codes] for codes in line.codes),
        note=one_line(line.note, field="Note", limit=NOTE_LENGTH),
        services=usual if line.services is None else line.services,
    )


def serve(rows: CartRows, wanted: Mapping[str, tuple[str, ...]], offered: Offered) -> None:
    """Nothing; each line of these ids has these services, all of them or none (SVC-3)."""
    lines = {line_id: rows.line(line_id) for line_id in wanted}
    taken = {
        line_id: tuple(entry.service_id for entry in services.chosen(ids, offered(lines[line_id])))
        for line_id, ids in wanted.items()
    }
    rows.set_services(taken)


def resize(rows: CartRows, line_id: str, quantity: int) -> None:
    """Nothing; the line has so many copies, and 0 removes it (DIST-4)."""
    line = rows.line(line_id)
    if quantity == 0:
        rows.remove(line_id)
    else:
        rows.set_copies(line_id, resized(line.copies, check_quantity(quantity)))


def distribute(rows: CartRows, line_id: str, copies: Copies, note: str) -> None:
    """Nothing; the line has exactly these copies and this note (DIST-4, DIST-5)."""
    check_quantity(len(copies))
    line = rows.line(line_id)
    rows.set_copies(line.line_id, _checked(rows, copies))
    rows.set_note(line.line_id, one_line(" ".join(note.split()), field="Note", limit=NOTE_LENGTH))


def describe(rows: CartRows, order_name: str, delivery_address_id: str) -> None:
    """Nothing; the cart carries this order name (CHK-3) and a listed address or none yet (CHK-6)."""
    customer = customers.read(rows.tx, rows.customer_number)
    rows.set_details(typed(order_name), listed(customer, delivery_address_id))


def _checked(rows: CartRows, copies: Copies) -> Copies:
    register = customers.register(rows.tx, rows.customer_number)
    fit = {codes: checked(codes, register) for codes in set(copies)}
    return tuple(fit[codes] for codes in copies)
