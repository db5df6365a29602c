"""Where an order goes: to an address of the customer's list, never to text from a message (CHK-6, CHK-7)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from catalog_bridge.bookshop import Refused
from protocols.model.customer import Customer, DeliveryAddress
from protocols.model.party import Address


class Found(StrEnum):
    """How the delivery address of an order was found."""

    MAPPED = "mapped"
    MATCHED = "matched"
    CHOSEN = "chosen"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A listed address and how it was found; UNKNOWN has no address and the order is held."""

    address_id: str
    found: Found


_UNKNOWN = Destination(address_id="", found=Found.UNKNOWN)


def listed(customer: Customer, address_id: str) -> str:
    """The id of one of the customer's addresses, or empty for none; Refused for any other (CHK-6)."""
    if address_id and customer.address(address_id) is None:
        raise Refused(
            "Delivery address %(address)s is not on the customer's list; ask customer service to add it.",
            address=address_id,
        )
    return address_id


def destination(
    ship_to: Address | None,
    addresses: Sequence[DeliveryAddress],
    address_map: Mapping[str, str],
    *,
    chosen: str = "",
) -> Destination:
    """The listed address that an order's ShipTo means (CHK-7).

    Its addressID as the agreement maps it; else the one address with the same street and postal code; else
    UNKNOWN. ``chosen``, what the shopper picked in the cart, counts only where the order names no place.
    """
    ids = {entry.address_id for entry in addresses}
    if ship_to is None:
        return Destination(address_id=chosen, found=Found.CHOSEN) if chosen in ids else _UNKNOWN
    mapped = address_map.get(ship_to.address_id.strip(), "")
    if mapped:
        return Destination(address_id=mapped, found=Found.MAPPED) if mapped in ids else _UNKNOWN
    return _matched(ship_to, addresses)


def elsewhere(
    ship_to: Address | None,
    recipient: str,
    addresses: Sequence[DeliveryAddress],
    address_map: Mapping[str, str],
) -> str:
    """The address that the order names beside its ``destination``; empty where its parts agree.

    A recipient whose code the agreement does not know names no place: it may be a company or a department.

    recipient
        The own code of who gets the goods; the place has it too where nothing else names that.
    """
    theirs = address_map.get(recipient.strip(), "")
    if ship_to is None or not theirs:
        return ""
    borrowed = ship_to.address_id == recipient
    place = replace(ship_to, address_id="") if borrowed else ship_to
    own = destination(place, addresses, address_map).address_id
    if own in {"", theirs}:
        return ""
    return own if borrowed else theirs


def _matched(ship_to: Address, addresses: Sequence[DeliveryAddress]) -> Destination:
    place = _place(ship_to)
    same = [entry.address_id for entry in addresses if all(place) and _place(entry.address) == place]
    return Destination(address_id=same[0], found=Found.MATCHED) if len(same) == 1 else _UNKNOWN


def _place(address: Address) -> tuple[str, str]:
    """Street and postal code as they are compared: without case, punctuation and country prefix."""
    street = _words(" ".join(address.street))
    return street, _words(address.postal_code).removeprefix(_words(address.country)).strip()


def _words(text: str) -> str:
    """Words and numbers apart: "Storgata 1 B" is "STORGATA 1b", and "1-3" is never "13"."""
    return " ".join(re.findall(r"\d+|[^\W\d_]+", unicodedata.normalize("NFKC", text).casefold()))
