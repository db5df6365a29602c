"""The parts of a customer of an import; each is read knowing those it may name."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TypeVar

from catalog_bridge.bookshop import Refused
from catalog_bridge.embedded import standing_parts
from catalog_bridge.embedded.customer_entries import CustomerEntry
from catalog_bridge.embedded.customer_fields import NAME_LENGTH, Fields, Remark
from catalog_bridge.rules import mailbox
from catalog_bridge.rules.distribution import REGISTER_FIELDS, checked
from protocols.model.customer import Branch, DeliveryAddress
from protocols.model.distribution import CODE_LENGTHS, Code, CopyCodes, Profile, Register
from protocols.model.finding import Severity
from protocols.model.party import Address
from protocols.model.service import BarcodeSeries
from protocols.model.standing import OpenOrder, Subscription

T = TypeVar("T")

ADDRESS_ID_LENGTH = 35
BARCODE_LENGTH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may order for the customer; the e-mail is as compared (LOGIN-4)."""

    email: str
    name: str
    administrator: bool
    default_profile: str


@dataclass(frozen=True, slots=True)
class Parts:
    """The lists of one customer entry; what is wrong in them goes to the remarks."""

    entry: CustomerEntry
    remarks: list[Remark]

    def addresses(self) -> tuple[DeliveryAddress, ...]:
        """The delivery addresses, in the order of the list."""
        return self._read("addresses", _address, lambda address: address.address_id)

    def branches(self, addresses: tuple[DeliveryAddress, ...]) -> tuple[Branch, ...]:
        """The branches, each at one of the addresses or at none of its own."""
        known = {address.address_id for address in addresses}
        return self._read("branches", lambda fields: _branch(fields, known), lambda branch: branch.code)

    def register(self, branches: tuple[Branch, ...]) -> Register:
        """The codes, those of the branches first, and the profiles made of them (DIST-3)."""
        own = tuple(Code(field="branch_code", value=branch.code, label=branch.name) for branch in branches)
        listed = self._read("codes", _code, _code_key)
        taken = set(map(_code_key, own))
        codes = Register(codes=own + tuple(code for code in listed if _code_key(code) not in taken))
        profiles = self._read(
            "profiles", lambda fields: _profile(fields, codes), lambda profile: profile.name
        )
        return replace(codes, profiles=profiles)

    def users(self, profiles: tuple[Profile, ...]) -> tuple[User, ...]:
        """The users, each with one of the profiles or none by default."""
        known = {profile.name for profile in profiles}
        return self._read("users", lambda fields: _user(fields, known), lambda user: user.email)

    def barcodes(self) -> tuple[BarcodeSeries, ...]:
        """The series of the library's own barcodes, in the sequence in which they are used (SVC-5)."""
        found = self._read("barcodes", _barcodes, lambda series: series.first)
        overlapping = (pair for pair in combinations(found, 2) if pair[0].first and pair[0].overlaps(pair[1]))
        self.remarks.extend(
            Remark(where=self.entry.where, message=overlap(one, other)) for one, other in overlapping
        )
        return found

    def subscriptions(
        self,
        number: str,
        addresses: tuple[DeliveryAddress, ...],
        profiles: tuple[Profile, ...],
        services: Collection[str],
    ) -> tuple[Subscription, ...]:
        """What the customer subscribes to, with the order names that the shop has preset (CHK-5)."""
        known = {address.address_id for address in addresses}
        codes = {profile.name: profile.codes for profile in profiles}
        return self._read(
            "subscriptions",
            lambda fields: standing_parts.subscription(fields, number, known, codes, services),
            lambda subscription: subscription.subscription_id,
        )

    def open_orders(self, number: str) -> tuple[OpenOrder, ...]:
        """What is still to come from before."""
        return self._read(
            "open_orders",
            lambda fields: standing_parts.open_order(fields, number),
            lambda order: order.number,
        )

    def _read(self, part: str, read: Callable[[Fields], T], key: Callable[[T], object]) -> tuple[T, ...]:
        found: dict[object, T] = {}
        for member in self.entry.parts.get(part, ()):
            fields = Fields(member, self.remarks)
            value = read(fields)
            fields.done()
            if key(value) in found:
                fields.wrong("the same stands in this list already")
            found[key(value)] = value
        return tuple(found.values())


def _address(fields: Fields) -> DeliveryAddress:
    address_id = fields.text("id", limit=ADDRESS_ID_LENGTH, required=True)
    address = Address(
        address_id=address_id,
        name=fields.text("name", required=True),
        deliver_to=fields.texts("deliver_to"),
        street=fields.texts("street"),
        postal_code=fields.text("postal_code", limit=10, required=True),
        city=fields.text("city", required=True),
        country=fields.text("country", limit=2) or "NO",
        email=fields.text("email", limit=mailbox.LONGEST),
    )
    return DeliveryAddress(address_id=address_id, address=address)


def _branch(fields: Fields, addresses: Collection[str]) -> Branch:
    return Branch(
        code=fields.text("code", limit=CODE_LENGTHS["branch_code"], required=True),
        name=fields.text("name", required=True),
        address_id=_known(fields, "address", addresses),
    )


def _user(fields: Fields, profiles: Collection[str]) -> User:
    written = fields.text("email", limit=mailbox.LONGEST, required=True)
    known = mailbox.compared(written)
    if written and not known:
        fields.wrong("email: expected name@domain")
    if mailbox.shared(known):
        fields.wrong("email: looks like a shared mailbox; the shop asks for personal ones", Severity.NOTE)
    return User(
        email=known or written,
        name=fields.text("name"),
        administrator=fields.truth("administrator"),
        default_profile=_known(fields, "default_profile", profiles),
    )


def _known(fields: Fields, name: str, known: Collection[str]) -> str:
    """A value that names another entry of this customer, or empty."""
    value = fields.text(name)
    if value and value not in known:
        fields.wrong(f"{name}: this customer has no {value!r} in the file")
    return value


def _code_key(code: Code) -> tuple[str, str]:
    return code.field, code.value


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
    name, given = fields.text("name", required=True), fields.take("codes", {})
    codes = CopyCodes()
    if isinstance(given, dict) and set(given) <= set(CODE_LENGTHS):
        codes = CopyCodes(**{field: str(value) for field, value in given.items()})
    else:
        fields.wrong(f"codes: expected an object with keys among {', '.join(CODE_LENGTHS)}")
    try:
        return Profile(name=name, codes=checked(codes, register))
    except Refused as error:
        fields.wrong(error.detail)
        return Profile(name=name, codes=CopyCodes())


def overlap(one: BarcodeSeries, other: BarcodeSeries) -> str:
    """What is wrong with two series that share a number."""
    return (
        f"barcodes: the series from {one.first} and from {other.first} overlap, and no number is used twice"
    )


def too_short(known: BarcodeSeries) -> str:
    """What is wrong with a series that is to end before what it has given."""
    *_, given = replace(known, given=0).taken(known.given)
    return f"barcodes: the series from {known.first} has given numbers up to {given}, so it cannot end before"


def _barcodes(fields: Fields) -> BarcodeSeries:
    first, last = (fields.text(name, limit=BARCODE_LENGTH, required=True) for name in ("first", "last"))
    alike = all(text.isascii() and text.isdecimal() for text in (first, last)) and len(first) == len(last)
    if first and last and not (alike and first <= last):
        fields.wrong(
            f"barcodes from {first!r} to {last!r}: expected equally many digits, the first not after"
        )
    return BarcodeSeries(first=first, last=last) if alike else BarcodeSeries(first="", last="")
