"""Receivers of OCI forms as other projects behave, by what is known of them; nothing of ours is used.

One takes the first of repeated names and looks for ``[n]`` from 1, as an Odoo module does; the other gets
what PHP makes of bracketed names, with the number of fields that PHP takes.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

PHP_MOST_FIELDS = 1000


@dataclass(frozen=True)
class Read:
    """A line as such a receiver stores it."""

    article: str
    text: str
    pieces: float
    each: float
    unit: str = ""
    quote: str = ""
    quote_line: str = ""
    key: str = ""
    more: str = ""


def odoo_like(body: bytes, charset: str) -> list[Read]:
    """Lines 1, 2, 3 … for as long as one has a quantity."""
    first = {}
    for name, value in parse_qsl(body.decode("ascii"), keep_blank_values=True, encoding=charset):
        first.setdefault(name, value)
    read = []
    while f"NEW_ITEM-QUANTITY[{len(read) + 1}]" in first:
        number = len(read) + 1

        def of(name, number=number):
            return first.get(f"NEW_ITEM-{name}[{number}]", "")

        read.append(
            Read(
                article=of("VENDORMAT"),
                text=of("DESCRIPTION"),
                pieces=float(of("QUANTITY")),
                each=float(of("PRICE")) / float(of("PRICEUNIT") or 1),
                unit=of("UNIT"),
                quote=of("EXT_QUOTE_ID"),
                quote_line=of("EXT_QUOTE_ITEM"),
                key=of("EXT_PRODUCT_ID"),
                more=of("LONGTEXT"),
            )
        )
    return read


def php_like(body: bytes, charset: str) -> dict[str, dict[str, str]]:
    """Name → index → value; of repeated names the last, and nothing behind the thousandth field."""
    tables: dict[str, dict[str, str]] = {}
    pieces = body.split(b"&")[:PHP_MOST_FIELDS]
    for name, value in parse_qsl(b"&".join(pieces).decode("ascii"), keep_blank_values=True, encoding=charset):
        bracketed = re.fullmatch(r"([^\[]+)\[([^\]]*)\]", name)
        table = tables.setdefault(bracketed[1] if bracketed else name, {})
        table[(bracketed[2] if bracketed else "") or str(len(table))] = value
    return tables
