"""Days, addresses and places as papers write them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from punchout.web.language import day

if TYPE_CHECKING:
    from protocols.model.distribution import Copy
    from protocols.model.party import Address


def iso_day(text: str) -> str:
    """The day that a date or moment in ISO 8601 names, in words; empty for empty text."""
    return day(date.fromisoformat(text[:10])) if text else ""


def postal(address: Address) -> list[str]:
    """The lines of an address as they stand on a label."""
    town = f"{address.postal_code} {address.city}".strip()
    return [line for line in (address.name, *address.deliver_to, *address.street, town) if line]


def shelf(copy: Copy) -> str:
    """Where in its department the copy goes: shelf, mark and fund; empty where nobody said."""
    codes = copy.codes
    return " / ".join(filter(None, (codes.shelf_location, codes.shelf_mark, codes.item_type, codes.note)))
