"""Credentials, contacts, addresses and extrinsics, in both directions (cxml.md §2 and §5)."""

from __future__ import annotations

from lxml import etree

from protocols.cxml.elements import (
    Findings,
    add,
    add_text,
    attribute,
    children,
    every,
    padded,
    path,
    put,
    shown,
    text,
)
from protocols.errors import Malformed
from protocols.model.party import Address, Contact, Credential, CredentialMac, Extrinsic

_MOST_NAMES = 20
"""Credentials of one party; each is looked up, and each MAC is computed for each of them."""


def credentials(element: etree._Element | None, found: Findings) -> tuple[Credential, ...]:
    """Every Credential of a From, To or Sender: aliases of one party, spelled as sent.

    Raises Malformed for more than twenty. A Correspondent beside them says for whom the party acts; nobody is
    authenticated by it, so it stays in the recorded document alone.
    """
    if element is None:
        return ()
    entries = every(element, "Credential")
    if len(entries) > _MOST_NAMES:
        raise Malformed(f"One party has more than {_MOST_NAMES} Credentials.", where=path(element))
    return tuple(_credential(entry, found) for entry in entries)


def _credential(element: etree._Element, found: Findings) -> Credential:
    parts = children(element)
    return Credential(
        domain=attribute(element, "domain"),
        identity=padded(parts.get("Identity"), found),
        secret=text(parts.get("SharedSecret")) or None,
        marketplace=attribute(element, "type") == "marketplace",
        mac=_mac(parts.get("CredentialMac")),
    )


def _mac(element: etree._Element | None) -> CredentialMac | None:
    """The MAC; its dates exactly as they stand, for it is made of their characters."""
    if element is None:
        return None
    return CredentialMac(
        value=text(element),
        type=attribute(element, "type"),
        algorithm=attribute(element, "algorithm"),
        created=element.get("creationDate", ""),
        expires=element.get("expirationDate", ""),
    )


def add_credentials(parent: etree._Element, entries: tuple[Credential, ...], *, secrets: bool) -> None:
    """The credentials as elements; their secrets only where asked for."""
    for entry in entries:
        element = etree.SubElement(parent, "Credential", domain=entry.domain)
        if entry.marketplace:
            element.set("type", "marketplace")
        add(element, "Identity", entry.identity)
        if secrets:
            _add_proof(element, entry)


def _add_proof(element: etree._Element, entry: Credential) -> None:
    """SharedSecret or CredentialMac: the standard has room for one."""
    if entry.mac:
        proof = add(element, "CredentialMac", entry.mac.value)
        proof.set("type", entry.mac.type)
        proof.set("algorithm", entry.mac.algorithm)
        put(proof, "creationDate", entry.mac.created)
        put(proof, "expirationDate", entry.mac.expires)
    elif entry.secret:
        add(element, "SharedSecret", entry.secret)


def extrinsics(element: etree._Element, found: Findings) -> tuple[Extrinsic, ...]:
    """The Extrinsic children, all of them, with markup in them reduced to its text."""
    return tuple(extrinsic(entry, found) for entry in every(element, "Extrinsic"))


def extrinsic(element: etree._Element, found: Findings) -> Extrinsic:
    """One Extrinsic; a nameless one is kept, with a finding."""
    name = attribute(element, "name")
    if not name:
        found.note("value.missing", element, expected="a name attribute")
    return Extrinsic(name=name, value=text(element) or _identifier(element))


def _identifier(element: etree._Element) -> str:
    """What an IdReference inside the extrinsic points at."""
    reference = children(element).get("IdReference")
    return "" if reference is None else attribute(reference, "identifier")


def add_extrinsics(parent: etree._Element, entries: tuple[Extrinsic, ...]) -> None:
    """One Extrinsic element each."""
    for entry in entries:
        add(parent, "Extrinsic", entry.value).set("name", entry.name)


