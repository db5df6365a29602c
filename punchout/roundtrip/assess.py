"""What the bookshop would get for an order, and what keeps it from that (PRICE-6, CHK-4, CHK-7, PO-ID-3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.calendar_day import calendar_day
from catalog_bridge.rules import charges, distribution, dividing, order_name, reconciling, served, splitting
from catalog_bridge.rules.reconciling import PIECE, Terms
from protocols import dialects
from protocols.cxml.order import PLACES
from protocols.model.agreement import References
from protocols.model.finding import Finding, Severity
from protocols.model.money import Money, total
from protocols.model.order import ShopOrder, ShopOrderLine
from protocols.model.session import NOBODY, Deployment, Shopper
from protocols.oci.sources import told_price
from protocols.peppol.periods import day
from punchout.roundtrip import rejoin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from catalog_bridge.rules.dividing import Goes
    from catalog_bridge.rules.joined import JoinedLine
    from catalog_bridge.rules.splitting import Going
    from protocols.model.agreement import Agreement
    from protocols.model.customer import Customer
    from protocols.model.order import OrderLine, OrderPlaces, PurchaseOrder
    from punchout.roundtrip.world import World

_SHOWN = 40
_UNTAXED = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the bookshop would take, and what deviates.

    shop_orders
        One for each delivery address (CHK-8), and as the librarian chose (CHK-10, INV-2); empty where a
        person has to settle something before the bookshop can understand the order.
    """

    shop_orders: tuple[ShopOrder, ...]
    findings: tuple[Finding, ...]


def assess(
    world: World,
    agreement: Agreement,
    order: PurchaseOrder,
    lines: Sequence[JoinedLine],
    deployment: Deployment,
    *,
    shopper: Shopper = NOBODY,
    places: OrderPlaces = PLACES,
) -> Verdict:
    """The verdict on customer, addresses, items, prices and total.

    Malformed where the agreement's policy rejects a price or a charge, or an order for several places.
    """
    findings: list[Finding] = []
    customer = _customer(world, agreement, order, lines, places, findings)
    terms = _terms(agreement, places)
    price_list = {entry.service_id: entry.unit_price for entry in world.shop.services()}
    books, services = served.apart(lines, price_list)
    taken = served.serve(books, services, _service_price(world, price_list, terms, findings), places)
    findings += taken.findings
    shop_lines = [_shop_line(world, agreement, customer, line, terms, findings) for line in books]
    going = _going(agreement, _of(order, books), books, customer, places)
    findings += splitting.findings(going, places)
    findings += charges.findings(order, terms)
    findings += _total_differs(order, places)
    findings += _came_too_late(world, order, places)
    name = _order_name(agreement, order, lines, places, findings)
    understood = [line for line in shop_lines if line]
    if customer is None or not books or len(understood) < len(books):
        return Verdict(shop_orders=(), findings=tuple(findings))
    if not all(line.to.address_id for line in going):
        return Verdict(shop_orders=(), findings=tuple(findings))
    whole = ShopOrder(
        customer_number=customer.number,
        delivery_address_id="",
        lines=tuple(replace(line, services=taken.services.get(line.number, ())) for line in understood),
        order_name=name,
        po_number=order.order_id,
        requisition_id=order.requisition_id,
        ordered_by=shopper.name,
        ordered_by_email=shopper.email,
        test=Deployment.TEST in {deployment, agreement.deployment},
    )
    goes = _goes(customer, books, going)
    findings += splitting.chosen([place for places_of in goes.values() for place in places_of], going, places)
    return Verdict(shop_orders=dividing.divided(whole, goes), findings=tuple(findings))


def _goes(
    customer: Customer, lines: Sequence[JoinedLine], going: Sequence[Going]
) -> dict[int, tuple[Goes, ...]]:
    """By line number, which order each copy goes into (CHK-10, INV-2).

    ====================================  ==================================================================
    the order                             its copies
    ====================================  ==================================================================
    names one place, or none              that place, else the cart's, is where copies go that no branch's
                                          own address takes (CHK-7)
    names several places                  the same by line: its place takes what no branch's address does
                                          (CHK-8); ``refuse`` refuses it, for it is the order that asks
    names a place nobody knows            waits, although its copies may all have branches (CHK-7)
    comes of carts that chose unlike      each copy by the choice of the cart it came from (DIST-10)
    asks for fewer copies                 those that stay, by the same rule; an order left with none goes
    asks for more copies                  the added ones by their codes and the line's own cart (DIST-9)
    has lines of no returned cart         go whole where the order says
    changes                               is divided anew; ``rules.placing`` finds its k orders (ORD-6)
    ====================================  ==================================================================

    What the librarian chose is never refused by ``several_addresses``: the shop offered it to her.
    """
    own = dividing.own_addresses(customer)
    address_of = {line.line.number: line.to.address_id for line in going}
    return {line.line.number: dividing.of_line(line, address_of[line.line.number], own) for line in lines}


