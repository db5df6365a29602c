"""A customer of an import: a whole account, or every reason why it is none (bookshop-rules §3)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from stdnum.exceptions import ValidationError
from stdnum.no import orgnr

from catalog_bridge.embedded.customer_entries import BROUGHT_OVER, CustomerEntry
from catalog_bridge.embedded.customer_fields import Fields, Remark
from catalog_bridge.embedded.customer_parts import Parts, User
from protocols.model.customer import Branch, Customer, DistributionUse, ImportState, LibrarySystem
from protocols.model.distribution import Register
from protocols.model.finding import Severity
from protocols.model.service import BarcodeSeries
from protocols.model.standing import OpenOrder, Subscription

_NUMBER = re.compile(r"[0-9A-Za-z-]{1,17}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRecord:
    """Everything the import takes of one customer."""

    where: str
    customer: Customer
    old_numbers: tuple[str, ...]
    branches: tuple[Branch, ...]
    users: tuple[User, ...]
    register: Register
    barcodes: tuple[BarcodeSeries, ...]
    subscriptions: tuple[Subscription, ...]
    open_orders: tuple[OpenOrder, ...]
    imported: Mapping[str, ImportState]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A customer as far as it could be read, and what there is to say about it."""

    record: CustomerRecord
    remarks: tuple[Remark, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong with it."""
        return all(remark.severity is not Severity.ERROR for remark in self.remarks)


def check(entry: CustomerEntry, services: Collection[str] = ()) -> Checked:
    """The customer of one entry of the file, checked.

    services
        Ids of the shop's price list.
    """
    remarks: list[Remark] = []
    parts = Parts(entry, remarks)
    addresses = parts.addresses()
    branches = parts.branches(addresses)
    register = parts.register(branches)
    users = parts.users(register.profiles)
    own = Fields(entry, remarks)
    account = _account(own, services)
    found = CustomerRecord(
        where=entry.where,
        customer=replace(account, addresses=addresses),
        old_numbers=tuple(_number(own, number) for number in own.texts("old_numbers")),
        branches=branches,
        users=users,
        register=register,
        barcodes=parts.barcodes(),
        subscriptions=parts.subscriptions(account.number, addresses, register.profiles, services),
        open_orders=parts.open_orders(account.number),
        imported=_imported(own),
    )
    own.done()
    return Checked(record=found, remarks=tuple(remarks))


def _account(fields: Fields, services: Collection[str]) -> Customer:
    settings = fields.inside("settings")
    customer = Customer(
        number=_number(fields, fields.text("number", required=True)),
        name=fields.text("name", required=True),
        organisation_number=_organisation_number(fields),
        library_system=fields.choice("library_system", LibrarySystem.NONE),
        distribution=settings.choice("distribution", DistributionUse.OPTIONAL),
        discount_percent=settings.percent("discount_percent"),
        order_name_required=settings.truth("order_name_required"),
        services=settings.each_of("services", services),
    )
    settings.done()
    return customer


def _imported(fields: Fields) -> Mapping[str, ImportState]:
    """How far each part has come, of those that the file speaks of (CUST-9)."""
    given = fields.inside("imported")
    states = {name: given.choice(name, ImportState.NONE) for name in BROUGHT_OVER if given.has(name)}
    given.done()
    return states


def _number(fields: Fields, number: str) -> str:
    if number and not _NUMBER.fullmatch(number):
        fields.wrong(f"customer number {number!r}: expected 1 to 17 of 0-9, A-Z, a-z and hyphen")
    return number


def _organisation_number(fields: Fields) -> str:
    text = fields.text("organisation_number")
    try:
        return orgnr.validate(text) if text else ""
    except ValidationError:
        fields.wrong(f"organisation_number: {text!r} is not 9 digits with a right check digit")
        return ""
