"""Procurement systems that the built-in buyer can be; ``systems.toml`` says how each calls up the shop."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from protocols.model.order import CXML
from protocols.model.party import Address, Contact, Extrinsic
from protocols.model.session import Shopper

OCI = "oci"
"""The other protocol that a system may call up by."""

SHOPPER = Shopper(name="Innkjøper Testby", email="innkjoper@testby.example", user_id="innkjoper")
MAIN_LIBRARY = Address(
    address_id="1001",
    name="Testby bibliotek, hovedbiblioteket",
    street=("Storgata 1",),
    postal_code="9996",
    city="Testby",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerSystem:
    """How one procurement system calls up the shop.

    agreement_id
        The demo agreement that trades with it.
    protocol
        ``cxml``: call-up, cart and order are cXML. ``oci``: call-up and cart are form fields, and the order
        is a Peppol Order.
    contacts, extrinsics
        Where the shopper stands; what they leave out goes out under the dialect's names.
    ship_to
        None for a system that leaves the delivery address to the shop's pages.
    method
        ``post`` or ``get``: how the browser carries an OCI call-up.
    fields
        What stands in an OCI call-up beside login and HOOK_URL, as (name, value).
    keeps_ext_product_id
        Whether EXT_PRODUCT_ID, and the line token in it, is still known when the order is made; most systems
        keep VENDORMAT alone (oci.md §12).
    """

    name: str
    title: str
    agreement_id: str
    protocol: str = CXML
    user_agent: str = ""
    extrinsics: tuple[Extrinsic, ...] = ()
    contacts: tuple[Contact, ...] = ()
    ship_to: Address | None = None
    method: str = "post"
    fields: tuple[tuple[str, str], ...] = ()
    keeps_ext_product_id: bool = False


@cache
def systems() -> tuple[BuyerSystem, ...]:
    """Every system that the built-in buyer can be, in the order of their file."""
    described = tomllib.loads(files(__package__).joinpath("systems.toml").read_text("utf-8"))
    return tuple(_system(name, **facts) for name, facts in described.items())


def system(name: str) -> BuyerSystem:
    """The system of that name; KeyError when there is none."""
    return {entry.name: entry for entry in systems()}[name]


def _system(
    name: str,
    *,
    agreement: str,
    extrinsics: dict[str, Any] | None = None,
    contact: bool = False,
    ship_to: bool = False,
    fields: dict[str, str] | None = None,
    **same: Any,  # noqa: ANN401 - facts that are called the same here
) -> BuyerSystem:
    person = Contact(name=SHOPPER.name, role="endUser", email=SHOPPER.email)
    return BuyerSystem(
        name=name,
        agreement_id=agreement,
        extrinsics=tuple(Extrinsic(name=key, value=value) for key, value in (extrinsics or {}).items()),
        contacts=(person,) if contact else (),
        ship_to=MAIN_LIBRARY if ship_to else None,
        fields=tuple((fields or {}).items()),
        **same,
    )
