"""Order (T01): the approved order as a Peppol or EHF document (peppol.md §4)."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from protocols import reading
from protocols.errors import Malformed, NotSupported
from protocols.model.finding import Finding, Severity
from protocols.model.money import NOK, Money, total
from protocols.model.order import PEPPOL, OrderPlaces, OrderReferences, OrderType, PurchaseOrder
from protocols.model.party import Address, Contact, OrderParty
from protocols.moments import parsed
from protocols.peppol import unread
from protocols.peppol.amounts import add_charges, added, charges, check_totals
from protocols.peppol.envelope import Envelope
from protocols.peppol.identifiers import Profile, recognised
from protocols.peppol.lines import add_line, lines
from protocols.peppol.parties import (
    BUYER,
    ORIGINATOR,
    RECIPIENT,
    add_company,
    add_payer,
    add_recipient,
    add_unit,
    contact,
    party,
    payer,
    recipient,
)
from protocols.peppol.periods import add_period, day, period
from protocols.peppol.ubl import (
    ORDER,
    add,
    add_amount,
    every,
    finished,
    first,
    money,
    place,
    remove,
    root,
    value,
)
from protocols.reading import Findings
from protocols.xml import to_bytes

SERVED = ("Order",)
"""Documents that are read here."""

REGULAR = "regular"
_LONGEST_NUMBER = 255
_PLAIN_KINDS = {"", "220", "105"}
_SHOWN = 40
_QUOTATION, _CATALOGUE = "cac:QuotationDocumentReference/cbc:ID", "cac:CatalogueReference/cbc:ID"
_MARKS = "cac:Delivery/cac:Shipment/cac:TransportHandlingUnit/cbc:ShippingMarks"

_NOT_IN_EHF = (
    "cac:CatalogueReference",
    "cac:ProjectReference",
    "cac:Delivery/cac:Shipment",
    "cac:Delivery/cac:DeliveryLocation/cbc:Name",
    "cac:OrderLine/cac:QuotationLineReference",
    "cac:OrderLine/cac:LineItem/cac:Delivery/cbc:ID",
    "cac:OrderLine/cac:LineItem/cac:Delivery/cac:DeliveryLocation",
)
"""Parts of the BIS that the EHF rules of 2023 do not know yet."""

PLACES = OrderPlaces(
    header="Order",
    quote=_QUOTATION,
    total="cac:AnticipatedMonetaryTotal/cbc:LineExtensionAmount",
    ship_to="cac:Delivery/cac:DeliveryLocation",
    line="Order/cac:OrderLine[cac:LineItem/cbc:ID='{id}']",
    token="cac:LineItem/cac:Item/cac:SellersItemIdentification/cbc:ID",  # noqa: S106 - a place, no secret
    item="cac:LineItem/cac:Item/cac:SellersItemIdentification/cbc:ID",
    quantity="cac:LineItem/cbc:Quantity",
    unit="cac:LineItem/cbc:Quantity/@unitCode",
    unit_price="cac:LineItem/cac:Price/cbc:PriceAmount",
    line_ship_to="cac:LineItem/cac:Delivery",
    order_id="cbc:ID",
    kind="cbc:OrderTypeCode",
    replaced="cac:OrderDocumentReference/cbc:ID",
    address_id="cbc:ID",
    last_day="cac:ValidityPeriod/cbc:EndDate",
    charge="cac:AllowanceCharge",
    line_charge="cac:LineItem/cac:AllowanceCharge",
)
OF_CATALOGUE = replace(PLACES, quote=_CATALOGUE)
"""The same where the cart is named by a catalogue."""


def profile_of(envelope: Envelope) -> Profile:
    """Under which rules the document comes; NotSupported for another document, or rules unknown here."""
    document = envelope.payload
    if etree.QName(document) != etree.QName(ORDER, "Order"):
        raise NotSupported(
            f"{envelope.kind[:_SHOWN]} is not offered here; served are {', '.join(SERVED)} of UBL 2.1",
            where=f"/{envelope.kind[:_SHOWN]}",
        )
    return recognised(value(document, "cbc:CustomizationID"), value(document, "cbc:ProfileID"))


def parse(envelope: Envelope) -> tuple[PurchaseOrder, tuple[Finding, ...]]:
    """The order and what deviated in it; header values are not copied to the lines.

    Raises NotSupported as ``profile_of``. Raises Malformed for what makes no order: no ID, no lines, a
    quantity or a price that is no plain number; TooLarge for more than 10,000 lines.
    """
    profile, document, found = profile_of(envelope), envelope.payload, Findings(envelope.findings, place)
    _look_at(document, found)
    _look_at_places(document, found)
    laid_on = charges(document, found)
    check_totals(document, laid_on, found)
    unread.tell(document, found)
    buyer = first(document, "cac:BuyerCustomerParty/cac:Party")
    seller = first(document, "cac:SellerSupplierParty/cac:Party")
    originator = first(document, "cac:OriginatorCustomerParty/cac:Party")
    delivery = first(document, "cac:Delivery")
    contacts = (contact(originator, ORIGINATOR), contact(buyer, BUYER))
    order = PurchaseOrder(
        order_id=_order_id(document),
        order_date=_order_date(document, found),
        lines=lines(document, found),
        order_kind=_kind(document),
        requisition_id=value(document, "cac:OriginatorDocumentReference/cbc:ID"),
        total=_compared(document, "cac:AnticipatedMonetaryTotal/cbc:LineExtensionAmount", found),
        tax=_compared(document, "cac:TaxTotal/cbc:TaxAmount", found),
        ship_to=None if delivery is None else recipient(delivery),
        bill_to=payer(first(document, "cac:AccountingCustomerParty/cac:Party")),
        supplier_order_id=value(document, _QUOTATION) or value(document, _CATALOGUE),
        requested_delivery=period(first(delivery, "cac:RequestedDeliveryPeriod")),
        comments=reading.joined(every(document, "cbc:Note")),
        contacts=tuple(entry for entry in contacts if entry),
        protocol=PEPPOL,
        profile=profile.profile_id,
        buyer=party(buyer),
        seller=party(seller),
        originator=party(originator),
        references=_references(document),
        recipient=value(delivery, RECIPIENT),
        charges=laid_on,
    )
    return order, found.all()


def _order_id(document: etree._Element) -> str:
    written, where = value(document, "cbc:ID"), "/Order/cbc:ID"
    if not written:
        raise Malformed("The order has no number; send ID.", where=where, rule="PEPPOL-T01-B00103")
    if len(written) > _LONGEST_NUMBER:
        raise Malformed(f"The ID is longer than {_LONGEST_NUMBER} characters.", where=where)
    return written


def _order_date(document: etree._Element, found: Findings) -> str:
    """The date as sent: evidence, with a finding when it is none."""
    issued = (value(document, "cbc:IssueDate"), value(document, "cbc:IssueTime"))
    written, where = "T".join(filter(None, issued)), "/Order/cbc:IssueDate"
    if not issued[0]:
        found.note("value.missing", where)
    elif parsed(written) is None:
        found.note("timestamp.unreadable", where, got=written)
    return written


def _kind(document: etree._Element) -> str:
    """``regular``, or the code of an order that a person has to look at."""
    code = value(document, "cbc:OrderTypeCode")
    return REGULAR if code in _PLAIN_KINDS else code


def _references(document: etree._Element) -> OrderReferences:
    return OrderReferences(
        customer_reference=value(document, "cbc:CustomerReference"),
        accounting_cost=value(document, "cbc:AccountingCost"),
        contract=value(document, "cac:Contract/cbc:ID"),
        project=value(document, "cac:ProjectReference/cbc:ID"),
        sales_order_id=value(document, "cbc:SalesOrderID"),
        earlier_order=value(document, "cac:OrderDocumentReference/cbc:ID"),
        valid_until=value(document, "cac:ValidityPeriod/cbc:EndDate"),
        shipping_marks=value(document, _MARKS),
        catalogue="" if value(document, _QUOTATION) else value(document, _CATALOGUE),
    )


def _compared(document: etree._Element, path: str, found: Findings) -> Money | None:
    """An amount that is only compared; None, with a finding, for one that cannot be."""
    try:
        return money(document, path)
    except Malformed as error:
        found.note(
            "value.missing",
            error.where,
            expected="a plain number, at most four decimals, and its currencyID",
            got=value(document, path),
            advice="it is not compared; the sum of the lines is what will be invoiced",
        )
        return None


def _look_at_places(document: etree._Element, found: Findings) -> None:
    """The first Delivery counts; where another one names another place, a person decides which is meant."""
    deliveries = every(document, "cac:Delivery")
    if len(deliveries) < 2:
        return
    named = [_place_of(delivery) for delivery in deliveries]
    for delivery, there in zip(deliveries, named, strict=True):
        if there and there != named[0]:
            found.note(
                "address.several",
                delivery,
                expected=named[0] or "one Delivery",
                got=there,
                advice="let the order go to the first of them, or refuse it and ask for one order for each",
                severity=Severity.ERROR,
            )
            return
    found.note("field.repeated", deliveries[1], expected="one Delivery; the first counts")


def _place_of(delivery: etree._Element) -> str:
    """What the place is called: its code, else its text; empty where none is named."""
    there = recipient(delivery)
    if there is None:
        return ""
    text = " ".join(filter(None, (*there.street, there.postal_code, there.city)))
    return there.address_id or text or there.name


def _look_at(document: etree._Element, found: Findings) -> None:
    """Findings about the header: what should be there, and what stands there too often."""
    if not value(document, "cac:ValidityPeriod/cbc:EndDate"):
        where = "/Order/cac:ValidityPeriod/cbc:EndDate"
        found.note("value.missing", where, expected="the last day to accept", severity=Severity.NOTE)
    currency = value(document, "cbc:DocumentCurrencyCode")
    if currency != NOK:
        found.note(
            "currency.changed" if currency else "value.missing",
            "/Order/cbc:DocumentCurrencyCode",
            expected=NOK,
            got=currency,
            severity=Severity.ERROR if currency else Severity.WARNING,
        )
    for needed in ("cac:BuyerCustomerParty", "cac:SellerSupplierParty"):
        if not value(document, f"{needed}/cac:Party/cbc:EndpointID"):
            found.note("value.missing", f"/Order/{needed}/cac:Party/cbc:EndpointID")
    for card in every(document, "cac:PaymentMeans/cac:CardAccount"):
        found.note("payment.dropped", card, advice="Send orders without card data; the shop invoices.")


def build(order: PurchaseOrder, profile: Profile) -> bytes:
    """The Order under this profile; the inverse of ``parse``.

    What EHF has no place for is left out under its profiles. Raises ValueError for what no Order can say: one
    that changes or cancels another, one without a date, or without buyer and seller.
    """
    if order.type is not OrderType.NEW:
        raise ValueError("an Order is new; changes and cancellations are documents of their own")
    if order.buyer is None or order.seller is None or not day(order.order_date):
        raise ValueError("an Order needs its date, its buyer and its seller")
    document = root("Order", ORDER)
    _add_head(document, order, profile)
    _add_references(document, order)
    _add_parties(document, order, order.buyer, order.seller)
    _add_delivery(document, order)
    _add_totals(document, order)
    for line in order.lines:
        add_line(document, line)
    for path in _NOT_IN_EHF if profile.variant == "ehf" else ():
        for element in every(document, path):
            remove(element)
    return to_bytes(finished(document))


def _add_head(document: etree._Element, order: PurchaseOrder, profile: Profile) -> None:
    add(document, "cbc:CustomizationID", profile.customization_id)
    add(document, "cbc:ProfileID", profile.profile_id)
    add(document, "cbc:ID", order.order_id)
    add(document, "cbc:IssueDate", day(order.order_date))
    add(document, "cbc:IssueTime", order.order_date.partition("T")[2])
    add(document, "cbc:OrderTypeCode", order.order_kind if order.order_kind.isdecimal() else "220")
    add(document, "cbc:Note", order.comments)
    add(document, "cbc:DocumentCurrencyCode", _currency(order))


def _currency(order: PurchaseOrder) -> str:
    every_charge = (order.charges, *(line.charges for line in order.lines))
    laid_on = (entry.amount for entries in every_charge for entry in entries)
    prices = (order.total, order.tax, *(line.unit_price for line in order.lines), *laid_on)
    return next((price.currency for price in prices if price), NOK)


def _add_references(document: etree._Element, order: PurchaseOrder) -> None:
    named = order.references
    add(document, "cbc:SalesOrderID", named.sales_order_id)
    add(document, "cbc:CustomerReference", named.customer_reference)
    add(document, "cbc:AccountingCost", named.accounting_cost)
    add(add(document, "cac:ValidityPeriod"), "cbc:EndDate", named.valid_until)
    for tag, number in (
        ("cac:QuotationDocumentReference", "" if named.catalogue else order.supplier_order_id),
        ("cac:OrderDocumentReference", named.earlier_order),
        ("cac:OriginatorDocumentReference", order.requisition_id),
        ("cac:CatalogueReference", named.catalogue),
        ("cac:Contract", named.contract),
        ("cac:ProjectReference", named.project),
    ):
        add(add(document, tag), "cbc:ID", number)


def _add_parties(
    document: etree._Element, order: PurchaseOrder, buyer: OrderParty, seller: OrderParty
) -> None:
    """The person who ordered is in the originator's unit, which then goes by her name if by no other."""
    person, office = _with_role(order, ORIGINATOR), _with_role(order, BUYER)
    add_company(add(document, "cac:BuyerCustomerParty"), buyer, office)
    add_company(add(document, "cac:SellerSupplierParty"), seller, None)
    unit = order.originator or (OrderParty(name=person.name or person.email) if person else None)
    if unit is not None:
        add_unit(add(document, "cac:OriginatorCustomerParty"), unit, person)
    if order.bill_to is not None and order.bill_to != Address():
        add_payer(add(document, "cac:AccountingCustomerParty"), order.bill_to)


