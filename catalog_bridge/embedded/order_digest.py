"""What an order says as one short text, so that a repeated request is told from another (ORD-1)."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from decimal import Decimal
from hashlib import sha256

from protocols.model.order import ShopOrder


def digest(order: ShopOrder) -> str:
    """SHA-256 of what the order says, as 64 hex digits; 1.50 and 1.5 say the same.

    A field at its default says nothing, so that fields a later release adds leave old digests true.
    """
    return sha256(json.dumps(_said(order), sort_keys=True).encode()).hexdigest()


def _said(value: object) -> object:
    if isinstance(value, tuple):
        return [_said(entry) for entry in value]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if is_dataclass(value):
        pairs = [(entry.name, getattr(value, entry.name), entry.default) for entry in fields(value)]
        return {name: _said(said) for name, said, default in pairs if said != default}
    return value
