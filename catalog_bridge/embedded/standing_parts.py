"""Subscriptions and open orders of an import, each read from one entry of the file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from catalog_bridge.embedded.customer_fields import Fields
from catalog_bridge.rules.order_name import LIMIT, RECEIVED_LIMIT
from catalog_bridge.rules.ordering import MOST_COPIES
from protocols.model.distribution import CopyCodes
from protocols.model.item import Kind
from protocols.model.standing import OpenOrder, Subscription

_ID_LENGTH = 40
_TITLE_LENGTH = 500


def subscription(
    fields: Fields,
    customer_number: str,
    addresses: Collection[str],
    profiles: Mapping[str, CopyCodes],
    services: Collection[str],
) -> Subscription:
    """One subscription; all its copies carry the codes of one profile, or none."""
    kind = fields.choice("kind", Kind.SERIES)
    if not kind.subscribed:
        fields.wrong(f"kind: {kind!r} is neither series nor package")
    address, profile = fields.text("address", required=True), fields.text("profile")
    if address and address not in addresses:
        fields.wrong(f"address: this customer has no {address!r} in the file")
    if profile and profile not in profiles:
        fields.wrong(f"profile: this customer has no {profile!r} in the file")
    codes = profiles.get(profile, CopyCodes())
    return Subscription(
        subscription_id=fields.text("id", limit=_ID_LENGTH, required=True),
        customer_number=customer_number,
        kind=kind,
        product_id=fields.text("product", limit=_ID_LENGTH, required=True),
        title=fields.text("title", limit=_TITLE_LENGTH, required=True),
        copies=(codes,) * fields.whole("quantity", 1, MOST_COPIES),
        order_name=fields.text("order_name", limit=LIMIT),
        delivery_address_id=address,
        po_number=fields.text("po_number", limit=RECEIVED_LIMIT),
        ended=fields.truth("ended"),
        services=fields.each_of("services", services) if fields.has("services") else None,
    )


def open_order(fields: Fields, customer_number: str) -> OpenOrder:
    """One order of before that is still to come."""
    return OpenOrder(
        number=fields.text("number", limit=_ID_LENGTH, required=True),
        customer_number=customer_number,
        product_id=fields.text("product", limit=_ID_LENGTH),
        title=fields.text("title", limit=_TITLE_LENGTH, required=True),
        quantity=fields.whole("quantity", 1, MOST_COPIES),
        order_name=fields.text("order_name", limit=RECEIVED_LIMIT),
        ordered_on=_day(fields),
    )


def _day(fields: Fields) -> str:
    text = fields.text("ordered_on")
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        fields.wrong(f"ordered_on: {text!r} is no date like 2026-11-28")
        return ""
