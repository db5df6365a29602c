"""Customers as stored: account, addresses and register, each found by customer number only."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import BindParameter, Connection, bindparam, false, func, select

from catalog_bridge.bookshop import NotFound
from catalog_bridge.embedded import tables
from protocols.model.customer import Branch, Customer, DeliveryAddress, DistributionUse, LibrarySystem
from protocols.model.distribution import Code, CopyCodes, Profile, Register
from protocols.model.party import Address
from protocols.model.serial import from_json

_SCOPE: BindParameter[str] = bindparam("scope")

_CUSTOMER = (
    select(tables.customer, func.coalesce(tables.library.c.number_registered, false()).label("registered"))
    .join_from(tables.customer, tables.library, tables.library.c.customer_number == _SCOPE, isouter=True)
    .where(tables.customer.c.customer_number == _SCOPE)
)
_OLD_NUMBER = select(tables.old_number.c.customer_number).where(
    tables.old_number.c.old_number == bindparam("old")
)
_TERMS = select(
    tables.customer.c.discount_percent, tables.customer.c.library_system, tables.customer.c.services
).where(tables.customer.c.customer_number == _SCOPE)
_ADDRESSES = (
    select(tables.address)
    .where(tables.address.c.customer_number == _SCOPE)
    .order_by(tables.address.c.position)
)
_BRANCHES = (
    select(tables.branch)
    .where(tables.branch.c.customer_number == _SCOPE)
    .order_by(tables.branch.c.branch_code)
)
_CODES = (
    select(tables.code)
    .where(tables.code.c.customer_number == _SCOPE)
    .order_by(tables.code.c.field, tables.code.c.position, tables.code.c.value)
)
_PROFILES = (
    select(tables.profile)
    .where(tables.profile.c.customer_number == _SCOPE)
    .order_by(tables.profile.c.position, tables.profile.c.name)
)
_DEFAULT = (
    select(tables.profile.c.codes)
    .join_from(tables.user, tables.profile, tables.profile.c.name == tables.user.c.default_profile)
    .where(tables.user.c.customer_number == _SCOPE, tables.profile.c.customer_number == _SCOPE)
    .where(tables.user.c.email == bindparam("of_email"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms a customer buys.

    discount_percent
        As agreed, 0 without an agreement (PRICE-3).
    services
        Ids of the services that its new lines begin with (SVC-3).
    """

    discount_percent: Decimal
    library_system: LibrarySystem
    services: tuple[str, ...]


def known(tx: Connection, number: str) -> str:
    """The number the account has today, an old one resolved (CUST-4); NotFound."""
    if tx.execute(_TERMS, {"scope": number}).first():
        return number
    today = tx.execute(_OLD_NUMBER, {"old": number}).scalar()
    if today is None:
        raise NotFound("There is no customer with number %(number)s.", number=number)
    return str(today)


def read(tx: Connection, customer_number: str) -> Customer:
    """The account with its addresses."""
    row = tx.execute(_CUSTOMER, {"scope": customer_number}).one()
    return Customer(
        number=row.customer_number,
        name=row.name,
        organisation_number=row.organisation_number,
        library_system=LibrarySystem(row.library_system),
        distribution=DistributionUse(row.distribution),
        discount_percent=Decimal(row.discount_percent),
        order_name_required=row.order_name_required,
        number_registered=row.registered,
        addresses=_addresses(tx, customer_number),
        branches=_branches(tx, customer_number),
        services=tuple(row.services.split()),
    )


def terms(tx: Connection, customer_number: str) -> Terms:
    """The customer's terms."""
    row = tx.execute(_TERMS, {"scope": customer_number}).one()
    return Terms(
        discount_percent=Decimal(row.discount_percent),
        library_system=LibrarySystem(row.library_system),
        services=tuple(row.services.split()),
    )


def register(tx: Connection, customer_number: str) -> Register:
    """Codes and profiles in the order of the customer's list; empty is normal (DIST-2)."""
    scope = {"scope": customer_number}
    return Register(
        codes=tuple(
            Code(field=row.field, value=row.value, label=row.label, retired=row.retired)
            for row in tx.execute(_CODES, scope)
        ),
        profiles=tuple(
            Profile(name=row.name, codes=from_json(row.codes, CopyCodes))
            for row in tx.execute(_PROFILES, scope)
        ),
    )


def default_codes(tx: Connection, customer_number: str, email: str) -> CopyCodes:
    """The codes of the user's default profile; empty without one."""
    codes = tx.execute(_DEFAULT, {"scope": customer_number, "of_email": email}).scalar()
    return from_json(codes, CopyCodes) if codes else CopyCodes()


def _branches(tx: Connection, customer_number: str) -> tuple[Branch, ...]:
    rows = tx.execute(_BRANCHES, {"scope": customer_number})
    return tuple(Branch(code=row.branch_code, name=row.name, address_id=row.address_id or "") for row in rows)


def _addresses(tx: Connection, customer_number: str) -> tuple[DeliveryAddress, ...]:
    rows = tx.execute(_ADDRESSES, {"scope": customer_number})
    return tuple(
        DeliveryAddress(address_id=row.address_id, address=from_json(row.address, Address)) for row in rows
    )
