"""What a document says, told to a person who did not write it: one fact after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import singledispatch
from urllib.parse import urlsplit

from protocols.cxml.cart import CartMessage
from protocols.dialects import Dialect, OrderChanges
from protocols.model.fulfilment import Confirmation, StatusUpdate
from protocols.model.money import total
from protocols.model.order import OrderLine, OrderType, PurchaseOrder
from protocols.model.party import Address, Extrinsic, extrinsic
from protocols.model.session import Operation, SetupRequest
from protocols.oci.callup import CallUp
from protocols.oci.cart import ReturnedForm

_ASKS = {
    Operation.CREATE: "a new cart",
    Operation.EDIT: "an earlier cart, to change it",
    Operation.INSPECT: "an earlier cart, to look at it",
    Operation.SOURCE: "sourcing, which is not offered",
}
_PROMISES = {
    Operation.CREATE: "the cart cannot be opened again",
    Operation.EDIT: "the cart may be opened again, to change it or to look at it",
    Operation.INSPECT: "the cart may be opened again, to look at it",
    Operation.SOURCE: "nothing that we know",
}
_ORDERS = {
    OrderType.NEW: "a new order",
    OrderType.UPDATE: "a changed order, which takes the place of the one before it as a whole",
    OrderType.DELETE: "a cancellation",
}
_LONGEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that a document says, and what it is about."""

    about: str
    says: str


@singledispatch
def contents(model: object, dialect: Dialect) -> Iterator[Fact]:  # noqa: ARG001 - the others look at it
    """What the model says, in the document's order; nothing for a kind that says nothing.

    dialect
        Of the system that sent it: under which names it sends the person, the library, the order name.
    """
    yield from ()


@contents.register
def _of_setup(model: SetupRequest, dialect: Dialect) -> Iterator[Fact]:
    who = (model.shopper.name, model.shopper.email, model.shopper.user_id)
    yield Fact(about="asks for", says=_ASKS[model.operation])
    yield Fact(about="shopper", says=", ".join(filter(None, who)) or "nobody is named")
    yield _library(model.extrinsics, dialect)
    yield Fact(about="returns to", says=_host(model.return_url) or "the address in the agreement, if any")
    if model.selected_item:
        yield Fact(about="opens at", says=f"item {model.selected_item}")
    if model.ship_to:
        yield Fact(about="delivery", says=_address(model.ship_to))
    yield from _also_sent(model.extrinsics, dialect)
    yield from map(_line, model.items)


@contents.register
def _of_cart(model: CartMessage, dialect: Dialect) -> Iterator[Fact]:  # noqa: ARG001 - as all of them are called
    if model.unchanged:
        yield Fact(about="cart", says="nothing changes: the shopper left without one (Status 204)")
        return
    yield Fact(about="cart", says=f"{_counted(model.lines)}, {model.total}")
    yield Fact(about="promise", says=_PROMISES[model.operation_allowed])
    if model.quote_id:
        yield Fact(about="offer", says=f"{model.quote_id}, to come back with the order")
    yield from map(_line, model.lines)


@contents.register
def _of_order(model: PurchaseOrder, dialect: Dialect) -> Iterator[Fact]:
    version = f", version {model.version}" if model.version else ""
    yield Fact(about="order", says=f"{model.order_id}{version}: {_ORDERS[model.type]}")
    yield Fact(about="cart", says=f"{_counted(model.lines)}, {model.total or 'no total'}")
    yield Fact(about="order name", says=_order_name(model, dialect))
    if model.type is not OrderType.NEW:
        yield Fact(about="changes", says=model.previous_payload_id or "the order of this number")
    elif dialect.order_changes is OrderChanges.SETTING:
        yield Fact(about="changes", says=_maybe_unsent(dialect))
    yield _library(model.extrinsics, dialect, model.laid_on(*dialect.library_extrinsics))
    yield from _places(model)
    for contact in model.contacts:
        says = ", ".join(filter(None, (contact.name, contact.email)))
        yield Fact(about=contact.role or "contact", says=says or "nobody is named")
    if model.comments:
        yield Fact(about="comment", says=_short(model.comments))
    yield from (Fact(about="beside the prices", says=_short(str(charge))) for charge in model.charges)
    yield from _also_sent(model.extrinsics, dialect)
    for line in model.lines:
        yield from _ordered(line)


