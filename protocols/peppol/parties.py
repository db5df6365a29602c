"""Parties, contacts and addresses, in both directions (peppol.md §4)."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from protocols import reading
from protocols.model.party import Address, Contact, OrderParty
from protocols.peppol.ubl import add, add_identifier, every, first, identifier, shown, value

HOME = "NO"
ORIGINATOR, BUYER = "endUser", "buyer"
"""Roles of the contacts that an Order names, the person who ordered first."""

RECIPIENT = "cac:DeliveryParty/cac:PartyIdentification/cbc:ID"
"""In a Delivery: the code of who gets the goods, and of the place where nothing else names that."""

_NOBODY, _NOWHERE = OrderParty(), Address(country="")


def party(element: etree._Element | None) -> OrderParty | None:
    """The party; None when there is none, or nothing in it."""
    if element is None:
        return None
    entry = OrderParty(
        endpoint=identifier(element, "cbc:EndpointID"),
        party_id=identifier(element, "cac:PartyIdentification/cbc:ID"),
        company_id=identifier(element, "cac:PartyLegalEntity/cbc:CompanyID"),
        name=shown(element, "cac:PartyLegalEntity/cbc:RegistrationName")
        or shown(element, "cac:PartyName/cbc:Name"),
        address=address(first(element, "cac:PostalAddress")),
    )
    return None if entry == _NOBODY else entry


def add_company(parent: etree._Element, entry: OrderParty, contact: Contact | None) -> None:
    """A Party that is a company: buyer, seller, or who gets the invoice."""
    element = add(parent, "cac:Party")
    add_identifier(element, "cbc:EndpointID", entry.endpoint)
    add_identifier(add(element, "cac:PartyIdentification"), "cbc:ID", entry.party_id)
    add_address(element, "cac:PostalAddress", entry.address or Address())
    legal = add(element, "cac:PartyLegalEntity")
    add(legal, "cbc:RegistrationName", entry.name or entry.endpoint)
    add_identifier(legal, "cbc:CompanyID", entry.company_id)
    add_contact(element, contact)


def add_unit(parent: etree._Element, entry: OrderParty, contact: Contact | None) -> None:
    """A Party that is a unit of one: it has an id or a name, and somebody in it."""
    element = add(parent, "cac:Party")
    add_identifier(add(element, "cac:PartyIdentification"), "cbc:ID", entry.party_id)
    add(add(element, "cac:PartyName"), "cbc:Name", entry.name)
    add_contact(element, contact)


def contact(element: etree._Element | None, role: str) -> Contact | None:
    """The Contact of a party under this role; None when nothing is in it."""
    found = first(element, "cac:Contact")
    entry = Contact(
        role=role,
        name=shown(found, "cbc:Name"),
        email=value(found, "cbc:ElectronicMail"),
        phone=value(found, "cbc:Telephone"),
    )
    return None if entry == Contact(role=role) else entry


def add_contact(parent: etree._Element, entry: Contact | None) -> None:
    """The contact, where there is one."""
    if entry is not None:
        element = add(parent, "cac:Contact")
        add(element, "cbc:Name", entry.name)
        add(element, "cbc:Telephone", entry.phone)
        add(element, "cbc:ElectronicMail", entry.email)


def address(element: etree._Element | None) -> Address | None:
    """A postal address; None when there is none, or no more than a country in it."""
    if element is None:
        return None
    lines = (first(element, "cbc:StreetName"), first(element, "cbc:AdditionalStreetName"))
    street = map(reading.shown, (*lines, *every(element, "cac:AddressLine/cbc:Line")))
    entry = Address(
        street=tuple(filter(None, street)),
        postal_code=value(element, "cbc:PostalZone"),
        city=value(element, "cbc:CityName"),
        country=value(element, "cac:Country/cbc:IdentificationCode"),
    )
    return None if replace(entry, country="") == _NOWHERE else entry


def add_address(parent: etree._Element, tag: str, entry: Address) -> None:
    """The address; its country is mandatory everywhere."""
    element = add(parent, tag)
    for name, line in zip(("cbc:StreetName", "cbc:AdditionalStreetName"), entry.street, strict=False):
        add(element, name, line)
    add(add(element, "cac:AddressLine"), "cbc:Line", ", ".join(entry.street[2:]))
    add(element, "cbc:CityName", entry.city)
    add(element, "cbc:PostalZone", entry.postal_code)
    add(add(element, "cac:Country"), "cbc:IdentificationCode", entry.country or HOME)


def payer(element: etree._Element | None) -> Address | None:
    """Who gets the invoice, as an address that its endpoint or number names; None without one."""
    found = party(element)
    if found is None:
        return None
    country = value(element, "cac:PostalAddress/cac:Country/cbc:IdentificationCode")
    return replace(
        found.address or Address(country=country),
        address_id=found.endpoint or found.party_id or found.company_id,
        name=found.name,
        email=value(element, "cac:Contact/cbc:ElectronicMail"),
    )


def add_payer(parent: etree._Element, entry: Address) -> None:
    """The same out."""
    bare = replace(entry, address_id="", name="", deliver_to=(), email="")
    is_endpoint = ":" in entry.address_id
    made = OrderParty(
        endpoint=entry.address_id if is_endpoint else "",
        party_id="" if is_endpoint else entry.address_id,
        name=entry.name,
        address=bare,
    )
    add_company(parent, made, Contact(email=entry.email) if entry.email else None)


def recipient(delivery: etree._Element) -> Address | None:
    """Where the goods go: the location, and the party there; None where neither is named."""
    location, receiver = first(delivery, "cac:DeliveryLocation"), first(delivery, "cac:DeliveryParty")
    at = address(first(location, "cac:Address")) or address(first(receiver, "cac:PostalAddress"))
    country = value(location, "cac:Address/cac:Country/cbc:IdentificationCode")
    to = (shown(receiver, "cac:PartyName/cbc:Name"), shown(receiver, "cac:Contact/cbc:Name"))
    entry = replace(
        at or Address(country=country),
        address_id=value(location, "cbc:ID") or value(delivery, "cbc:ID") or value(delivery, RECIPIENT),
        name=shown(location, "cbc:Name"),
        deliver_to=tuple(filter(None, to)),
        email=value(receiver, "cac:Contact/cbc:ElectronicMail"),
    )
    return None if replace(entry, country="") == _NOWHERE else entry


def add_recipient(
    delivery: etree._Element, entry: Address, code: str = "", *, id_at_delivery: bool = False
) -> None:
    """The same out.

    code
        The recipient's own.
    id_at_delivery
        On a line the place's id stands beside the location, and there is no party.
    """
    location = add(delivery, "cac:DeliveryLocation")
    add(delivery if id_at_delivery else location, "cbc:ID", entry.address_id)
    add(location, "cbc:Name", entry.name)
    add_address(location, "cac:Address", entry)
    if not id_at_delivery and (entry.deliver_to or entry.email or code):
        to = (*entry.deliver_to, "")
        receiver = add(delivery, "cac:DeliveryParty")
        add(add(receiver, "cac:PartyIdentification"), "cbc:ID", code)
        add(add(receiver, "cac:PartyName"), "cbc:Name", to[0] or entry.name or entry.email)
        add_contact(receiver, Contact(name=", ".join(filter(None, to[1:])), email=entry.email))
