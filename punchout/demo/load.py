"""The demo data in the configured databases: catalogue, customers and agreements; may be repeated."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from catalog_bridge.embedded import building, customers_import
from catalog_bridge.embedded.series_import import import_series
from catalog_bridge.feeds.record import records
from punchout.demo.shelves import titles
from session_store import agreements
from session_store.agreement_file import read_toml
from session_store.live_secrets import OCI, NewSecret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from protocols.model.agreement import Agreement
    from punchout.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What is there now.

    titles
        In the live catalogue; 0 when it was left alone because it holds a shop's own titles.
    series
        How many series and packages are on the list; 0 when it was left alone because it is a shop's own.
    agreements
        Ids of the demo agreements.
    users
        Addresses that may log in to the shop directly, the administrators' first.
    """

    titles: int
    customers: tuple[str, ...]
    series: int
    agreements: tuple[str, ...]
    users: tuple[str, ...]


def fill(house: House, progress: Callable[[int], None] | None = None) -> Filled:
    """What the databases hold now: tables at head and all demo data, their secrets made here.

    No secret is written anywhere but sealed, so no two gateways share one. ``progress`` hears how many
    titles have been read.
    """
    house.upgrade()
    return Filled(
        titles=_fill_catalogue(house, progress),
        customers=_fill_customers(house),
        series=_fill_series(house),
        agreements=tuple(_fill_agreement(house, *file) for file in agreement_files()),
        users=_users(),
    )


def agreement_files() -> Iterator[tuple[str, str]]:
    """Name and text of each demo agreement."""
    folder = files(__package__).joinpath("agreements")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        yield file.name, file.read_text("utf-8")


def _fill_catalogue(house: House, progress: Callable[[int], None] | None) -> int:
    held = house.shop.catalogue()
    if held.products and not held.demo:
        return 0
    now = house.world.now()
    building.build(house.catalogue, records(titles(), sent_at=now), now=now, progress=progress)
    return house.shop.catalogue().products


def _fill_customers(house: House) -> tuple[str, ...]:
    report = customers_import.import_json(
        house.store, _customers(), services=[entry.service_id for entry in house.facts.services]
    )
    return tuple(taken.number for taken in report.customers)


def _fill_series(house: House) -> int:
    text = files(__package__).joinpath("series.toml").read_text("utf-8")
    ours = {entry["id"] for entry in tomllib.loads(text)["series"]}
    if any(one.product_id not in ours for one in house.world.standing.offers()):
        return 0
    return len(import_series(house.store, text).taken)


def _users() -> tuple[str, ...]:
    users = [user for customer in json.loads(_customers())["customers"] for user in customer["users"]]
    return tuple(
        user["email"] for user in sorted(users, key=lambda user: not user.get("administrator", False))
    )


def _customers() -> str:
    return files(__package__).joinpath("customers.json").read_text("utf-8")


def _fill_agreement(house: House, filename: str, text: str) -> str:
    agreement, _ = read_toml(text, filename)
    world = house.world
    with world.store.write() as tx:
        known = agreements.load(tx, agreement.id) is not None
        brought = () if known else _new_secrets(house, agreement)
        agreements.save(tx, agreement, brought, keyring=world.keyring, now=world.now())
    return agreement.id


def _new_secrets(house: House, agreement: Agreement) -> tuple[NewSecret, ...]:
    places = [
        *(
            (entry.role.value, entry.domain, entry.identity)
            for entry in agreement.credentials
            if entry.secret_set
        ),
        *((OCI, "", name) for name in agreement.oci.secret_fields),
    ]
    return tuple(
        NewSecret(purpose=purpose, domain=domain, identity=identity, value=house.world.new_secret())
        for purpose, domain, identity in places
    )
