"""What is sent: parcels, and in them a packing slip for each order (SHIP-1 to SHIP-6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from protocols.model.distribution import Copy
from protocols.model.item import Kind
from protocols.model.money import Money
from protocols.model.party import Address
from protocols.model.service import LineService


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipLine:
    """The copies of one order line that go to one department.

    number
        The order line's.
    copies
        Those in the parcel, with their codes as they were when it was packed; the quantity is their number.
    outstanding
        How many more of this line the department waits for.
    tax_rate
        Percent, as the catalogue said when it was packed (PRICE-4).
    services
        What has been done to each of the copies (SVC-4).
    """

    number: int
    product_id: str
    title: str
    copies: tuple[Copy, ...]
    outstanding: int
    unit_price: Money
    tax_rate: Decimal
    by: str = ""
    kind: Kind = Kind.TITLE
    note: str = ""
    services: tuple[LineService, ...] = ()

    @property
    def quantity(self) -> int:
        """How many are in the parcel."""
        return len(self.copies)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipGroup:
    """Everything for one department of one branch; empty codes for copies without distribution.

    branch_name, department_name
        As the customer's register called them when it was packed; empty where it did not.
    """

    branch_code: str
    branch_name: str
    department_code: str
    department_name: str
    lines: tuple[SlipLine, ...]

    @property
    def assigned(self) -> bool:
        """Whether these copies have a place of their own."""
        return bool(self.branch_code or self.department_code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A packing slip: one order in one parcel, as it was packed (SHIP-4).

    order_name
        Rekvisisjons-/bestillingsnummer (CHK-2); ``po_number`` with its suffix and ``requisition_id`` stand
        beside it, never in its place.
    groups
        Branch by branch, department by department; what has no distribution comes last.
    packed_on
        ISO date in Norway.
    """

    parcel_number: str
    order_number: str
    customer_number: str
    customer_name: str
    address: Address
    groups: tuple[SlipGroup, ...]
    packed_on: str
    order_name: str = ""
    po_number: str = ""
    requisition_id: str = ""
    ordered_by: str = ""
    ordered_by_email: str = ""
    way: str = "punchout"
    test: bool = False

    def lines(self) -> Iterator[SlipLine]:
        """Its lines, department by department."""
        for group in self.groups:
            yield from group.lines

    @property
    def copies(self) -> tuple[Copy, ...]:
        """The copies in the parcel."""
        return tuple(copy for line in self.lines() for copy in line.copies)

    @property
    def outstanding(self) -> int:
        """How many copies of the order were not packed yet."""
        return sum(line.outstanding for line in self.lines())


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Something that a carrier takes: orders to one address on one day, each with its slip (SHIP-3).

    tracking, sscc
        What the carrier and the GS1 system call it; empty until sent, and always for tests.
    sent_at
        When it was handed over; empty until then.
    """

    parcel_number: str
    address_id: str
    address: Address
    carrier_day: str
    slips: tuple[Slip, ...]
    tracking: str = ""
    sscc: str = ""
    sent_at: str = ""
    test: bool = False

    @property
    def sent(self) -> bool:
        """Whether it has left."""
        return bool(self.sent_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consignment:
    """A slip and how its parcel travels; ``sent_at`` is empty while it has not left."""

    slip: Slip
    tracking: str = ""
    sscc: str = ""
    sent_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAtCounter:
    """Where the copies of one order line are.

    picked
        Copies taken from the shelf, packed or not; ``packed`` of them are in a parcel.
    """

    number: int
    product_id: str
    title: str
    copies: tuple[Copy, ...]
    picked: int
    packed: int
    by: str = ""
    waits: bool = False
    services: tuple[LineService, ...] = ()

    @property
    def quantity(self) -> int:
        """How many are ordered."""
        return len(self.copies)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAtCounter:
    """An order as the counter works on it.

    lines
        The live ones; only their numbers are known in a list.
    ordered, picked, packed, sent
        Copies of all lines.
    """

    order_number: str
    customer_number: str
    customer_name: str
    address_id: str
    address: Address
    placed_at: str
    status: str
    ordered: int
    picked: int
    packed: int
    sent: int
    order_name: str = ""
    po_number: str = ""
    way: str = "punchout"
    test: bool = False
    lines: tuple[LineAtCounter, ...] = ()

    @property
    def to_pack(self) -> int:
        """How many copies have been picked and are in no parcel yet."""
        return self.picked - self.packed

    @property
    def outstanding(self) -> int:
        """How many copies are in no parcel yet."""
        return self.ordered - self.packed


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """How far the copies of an order have come."""

    ordered: int = 0
    packed: int = 0
    sent: int = 0

    def __add__(self, other: Handled) -> Handled:
        """Both orders together."""
        return Handled(
            ordered=self.ordered + other.ordered,
            packed=self.packed + other.packed,
            sent=self.sent + other.sent,
        )
