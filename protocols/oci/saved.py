"""A form of OCI that was saved in another shape than a browser sends it in: a page, or a table of fields."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from protocols.oci import page, speaks
from protocols.oci.naming import placed
from protocols.oci.pairs import UTF8, Pair, encoded

Nested = Mapping[str, "Nested"] | Sequence["Nested"] | str | int | float | None
"""What a framework makes of bracketed names: tables by index, lists, texts."""

_FORM = re.compile(rb"<form[\s>]", re.IGNORECASE).search


def form(raw: bytes) -> bytes | None:
    """The form as it would be sent; None for what holds no form of OCI in such a shape.

    A page, with its HTTP headers or without, is sent in its own character set: the form with lines, else the
    last that is one of OCI. JSON is what a framework made of a form with lines.
    """
    if raw.lstrip().startswith(b"{"):
        return _of_table(raw)
    return _of_page(raw) if _FORM(raw) else None


def _of_page(html: bytes) -> bytes | None:
    found, charset = page.forms(html)
    sent = [encoded(pairs, charset) for pairs in (page.fields(html), *reversed(found))]
    return next((body for body in sent if speaks("", body.decode("ascii"))), None)


def _of_table(raw: bytes) -> bytes | None:
    try:
        shape = json.loads(raw)
        pairs = from_nested(shape) if isinstance(shape, dict) else ()
    except (ValueError, RecursionError):
        return None
    return encoded(pairs, UTF8) if any(placed(name) for name, _ in pairs) else None


def from_nested(shape: Mapping[str, Nested]) -> tuple[Pair, ...]:
    """The pairs that a framework took apart at the brackets of their names.

    >>> from_nested({"NEW_ITEM-UNIT": {"1": "EA"}, "NEW_ITEM-LONGTEXT_1:132": ["a"], "~OkCode": "ADDI"})
    (('NEW_ITEM-UNIT[1]', 'EA'), ('NEW_ITEM-LONGTEXT_1:132[]', 'a'), ('~OkCode', 'ADDI'))
    """
    return tuple(pair for name, inner in shape.items() for pair in _unfolded(name, inner))


def _unfolded(name: str, inner: Nested) -> Iterator[Pair]:
    if isinstance(inner, Mapping):
        for key, value in inner.items():
            yield from _unfolded(f"{name}[{key}]", value)
    elif isinstance(inner, Sequence) and not isinstance(inner, str):
        for index, value in enumerate(inner):
            yield from _unfolded(f"{name}[]" if ":" in name else f"{name}[{index}]", value)
    else:
        yield name, "" if inner is None else str(inner)
