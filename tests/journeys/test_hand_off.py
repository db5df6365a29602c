"""From an order to the library system's own list, by both ways in, over real HTTP on both databases."""

import io
import logging
from csv import reader
from dataclasses import replace
from decimal import Decimal

import pytest
import requests

from catalog_bridge.rules.services import chosen
from protocols.library import csv
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.money import Money
from protocols.model.order import ShopOrder, ShopOrderLine
from protocols.model.session import Deployment
from punchout import logs
from punchout.buyer.browser import Browser
from punchout.buyer.systems import SHOPPER
from punchout.buyer.trial import ORDER_NAME, walk
from punchout.roundtrip import library_access
from session_store import agreements, orders

LIBRARY = "100234"


class LibrarySystem:
    """What runs in the library: fetches everything that waits, and keeps the newest of each line."""

    def __init__(self, gateway, token):
        self.base = gateway.world.public_base_url
        self.http = requests.Session()
        self.http.headers["Authorization"] = f"Bearer {token}"
        self.lines = {}
        self.orders = {}

    def documents(self):
        """The bytes of the documents that wait, as they come."""
        answer = self.http.get(f"{self.base}/api/v1/library/documents", timeout=30)
        return [
            self.http.get(self.base + entry["url"], timeout=30).content
            for entry in answer.json()["documents"]
        ]

    def fetch(self):
        """The numbers of the documents that it has fetched and acknowledged."""
        answer = self.http.get(f"{self.base}/api/v1/library/documents", timeout=30)
        waiting = answer.json()["documents"]
        for entry in waiting:
            document = self.http.get(self.base + entry["url"], timeout=30)
            order, findings = csv.parse(document.content)
            assert findings == ()
            self.orders[order.order_number] = order
            self.lines.update({line.order_line_id: line for line in order.lines})
            done = self.http.post(f"{self.base}{entry['url']}/acknowledgement", timeout=30)
            assert done.status_code == 200
        return [entry["number"] for entry in waiting]


@pytest.fixture
def system(gateway):
    """The library system of Testby bibliotek."""
    return LibrarySystem(gateway, library_access.issue(gateway.world, LIBRARY).text)


def in_earnest(gateway, agreement_id):
    """Nothing: what this buyer sends is no test from now on."""
    world = gateway.world
    with world.store.write() as tx:
        known = replace(agreements.load(tx, agreement_id), deployment=Deployment.PRODUCTION)
        agreements.save(tx, known, (), keyring=world.keyring, now=world.now())


@pytest.mark.rule("HO-1", way="punchout")
@pytest.mark.rule("HO-3", way="punchout")
@pytest.mark.rule("HO-4", way="punchout")
@pytest.mark.rule("DIST-1", way="punchout")
@pytest.mark.rule("DIST-11", way="punchout")
def test_an_order_by_punchout_ends_in_the_library_system(gateway, buyer, system):
    """Every copy has its id and its codes there as the shopper chose them, and the order's page says so."""
    in_earnest(gateway, "demo-generic")
    trial = walk(buyer("generic"), gateway.shop, LIBRARY, lambda _: None)
    assert trial.holds
    (placed,) = trial.orders
    assert system.fetch() == [1]
    told = system.orders[placed.order_number]
    assert (told.order_name, told.po_number, told.buyer) == (
        ORDER_NAME,
        placed.order.po_number,
        SHOPPER.name,
    )
    assert [line.copies for line in told.lines] == [line.copies for line in placed.order.lines]
    assert all(copy.copy_id and copy.codes.assigned for line in told.lines for copy in line.copies)
    assert system.fetch() == []
    with gateway.store.read() as tx:
        (stored,) = orders.listing(tx, "demo-generic")
    page = Browser().open(f"{gateway.world.public_base_url}/o/{stored.reference}")
    assert page.text.count("tatt imot av biblioteksystemet") == len(told.lines)


@pytest.mark.rule("HO-1", way="punchout")
def test_a_test_order_by_punchout_does_not(gateway, buyer, system):
    """The whole way is walked, and the library system hears nothing."""
    trial = walk(buyer("generic"), gateway.shop, LIBRARY, lambda _: None)
    assert trial.orders[0].order_number.startswith("TEST-")
    assert system.fetch() == []


