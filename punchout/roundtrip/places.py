"""Where the parts of an order stand in the buyer's document, by the protocol that it came by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.cxml import order as cxml_order
from protocols.model.order import CXML, PEPPOL
from protocols.peppol import order as peppol_order

if TYPE_CHECKING:
    from protocols.model.order import OrderPlaces, PurchaseOrder

_PLACES = {CXML: cxml_order.PLACES, PEPPOL: peppol_order.PLACES}


def of(order: PurchaseOrder) -> OrderPlaces:
    """The places of this order; its cart may be named by a quotation or by a catalogue."""
    return peppol_order.OF_CATALOGUE if order.references.catalogue else _PLACES[order.protocol]
