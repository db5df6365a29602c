"""What a library system is told of an order and of its changes, as pure rules."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge import library_systems
from catalog_bridge.bookshop import Refused
from catalog_bridge.library_systems import DEFAULTS, NO_PROFILE, PROFILES, Event, LineState, after
from catalog_bridge.rules import changing
from catalog_bridge.rules.handing_off import Told, news, told
from protocols.library.order import LineStatus
from protocols.model.customer import Customer, LibrarySystem
from protocols.model.order import BookshopOrder
from tests.catalog_bridge.contract.world import (
    BJO,
    HBB,
    NOVEL,
    PICTURE_BOOK,
    TITLES,
    line_of,
    order_of,
)
from tests.catalog_bridge.rules.ways import both_ways
from tests.protocols.library.made import CASES

PRODUCTS = {title.product_id: title for title in TITLES}
NOBODY = Told()
CODES = st.lists(st.sampled_from((HBB, BJO)), min_size=1, max_size=4)
WISHES = st.dictionaries(st.integers(1, 4), CODES, max_size=4)


def placed(*lines, **facts):
    """An order as the bookshop holds it."""
    order = order_of(*(lines or (line_of(1, NOVEL, HBB, BJO), line_of(2, PICTURE_BOOK, BJO))), **facts)
    return BookshopOrder(order_number="17", status="received", placed_at="2026-03-02", order=order)


def first(order):
    """The first document about an order, numbered."""
    return replace(news(order, NOBODY, PRODUCTS, {}), document=1)


def statuses(document):
    """Line number → status."""
    return {line.number: line.status for line in document.lines} if document else {}


@both_ways("HO-1")
@both_ways("HO-3")
def test_the_first_document_has_every_line():
    """All lines are open, each with as many copies as it orders, under ids of their own."""
    document = first(placed())
    assert statuses(document) == {1: LineStatus.OPEN, 2: LineStatus.OPEN}
    assert [(line.order_line_id, line.quantity, len(line.copies)) for line in document.lines] == [
        ("17.1", 2, 2),
        ("17.2", 1, 1),
    ]
    assert [(line.isbn, line.title) for line in document.lines] == [
        (NOVEL.isbn, NOVEL.title),
        (PICTURE_BOOK.isbn, PICTURE_BOOK.title),
    ]


@both_ways("HO-4")
def test_copies_go_as_they_were_registered():
    """Codes, copy ids and numbers are those of the order, untouched."""
    order = placed()
    assert [line.copies for line in first(order).lines] == [line.copies for line in order.order.lines]


@both_ways("HO-2")
def test_the_order_is_named():
    """Shop's number, order name, PO number with its part, customer number."""
    document = first(placed(order_name="Barnebøker", po_number="4500", po_suffix="-2"))
    assert (document.order_number, document.customer_number) == ("17", "100234")
    assert (document.order_name, document.po_number) == ("Barnebøker", "4500-2")


@both_ways("HO-6")
@pytest.mark.parametrize(
    ("name", "said"), [("Kari Åsen", "Kari Åsen"), ("kari@testby.example", ""), ("", "")]
)
def test_of_a_person_only_the_name_is_told(name, said):
    """The buyer's name, and nothing where an address stands for it; never the address itself."""
    document = first(placed(ordered_by=name, ordered_by_email="kari@testby.example"))
    assert document.buyer == said
    assert "@" not in repr(document)


def test_texts_of_others_stay_on_one_line():
    """A line break in an order name or a title costs no line; it becomes a blank."""
    odd = {NOVEL.product_id: replace(NOVEL, title="To\nlinjer")}
    order = placed(line_of(1, NOVEL, HBB), order_name="Barn\r\nog unge")
    document = news(order, NOBODY, odd, {})
    assert (document.order_name, document.lines[0].title) == ("Barn  og unge", "To linjer")


@both_ways("HO-1")
def test_nothing_new_is_no_document():
    """The same order again, picked lines too, says nothing."""
    order = placed()
    before = told([first(order)])
    assert news(order, before, PRODUCTS, {}) is None
    assert news(changing.picked(order, 1), before, {}, {}) is None


@both_ways("HO-1")
def test_a_catalogue_that_changes_is_no_change_of_the_order():
    """A title corrected since is not told again, and one that is lost keeps its name in a correction."""
    order = placed()
    other = {**PRODUCTS, NOVEL.product_id: replace(NOVEL, title="Et annet navn")}
    assert news(order, told([first(order)]), other, {}) is None
    changed = replace(order, order=order_of(line_of(1, NOVEL, HBB), order.order.lines[1]))
    (line,) = news(changed, told([first(order)]), {}, {}).lines
    assert (line.title, line.isbn) == (NOVEL.title, NOVEL.isbn)


@both_ways("HO-1")
def test_a_change_tells_the_changed_lines_only():
    """One line raised, one new: these two, whole, under their ids; the third is not mentioned."""
    order = placed()
    wanted = order_of(line_of(1, NOVEL, HBB, BJO), line_of(2, PICTURE_BOOK, BJO, HBB), line_of(3, NOVEL, BJO))
    after_it = changing.changed(order, wanted, lambda: "new").order
    document = news(after_it, told([first(order)]), PRODUCTS, {})
    assert [(line.order_line_id, line.quantity) for line in document.lines] == [("17.2", 2), ("17.3", 1)]


@both_ways("HO-1")
def test_a_cancelled_line_is_told_as_cancelled():
    """Status 4 with the copies it had; and again open when the order takes it up again."""
    order = placed()
    gone = changing.changed(order, order_of(line_of(1, NOVEL, HBB, BJO)), str).order
    document = replace(news(gone, told([first(order)]), {}, {}), document=2)
    assert statuses(document) == {2: LineStatus.CANCELLED}
    assert document.lines[0].copies == order.order.lines[1].copies
    back = changing.changed(gone, order.order, lambda: "new").order
    assert statuses(news(back, told([first(order), document]), {}, {})) == {2: LineStatus.OPEN}