@pytest.mark.rule("HO-1", way="direct")
@pytest.mark.rule("HO-3", way="direct")
@pytest.mark.rule("HO-4", way="direct")
@pytest.mark.rule("DIST-1", way="direct")
@pytest.mark.rule("DIST-11", way="direct")
@pytest.mark.rule("DIST-13", way="direct")
def test_an_order_placed_in_the_shop_ends_there_too(gateway, system):
    """With every correction: a line raised, copies moved, the rest cancelled."""
    shop, hbb = gateway.shop, CopyCodes(branch_code="HBB", collection_code="BARN", shelf_location="BILDEBOK")
    bjo = replace(hbb, branch_code="BJO", shelf_location="", shelf_mark="+Æ;\"'=1", note="Til lesekroken")
    wanted = direct(line(1, hbb, bjo), line(2, bjo))
    placed = shop.place_order(wanted, "direct-1")
    number = placed.order_number
    assert system.fetch() == [1]
    assert system.lines[f"{number}.1"].copies == placed.order.lines[0].copies
    changed = shop.change_order(number, direct(line(1, hbb, bjo), line(2, bjo, bjo)), "direct-2").order
    moved = shop.set_order_copies(LIBRARY, number, 1, (bjo, bjo))
    assert system.fetch() == [2, 3]
    assert system.lines[f"{number}.1"].copies == moved.order.lines[0].copies
    assert system.lines[f"{number}.2"].copies == changed.order.lines[1].copies
    shop.cancel_order(LIBRARY, number, "direct-3")
    assert system.fetch() == [4]
    assert {line.status for line in system.lines.values()} == {4}


@pytest.mark.rule("SVC-5", way="direct")
@pytest.mark.rule("HO-1", way="direct")
def test_shelf_ready_copies_arrive_with_branch_shelf_mark_and_barcode(gateway, system):
    """In the document itself, a row a copy: the library knows each book before it lies on its desk."""
    hbb = CopyCodes(branch_code="HBB", shelf_mark="839.82 Bok")
    bjo = replace(hbb, branch_code="BJO", shelf_mark="b Bok")
    ready = chosen(["HYLLEKLAR"], gateway.facts.services)
    gateway.shop.place_order(direct(replace(line(1, hbb, bjo), services=ready), line(2, hbb)), "direct-1")
    (told,) = system.documents()
    rows = list(reader(io.StringIO(told.decode("utf-8-sig")), delimiter=";"))
    columns = [rows[0].index(name) for name in ("branch_code", "shelf_mark", "barcode")]
    assert [[row[column] for column in columns] for row in rows[1:]] == [
        ["HBB", "839.82 Bok", "9990000001"],
        ["BJO", "b Bok", "9990000002"],
        ["HBB", "839.82 Bok", ""],
    ]


@pytest.mark.rule("T-L1")
def test_a_token_leaves_no_trace_in_the_logs(gateway, system):
    """Neither in its own requests nor where somebody puts it into an address, at DEBUG level."""
    token = system.http.headers["Authorization"].removeprefix("Bearer ")
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    logs.set_up(logging.DEBUG, stream)
    system.fetch()
    base = f"{system.base}/api/v1/library/documents"
    for address in (f"{base}/{token}", f"{base}?token={token}"):
        system.http.get(address, timeout=30)
    logging.getLogger("punchout").error("Authorization: Bearer %s failed", token)
    root.handlers[:] = handlers
    root.setLevel(level)
    assert len(stream.getvalue()) > 100
    assert token not in stream.getvalue()
    assert token.removeprefix("lib_") not in stream.getvalue()


def direct(*lines):
    """An order of a librarian who has logged in to the shop."""
    return ShopOrder(
        customer_number=LIBRARY,
        delivery_address_id="HBB",
        lines=lines,
        order_name="Barnebøker påske",
        ordered_by="Innkjøper Testby",
        way="direct",
    )


def line(number, *codes):
    """A line of the demo's picture book."""
    copies = numbered(codes)
    return ShopOrderLine(
        number=number,
        product_id="9799900000272",
        quantity=len(copies),
        unit_price=Money(Decimal("249.00")),
        copies=copies,
    )
