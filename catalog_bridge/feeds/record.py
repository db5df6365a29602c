"""What a feed says, one message at a time: store this title, forget that one, this one could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from protocols.model.item import Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A title as its supplier sent it; ONIX Product.

    reference
        The supplier's own name for the record, the same for ever; ONIX RecordReference.
    sent_at
        When the message was sent, with time zone: an older one never overwrites a newer one (CAT-1).
    kept
        Fields of ``product`` that a partial update did not speak of: what is stored stays.
    """

    reference: str
    sent_at: datetime
    product: Product
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """The supplier takes a record back; ONIX NotificationType 05."""

    reference: str
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A product that was put aside, and why (CAT-1).

    reference
        The RecordReference; empty when that is what is missing.
    place
        Where in the feed, for whoever looks: ``product 12, line 3400``.
    reason
        What is wrong and what we expected, for the person who talks to the supplier.
    """

    reference: str
    place: str
    reason: str


Event = Record | Deletion | Quarantined
"""What a feed can say of one product."""


def records(products: Iterable[Product], *, sent_at: datetime) -> Iterator[Record]:
    """Products from a list of our own as records, each named by its product id."""
    for product in products:
        yield Record(reference=product.product_id, sent_at=sent_at, product=product)
