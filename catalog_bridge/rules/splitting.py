"""The places that a purchase order names, by line: listed, refused, told (CHK-7, CHK-8, CHK-10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalog_bridge.rules import delivery
from catalog_bridge.rules.delivery import Destination, Found
from catalog_bridge.rules.dividing import Goes
from protocols.errors import Malformed
from protocols.model.customer import DeliveryAddress
from protocols.model.finding import Finding, Severity
from protocols.model.order import OrderLine, OrderPlaces, PurchaseOrder
from protocols.model.party import Address

_SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """Where a line goes.

    named
        The ShipTo that counts for it: its own, else the header's; None where the order names no place.
    chosen
        What the shopper picked in the cart; empty where nobody did.
    elsewhere
        Where its recipient's own code leads, if that is another place (peppol.md §4).
    """

    line: OrderLine
    named: Address | None
    chosen: str
    to: Destination
    elsewhere: str = ""


def going(
    order: PurchaseOrder,
    chosen: Mapping[int, str],
    addresses: Sequence[DeliveryAddress],
    address_map: Mapping[str, str],
) -> tuple[Going, ...]:
    """Where each line goes, by line number (CHK-7).

    chosen
        By line number, the address that was picked in the returned cart.
    """
    known: dict[tuple[Address | None, str, str], tuple[Destination, str]] = {}
    places = []
    for line in sorted(order.lines, key=lambda line: line.number):
        source = line if line.ship_to else order
        key = (source.ship_to, source.recipient, chosen.get(line.number, ""))
        if key not in known:
            to = delivery.destination(key[0], addresses, address_map, chosen=key[2])
            known[key] = (to, delivery.elsewhere(key[0], key[1], addresses, address_map))
        to, elsewhere = known[key]
        places.append(Going(line=line, named=key[0], chosen=key[2], to=to, elsewhere=elsewhere))
    return tuple(places)


def refuse_several(lines: Sequence[Going], places: OrderPlaces) -> None:
    """Nothing; Malformed, naming two of the places, for an order that goes to more than one (CHK-8)."""
    other = next((line for line in lines if _place(line) != _place(lines[0])), None)
    if other is None:
        return
    raise Malformed(
        f"the order goes to {_named(lines[0])} and to {_named(other)}; send one order for each address",
        where=_where(other, places),
    )


def findings(lines: Sequence[Going], places: OrderPlaces) -> Iterator[Finding]:
    """What is to be said of each place once, at the first line that goes there, and of their number."""
    for line in {(one.named, one.to, one.chosen, one.elsewhere): one for one in reversed(lines)}.values():
        yield from _of_place(line, places)
    addresses = list(dict.fromkeys(line.to.address_id for line in lines if line.to.address_id))
    if len(addresses) > 1:
        yield Finding(
            code="address.several",
            where=places.header,
            expected="one delivery address",
            got=", ".join(addresses),
            advice="each of them gets a bookshop order of its own, with its slip and invoice",
        )


def chosen(goes: Sequence[Goes], lines: Sequence[Going], places: OrderPlaces) -> Iterator[Finding]:
    """A note where the librarian's choice makes other orders than the places of the lines do (CHK-10, INV-2).

    goes
        Where the copies of all the lines go.
    """
    if set(goes) <= {Goes(line.to.address_id) for line in lines}:
        return
    yield Finding(
        code="order.divided",
        where=places.header,
        got=", ".join(
            f"{place.address_id} (later)" if place.later else place.address_id
            for place in dict.fromkeys(goes)
        ),
        advice="the librarian chose so when the cart went back; each gets its own slip and invoice",
        severity=Severity.NOTE,
    )


def _of_place(line: Going, places: OrderPlaces) -> Iterator[Finding]:
    where, got = _where(line, places), _named(line)
    if line.to.found is Found.UNKNOWN:
        yield Finding(
            code="address.unknown",
            where=f"{where}/{places.address_id}",
            expected="an addressID of the agreement's address map",
            got=got,
            advice="the bookshop maps this address to one of the customer's, then the order goes on",
            severity=Severity.ERROR,
        )
    if line.to.found is Found.MATCHED:
        yield Finding(
            code="address.matched",
            where=where,
            got=got,
            advice="found by street and postal code; add the addressID to the agreement",
            severity=Severity.NOTE,
        )
    if line.elsewhere:
        yield Finding(
            code="address.several",
            where=where,
            expected=line.to.address_id,
            got=line.elsewhere,
            advice="the place and its recipient are two addresses; let the order go to the expected one, or "
            "refuse it and ask which is meant",
            severity=Severity.ERROR,
        )
    if line.chosen and line.to.address_id not in {"", line.chosen}:
        yield Finding(
            code="address.changed",
            where=where,
            expected=line.chosen,
            got=line.to.address_id,
            advice="goods go where the order says; call the bookshop if the shopper's choice was meant",
        )


def _place(line: Going) -> str | Address | None:
    return line.to.address_id or line.named


def _named(line: Going) -> str:
    """The place as the order names it, else as the shopper did."""
    return ((line.named.address_id or line.named.name) if line.named else line.chosen)[:_SHOWN]


def _where(line: Going, places: OrderPlaces) -> str:
    own = line.line.ship_to is not None
    return places.of(line.line, places.line_ship_to) if own else places.above(places.ship_to)