@both_ways("HO-1")
def test_a_cancelled_order_is_told_line_by_line():
    """All lines, each with status 4."""
    order = placed()
    document = news(changing.called_off(order).order, told([first(order)]), {}, {})
    assert statuses(document) == {1: LineStatus.CANCELLED, 2: LineStatus.CANCELLED}


def test_what_nobody_was_told_of_is_not_cancelled():
    """An order that was cancelled before there was a hand-off stays unmentioned."""
    assert news(changing.called_off(placed()).order, NOBODY, PRODUCTS, {}) is None


@both_ways("HO-1")
def test_delivered_and_invoiced_are_told_and_stay():
    """Status 2, then 3; a change elsewhere does not open the line again, and 2 never follows 3."""
    order = placed()
    one = first(order)
    two = replace(news(order, told([one]), {}, {1: LineStatus.DELIVERED}), document=2)
    three = replace(news(order, told([one, two]), {}, {1: LineStatus.INVOICED}), document=3)
    assert [statuses(document) for document in (two, three)] == [
        {1: LineStatus.DELIVERED},
        {1: LineStatus.INVOICED},
    ]
    assert news(order, told([one, two, three]), {}, {1: LineStatus.DELIVERED}) is None
    gone = changing.changed(order, order_of(line_of(1, NOVEL, HBB, BJO)), str).order
    assert statuses(news(gone, told([one, two, three]), {}, {})) == {2: LineStatus.CANCELLED}


@both_ways("HO-1")
@pytest.mark.parametrize("facts", [{"order_name": "Nytt navn"}, {"po_number": "4501"}])
def test_a_new_name_or_number_is_told_with_all_lines(facts):
    """They stand on every line, so every line is told anew."""
    order = placed()
    renamed = changing.changed(order, replace(order.order, **facts), str).order
    assert statuses(news(renamed, told([first(order)]), {}, {})).keys() == {1, 2}


@both_ways("HO-1")
@given(st.lists(WISHES, max_size=6))
def test_all_documents_together_say_what_the_order_says(wishes):
    """After any changes: who keeps the newest of each line has every live line, and the others cancelled."""
    ids = iter(range(10_000))
    order = placed(line_of(1, NOVEL, HBB))
    documents = [first(order)]
    for wish in wishes:
        lines = tuple(line_of(number, NOVEL, *codes) for number, codes in sorted(wish.items()))
        order = changing.changed(order, replace(order.order, lines=lines), lambda: str(next(ids))).order
        new = news(order, told(documents), PRODUCTS, {})
        documents += [replace(new, document=len(documents) + 1)] if new else []
    known = {line.number: line for line in told(documents).lines}
    live = {line.number: line.copies for line in order.order.lines}
    assert {number: line.copies for number, line in known.items() if line.status is LineStatus.OPEN} == live
    assert {number for number, line in known.items() if line.status is LineStatus.CANCELLED} == {
        line.number for line in order.cancelled
    }


@pytest.mark.rule("LS-1")
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("case", CASES)
def test_every_profile_writes_every_case(profile, case):
    """No line of them is left out, and the same order gives the same bytes."""
    made = PROFILES[profile]
    assert [made.unusable(line) for line in CASES[case].lines if made.unusable(line)] == []
    assert made.build(CASES[case]) == made.build(CASES[case])


def test_every_library_system_has_a_default_that_is_there():
    """And what nobody has confirmed is marked: only `none` rests on nothing."""
    assert DEFAULTS.keys() == set(LibrarySystem)
    assert all(entry.profile in {NO_PROFILE, *PROFILES} for entry in DEFAULTS.values())
    proven = {system for system, entry in DEFAULTS.items() if not entry.unproven}
    assert proven == {LibrarySystem.NONE}


@pytest.mark.rule("LS-7")
@pytest.mark.rule("CUST-10")
@pytest.mark.parametrize("system", LibrarySystem)
def test_the_three_that_want_the_number_are_warned_of(system):
    """Quria, Mikromarc and Cicero until somebody ticks it; Bibliofil and the others never."""
    customer = Customer(number="1", name="Testby", library_system=system)
    wanted = system in {LibrarySystem.QURIA, LibrarySystem.MIKROMARC, LibrarySystem.CICERO}
    assert bool(library_systems.warning(customer)) is wanted
    assert library_systems.warning(replace(customer, number_registered=True)) == ""


@both_ways("DIST-11")
@pytest.mark.parametrize(
    ("state", "event", "following"),
    [
        ("queued", "pulled", "sent"),
        ("sent", "pulled", "sent"),
        ("acknowledged", "pulled", "acknowledged"),
        ("failed", "pulled", "failed"),
        ("sent", "acknowledged", "acknowledged"),
        ("sent", "failed", "failed"),
        ("failed", "acknowledged", "acknowledged"),
        ("acknowledged", "failed", "failed"),
        ("acknowledged", "acknowledged", "acknowledged"),
        ("failed", "failed", "failed"),
        ("queued", "resent", "queued"),
        ("sent", "resent", "queued"),
        ("acknowledged", "resent", "queued"),
        ("failed", "resent", "queued"),
        ("queued", "acknowledged", None),
        ("queued", "failed", None),
    ],
)
def test_the_states_of_a_line(state, event, following):
    """What follows on what; a report on what nobody has fetched is refused."""
    if following is None:
        with pytest.raises(Refused, match="not been fetched"):
            after(LineState(state), Event(event))
    else:
        assert after(LineState(state), Event(event)) is LineState(following)
