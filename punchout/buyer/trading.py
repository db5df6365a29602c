"""A buyer for an agreement of this gateway: its secret is taken out of the store that holds it sealed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from protocols.model.agreement import Role
from punchout.buyer.buyer import Buyer
from session_store import agreements, credentials

if TYPE_CHECKING:
    from protocols.model.agreement import Agreement
    from punchout.buyer.systems import BuyerSystem
    from punchout.roundtrip.world import World
    from session_store.database import Transaction


class NoAgreement(Exception):
    """The system's demo agreement is not in the database, or has no secret there; says what to do."""


def buyer(world: World, system: BuyerSystem, *, gateway: str = "", standards: str = "") -> Buyer:
    """The buyer that trades under the system's demo agreement.

    gateway
        Where it is reached, when not at the public address.
    standards
        Folder with the official DTDs; empty for none.
    Raises NoAgreement when the demo data is not there.
    """
    with world.store.read() as tx:
        agreement = agreements.load(tx, system.agreement_id)
        secret = secret_of(world, tx, agreement) if agreement else ""
    if agreement is None or not secret:
        raise NoAgreement(
            f"there is no agreement {system.agreement_id} with a secret here; run: punchout demo"
        )
    return Buyer(
        gateway=gateway or world.public_base_url,
        system=system,
        agreement=agreement,
        secret=secret,
        now=world.now,
        new_id=world.new_id,
        standards=Path(standards) if standards else None,
    )


def secret_of(world: World, tx: Transaction, agreement: Agreement) -> str:
    """The newest SharedSecret of the agreement's Sender; empty when it has none."""
    keys = [
        (entry.domain.strip().casefold(), entry.identity.strip().casefold())
        for entry in agreement.credentials
        if entry.role is Role.SENDER
    ]
    found = credentials.candidates(tx, keys, world.keyring)
    mine = [secret for one in found if one.agreement_id == agreement.id for secret in one.secrets]
    return max(mine, key=lambda secret: secret.version).value if mine else ""
