"""Procurement systems that the built-in buyer can be: each a dialect, a demo agreement, and its habits."""

from __future__ import annotations

from dataclasses import dataclass

from protocols.model.party import Address, Contact, Extrinsic
from protocols.model.session import Shopper


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerSystem:
    """How one procurement system calls up the shop, as far as a fixture or a report shows.

    agreement_id
        The demo agreement that trades with it.
    shopper
        Goes out under the names that the dialect says this system uses.
    """

    name: str
    title: str
    agreement_id: str
    user_agent: str
    shopper: Shopper
    extrinsics: tuple[Extrinsic, ...] = ()
    contacts: tuple[Contact, ...] = ()
    ship_to: Address | None = None


SHOPPER = Shopper(name="Innkjøper Testby", email="innkjoper@testby.example", user_id="innkjoper")
MAIN_LIBRARY = Address(
    address_id="1001",
    name="Testby bibliotek, hovedbiblioteket",
    street=("Storgata 1",),
    postal_code="9996",
    city="Testby",
)
_END_USER = Contact(name=SHOPPER.name, role="endUser", email=SHOPPER.email)


def _named(**values: str) -> tuple[Extrinsic, ...]:
    return tuple(Extrinsic(name=name, value=value) for name, value in values.items())


_SYSTEMS = (
    BuyerSystem(
        name="ariba",
        title="SAP Ariba",
        agreement_id="demo-ariba",
        user_agent="Built-in buyer, in the manner of SAP Ariba",
        shopper=SHOPPER,
        extrinsics=_named(CostCenter="4400", UniqueName=SHOPPER.user_id),
        contacts=(_END_USER,),
        ship_to=MAIN_LIBRARY,
    ),
    BuyerSystem(
        name="coupa",
        title="Coupa",
        agreement_id="demo-coupa",
        user_agent="Built-in buyer, in the manner of Coupa",
        shopper=SHOPPER,
        extrinsics=_named(
            FirstName="Innkjøper", LastName="Testby", UniqueName=SHOPPER.user_id, BusinessUnit="4400"
        ),
        contacts=(_END_USER,),
    ),
    BuyerSystem(
        name="dynamics365",
        title="Microsoft Dynamics 365",
        agreement_id="demo-dynamics365",
        user_agent="Built-in buyer, in the manner of Dynamics 365",
        shopper=SHOPPER,
        extrinsics=_named(UserEmail=SHOPPER.email),
    ),
    BuyerSystem(
        name="jaggaer",
        title="Jaggaer",
        agreement_id="demo-jaggaer",
        user_agent="Built-in buyer, in the manner of Jaggaer",
        shopper=SHOPPER,
        extrinsics=_named(Department="4400"),
        contacts=(_END_USER,),
        ship_to=MAIN_LIBRARY,
    ),
    BuyerSystem(
        name="generic",
        title="Generic cXML buyer",
        agreement_id="demo-generic",
        user_agent="Built-in buyer",
        shopper=SHOPPER,
        ship_to=MAIN_LIBRARY,
    ),
)


def systems() -> tuple[BuyerSystem, ...]:
    """Every system that the built-in buyer can be.

    >>> [system.name for system in systems()]
    ['ariba', 'coupa', 'dynamics365', 'jaggaer', 'generic']
    """
    return _SYSTEMS


def system(name: str) -> BuyerSystem:
    """The system of that name; KeyError when there is none."""
    return {entry.name: entry for entry in _SYSTEMS}[name]
