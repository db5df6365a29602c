"""Who changed a library's register, and what: each change leaves an entry in the journal (DIST-12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from session_store import journal

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocols.model.distribution import Code, Profile, Register
    from protocols.model.service import BarcodeSeries
    from protocols.model.template import Template
    from punchout.roundtrip.world import World

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """Who keeps the register, as the journal tells it.

    actor
        A user's address; of a session only that it was its shopper.
    agreement_id, reference, session_id
        Of the session; empty on Min side.
    """

    actor: str
    agreement_id: str = ""
    reference: str = ""
    session_id: str = ""


@dataclass(frozen=True, slots=True)
class KeptRegisters:
    """``catalog_bridge.registers.Registers`` for this keeper: what changes anything is written down."""

    world: World
    keeper: Keeper

    def register(self, customer_number: str) -> Register:
        """The register as it stands."""
        return self.world.registers.register(customer_number)

    def barcodes(self, customer_number: str) -> tuple[BarcodeSeries, ...]:
        """The library's own series (SVC-5)."""
        return self.world.registers.barcodes(customer_number)

    def templates(self, customer_number: str) -> tuple[Template, ...]:
        """The templates in their order."""
        return self.world.registers.templates(customer_number)

    def add_code(self, customer_number: str, code: Code) -> Register:
        """The register with one more code. Refused."""
        return self._noted(
            customer_number,
            f"{code.field} {code.value.strip()} was added",
            lambda: self.world.registers.add_code(customer_number, code),
        )

    def label_code(self, customer_number: str, field: str, value: str, label: str) -> Register:
        """The register with another description of a code. Refused."""
        return self._noted(
            customer_number,
            f"{field} {value} was described anew",
            lambda: self.world.registers.label_code(customer_number, field, value, label),
        )

    def retire_code(self, customer_number: str, field: str, value: str) -> Register:
        """The register that no longer offers the code."""
        return self._noted(
            customer_number,
            f"{field} {value} was retired",
            lambda: self.world.registers.retire_code(customer_number, field, value),
        )

    def restore_code(self, customer_number: str, field: str, value: str) -> Register:
        """The register that offers the code again."""
        return self._noted(
            customer_number,
            f"{field} {value} was restored",
            lambda: self.world.registers.restore_code(customer_number, field, value),
        )

    def put_profile(self, customer_number: str, profile: Profile, instead_of: str = "") -> Register:
        """The register with the profile, in place of another where one is named. Refused."""
        return self._noted(
            customer_number,
            f"profile {profile.name.strip()} was {_put(instead_of)}",
            lambda: self.world.registers.put_profile(customer_number, profile, instead_of),
        )

    def remove_profile(self, customer_number: str, name: str) -> Register:
        """The register without the profile. Refused."""
        return self._noted(
            customer_number,
            f"profile {name} was removed",
            lambda: self.world.registers.remove_profile(customer_number, name),
        )

    def take_csv(self, customer_number: str, raw: bytes) -> Register:
        """The register after a file of codes or of profiles. BadFile; Refused."""
        return self._noted(
            customer_number,
            "a file was taken in",
            lambda: self.world.registers.take_csv(customer_number, raw),
        )

    def put_template(
        self, customer_number: str, template: Template, instead_of: str = ""
    ) -> tuple[Template, ...]:
        """The templates with this one, in place of another where one is named. Refused."""
        return self._noted(
            customer_number,
            f"template {template.name.strip()} was {_put(instead_of)}",
            lambda: self.world.registers.put_template(customer_number, template, instead_of),
        )

    def move_template(self, customer_number: str, name: str, place: int) -> tuple[Template, ...]:
        """The templates with this one moved to the place, counted from 1."""
        return self._noted(
            customer_number,
            f"template {name} was moved to place {place}",
            lambda: self.world.registers.move_template(customer_number, name, place),
        )

    def remove_template(self, customer_number: str, name: str) -> tuple[Template, ...]:
        """The templates without this one."""
        return self._noted(
            customer_number,
            f"template {name} was removed",
            lambda: self.world.registers.remove_template(customer_number, name),
        )

    def _noted(self, customer_number: str, words: str, work: Callable[[], T]) -> T:
        """What the work returns; what changed nothing, and what was refused, is not written down."""
        before = self._all(customer_number)
        done = work()
        if self._all(customer_number) != before:
            entry = journal.Entry(
                at=self.world.now(),
                kind="register.changed",
                agreement_id=self.keeper.agreement_id,
                reference=self.keeper.reference,
                session_id=self.keeper.session_id,
                actor=self.keeper.actor,
                summary=f"{words} at customer {customer_number}",
            )
            with self.world.store.write() as tx:
                journal.write(tx, entry)
        return done

    def _all(self, customer_number: str) -> tuple[Register, tuple[Template, ...]]:
        return self.register(customer_number), self.templates(customer_number)


def _put(instead_of: str) -> str:
    return f"put in place of {instead_of}" if instead_of else "added"
