"""Model objects to JSON and back, without loss: what is stored, queued and later sent over HTTP."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TypeVar

from cattrs.gen import make_dict_unstructure_fn
from cattrs.preconf.json import JsonConverter, make_converter

from protocols.model.distribution import Copy, CopyCodes

T = TypeVar("T")

_MANY = (CopyCodes, Copy)
"""Written without the codes that were not given: a large order has copies by the ten thousand."""


@cache
def _converter() -> JsonConverter:
    converter = make_converter()
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda value, _: Decimal(value))
    for kind in _MANY:
        brief = make_dict_unstructure_fn(kind, converter, _cattrs_omit_if_default=True)
        converter.register_unstructure_hook(kind, brief)
    return converter


def to_json(value: object) -> str:
    """The object as JSON text, decimals as text, tuples as lists, characters as they are.

    Every field is written, a copy's empty codes excepted, so that a default may change without changing what
    has been stored.

    >>> from protocols.model.money import Money
    >>> to_json(Money(Decimal("1.50")))
    '{"amount": "1.50", "currency": "NOK"}'
    """
    return _converter().dumps(value, ensure_ascii=False)


def from_json(text: str, kind: type[T]) -> T:
    """The inverse of ``to_json``; raises cattrs' error when the text is not of this kind.

    >>> from protocols.model.money import Money
    >>> from_json('{"amount": "1.50", "currency": "NOK"}', Money)
    Money(amount=Decimal('1.50'), currency='NOK')
    """
    return _converter().loads(text, kind)
