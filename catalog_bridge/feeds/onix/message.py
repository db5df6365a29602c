"""Records from an ONIX message, one product at a time; memory stays flat however long the feed is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from lxml import etree

from catalog_bridge.calendar_day import calendar_day
from catalog_bridge.feeds.onix.blocks import collateral, descriptive, publishing
from catalog_bridge.feeds.onix.composite import Composite
from catalog_bridge.feeds.onix.identity import identity
from catalog_bridge.feeds.onix.supply import supply
from catalog_bridge.feeds.onix.unreadable import Unreadable
from catalog_bridge.feeds.onix.values import moment
from catalog_bridge.feeds.record import Deletion, Event, Quarantined, Record
from protocols.errors import Malformed, NotSupported
from protocols.feed import Readable
from protocols.model.item import Product
from protocols.xml import iter_untrusted

_TAGS = frozenset({"Header", "header", "Product", "product"})
_PARTIAL, _DELETE = "04", "05"  # NotificationType, list 1
_TESTS = ("88", "89")
_BOOK = "BA"  # ProductForm, list 150: what a price update that names no form is taken for
_UNTITLED: dict[str, Any] = {"title": ""}
_FIELDS = tuple(field.name for field in fields(Product) if field.name not in {"kind", "demo"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """What the message says once for all its products."""

    sent_at: datetime
    currency: str = ""


class NothingNew(Malformed):
    """An ONIX message without a Product, which a feed sends when it has nothing to say."""


def read(stream: Readable, *, now: datetime) -> Iterator[Event]:
    """What the message says of each product, in order.

    A message without SentDateTime, or a bare Product, counts as sent ``now``; prices are those of that day.
    Raises NotSupported for ONIX 2.1, Malformed for what is no ONIX at all, NothingNew for a message that has
    no product, and NotAcceptable where the feed stops being well-formed: everything before that has been
    given out.
    """
    header, number = _Header(sent_at=now), 0
    refusal: type[Malformed] = Malformed
    for element in iter_untrusted(stream, _TAGS):
        if number == 0:
            _check_release(element)
        if _local(element) == "header":
            header, refusal = _header(Composite(element), now), NothingNew
        else:
            number += 1
            yield _event(Composite(element), header, now, f"product {number}, line {element.sourceline}")
    if number == 0:
        raise refusal("The feed has no Product; we read ONIX 3.0 and 3.1.")


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname.lower()


def _header(header: Composite, now: datetime) -> _Header:
    sent_at = moment(header.text("SentDateTime"))
    return _Header(sent_at=sent_at or now, currency=header.text("DefaultCurrencyCode"))


def _check_release(part: etree._Element) -> None:
    """Refuse what is not ONIX 3: its root, its release or its shape say so."""
    root = part.getroottree().getroot()
    if _local(root) not in {"onixmessage", "product"}:
        raise Malformed(f"The root is {_local(root)!r:.40}, not ONIXMessage or Product.", where="/")
    release = root.get("release", "")
    if release.startswith("2") or "onix/2" in str(root.tag) or _is_old(part, release):
        raise NotSupported("This is ONIX 2.1; ask the supplier for ONIX 3.0 or 3.1.", where="/ONIXMessage")


def _is_old(product: etree._Element, release: str) -> bool:
    """Whether a message that names no release lists its facts as ONIX 2.1 does, not in blocks."""
    children = {_local(child) for child in product}
    return not release and "descriptivedetail" not in children and bool(children & {"productform", "b012"})


def _event(product: Composite, header: _Header, now: datetime, place: str) -> Event:
    reference = product.text("RecordReference")
    if reference and product.text("NotificationType") == _DELETE:
        return Deletion(reference=reference, sent_at=header.sent_at)
    try:
        return _record(product, reference, header, now)
    except Unreadable as reason:
        return Quarantined(reference=reference, place=place, reason=str(reason))


def _record(product: Composite, reference: str, header: _Header, now: datetime) -> Record:
    """The record; a partial update keeps what belongs to the blocks that it does not send."""
    kind = product.text("NotificationType")
    if not reference:
        raise Unreadable("There is no RecordReference.")
    if kind in _TESTS:
        raise Unreadable(f"This is a test record (NotificationType {kind}).")
    known = _blocks(product, header, now, partial=kind == _PARTIAL)
    kept = tuple(name for name in _FIELDS if name not in known)
    told = Product(**(_UNTITLED | known))
    return Record(reference=reference, sent_at=header.sent_at, product=told, kept=kept)


def _blocks(product: Composite, header: _Header, now: datetime, *, partial: bool) -> dict[str, Any]:
    """The fields of every block, of a partial update those of the blocks that are there."""
    known: dict[str, Any] = {**identity(product)}
    for name, block in (
        ("DescriptiveDetail", descriptive),
        ("CollateralDetail", collateral),
        ("PublishingDetail", publishing),
    ):
        if name in product or not partial:
            known |= block(product.part(name))
    if "ProductSupply" in product or not partial:
        form = known.get("form", _BOOK)
        known |= supply(product, form=form, default_currency=header.currency, today=calendar_day(now))
    return known
