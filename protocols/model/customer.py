"""The bookshop's account for a library: one customer number, its addresses and settings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from protocols.model.party import Address


class LibrarySystem(StrEnum):
    """What the library runs (CUST-10)."""

    QURIA = "quria"
    MIKROMARC = "mikromarc"
    CICERO = "cicero"
    BIBLIOFIL = "bibliofil"
    OTHER = "other"
    NONE = "none"


class DistributionUse(StrEnum):
    """Whether copies carry codes (DIST-7)."""

    OFF = "off"
    OPTIONAL = "optional"
    REQUIRED = "required"


class ImportState(StrEnum):
    """How much of something has come over from the old shop (CUST-9)."""

    NONE = "none"
    PARTIAL = "partial"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtOver:
    """What has come over from the old shop; a list is whole only where that is complete (CUST-9).

    old_numbers
        Numbers that meant this customer there (CUST-4).
    """

    old_numbers: tuple[str, ...] = ()
    packages: ImportState = ImportState.NONE
    subscriptions: ImportState = ImportState.NONE
    open_orders: ImportState = ImportState.NONE

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of what is not complete yet."""
        parts = {
            "packages": self.packages,
            "subscriptions": self.subscriptions,
            "open_orders": self.open_orders,
        }
        return tuple(name for name, state in parts.items() if state is not ImportState.COMPLETE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryAddress:
    """A place that goods may be sent to, chosen from the customer's list and never typed (CHK-6)."""

    address_id: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A library building; its code stands in the register, and it may have its own address (CHK-10)."""

    code: str
    name: str
    address_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One account; CUST-5 and the table of bookshop-rules §3.

    number
        ≤ 17 of ``[0-9A-Za-z-]``.
    order_name_required
        Whether a direct order needs an order name (CHK-3).
    discount_percent
        Never assumed; 0 unless the shop has agreed one (PRICE-3).
    number_registered
        Whether somebody has ticked that the library system knows the number (CUST-10).
    services
        Ids of the services that new lines of a cart begin with (SVC-3).
    """

    number: str
    name: str
    organisation_number: str = ""
    library_system: LibrarySystem = LibrarySystem.NONE
    distribution: DistributionUse = DistributionUse.OPTIONAL
    discount_percent: Decimal = Decimal(0)
    order_name_required: bool = False
    number_registered: bool = False
    addresses: tuple[DeliveryAddress, ...] = ()
    branches: tuple[Branch, ...] = ()
    services: tuple[str, ...] = ()

    def address(self, address_id: str) -> DeliveryAddress | None:
        """The listed address with this id, or None."""
        return next((entry for entry in self.addresses if entry.address_id == address_id), None)