@contents.register
def _of_confirmation(model: Confirmation, dialect: Dialect) -> Iterator[Fact]:  # noqa: ARG001 - see _of_cart
    yield Fact(about="confirms", says=f"order {model.order_id}: {model.type}")
    for line in model.lines:
        for answer in line.answers:
            price = f" at {answer.unit_price}" if answer.unit_price else ""
            says = f"{_number(answer.quantity)} of {_number(line.quantity)} {answer.status}{price}"
            note = f"; {_short(answer.comments)}" if answer.comments else ""
            yield Fact(about=f"line {line.number}", says=says + note)


@contents.register
def _of_status(model: StatusUpdate, dialect: Dialect) -> Iterator[Fact]:  # noqa: ARG001 - see _of_cart
    detail = f": {_short(model.detail)}" if model.detail else ""
    yield Fact(about="status", says=f"{model.code} {model.text}{detail}")
    yield Fact(about="of", says=model.document_payload_id or "no document that it names")


@contents.register
def _of_call_up(model: CallUp, dialect: Dialect) -> Iterator[Fact]:  # noqa: ARG001 - see _of_cart
    asked = model.function or model.unknown_function
    yield Fact(about="asks for", says=f"FUNCTION={_short(asked)}" if asked else "a new cart")
    for about, value in (("product", model.product_id), ("search", model.search)):
        if value:
            yield Fact(about=about, says=_short(value))
    returns = _host(model.hook_url) or "the address in the agreement, if any"
    yield Fact(about="returns to", says=f"{returns}, in {model.charset}")
    who = (model.shopper.name, model.shopper.email, model.shopper.user_id)
    yield Fact(about="shopper", says=", ".join(filter(None, who)) or "nobody is named: the shop asks")
    if model.version:
        yield Fact(about="version", says=_short(model.version))
    if names := [_short(entry.name) for entry in model.extrinsics if entry.name]:
        yield Fact(about="also sent", says=", ".join(names))


@contents.register
def _of_form(model: ReturnedForm, dialect: Dialect) -> Iterator[Fact]:  # noqa: ARG001 - see _of_cart
    if not model.lines:
        reason = "the names of its columns say none" if model.unplaced else "the shopper left without one"
        yield Fact(about="cart", says=f"no lines: {reason}")
    else:
        lines = [entry.line for entry in model.lines]
        yield Fact(about="cart", says=f"{_counted(lines)}, {_sums(lines)}")
        for quote in dict.fromkeys(line.quote_id for line in lines if line.quote_id):
            yield Fact(about="offer", says=f"{_short(quote)}, to come back with the order")
        yield from map(_line, lines)
    if names := [_short(name) for name, _ in model.control]:
        yield Fact(about="also sent", says=", ".join(names))


def _library(
    extrinsics: tuple[Extrinsic, ...], dialect: Dialect, laid_on: frozenset[str] = frozenset()
) -> Fact:
    """The org code of the header, else the cost centres of the lines (PO-ID-3)."""
    names = " or ".join(dialect.library_extrinsics)
    code = extrinsic(extrinsics, *dialect.library_extrinsics) or " and ".join(sorted(laid_on))
    says = f"org code {code}, to be mapped in the agreement" if code else f"not told; looked for: {names}"
    return Fact(about="library", says=says)


