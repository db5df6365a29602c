"""The guided tours can be walked, stop by stop, and each stop has its picture."""

import struct

import pytest

from punchout.web.tour import TOURS
from session_store.tables import login_asked
from tests.browser import touring
from tests.browser.test_accessibility import look
from tests.services.places import ROOT

PICTURES = ROOT / "punchout" / "web" / "static" / "tour"


def size(picture):
    """Width and height of a PNG file."""
    head = picture.read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    return dict(zip(("width", "height"), struct.unpack(">II", head[16:]), strict=True))


def test_every_tour_has_a_walk():
    """And no walk is left over."""
    assert touring.WALKS.keys() == TOURS.keys()


@pytest.mark.parametrize("way", TOURS)
def test_a_tour_can_be_walked(gateway, page, way):
    """Every stop is there, in the tour's order."""
    with gateway.store.write() as tx:
        tx.execute(login_asked.delete())  # this machine asks for more codes than a network may
    stops = []
    touring.WALKS[way](gateway, page, stops.append)
    assert stops == [step.name for step in TOURS[way].steps]


@pytest.mark.parametrize("way", TOURS)
def test_every_stop_has_its_picture(way):
    """And there is none that no stop shows."""
    pictures = {file.stem: size(file) for file in (PICTURES / way).iterdir()}
    assert pictures == {step.name: touring.SIZE for step in TOURS[way].steps}


def test_the_tours_are_pages_like_all_others(gateway, page):
    """Axe finds nothing on them, and the front of the house leads there."""
    base = gateway.world.public_base_url
    page.goto(base)
    page.get_by_role("link", name="Omvisning").click()
    look(page, "tours")
    for way in TOURS:
        page.goto(f"{base}/omvisning/{way}")
        look(page, way)
    page.goto(f"{base}/omvisning/nei")
    assert page.title().startswith("Denne siden finnes ikke")