def _of(order: PurchaseOrder, books: Sequence[JoinedLine]) -> PurchaseOrder:
    """The order of the books alone: services go where these go."""
    return replace(order, lines=tuple(joined.line for joined in books))


def _service_price(
    world: World, price_list: Mapping[str, Money], terms: Terms, findings: list[Finding]
) -> Callable[[JoinedLine], Money]:
    """What stands for the line of a service, compared like any other (PRICE-6)."""

    def price(joined: JoinedLine) -> Money:
        frozen = joined.match.lines[0]
        valid = world.now() <= frozen.cart.valid_until
        ours = (
            frozen.line.unit_price
            if valid
            else price_list.get(frozen.line.product_id, frozen.line.unit_price)
        )
        reconciled = reconciling.reconcile(joined.line, ours, frozen.line.unit, terms, frozen.line.tax_rate)
        findings.extend(reconciled.findings)
        return reconciled.price

    return price


def _customer(
    world: World,
    agreement: Agreement,
    order: PurchaseOrder,
    lines: Sequence[JoinedLine],
    places: OrderPlaces,
    findings: list[Finding],
) -> Customer | None:
    """The customer of the returned carts, else of the org code, else of the agreement; it must be one."""
    numbers = {frozen.cart.customer_number for line in lines for frozen in line.match.lines}
    numbers = numbers or rejoin.customers_of(agreement, order) or {agreement.default_customer} - {""}
    numbers = numbers or set(agreement.customers)
    if len(numbers) == 1:
        try:
            return world.shop.customer(numbers.pop())
        except NotFound:
            pass
    findings.append(
        Finding(
            code="customer.unknown",
            where=places.header,
            advice="the bookshop settles which of the agreement's libraries this order is for",
            severity=Severity.ERROR,
        )
    )
    return None


def _going(
    agreement: Agreement,
    order: PurchaseOrder,
    lines: Sequence[JoinedLine],
    customer: Customer | None,
    places: OrderPlaces,
) -> tuple[Going, ...]:
    """Where each line goes; a line of no cart goes where the others were meant to, if that is one place."""
    listed = customer.addresses if customer else ()
    chosen = {line.line.number: line.frozen.cart.delivery_address_id for line in lines if line.frozen}
    common = set(chosen.values()) - {""} or {entry.address_id for entry in listed}
    only = common.pop() if len(common) == 1 else ""
    picked = {line.number: chosen.get(line.number) or only for line in order.lines}
    going = splitting.going(order, picked, listed, agreement.addresses)
    if agreement.policy.several_addresses == "refuse":
        splitting.refuse_several(going, places)
    return going


def _shop_line(
    world: World,
    agreement: Agreement,
    customer: Customer | None,
    joined: JoinedLine,
    terms: Terms,
    findings: list[Finding],
) -> ShopOrderLine | None:
    """The line for the bookshop at the price that stands; None when the item or its copies are not known."""
    line, frozen = joined.line, joined.frozen
    price = _our_price(world, agreement, customer, joined)
    if price is None:
        findings.append(_unknown_item(line, terms.places))
        return None
    unit, tax_rate = (frozen.line.unit, frozen.line.tax_rate) if frozen else (PIECE, _UNTAXED)
    reconciled = reconciling.reconcile(line, price, unit, terms, tax_rate)
    findings += reconciled.findings
    if not joined.copies:
        return None
    return ShopOrderLine(
        number=line.number,
        product_id=line.product_id,
        quantity=len(joined.copies),
        unit_price=reconciled.price,
        copies=distribution.renumbered(joined.copies),
        note=_together(frozen.line.note for frozen in joined.match.lines),
        buyer_line=line.number,
    )


def _terms(agreement: Agreement, places: OrderPlaces) -> Terms:
    dialect = dialects.agreed(agreement)
    terms = Terms(
        policy=agreement.policy.price_difference,
        tolerance=agreement.policy.price_tolerance,
        units=dialect.units,
        places=places,
    )
    if "oci" not in agreement.protocols:
        return terms
    return replace(terms, form_units=dialect.oci.units, told=partial(told_price, habits=dialect.oci))