def _order_name(model: PurchaseOrder, dialect: Dialect) -> str:
    """The name for slip and invoice where the shopper typed none (CHK-4)."""
    sent = extrinsic(model.extrinsics, *dialect.order_name_extrinsics)
    return f"{sent or model.requisition_id or model.order_id}, unless the shopper typed one"


def _maybe_unsent(dialect: Dialect) -> str:
    may = "may be" if dialect.doubts("order_changes") else "are"
    return f"{may} left unsent by a setting over there; agree on how a cancellation is told"


def _places(model: PurchaseOrder) -> Iterator[Fact]:
    """Each delivery address once, then the one for the invoice."""
    places = dict.fromkeys(line.ship_to or model.ship_to for line in model.lines or ())
    for place in filter(None, places or (model.ship_to,)):
        yield Fact(about="delivery", says=_address(place))
    if model.bill_to:
        yield Fact(about="invoice", says=_address(model.bill_to))


def _ordered(line: OrderLine) -> Iterator[Fact]:
    yield _line(line)
    about = f"line {line.number}"
    for entry in line.accounting:
        parts = ", ".join(f"{segment.name} {segment.value}".strip() for segment in entry.segments)
        yield Fact(about=f"{about}, account", says=f"{parts}: {entry.charge or 'no amount'}")
    for charge in line.charges:
        yield Fact(about=f"{about}, beside the price", says=_short(str(charge)))
    if line.comments:
        yield Fact(about=f"{about}, comment", says=_short(line.comments))


def _line(line: OrderLine) -> Fact:
    price = f" at {line.unit_price}" if line.unit_price else ", no price"
    unit = f" {line.unit}" if line.unit else ""
    title = f", {_short(line.description)}" if line.description else ""
    token = line.line_token or "no line token: its copies cannot be found by it"
    says = f"{_number(line.quantity)}{unit} × {line.product_id or 'no item number'}{title}{price} [{token}]"
    return Fact(about=f"line {line.number}", says=says)


def _also_sent(extrinsics: tuple[Extrinsic, ...], dialect: Dialect) -> Iterator[Fact]:
    """The names of what is kept and not used."""
    used = (dialect.user_extrinsics, dialect.email_extrinsics, dialect.library_extrinsics)
    known = {name.casefold() for names in (*used, dialect.order_name_extrinsics) for name in names}
    known |= {"userfullname", "userprintablename", "firstname", "lastname"}
    if names := [entry.name for entry in extrinsics if entry.name.casefold() not in known and entry.name]:
        yield Fact(about="also sent", says=f"{', '.join(names)}: kept, not used")


def _address(place: Address) -> str:
    town = f"{place.postal_code} {place.city}".strip()
    text = ", ".join(filter(None, (place.name, *place.street, town)))
    code = f"addressID {place.address_id}" if place.address_id else "no addressID: found by its text, or not"
    return f"{code} ({text})" if text else code


def _host(url: str) -> str:
    """The address without its query, in which a session's secret may stand."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return _short(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}" if parts.netloc else _short(url)


def _sums(lines: Iterable[OrderLine]) -> str:
    """What the lines cost, currency by currency."""
    prices = [line.unit_price.times(line.quantity) for line in lines if line.unit_price]
    currencies = dict.fromkeys(price.currency for price in prices)
    sums = (total((p for p in prices if p.currency == one), one) for one in currencies)
    return " and ".join(map(str, sums)) or "no price"


def _counted(lines: Iterable[OrderLine]) -> str:
    quantities = [line.quantity for line in lines]
    pieces = sum(quantities, Decimal(0))
    return f"{len(quantities)} {_word('line', len(quantities))}, {_number(pieces)} {_word('piece', pieces)}"


def _word(one: str, count: Decimal | int) -> str:
    return one if count == 1 else f"{one}s"


def _number(quantity: Decimal) -> str:
    """The quantity without zeros behind the point."""
    return f"{quantity.normalize():f}"


def _short(text: str) -> str:
    """The text on one line, at most a hundred characters of it."""
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
