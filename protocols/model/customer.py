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


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryAddress:
    """A place that goods may be sent to, chosen from the customer's list and never typed (CHK-6)."""

    address_id: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One account; CUST-5 and the table of bookshop-rules §3.

    number
        ≤ 17 of ``[0-9A-Za-z-]``.
    discount_percent
        Never assumed; 0 unless the shop has agreed one (PRICE-3).
    number_registered
        Whether somebody has ticked that the library system knows the number (CUST-10).
    """

    number: str
    name: str
    organisation_number: str = ""
    library_system: LibrarySystem = LibrarySystem.NONE
    distribution: DistributionUse = DistributionUse.OPTIONAL
    discount_percent: Decimal = Decimal(0)
    number_registered: bool = False
    addresses: tuple[DeliveryAddress, ...] = ()

    def address(self, address_id: str) -> DeliveryAddress | None:
        """The listed address with this id, or None."""
        return next((entry for entry in self.addresses if entry.address_id == address_id), None)