def _our_price(
    world: World, agreement: Agreement, customer: Customer | None, joined: JoinedLine
) -> Money | None:
    """The returned cart's price while its offer is valid, today's after that; None for an unknown item."""
    frozen, now = joined.frozen, world.now()
    if frozen and now <= frozen.cart.valid_until and frozen.line.product_id == joined.line.product_id:
        return frozen.line.unit_price
    number = customer.number if customer else agreement.customers[0]
    try:
        return world.shop.offer(number, joined.line.product_id).unit_price
    except (NotFound, Refused):
        return None


def _unknown_item(line: OrderLine, places: OrderPlaces) -> Finding:
    return Finding(
        code="item.unknown",
        where=places.of(line, places.item),
        expected="an item number of the bookshop (ISBN-13)",
        got=line.product_id[:_SHOWN],
        advice="the bookshop looks for the item, or answers that it does not have it",
        severity=Severity.ERROR,
    )


def _total_differs(order: PurchaseOrder, places: OrderPlaces) -> Iterator[Finding]:
    """A warning where Total is not the sum of the lines, or in another currency."""
    priced = [(line.unit_price, line.quantity) for line in order.lines if line.unit_price]
    if order.total is None or len(priced) != len(order.lines):
        return
    where = places.above(places.total)
    currencies = {price.currency for price, _ in priced}
    if currencies - {order.total.currency}:
        yield Finding(
            code="currency.changed",
            where=where,
            expected=", ".join(sorted(currencies)),
            got=order.total.currency,
            advice="the lines are what will be invoiced, in their own currency",
        )
        return
    sums = [price.times(quantity) for price, quantity in priced]
    laid_on = [Money(charge.added, order.total.currency) for line in order.lines for charge in line.charges]
    lines_total = total((*sums, *laid_on), order.total.currency)
    if lines_total != order.total:
        yield Finding(
            code="total.changed",
            where=where,
            expected=str(lines_total),
            got=str(order.total),
            advice="the sum of the lines is what will be invoiced",
        )


def _came_too_late(world: World, order: PurchaseOrder, places: OrderPlaces) -> Iterator[Finding]:
    """A warning where the last day to accept the order (peppol.md §4) is past, by the calendar in Norway.

    The order goes on: it may have waited at an access point, and who does not want it any more can still say
    so. A day that cannot be read is none.
    """
    last = day(order.references.valid_until)
    if last and last < calendar_day(world.now()).isoformat():
        yield Finding(
            code="order.expired",
            where=places.above(places.last_day),
            expected="a day that is not past",
            got=last,
            advice="cancel the order if it does not stand any more",
            severity=Severity.WARNING,
        )


def _order_name(
    agreement: Agreement,
    order: PurchaseOrder,
    lines: Sequence[JoinedLine],
    places: OrderPlaces,
    findings: list[Finding],
) -> str:
    """The name for slip and invoice, by precedence (CHK-4); of carts that were merged, all their names."""
    in_turn = sorted(lines, key=lambda joined: joined.line.number)
    sent = rejoin.order_name(agreement, order)
    if sent and not order_name.chosen(sent=sent):
        findings.append(
            Finding(
                code="value.replaced",
                where=places.header,
                expected=f"one printable line of at most {order_name.RECEIVED_LIMIT} characters",
                got=f"{len(sent)} characters",
                advice="this order name cannot be printed; the next in turn stands on slip and invoice",
            )
        )
    typed = [frozen.cart.order_name for joined in in_turn for frozen in joined.match.lines]
    first = agreement.policy.order_name
    asked_for = {"requisition_id": order.requisition_id} if first == "requisition" else {}
    given = order_name.chosen(typed=_together(typed), sent=sent, first=first, **asked_for)
    name = given or order_name.chosen(requisition_id=order.requisition_id, order_id=order.order_id)
    names = typed if given and given == _together(typed) else [name]
    findings += _misshapen(agreement, names, places, Severity.ERROR if given else Severity.WARNING)
    return name


def _misshapen(
    agreement: Agreement, names: Iterable[str], places: OrderPlaces, severity: Severity
) -> Iterator[Finding]:
    """A finding for each name that is not as the municipality's own pattern wants it.

    Where it has none, what a system sends is kept whole (CHK-4); only what people type is measured.

    severity
        An error, and so a hold, for a name that somebody gave; the numbers that stand in for one are told.
    """
    pattern = agreement.references.order_name
    if pattern == References().order_name:
        return
    for name in dict.fromkeys(filter(None, names)):
        if not order_name.fits(name, pattern):
            yield Finding(
                code="order.name",
                where=places.header,
                expected=pattern,
                got=name[:_SHOWN],
                advice="let the order go on under this name, or refuse it and ask for one of that form",
                severity=severity,
            )


def _together(texts: Iterable[str]) -> str:
    """What several merged lines or carts say, each thing once."""
    return " / ".join(dict.fromkeys(filter(None, texts)))
