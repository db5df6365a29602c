"""The buyer's endpoint for documents of the shop's: each is judged, answered and kept once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.cxml import status
from protocols.errors import Conflict, Malformed, ProtocolError, Unauthorized
from punchout.buyer.came_back import ReceivedDocument, read

if TYPE_CHECKING:
    from protocols.model.order import PurchaseOrder
    from punchout.buyer.buyer import Buyer
    from punchout.buyer.ordering import OrderAnswer


class Inbox:
    """What has come back to one buyer.

    documents
        In the order of their arrival, a repeat left out.
    refusals
        What was answered to documents that do not hold.
    """

    def __init__(self, buyer: Buyer) -> None:
        """Nothing has come yet."""
        self.documents: list[ReceivedDocument] = []
        self.refusals: list[ProtocolError] = []
        self._buyer = buyer
        self._orders: dict[str, PurchaseOrder] = {}
        self._bodies: dict[str, bytes] = {}

    def ordered(self, answer: OrderAnswer) -> None:
        """Nothing: documents about this order are expected now."""
        self.expects(answer.payload_id, answer.order)

    def expects(self, payload_id: str, order: PurchaseOrder) -> None:
        """Nothing: the same for an order that is about to be sent in the document of this payloadID."""
        self._orders[payload_id] = order

    def answer(self, raw: bytes, content_type: str = "") -> bytes:
        """The cXML answer: 200 for a document that holds, else what is wrong with it."""
        stamp = self._buyer.stamp()
        try:
            self._take(raw, content_type)
        except ProtocolError as error:
            self.refusals.append(error)
            return status.from_error(error, stamp)
        return status.build(200, "", stamp)

    def _take(self, raw: bytes, content_type: str) -> None:
        document = read(raw, content_type, self._buyer, self._orders)
        if not document.secret_right:
            raise Unauthorized("the Sender's secret is not the agreed one", where="/cXML/Header/Sender")
        if not document.holds:
            raise Malformed(_wrong(document), where=f"/cXML/Request/{document.kind}")
        before = self._bodies.setdefault(document.payload_id, raw)
        if before != raw:
            raise Conflict("this payloadID came before with other content", where="/cXML/@payloadID")
        if document.payload_id not in {entry.payload_id for entry in self.documents}:
            self.documents.append(document)


def _wrong(document: ReceivedDocument) -> str:
    return "; ".join(f"{one.about}: {one.detail}" for one in document.verdicts if not one.holds)
