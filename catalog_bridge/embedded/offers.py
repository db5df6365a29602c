"""A product as one customer may buy it: at its terms, with the services of the price list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from catalog_bridge.embedded.customers import Terms
from catalog_bridge.rules import ordering, services
from protocols.model.item import Offer, Product
from protocols.model.service import Service


def offer(product: Product, terms: Terms, price_list: Sequence[Service]) -> Offer:
    """The offer; price zero and not orderable where the feed gave no price."""
    offered = services.offered(price_list, product, terms.library_system)
    return replace(ordering.offer(product, terms.discount_percent), services=offered)
