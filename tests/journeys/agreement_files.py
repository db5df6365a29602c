"""Agreement files (design §6) for a document whose parties are known."""

import json
from collections.abc import Mapping, Sequence

from punchout.house import House
from session_store import agreements
from session_store.agreement_file import read_toml

AGREEMENT_ID = "recorded"


def agreement_file(
    name: str,
    parties: Mapping[str, Mapping[str, str]],
    secret: str,
    return_hosts: Sequence[str] = (),
    *,
    plain_http: bool = False,
) -> str:
    """The file of an agreement with these parties; a test agreement where carts return over plain http.

    parties
        Role (sender, from, to) → domain and identity; the secret is the sender's.
    """
    facts = {
        "id": AGREEMENT_ID,
        "name": name,
        "protocols": ["cxml"],
        "deployment": "test" if plain_http else "production",
        "customers": ["100234", "100235"],
        "default_customer": "100234",
        "return_hosts": list(return_hosts),
        "return_http": plain_http,
    }
    entries = [{"role": role, **party} for role, party in parties.items()]
    for entry in entries:
        entry.update({"secret": secret} if entry["role"] == "sender" else {})
    tables = [("[agreement]", facts), *(("[[agreement.credential]]", entry) for entry in entries)]
    return "\n".join(_table(head, values) for head, values in tables)


def _table(head: str, values: Mapping[str, object]) -> str:
    """A TOML table; what JSON writes of texts, truth values and lists, TOML reads."""
    return "".join([f"{head}\n", *(f"{key} = {json.dumps(value)}\n" for key, value in values.items())])


def known(home: House, file: str) -> None:
    """The gateway has the agreement of this file; nothing happens without one."""
    if file:
        agreement, secrets = read_toml(file, "recorded.toml")
        with home.store.write() as tx:
            agreements.save(tx, agreement, secrets, keyring=home.world.keyring, now=home.world.now())
