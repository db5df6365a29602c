"""A buyer for an agreement of this gateway: its secret is taken out of the store that holds it sealed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from protocols.model.agreement import Role
from protocols.model.party import OrderParty
from punchout.buyer.buyer import Buyer
from punchout.buyer.oci_buyer import OciBuyer
from punchout.buyer.systems import OCI
from punchout.roundtrip.peppol_admission import SCHEME
from session_store import agreements, credentials, live_secrets

if TYPE_CHECKING:
    from protocols.model.agreement import Agreement
    from punchout.buyer.systems import BuyerSystem
    from punchout.roundtrip.world import World
    from session_store.database import Transaction

_MISSING = "there is no agreement {} with a secret here; run: punchout demo"


class NoAgreement(Exception):
    """The system's demo agreement is not in the database, or has no secret there; says what to do."""


def trader(world: World, system: BuyerSystem, *, gateway: str = "", standards: str = "") -> Buyer | OciBuyer:
    """The buyer of the system's own protocol; as ``buyer``."""
    if system.protocol == OCI:
        return oci_buyer(world, system, gateway=gateway)
    return buyer(world, system, gateway=gateway, standards=standards)


def oci_buyer(world: World, system: BuyerSystem, *, gateway: str = "") -> OciBuyer:
    """The buyer that calls up by OCI under the system's demo agreement; raises NoAgreement without it."""
    with world.store.read() as tx:
        agreement = agreements.load(tx, system.agreement_id)
        if agreement is None:
            raise NoAgreement(_MISSING.format(system.agreement_id))
        secrets = {name: _oci_secret(world, tx, agreement, name) for name in agreement.oci.secret_fields}
        token = live_secrets.in_use(tx, agreement.id, live_secrets.PEPPOL_TOKEN, world.keyring)
    if not secrets or not all(secrets.values()):
        raise NoAgreement(_MISSING.format(system.agreement_id))
    return OciBuyer(
        gateway=gateway or world.public_base_url,
        system=system,
        agreement=agreement,
        login={**agreement.oci.fields, **secrets},
        seller=OrderParty(
            endpoint=f"{SCHEME}:{world.shop_number}" if world.shop_number else "", name="Bokhandelen"
        ),
        token=token,
        now=world.now,
        new_id=world.new_id,
    )


def _oci_secret(world: World, tx: Transaction, agreement: Agreement, name: str) -> str:
    """The newest value of a login field; empty when it has none."""
    place = (live_secrets.OCI, *live_secrets.key("", name))
    live = live_secrets.live(tx, agreement.id, place, world.keyring)
    return live[-1].value if live else ""


def buyer(world: World, system: BuyerSystem, *, gateway: str = "", standards: str = "") -> Buyer:
    """The cXML buyer that trades under the system's demo agreement.

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
        raise NoAgreement(_MISSING.format(system.agreement_id))
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
