"""The librarian chooses which copies stay, on the order's own page, without script (DIST-9)."""

import pytest

from punchout import local
from punchout.buyer.browser import Browser
from punchout.roundtrip import holds
from punchout.roundtrip.telling import MAY_CHOOSE
from punchout.signed import signature
from session_store.orders import OrderState
from tests.journeys.crashing import do_what_was_promised
from tests.journeys.waiting import (
    branches,
    choice_address,
    held_for_both,
    held_for_choice,
    held_for_price,
    map_address,
    page_of,
    stored,
)

FIRST = "lines-0-keep"


@pytest.fixture
def home(settings):
    """A house behind real HTTP, whose worker works when the test says so."""
    with local.running(settings, worker=False) as running:
        yield running


def opened(url):
    """The page at the address, error pages too."""
    return page_of(Browser().open, url)


def keep(page, **ticked):
    """The page that answers when exactly these checkboxes are ticked, by the name of their group."""
    (form,) = page.forms
    values = {f"lines-{name.removeprefix('line')}-keep": numbers for name, numbers in ticked.items()}
    return page_of(Browser().submit, form, values)


def boxes(page, name=FIRST):
    """What each checkbox of the group would send if nobody touched it."""
    (form,) = page.forms
    return [control.value for control in form.fields if control.name == name]


@pytest.mark.rule("DIST-9", way="punchout")
def test_the_chosen_copies_are_those_that_are_placed(home):
    """Of three planned copies the first and the last stay; the bookshop gets their codes."""
    held_for_choice(home)
    page = opened(choice_address(home))
    assert boxes(page) == [None, None, None]
    for said in ("2 av 3 eksemplarer", "Eksemplar 1: HBB", "Blåbærhylla øverst 2"):
        assert said in page.text
    answer = keep(page, line0=["1", "3"])
    assert answer.h1 == "Valget ditt er tatt vare på"
    assert stored(home, "PO-1").choices[0].copies == (1, 3)
    do_what_was_promised(home)
    assert branches(home, "PO-1") == [["HBB", "LIL"]]
    history = holds.find(home.world, stored(home, "PO-1").reference).history
    assert ("order.received", "librarian") in [(entry.kind, entry.actor) for entry in history]


@pytest.mark.rule("DIST-9", way="punchout")
@pytest.mark.parametrize(
    "ticked", [["1"], ["1", "2", "3"], ["2", "2"], ["1", "4"], ["1", "x"], ["1", "9" * 5000]]
)
def test_another_number_of_copies_is_refused_and_nothing_ticked_is_lost(home, ticked):
    """The page says how many stay, points at the line, and comes back as it was ticked."""
    held_for_choice(home)
    answer = keep(opened(choice_address(home)), line0=ticked)
    assert answer.status == 422
    assert "velg nøyaktig 2" in answer.text
    assert boxes(answer) == [number if number in ticked else None for number in ("1", "2", "3")]
    assert stored(home, "PO-1").state is OrderState.HELD


@pytest.mark.rule("DIST-9", way="punchout")
def test_a_choice_stands_while_the_order_waits_for_something_else(home):
    """The address is mended a day later; the copies placed are still those that were chosen."""
    reference = held_for_both(home)
    answer = keep(opened(choice_address(home)), line0=["2", "3"])
    assert "kjenner ikke leveringsadressen" in answer.text
    assert stored(home, "PO-1").state is OrderState.HELD
    assert opened(choice_address(home)).h1 == "Det er ingenting å velge"
    map_address(home, "9999", "BJO")
    holds.release(home.world, holds.find(home.world, reference), "operator:Åse")
    do_what_was_promised(home)
    assert branches(home, "PO-1") == [["BJO", "LIL"]]


def test_a_choice_that_comes_too_late_is_told(home):
    """The form was open while the desk refused the order: the page says how it stands now."""
    reference = held_for_choice(home)
    page = opened(choice_address(home))
    holds.refuse(home.world, holds.find(home.world, reference), "operator:Åse", "Feil bestilling")
    answer = keep(page, line0=["1", "2"])
    assert answer.status == 409
    assert "Bokhandelen har avvist bestillingen" in answer.text
    assert stored(home, "PO-1").choices == ()


def test_a_choice_that_loses_the_race_is_told(home, monkeypatch):
    """The order is decided between looking and writing."""
    reference = held_for_choice(home)
    page = opened(choice_address(home))
    monkeypatch.setattr(holds, "questions", _deciding(home, reference, holds.questions))
    answer = keep(page, line0=["1", "2"])
    assert answer.status == 409
    assert stored(home, "PO-1").state is OrderState.REFUSED


def _deciding(home, reference, asked):
    """The questions, after which the desk is faster."""

    def ask(world, held):
        found = asked(world, held)
        if holds.find(world, reference).waits:
            holds.refuse(home.world, held, "operator:Åse", "Feil bestilling")
        return found

    return ask


@pytest.mark.parametrize("mark", ["x", "A" * 43, "ÅØ", "å" * 43])
def test_another_signature_opens_nothing(home, mark):
    """A made-up signature looks like an order that does not exist, in reading and in writing."""
    held_for_choice(home)
    wrong = choice_address(home, mark=mark)
    assert opened(wrong).status == 404
    right = opened(choice_address(home))
    right.forms[0].action = wrong
    assert keep(right, line0=["1", "2"]).status in {403, 404}
    assert stored(home, "PO-1").state is OrderState.HELD


def test_the_signature_of_one_order_does_not_open_another(home):
    """It is made for the one order that the letter was about."""
    held_for_choice(home)
    held_for_price(home, "PO-2")
    foreign = signature(home.world.keyring, MAY_CHOOSE, stored(home, "PO-2").id)
    assert opened(choice_address(home, mark=foreign)).status == 404


def test_an_order_with_nothing_to_choose_says_so(home):
    """The page of an order that waits for something else asks nothing."""
    held_for_price(home)
    answer = opened(choice_address(home))
    assert (answer.status, answer.h1) == (409, "Det er ingenting å velge")
