"""The page at / for who is not logged in: the way in, what runs here, and where to go from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, render_template

from punchout import __version__
from punchout.roundtrip.cxml_door import SERVED
from session_store import agreements

if TYPE_CHECKING:
    from punchout.house import House


def shown() -> str:
    """Shop, version, catalogue and agreements; the tester where it is on; the doors for machines."""
    house: House = current_app.extensions["house"]
    with house.store.read() as tx:
        known = agreements.everyone(tx)
    return render_template(
        "home/home.html",
        version=__version__,
        database=house.store.kind,
        catalogue=house.shop.catalogue(),
        agreements=len(known),
        served=SERVED,
        public_base_url=house.world.public_base_url,
        tester=house.settings.loopback,
    )
