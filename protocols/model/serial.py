"""Model objects to JSON and back, without loss: what is stored, queued and later sent over HTTP."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_ENCODER = msgspec.json.Encoder()


def to_json(value: object) -> str:
    """The object as JSON text: every field, decimals as text, tuples as lists, characters as they are.

    >>> from decimal import Decimal
    >>> from protocols.model.money import Money
    >>> to_json(Money(Decimal("1.50")))
    '{"amount":"1.50","currency":"NOK"}'
    """
    return written(value).decode()


def written(value: object) -> bytes:
    """The same JSON in UTF-8, for what is not kept as text."""
    return _ENCODER.encode(value)


def from_json(text: str, kind: type[T]) -> T:
    """The inverse of ``to_json``; raises msgspec.ValidationError when the text is not of this kind.

    >>> from protocols.model.money import Money
    >>> from_json('{"amount": "1.50", "currency": "NOK"}', Money)
    Money(amount=Decimal('1.50'), currency='NOK')
    """
    read: T = _decoder(kind).decode(text)  # type: ignore[arg-type] # a type can be hashed
    return read


@cache
def _decoder(kind: Hashable) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)
