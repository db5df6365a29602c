"""A gateway with demo data on this test's own files, and sessions in it."""

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from protocols.model.session import Operation, SetupRequest, Shopper
from punchout import house, local
from punchout.demo.load import fill
from punchout.roundtrip import start
from session_store import agreements

RETURN_URL = "https://buyer.testby.example/return"


@dataclass
class Clock:
    """A clock that stands until it is put forward."""

    now: datetime = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)

    def forward(self, **by):
        """Put it forward: ``minutes=31``."""
        self.now += timedelta(**by)


def fill_folder(folder):
    """The folder, holding databases with demo data and the keys that belong to them."""
    home = house.build(local.settings_in(folder))
    fill(home)
    home.close()
    return folder


def build(filled, folder, clock, **settings):
    """A house on a copy of the filled folder."""
    shutil.copytree(filled, folder, dirs_exist_ok=True)
    return house.build(replace(local.settings_in(folder), **settings), now=lambda: clock.now)


def agree(home, agreement_id="demo-generic", *, policy=None, **changes):
    """The agreement, stored with these changes."""
    world = home.world
    with world.store.write() as tx:
        known = agreements.load(tx, agreement_id)
        changed = replace(known, **changes, policy=replace(known.policy, **(policy or {})))
        agreements.save(tx, changed, (), keyring=world.keyring, now=world.now())
    return changed


def call_up(home, agreement_id="demo-generic", **setup):
    """The path of a StartPage that this buyer was given."""
    world = home.world
    asked = {
        "operation": Operation.CREATE,
        "buyer_cookie": "1234",
        "return_url": RETURN_URL,
        "shopper": Shopper(name="Innkjøper Testby", email="innkjoper@testby.example"),
    }
    with world.store.write() as tx:
        agreement = agreements.load(tx, agreement_id)
        request = SetupRequest(**{**asked, **setup})
        reply = start.offer(world, tx, agreement, request, world.new_id(), agreement.deployment)
    return reply.start_url.removeprefix(world.public_base_url)
