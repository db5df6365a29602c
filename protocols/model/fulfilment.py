"""What the bookshop tells the buyer after an order: confirmations and status (cxml.md §9)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from protocols.model.money import Money


class ConfirmationType(StrEnum):
    """What a confirmation says of the whole order; cXML ConfirmationHeader/@type."""

    ACCEPT = "accept"
    ALL_DETAIL = "allDetail"
    DETAIL = "detail"
    BACKORDERED = "backordered"
    EXCEPT = "except"
    REJECT = "reject"
    REQUEST_TO_PAY = "requestToPay"
    REPLACE = "replace"


class LineStatus(StrEnum):
    """What a confirmation says of some pieces of a line; cXML ConfirmationStatus/@type."""

    ACCEPT = "accept"
    ALL_DETAIL = "allDetail"
    DETAIL = "detail"
    BACKORDERED = "backordered"
    REJECT = "reject"
    UNKNOWN = "unknown"
    REQUEST_TO_PAY = "requestToPay"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAnswer:
    """One ConfirmationStatus: so many pieces of the line, and what becomes of them.

    unit_price
        The price that will be charged, where it differs from the ordered one; else None.
    shipment_date, delivery_date
        ISO date, or date and time with zone, when it is known, else empty.
    """

    status: LineStatus
    quantity: Decimal
    unit: str = "EA"
    unit_price: Money | None = None
    shipment_date: str = ""
    delivery_date: str = ""
    comments: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedLine:
    """One ConfirmationItem; the quantities of its answers sum to its own.

    number
        The buyer's lineNumber.
    quantity
        The ordered quantity.
    """

    number: int
    quantity: Decimal
    answers: tuple[LineAnswer, ...]
    unit: str = "EA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """cXML ConfirmationRequest: an accept, except or reject replaces all earlier ones of its order.

    confirm_id
        Ours, the same in every attempt and in every update of this confirmation.
    noticed_at
        ISO 8601 with zone.
    order_payload_id
        Of the OrderRequest that is confirmed.
    previous_payload_id
        Of the confirmation that this one updates (``operation="update"``); empty for a new one.
    lines
        None are needed for accept, reject and backordered, which concern the whole order.
    """

    confirm_id: str
    type: ConfirmationType
    noticed_at: str
    order_id: str
    order_date: str
    order_payload_id: str
    lines: tuple[ConfirmedLine, ...] = ()
    previous_payload_id: str = ""
    comments: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusUpdate:
    """cXML StatusUpdateRequest: the Status that follows a 201.

    document_payload_id
        Of the document that was answered 201.
    text
        The canonical text of the code; ``detail`` is what happened this time.
    """

    document_payload_id: str
    code: int
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A message to one person, in plain text (ORD-9).

    reference
        The code of the status page, for the journal; the text carries its address.
    """

    to: str
    subject: str
    text: str
    reference: str = ""
