"""What was found by trying to break the door for Peppol orders: nothing taken for what it is not."""

import json
import os
from dataclasses import replace

import pytest

from punchout import local, peppol_folder
from punchout.app import create_app
from punchout.roundtrip import holds
from session_store.orders import OrderState
from tests.journeys.crashing import kept, take_home, trader_at
from tests.journeys.peppol_orders import agree, hand_over, order_of, written


@pytest.fixture
def home(settings):
    """A gateway without a worker: what was promised is looked at before it is done."""
    with local.running(settings, worker=False) as running:
        yield running


@pytest.fixture
def door(home):
    """The answer to an order of a returned cart whose document was changed so."""
    trader, client = trader_at(home), create_app(home).test_client()
    agree(home, trader.agreement.id)

    def send(old, new, **changes):
        document = written(order_of(home, take_home(home, trader), **changes))
        assert old in document
        return json.loads(hand_over(client, trader.agreement.id, document.replace(old, new)).data)

    return send


@pytest.fixture
def inbox(home, tmp_path):
    """The agreement's watched folder."""
    trader = trader_at(home)
    agree(home, trader.agreement.id)
    folder = tmp_path / "inbox" / trader.agreement.id
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def document(home, inbox):
    """An order of a cart that was taken home."""
    return written(order_of(home, take_home(home, trader_at(home))))


def take_all(home, inbox):
    """How many files were taken."""
    return peppol_folder.take_all(replace(home.world, peppol_inbox=inbox.parent))


def only(home):
    """The one order that was kept."""
    (order,) = kept(home, trader_at(home).agreement.id)
    return order


@pytest.mark.rule("PRICE-6", way="punchout")
def test_an_order_in_another_currency_waits_for_a_person(home, door):
    """Whatever stands on its prices: the shop invoices in kroner, and something else was approved."""
    said = door(b"DocumentCurrencyCode>NOK<", b"DocumentCurrencyCode>EUR<")
    assert said["status"] == 201
    assert [entry["code"] for entry in said["findings"]].count("currency.changed") == 1
    order = only(home)
    assert order.hold_reasons == ("currency.changed",)
    holds.release(home.world, holds.find(home.world, order.reference), "desk")
    assert only(home).state is OrderState.RECEIVED


@pytest.mark.parametrize(
    "name", ["x" * 251, "ø" * 125 + "x", "a b\n'\"$(x);&.", "\udcff\udcfe", "😀" * 62, "-rf", "~", "%s%n"]
)
def test_a_file_of_any_name_is_taken_and_stops_no_other(home, inbox, document, name):
    """It keeps its name where there is room for that of its answer, and gets a shorter one where not."""
    (inbox / os.fsdecode(os.fsencode(f"{name}.xml"))).write_bytes(document)
    (inbox / "zz.xml").write_bytes(document)
    assert take_all(home, inbox) == 2
    assert take_all(home, inbox) == 0
    moved = [path.name for path in (inbox / "done").iterdir()]
    assert len(moved) == 4
    assert {f"{entry}.json" for entry in moved if not entry.endswith(".json")} <= set(moved)
    only(home)


def test_a_folder_whose_files_cannot_move_stops_no_other(home, inbox, document):
    """Its orders are ours all the same, once each; the file waits, and the log says so."""
    other = inbox.parent / "zz-nobody"
    other.mkdir()
    (other / "one.xml").write_bytes(document)
    (inbox / "one.xml").write_bytes(document)
    (inbox / "done").write_text("no folder")
    assert take_all(home, inbox) == 1
    assert [path.name for path in other.iterdir()] == ["refused"]
    assert (inbox / "one.xml").exists()
    assert take_all(home, inbox) == 0
    only(home)
