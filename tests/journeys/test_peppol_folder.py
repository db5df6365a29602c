"""The watched folder: files become orders once, whatever crashes, and nothing leads out of it."""

import json
import signal
from dataclasses import replace

import pytest

from protocols.xml import CXML
from punchout import local, peppol_folder
from session_store.orders import OrderState
from tests.journeys.crashing import FOLDER, do_what_was_promised, kept, take_home, trader_at
from tests.journeys.peppol_orders import agree, order_of, written
from tests.journeys.processes import PATIENCE, working


@pytest.fixture
def home(settings):
    """A gateway without a worker: what was promised is looked at before it is done."""
    with local.running(settings, worker=False) as running:
        yield running


@pytest.fixture
def agreement_id(home):
    """An agreement in earnest, without a token: a folder of ours needs none."""
    trader = trader_at(home)
    agree(home, trader.agreement.id)
    return trader.agreement.id


@pytest.fixture
def inbox(tmp_path, agreement_id):
    """The agreement's folder."""
    folder = tmp_path / "inbox" / agreement_id
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def document(home, agreement_id):
    """An order of a cart that was taken home."""
    return written(order_of(home, take_home(home, trader_at(home))))


def take_all(home, inbox):
    """How many files were taken."""
    return peppol_folder.take_all(replace(home.world, peppol_inbox=inbox.parent))


def names(folder):
    """What lies in it."""
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_a_file_becomes_an_order_and_moves_with_its_answer(home, agreement_id, inbox, document):
    """Into done, the answer beside it."""
    (inbox / "one.xml").write_bytes(document)
    assert take_all(home, inbox) == 1
    (order,) = kept(home, agreement_id)
    said = json.loads((inbox / "done" / "one.xml.json").read_bytes())
    assert (said["status"], said["reference"]) == (200, order.reference)
    assert names(inbox / "done") == ["one.xml", "one.xml.json"]
    assert names(inbox) == ["done"]
    assert take_all(home, inbox) == 0


def test_a_file_that_is_refused_lies_apart_with_the_reason(home, inbox, document):
    """Code, place and advice, as at the door."""
    (inbox / "bad.xml").write_bytes(document.replace(b":order:3<", b":order:4<"))
    take_all(home, inbox)
    said = json.loads((inbox / "refused" / "bad.xml.json").read_bytes())
    assert (said["status"], said["code"], said["where"]) == (
        422,
        "not-supported",
        "/Order/cbc:CustomizationID",
    )
    assert names(inbox / "refused") == ["bad.xml", "bad.xml.json"]


def test_the_folder_of_nobody_s_agreement_is_refused(home, inbox, document):
    """The name of the folder is the agreement."""
    nobody = inbox.parent / "nobody"
    nobody.mkdir()
    (nobody / "one.xml").write_bytes(document)
    take_all(home, inbox)
    assert json.loads((nobody / "refused" / "one.xml.json").read_bytes())["status"] == 404


@pytest.mark.parametrize("name", ["one.xml.tmp", "one.part", ".one.xml", "one.txt"])
def test_a_file_that_is_being_written_is_left(home, inbox, document, name):
    """Its writer gives it its name when it is whole."""
    (inbox / name).write_bytes(document[:100])
    assert take_all(home, inbox) == 0
    assert names(inbox) == [name]


def test_no_link_is_followed(home, agreement_id, inbox, document, tmp_path):
    """Neither a file, nor a folder, nor where files are moved to."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "one.xml").write_bytes(document)
    (inbox / "one.xml").symlink_to(outside / "one.xml")
    (inbox.parent / "linked").symlink_to(outside)
    assert take_all(home, inbox) == 0
    assert kept(home, agreement_id) == ()
    (inbox / "one.xml").unlink()
    (inbox / "two.xml").write_bytes(document)
    (inbox / "done").symlink_to(outside)
    take_all(home, inbox)
    assert names(outside) == ["one.xml"]


def test_a_file_that_is_too_large_is_refused_unread(home, inbox):
    """At the limit of the door."""
    (inbox / "big.xml").write_bytes(b" " * (CXML.body + 1))
    take_all(home, inbox)
    assert json.loads((inbox / "refused" / "big.xml.json").read_bytes())["status"] == 413


def test_another_document_of_the_same_name_replaces_none(home, agreement_id, inbox, document):
    """Both lie there."""
    for text in (document, document.replace(b"PO-1<", b"PO-2<")):
        (inbox / "one.xml").write_bytes(text)
        take_all(home, inbox)
    assert len([name for name in names(inbox / "done") if name.endswith(".xml")]) == 2
    assert len(kept(home, agreement_id)) == 2


def test_what_fails_on_our_side_stops_no_other_file(home, inbox, document, monkeypatch):
    """It lies among the refused, to be moved back, and the log has the reference."""
    (inbox / "a.xml").write_bytes(document)
    (inbox / "b.xml").write_bytes(document.replace(b"PO-1<", b"PO-2<"))
    answer = peppol_folder.peppol_door.answer

    def failing(world, agreement, handed):
        if b"PO-1<" in handed.body:
            raise RuntimeError
        return answer(world, agreement, handed)

    monkeypatch.setattr(peppol_folder.peppol_door, "answer", failing)
    assert take_all(home, inbox) == 2
    assert json.loads((inbox / "refused" / "a.xml.json").read_bytes())["code"] == "our-fault"
    assert names(inbox / "done") == ["b.xml", "b.xml.json"]


@pytest.mark.rule("T-I1")
@pytest.mark.parametrize("place", FOLDER)
def test_a_worker_killed_over_a_file_loses_and_doubles_nothing(
    home, settings, agreement_id, inbox, document, place
):
    """The next one takes the file again: one order, one answer, one file."""
    (inbox / "one.xml").write_bytes(document)
    watched = {"PUNCHOUT_PEPPOL_INBOX": str(inbox.parent)}
    with working(settings, PUNCHOUT_CRASHPOINT=place, **watched) as worker:
        assert worker.process.wait(PATIENCE) == -signal.SIGKILL
    assert "one.xml" in names(inbox)
    take_all(home, inbox)
    assert names(inbox / "done") == ["one.xml", "one.xml.json"]
    do_what_was_promised(home)
    (order,) = kept(home, agreement_id)
    assert order.state is OrderState.PLACED
    assert json.loads((inbox / "done" / "one.xml.json").read_bytes())["reference"] == order.reference
