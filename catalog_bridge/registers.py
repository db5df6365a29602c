"""The register as its library keeps it: codes, profiles and templates, changed by people (DIST-3, DIST-14).

Beside ``Bookshop``, which only reads the register. Every call names the customer, old numbers resolved.
"""

from __future__ import annotations

from typing import Protocol

from protocols.model.distribution import Code, Profile, Register
from protocols.model.service import BarcodeSeries
from protocols.model.template import Template


class Registers(Protocol):
    """What people do to a customer's register; NotFound and Refused as everywhere in the bookshop."""

    def register(self, customer_number: str) -> Register:
        """The register as it stands; empty is normal (DIST-2)."""

    def barcodes(self, customer_number: str) -> tuple[BarcodeSeries, ...]:
        """The library's own series in the sequence in which they are used, as far as given out (SVC-5)."""

    def add_code(self, customer_number: str, code: Code) -> Register:
        """The register with one more code. Refused when it is there already, or cannot be one (DIST-5)."""

    def label_code(self, customer_number: str, field: str, value: str, label: str) -> Register:
        """The register with another description of a code."""

    def retire_code(self, customer_number: str, field: str, value: str) -> Register:
        """The register that no longer offers the code; what was ordered keeps it, carts flag it (DIST-6)."""

    def restore_code(self, customer_number: str, field: str, value: str) -> Register:
        """The register that offers the code again."""

    def put_profile(self, customer_number: str, profile: Profile, instead_of: str = "") -> Register:
        """The register with a new profile, or with this one in place of another.

        Users and templates that had the other one have this one then.
        """

    def remove_profile(self, customer_number: str, name: str) -> Register:
        """The register without the profile; users who had it by default have none.

        Refused while a template gives it.
        """

    def take_csv(self, customer_number: str, raw: bytes) -> Register:
        """The register after a file of codes or of profiles; ``BadFile``, and then nothing is taken."""

    def templates(self, customer_number: str) -> tuple[Template, ...]:
        """The customer's templates in their order, filled with what their profiles say today (DIST-14)."""

    def put_template(
        self, customer_number: str, template: Template, instead_of: str = ""
    ) -> tuple[Template, ...]:
        """The templates with a new one last, or with this one in place of another."""

    def move_template(self, customer_number: str, name: str, place: int) -> tuple[Template, ...]:
        """The templates with this one moved to the place, counted from 1."""

    def remove_template(self, customer_number: str, name: str) -> tuple[Template, ...]:
        """The templates without this one."""
