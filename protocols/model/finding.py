"""A tolerated deviation: stored with the document, shown to people, never a refusal (design §4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


CODES: dict[str, str] = {
    "charset.disagreement": "HTTP header and XML declaration name different character sets.",
    "charset.fallback": "The bytes were not what was declared; read as windows-1252.",
    "whitespace.trimmed": "White space or NUL outside the document, or around a value, was taken away.",
    "root.spelling": "The root element is written in another case or carries a namespace.",
    "schema.invalid": "The document deviates from the schema of its kind.",
    "envelope.missing": "An attribute or element of the envelope is missing.",
    "envelope.unknown": "The document names something we do not know; ignored.",
    "deployment.spelling": "deploymentMode is spelled in a way the standard does not know.",
    "timestamp.unreadable": "A time stamp could not be read; the text is kept.",
    "value.missing": "A value that should be there is empty or absent.",
    "value.shortened": "A value was longer than the receiver takes and was shortened.",
    "value.replaced": "A value was replaced because the receiver cannot hold it.",
    "value.hidden": "The receiver shows people only the beginning of this value.",
    "id.refused": "An id that the receiver does not take; ids are never changed, so the line would be lost.",
    "value.unread": "The order says something that nothing here reads; it stays with the document.",
    "value.dropped": "A value was left out because the form has no room for it.",
    "form.full": "The form has more fields than the receiver takes.",
    "field.renamed": "A field came under another name than agreed; taken for it.",
    "field.repeated": "A field came more than once, and only one of its values counts.",
    "line.incomplete": "A line lacks something that the receiver, or the standard, asks for.",
    "line.index": "The lines are not numbered from 1 without gaps.",
    "number.spelling": "A number is written in a way that the standard does not know; read as it is meant.",
    "unit.mapped": "The unit goes out under the receiver's own name for it.",
    "unit.replaced": "The receiver does not know this unit and silently puts another in its place.",
    "unit.refused": "The receiver does not know this unit and refuses the cart.",
    "classification.unknown": "The receiver cannot know this classification, and may find no account for it.",
    "price.zero": "The price is zero, and a procurement system may refuse the line.",
    "cart.long": "The cart has more lines than the receiver takes; send some of them in another cart.",
    "form.layer": "The document came inside a form field or encoded twice.",
    "line.number": "A line came without lineNumber; numbered by position.",
    "line.ladder": "A line was not found by its token but by a lower step of the ladder.",
    "line.ambiguous": "It is not certain which line of a returned cart a line is, and nobody may guess.",
    "line.unknown": "A line could not be joined to a returned cart.",
    "line.removed": "A line of the returned cart is not in the order.",
    "line.changed": "Quantity, unit or part differ from the returned cart.",
    "price.changed": "A price differs from the returned cart.",
    "price.unit": "A price is for another unit than the one that is ordered.",
    "quote.unknown": "The order names a cart that is not the one its lines came from.",
    "total.changed": "The total is not the sum of the lines.",
    "amount.differs": "An amount is not what quantities, prices and charges make.",
    "charge.unagreed": "The order has an allowance or a charge, and the returned cart has none.",
    "currency.changed": "The currency differs from the returned cart.",
    "item.unknown": "The shop does not know this item.",
    "item.standard": "The shop does not know the item number; the ISBN or GTIN beside it is meant.",
    "item.contradiction": "Item number and ISBN or GTIN of a line mean two titles.",
    "order.expired": "The last day to accept the order is past.",
    "order.kind": "The order is of a kind that a person has to look at.",
    "party.other": "The document names another seller than us.",
    "address.unknown": "The delivery address is not mapped for this agreement.",
    "address.matched": "The delivery address was found by its text.",
    "attachment.dangling": "An attachment is referred to but was not sent.",
    "attachment.link": "A link stands in place of an attachment; it is kept as text and never followed.",
    "attachment.refused": "A file was sent of a kind that is not kept, or damaged; it has been thrown away.",
    "payment.dropped": "Card data was sent and has been thrown away unread.",
    "duplicate.order": "This order number has been received before with other content.",
    "order.parent": "The order that this change or cancellation names has not come.",
    "order.name": "The order name does not have the form that the municipality asks for.",
    "order.reference": "A change refers to an order that goes by another number.",
    "quantity.fraction": "A quantity is no whole number of copies.",
    "quantity.many": "A quantity is more than one line can hold.",
    "copies.taken": "The copies of this line already belong to another order.",
    "copies.choice": "Fewer copies were approved than planned, and they differ; the librarian has to choose.",
    "service.quantity": "A service is ordered for another number of copies than its books.",
    "service.alone": "A service is ordered, and none of the books that it belongs to.",
    "service.unknown": "A service is ordered, and it is not certain for which books.",
    "copies.count": "A line has another number of copies than its quantity.",
    "row.contradiction": "Rows that belong together say different things; the first one counts.",
    "address.changed": "The order goes to another address than the shopper chose.",
    "address.several": "The order names several delivery addresses.",
    "order.divided": "The order becomes several orders of the bookshop, as the librarian chose in the shop.",
    "customer.unknown": "It is not clear which customer number the order is for.",
    "confirmation.contradiction": "A confirmation's parts do not fit each other or its type.",
    "document.unknown": "The document names another one that is not here.",
    "shop.refused": "The bookshop could not take the order as it stands.",
}
"""The closed list of codes with what each means; ``Finding`` refuses any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One deviation, said so that a person can mend it.

    code
        A key of ``CODES``.
    where
        Path or field in *their* document, e.g. ``/cXML/Header/Sender``.
    unproven
        True where this rests on what others report of the system, so that it may not be so.
    """

    code: str
    where: str = ""
    expected: str = ""
    got: str = ""
    advice: str = ""
    severity: Severity = Severity.WARNING
    unproven: bool = False

    def __post_init__(self) -> None:
        """Keep the list of codes closed; KeyError for a code nobody documented."""
        if self.code not in CODES:
            raise KeyError(self.code)
