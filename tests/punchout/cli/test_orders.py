"""The desk on the command line: orders that wait, decided about; who may come to the desk."""

import re
from dataclasses import replace

import pytest

from punchout import house
from punchout.app import create_app
from punchout.cli.frame import Exit
from punchout.config import Settings
from session_store import journal
from session_store.orders import OrderState
from tests.punchout.web.operator import held_order
from tests.punchout.web.test_desk import at_desk, state


@pytest.fixture
def opened(demo):
    """The house behind the program."""
    home = house.build(Settings.from_env(demo.env))
    yield home
    home.close()


@pytest.fixture
def order(opened):
    """An order that can be released: it comes from no returned cart, at a price of its own."""
    return held_order(opened)


def test_nothing_waits(demo):
    """Exit code 0 and an empty list."""
    assert demo("orders", "held").exit_code == Exit.CLEAN
    assert demo.json("orders", "held") == []


def test_orders_that_wait_are_listed_with_their_reasons(demo, order):
    """Exit code 1; a line for people, an object for machines."""
    listed = demo("orders", "held")
    assert listed.exit_code == Exit.FINDINGS
    assert f"{order.reference}  PO-1  demo-generic" in listed.stdout
    assert "line.unknown: The order's lines are not those of a cart" in listed.stdout
    (entry,) = demo.json("orders", "held")
    assert (entry["reference"], entry["state"]) == (order.reference, "held")
    assert entry["hold_reasons"] == ["line.unknown", "price.changed"]
    assert entry["mend_first"] == []


def test_an_order_is_shown_whole(demo, order):
    """State, reasons, lines and what was found, by a code in whatever case."""
    shown = demo("orders", "show", order.reference.lower())
    assert shown.exit_code == Exit.CLEAN
    for words in ("PO-1", "9799900000272", "Ti små støvler", "The order waits for somebody"):
        assert words in shown.stdout
    whole = demo.json("orders", "show", order.reference)
    assert whole["order"]["lines"][0]["product_id"] == "9799900000272"


def test_an_order_is_released_in_somebodys_name(demo, opened, order):
    """It goes on, and the journal says who let it."""
    done = demo("orders", "release", order.reference, "--name", "Åse")
    assert (done.exit_code, done.stdout) == (Exit.CLEAN, "PO-1 is released and goes on to the bookshop\n")
    assert state(opened, order) is OrderState.RECEIVED
    with opened.store.read() as tx:
        assert journal.timeline(tx, "demo-generic", order.reference)[-1].actor == "operator:Åse"


def test_an_order_that_has_to_be_mended_first_still_waits(demo, opened):
    """Exit code 1, and the reasons that are left."""
    order = held_order(opened, lines=unknown(held_order(opened, "PO-0")))
    done = demo("orders", "release", order.reference)
    assert done.exit_code == Exit.FINDINGS
    assert "item.unknown: The bookshop does not know one of the titles." in done.stdout
    answer = demo.json("orders", "release", order.reference)
    assert answer["state"] == "held"
    assert "item.unknown" in answer["hold_reasons"]


def unknown(order):
    """The order's lines, of a title that nobody has."""
    return tuple(replace(line, product_id="9780000000002") for line in order.order.lines)


def test_an_order_is_refused_once(demo, opened, order):
    """The second answer is told that somebody was faster."""
    assert demo("orders", "refuse", order.reference, "--reason", "Feil").exit_code == Exit.CLEAN
    assert state(opened, order) is OrderState.REFUSED
    again = demo("orders", "refuse", order.reference, "--reason", "Feil")
    assert again.exit_code == Exit.UNUSABLE
    assert "has been changed meanwhile" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("show", "ZZZZZZZZ"), Exit.UNUSABLE, "there is no order with reference 'ZZZZZZZZ'"),
        (("release", "ZZZZZZZZ"), Exit.UNUSABLE, "`punchout orders held` lists them"),
        (("refuse", "ZZZZZZZZ"), Exit.USAGE, "--reason"),
    ],
)
def test_what_cannot_be_done_is_said(demo, arguments, code, said):
    """One line on standard error, and the exit code of its sort."""
    done = demo("orders", *arguments)
    assert done.exit_code == code
    assert said in done.stderr


@pytest.mark.parametrize("reason", ["", " ", "x" * 256])
def test_a_refusal_needs_a_reason(demo, order, reason):
    """Of 1 to 255 characters, as the buyer is told it."""
    done = demo("orders", "refuse", order.reference, "--reason", reason)
    assert done.exit_code == Exit.UNUSABLE
    assert "1 to 255 characters" in done.stderr


def test_an_address_to_the_desk_is_printed_and_opens_it(demo, opened):
    """It opens the desk once; signing everybody out closes it."""
    printed = demo("desk", "login", "--name", "Åse").stdout.strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/desk/login/[\w-]{43}", printed)
    client = create_app(opened).test_client()
    assert client.get(printed.removeprefix("http://127.0.0.1:8000")).status_code == 303
    assert at_desk(client)
    assert demo("desk", "logout-all").stdout == "signed out: 1\n"
    assert not at_desk(client)


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "Åse\nBo\x00"])
def test_a_name_that_the_journal_cannot_hold_is_refused(demo, name):
    """Between 1 and 60 characters that can be read on one line."""
    done = demo("desk", "login", "--name", name)
    assert done.exit_code == Exit.UNUSABLE
    assert "1 to 60 printable characters" in done.stderr
