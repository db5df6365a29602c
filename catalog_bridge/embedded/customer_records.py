"""A customer of an import: a whole account, or every reason why it is none (bookshop-rules §3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from stdnum.exceptions import ValidationError
from stdnum.no import orgnr

from catalog_bridge.bookshop import Refused
from catalog_bridge.embedded.customer_entries import CustomerEntry
from catalog_bridge.embedded.customer_fields import NAME_LENGTH, Fields, Remark
from catalog_bridge.rules.distribution import REGISTER_FIELDS, checked
from protocols.model.customer import Customer, DeliveryAddress, DistributionUse, LibrarySystem
from protocols.model.distribution import CODE_LENGTHS, Code, CopyCodes, Profile, Register
from protocols.model.finding import Severity
from protocols.model.party import Address

T = TypeVar("T")

ADDRESS_ID_LENGTH = 35
EMAIL_LENGTH = 254
LATER = ("subscriptions", "open_orders")
"""Parts that a file may have and the import does not take yet."""

SHARED_MAILBOXES = frozenset({"post", "postmottak", "info"})
"""Taken, and told: the shop asks for personal addresses (LOGIN-1)."""

_NUMBER = re.compile(r"[0-9A-Za-z-]{1,17}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A library building, whose code stands in the register too; maybe with an address of its own (CHK-10)."""

    code: str
    name: str
    address_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may order for the customer; the e-mail is trimmed and in lower case (LOGIN-4)."""

    email: str
    name: str
    administrator: bool
    default_profile: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRecord:
    """Everything the import takes of one customer."""

    where: str
    customer: Customer
    old_numbers: tuple[str, ...]
    branches: tuple[Branch, ...]
    users: tuple[User, ...]
    register: Register


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A customer as far as it could be read, and what there is to say about it."""

    record: CustomerRecord
    remarks: tuple[Remark, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong with it."""
        return all(remark.severity is not Severity.ERROR for remark in self.remarks)


def check(entry: CustomerEntry) -> Checked:
    """The customer of one entry of the file, checked."""
    remarks: list[Remark] = []
    addresses = _part(entry, "addresses", _address, lambda address: address.address_id, remarks)
    branches = _part(entry, "branches", _branch, lambda branch: branch.code, remarks)
    users = _part(entry, "users", _user, lambda user: user.email, remarks)
    register = _register(entry, branches, remarks)
    found = _account(Fields(entry, remarks), addresses, branches, users, register)
    remarks.extend(_dangling(found))
    remarks.extend(_not_taken(entry))
    return Checked(record=found, remarks=tuple(remarks))


def _part(
    entry: CustomerEntry,
    part: str,
    read: Callable[[Fields], T],
    key: Callable[[T], str],
    remarks: list[Remark],
) -> tuple[T, ...]:
    """The entries of one part, each key once."""
    found: dict[str, T] = {}
    for member in entry.parts.get(part, ()):
        fields = Fields(member, remarks)
        value = read(fields)
        fields.done()
        if key(value) in found:
            fields.wrong(f"{part}: {key(value)!r} stands here for the second time")
        found[key(value)] = value
    return tuple(found.values())


def _address(fields: Fields) -> DeliveryAddress:
    address_id = fields.text("id", limit=ADDRESS_ID_LENGTH, required=True)
    return DeliveryAddress(
        address_id=address_id,
        address=Address(
            address_id=address_id,
            name=fields.text("name", required=True),
            deliver_to=fields.texts("deliver_to"),
            street=fields.texts("street"),
            postal_code=fields.text("postal_code", limit=10, required=True),
            city=fields.text("city", required=True),
            country=fields.text("country", limit=2) or "NO",
            email=fields.text("email", limit=EMAIL_LENGTH),
        ),
    )


def _branch(fields: Fields) -> Branch:
    return Branch(
        code=fields.text("code", limit=CODE_LENGTHS["branch_code"], required=True),
        name=fields.text("name", required=True),
        address_id=fields.text("address", limit=ADDRESS_ID_LENGTH),
    )


def _user(fields: Fields) -> User:
    email = fields.text("email", limit=EMAIL_LENGTH, required=True).casefold()
    if email and not _EMAIL.fullmatch(email):
        fields.wrong(f"email: {email!r} is no e-mail address")
    if email.partition("@")[0] in SHARED_MAILBOXES:
        fields.wrong(
            f"email: {email} looks like a shared mailbox; a personal address is asked for", Severity.NOTE
        )
    return User(
        email=email,
        name=fields.text("name"),
        administrator=fields.truth("administrator"),
        default_profile=fields.text("default_profile"),
    )


def _register(entry: CustomerEntry, branches: tuple[Branch, ...], remarks: list[Remark]) -> Register:
    """The codes, those of the branches first, and the profiles made of them (DIST-3)."""
    own = tuple(Code(field="branch_code", value=branch.code, label=branch.name) for branch in branches)
    listed = _part(entry, "codes", _code, _code_key, remarks)
    taken = set(map(_code_key, own))
    register = Register(codes=own + tuple(code for code in listed if _code_key(code) not in taken))
    profiles = _part(
        entry, "profiles", lambda fields: _profile(fields, register), lambda profile: profile.name, remarks
    )
    return replace(register, profiles=profiles)


def _code_key(code: Code) -> str:
    return f"{code.field} {code.value}"


def _code(fields: Fields) -> Code:
    field = fields.text("field", required=True)
    if field and field not in REGISTER_FIELDS:
        fields.wrong(f"field: {field!r} is none of {', '.join(REGISTER_FIELDS)}")
    return Code(
        field=field,
        value=fields.text("value", limit=CODE_LENGTHS.get(field, NAME_LENGTH), required=True),
        label=fields.text("label"),
        retired=fields.truth("retired"),
    )


def _profile(fields: Fields, register: Register) -> Profile:
    name = fields.text("name", required=True)
    given = fields.take("codes", {})
    if not isinstance(given, dict) or not set(given) <= set(CODE_LENGTHS):
        fields.wrong(f"codes: expected an object with keys among {', '.join(CODE_LENGTHS)}")
        return Profile(name=name, codes=CopyCodes())
    codes = CopyCodes(**{field: str(value) for field, value in given.items()})
    try:
        return Profile(name=name, codes=checked(codes, register))
    except Refused as error:
        fields.wrong(error.detail)
        return Profile(name=name, codes=CopyCodes())


def _account(
    fields: Fields,
    addresses: tuple[DeliveryAddress, ...],
    branches: tuple[Branch, ...],
    users: tuple[User, ...],
    register: Register,
) -> CustomerRecord:
    settings = fields.inside("settings")
    customer = Customer(
        number=_number(fields, fields.text("number", required=True)),
        name=fields.text("name", required=True),
        organisation_number=_organisation_number(fields),
        library_system=fields.choice("library_system", LibrarySystem.NONE),
        distribution=settings.choice("distribution", DistributionUse.OPTIONAL),
        discount_percent=settings.percent("discount_percent"),
        addresses=addresses,
    )
    old_numbers = tuple(_number(fields, number) for number in fields.texts("old_numbers"))
    settings.done()
    fields.done()
    return CustomerRecord(
        where=fields.where,
        customer=customer,
        old_numbers=old_numbers,
        branches=branches,
        users=users,
        register=register,
    )


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


def _dangling(found: CustomerRecord) -> Iterator[Remark]:
    """An error for each branch and user that names what the customer does not have."""
    profiles = {profile.name for profile in found.register.profiles}
    for branch in found.branches:
        if branch.address_id and not found.customer.address(branch.address_id):
            yield Remark(
                where=found.where,
                message=f"branch {branch.code}: no address {branch.address_id!r} in the file",
            )
    for user in found.users:
        if user.default_profile and user.default_profile not in profiles:
            yield Remark(
                where=found.where,
                message=f"user {user.email}: no profile {user.default_profile!r} in the file",
            )


def _not_taken(entry: CustomerEntry) -> Iterator[Remark]:
    for part in LATER:
        if count := len(entry.parts.get(part, ())):
            yield Remark(
                where=entry.where,
                message=f"{part}: {count} in the file, not taken yet",
                severity=Severity.WARNING,
            )