def _with_role(order: PurchaseOrder, role: str) -> Contact | None:
    return next((entry for entry in order.contacts if entry.role == role), None)


def _add_delivery(document: etree._Element, order: PurchaseOrder) -> None:
    delivery = add(document, "cac:Delivery")
    if order.ship_to is not None:
        add_recipient(delivery, order.ship_to, order.recipient)
    add_period(delivery, order.requested_delivery)
    if order.references.shipping_marks:
        shipment = add(delivery, "cac:Shipment")
        add(shipment, "cbc:ID", "NA")
        marks = add(shipment, "cac:TransportHandlingUnit")
        add(marks, "cbc:ShippingMarks", order.references.shipping_marks)


def _add_totals(document: etree._Element, order: PurchaseOrder) -> None:
    """The sum of the lines, to be compared; what is to be paid has the tax in it only where that is told."""
    add_charges(document, order.charges)
    if order.tax is not None:
        add_amount(add(document, "cac:TaxTotal"), "cbc:TaxAmount", order.tax)
    if order.total is None:
        return
    totals, currency = add(document, "cac:AnticipatedMonetaryTotal"), order.total.currency
    add_amount(totals, "cbc:LineExtensionAmount", order.total)
    for tag, kind in (("cbc:AllowanceTotalAmount", True), ("cbc:ChargeTotalAmount", False)):
        entries = [entry for entry in order.charges if entry.allowance is kind]
        if entries:
            amount = added(entries, currency)
            add_amount(totals, tag, replace(amount, amount=abs(amount.amount)))
    whole = order.total + added(order.charges, currency)
    add_amount(totals, "cbc:PayableAmount", total((whole, order.tax), currency) if order.tax else whole)