def contacts(element: etree._Element, found: Findings) -> tuple[Contact, ...]:
    """The Contact children in document order."""
    return tuple(_contact(entry, found) for entry in every(element, "Contact"))


def _contact(element: etree._Element, found: Findings) -> Contact:
    parts = children(element)
    return Contact(
        name=shown(parts.get("Name")),
        role=attribute(element, "role"),
        email=text(parts.get("Email")),
        phone=_phone(parts.get("Phone"), found),
    )


def _phone(element: etree._Element | None, found: Findings) -> str:
    """The number as people write it; some senders put plain text where TelephoneNumber belongs."""
    if element is None:
        return ""
    number = children(element).get("TelephoneNumber")
    if number is None:
        found.note("value.missing", element, expected="TelephoneNumber")
        return text(element)
    parts = children(number)
    country = text(parts.get("CountryCode")).lstrip("+")
    pieces = (f"+{country}" if country else "", text(parts.get("AreaOrCityCode")), text(parts.get("Number")))
    return " ".join(filter(None, pieces))


def add_contacts(parent: etree._Element, entries: tuple[Contact, ...], lang: str) -> None:
    """One Contact element each."""
    for entry in entries:
        element = add(parent, "Contact")
        put(element, "role", entry.role)
        add_text(element, "Name", entry.name, lang)
        if entry.email:
            add(element, "Email", entry.email)
        if entry.phone:
            _add_phone(element, entry.phone)


def _add_phone(parent: etree._Element, phone: str) -> None:
    """The whole number in Number: we do not know where its country code ends."""
    number = add(add(parent, "Phone"), "TelephoneNumber")
    add(number, "CountryCode").set("isoCountryCode", "")
    add(number, "AreaOrCityCode")
    add(number, "Number", phone)


def address(element: etree._Element | None) -> Address | None:
    """The Address inside ShipTo or BillTo; None when there is none, or nothing in it."""
    holder = None if element is None else children(element).get("Address")
    if holder is None:
        return None
    parts = children(holder)
    postal = parts.get("PostalAddress")
    places = {} if postal is None else children(postal)
    entry = Address(
        address_id=attribute(holder, "addressID"),
        name=shown(parts.get("Name")),
        deliver_to=_lines(postal, "DeliverTo"),
        street=_lines(postal, "Street"),
        postal_code=text(places.get("PostalCode")),
        city=text(places.get("City")),
        country=_country(places.get("Country"), holder),
        email=text(parts.get("Email")),
    )
    return None if entry == Address(country="") else entry


def _lines(postal: etree._Element | None, name: str) -> tuple[str, ...]:
    if postal is None:
        return ()
    return tuple(filter(None, (shown(entry) for entry in every(postal, name))))


def _country(element: etree._Element | None, holder: etree._Element) -> str:
    code = "" if element is None else attribute(element, "isoCountryCode")
    return code or attribute(holder, "isoCountryCode")


def add_address(parent: etree._Element, tag: str, entry: Address, lang: str) -> None:
    """A ShipTo or BillTo with the address in it; PostalAddress only where there is a place to write."""
    element = add(add(parent, tag), "Address")
    put(element, "isoCountryCode", entry.country)
    put(element, "addressID", entry.address_id)
    add_text(element, "Name", entry.name, lang)
    if entry.deliver_to or entry.street or entry.postal_code or entry.city:
        _add_postal_address(element, entry)
    if entry.email:
        add(element, "Email", entry.email)


def _add_postal_address(parent: etree._Element, entry: Address) -> None:
    """Street, City and Country are mandatory there, also when they are empty."""
    postal = add(parent, "PostalAddress")
    for value in entry.deliver_to:
        add(postal, "DeliverTo", value)
    for value in entry.street or ("",):
        add(postal, "Street", value)
    add(postal, "City", entry.city)
    if entry.postal_code:
        add(postal, "PostalCode", entry.postal_code)
    add(postal, "Country", entry.country).set("isoCountryCode", entry.country)
