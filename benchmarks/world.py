"""A fresh gateway on a real disk, with the customer and the agreement of the measured documents."""

from __future__ import annotations

from base64 import b64encode
from contextlib import contextmanager
from typing import TYPE_CHECKING

from catalog_bridge.embedded import customers_import
from punchout import house
from punchout.config import Settings
from session_store import agreements
from session_store.agreement_file import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from protocols.model.agreement import Agreement
    from punchout.house import House

PUBLIC_BASE_URL = "https://bokhandel.example"
_AGREEMENT = """
[agreement]
id = "testby"
name = "Testby kommune"
protocols = ["cxml"]
dialect = "ariba"
deployment = "test"
customers = ["100234", "100235"]
default_customer = "100234"
return_hosts = ["ariba.testby.example"]

[[agreement.credential]]
role = "sender"
domain = "NetworkID"
identity = "AN01000000002"
secret = "demo-secret-ariba"

[[agreement.credential]]
role = "to"
domain = "NetworkID"
identity = "AN01000000000"

[agreement.org_codes]
"4410" = "100235"

[agreement.addresses]
"1001" = "HBB"
"""
_CUSTOMERS = """
{"customers": [{"number": "100234", "name": "Testby bibliotek", "addresses": [
  {"id": "HBB", "name": "Hovedbiblioteket", "street": ["Bokgata 1"], "postal_code": "9999", "city": "Testby"}
]}]}
"""


@contextmanager
def gateway(database: Path) -> Iterator[House]:
    """A house on this new database file, tables and agreement in place."""
    with opened(database) as built:
        built.upgrade()
        customers_import.import_json(built.store, _CUSTOMERS)
        _trade(built)
        yield built


@contextmanager
def opened(database: Path) -> Iterator[House]:
    """A house on this database file, as it is."""
    settings = Settings(
        database_url=f"sqlite:///{database}",
        catalogue_url=f"sqlite:///{database.with_suffix('.catalogue.db')}",
        public_base_url=PUBLIC_BASE_URL,
        master_keys=f"bench:{b64encode(bytes(32)).decode()}",
    )
    built = house.build(settings)
    try:
        yield built
    finally:
        built.close()


def agreement(built: House) -> Agreement:
    """The agreement that this gateway trades under."""
    with built.store.read() as tx:
        (only,) = agreements.everyone(tx)
    return only


def _trade(built: House) -> None:
    agreed, secrets = read_toml(_AGREEMENT, "testby.toml")
    with built.store.write() as tx:
        agreements.save(tx, agreed, secrets, keyring=built.world.keyring, now=built.world.now())
