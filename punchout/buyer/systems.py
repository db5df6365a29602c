"""Procurement systems that the built-in buyer can be; ``systems.toml`` says how each calls up the shop."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from protocols.model.party import Address, Contact, Extrinsic
from protocols.model.session import Shopper

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
    contacts, extrinsics
        Where the shopper stands; what they leave out goes out under the dialect's names.
    ship_to
        None for a system that leaves the delivery address to the shop's pages.
    """

    name: str
    title: str
    agreement_id: str
    user_agent: str
    extrinsics: tuple[Extrinsic, ...] = ()
    contacts: tuple[Contact, ...] = ()
    ship_to: Address | None = None


@cache
def systems() -> tuple[BuyerSystem, ...]:
    """Every system that the built-in buyer can be.

    >>> [system.name for system in systems()]
    ['ariba', 'coupa', 'dynamics365', 'jaggaer', 'generic']
    """
    described = tomllib.loads(files(__package__).joinpath("systems.toml").read_text("utf-8"))
    return tuple(_system(name, **facts) for name, facts in described.items())


def system(name: str) -> BuyerSystem:
    """The system of that name; KeyError when there is none."""
    return {entry.name: entry for entry in systems()}[name]


def _system(
    name: str,
    *,
    title: str,
    agreement: str,
    user_agent: str,
    extrinsics: dict[str, Any] | None = None,
    contact: bool = False,
    ship_to: bool = False,
) -> BuyerSystem:
    person = Contact(name=SHOPPER.name, role="endUser", email=SHOPPER.email)
    return BuyerSystem(
        name=name,
        title=title,
        agreement_id=agreement,
        user_agent=user_agent,
        extrinsics=tuple(Extrinsic(name=key, value=value) for key, value in (extrinsics or {}).items()),
        contacts=(person,) if contact else (),
        ship_to=MAIN_LIBRARY if ship_to else None,
    )
