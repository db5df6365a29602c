"""The hand-off on the bookshop's own tables: queued with the order, fetched, reported on, sent again."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest

from catalog_bridge.bookshop import NotFound, Refused, ShopUnavailable
from catalog_bridge.embedded import hand_off_queue, orders
from catalog_bridge.embedded.hand_off import EmbeddedLibrarySystems
from catalog_bridge.grids import LineCopies
from catalog_bridge.library_systems import UNREGISTERED, LibrarySystems, LineState, Report
from protocols.library import csv
from protocols.library.order import LineStatus
from protocols.model.item import Kind
from protocols.model.money import Money
from tests.catalog_bridge.contract.implementations import START
from tests.catalog_bridge.contract.world import (
    BJO,
    CANCELLED,
    HBB,
    LIBRARY,
    NOVEL,
    OLD_NUMBER,
    PICTURE_BOOK,
    SCHOOL,
    customers,
    line_of,
    order_of,
)
from tests.catalog_bridge.embedded.test_shop import BusyDatabase, statements
from tests.catalog_bridge.rules.ways import both_ways

TWO_LINES = (line_of(1, NOVEL, HBB, BJO), line_of(2, PICTURE_BOOK, BJO))


@pytest.fixture
def library(house) -> LibrarySystems:
    """The hand-off beside the bookshop of the house."""
    ticks = count()
    return EmbeddedLibrarySystems(house.db, now=lambda: START + timedelta(hours=1, seconds=next(ticks)))


@pytest.fixture(params=["direct", "punchout"])
def place(request, house):
    """Places an order by one of the two ways."""

    def placed(*lines, **facts):
        order = order_of(*(lines or TWO_LINES), way=request.param, **facts)
        return house.shop.place_order(order, f"key-{facts.get('order_name', '')}")

    return placed


def read(document):
    """What a library system reads in the document."""
    order, findings = csv.parse(document.body)
    assert findings == ()
    return order


def stands(library, order):
    """Line number → state and reason."""
    lines = library.states(order.order.customer_number, order.order_number)
    return {line.facts.line_number: (line.facts.state, line.facts.reason) for line in lines}


@both_ways("HO-1")
@both_ways("HO-2")
@both_ways("HO-4")
@both_ways("DIST-1")
def test_a_placed_order_waits_for_the_library_system(library, place):
    """One document with its number, the order's references and each copy's id and codes, unharmed."""
    order = place(order_name="Barnebøker æøå", po_number="4500", ordered_by="Kari Åsen")
    (waiting,) = library.undelivered(LIBRARY)
    assert (waiting.number, waiting.order_number, waiting.profile) == (1, order.order_number, "csv")
    told = read(library.document(LIBRARY, 1))
    assert (told.document, told.order_number, told.customer_number) == (1, order.order_number, LIBRARY)
    assert (told.order_name, told.po_number, told.buyer) == ("Barnebøker æøå", "4500", "Kari Åsen")
    assert [line.copies for line in told.lines] == [line.copies for line in order.order.lines]
    assert [line.title for line in told.lines] == [NOVEL.title, PICTURE_BOOK.title]
    assert stands(library, order) == {1: (LineState.QUEUED, ""), 2: (LineState.QUEUED, "")}


@both_ways("DIST-11")
def test_a_line_is_queued_sent_and_acknowledged(library, place):
    """Fetching marks the lines as sent, an acknowledgement settles them, and nothing waits any more."""
    order = place()
    library.take(LIBRARY, 1)
    assert set(stands(library, order).values()) == {(LineState.SENT, "")}
    assert [document.number for document in library.undelivered(LIBRARY)] == [1]
    settled = library.report(LIBRARY, 1, {})
    assert not settled.waits
    assert set(stands(library, order).values()) == {(LineState.ACKNOWLEDGED, "")}
    assert library.undelivered(LIBRARY) == ()
    assert library.report(LIBRARY, 1, {}) == settled


@both_ways("DIST-11")
def test_a_line_that_failed_says_why(library, place):
    """Line by line, with the reason; a document waits until every line has been reported on."""
    order = place()
    library.take(LIBRARY, 1)
    first, second = (line.order_line_id for line in library.documents(LIBRARY)[0].lines)
    facts = library.report(LIBRARY, 1, {second: Report(failed=True, reason="Ukjent filial BJO")})
    assert facts.waits
    assert stands(library, order) == {1: (LineState.SENT, ""), 2: (LineState.FAILED, "Ukjent filial BJO")}
    assert not library.report(LIBRARY, 1, {first: Report()}).waits
    library.report(LIBRARY, 1, {second: Report()})
    assert set(stands(library, order).values()) == {(LineState.ACKNOWLEDGED, "")}


def test_a_report_that_cannot_be_is_refused_whole(library, place):
    """On what was never fetched, and on a line of another document: nothing changes."""
    order = place()
    line_id = f"{order.order_number}.1"
    with pytest.raises(Refused, match="not been fetched"):
        library.report(LIBRARY, 1, {})
    library.take(LIBRARY, 1)
    with pytest.raises(Refused, match="is not in document 1"):
        library.report(LIBRARY, 1, {line_id: Report(), "17.999": Report()})
    assert set(stands(library, order).values()) == {(LineState.SENT, "")}


@pytest.mark.rule("LS-5")
@both_ways("DIST-11")
def test_a_document_is_the_same_bytes_for_ever(library, place, house):
    """Fetched twice, sent again, after changes of catalogue and order: byte for byte, the same line ids."""
    order = place()
    first = library.take(LIBRARY, 1)
    assert library.take(LIBRARY, 1).body == first.body
    library.report(LIBRARY, 1, {})
    house.take_titles((replace(NOVEL, title="Et annet navn"),))
    house.shop.cancel_order(LIBRARY, order.order_number, "cancel-1")
    facts = library.resend(LIBRARY, 1)
    assert {line.state for line in facts.lines} == {LineState.QUEUED}
    again = library.take(LIBRARY, 1)
    assert again.body == first.body
    assert [line.order_line_id for line in again.facts.lines] == [
        line.order_line_id for line in first.facts.lines
    ]


@pytest.mark.rule("LS-5")
def test_numbers_count_for_each_customer_without_gaps(library, place, house):
    """1, 2, 3 … whatever happens; a refused order takes none, and another customer begins at 1."""
    for number in range(3):
        place(order_name=str(number))
    with pytest.raises(Refused):
        place(line_of(1, CANCELLED), order_name="refused")
    place(order_name="4")
    library.use_profile(SCHOOL, "csv")
    school = order_of(customer_number=SCHOOL, delivery_address_id="SKO")
    house.shop.place_order(school, "school")
    assert [document.number for document in library.documents(LIBRARY)] == [1, 2, 3, 4]
    assert [document.number for document in library.documents(SCHOOL)] == [1]
    assert read(library.take(LIBRARY, 4)).document == 4


@both_ways("ORD-1")
def test_an_order_placed_again_is_told_once(library, place):
    """The same key again makes no second document."""
    assert place() == place()
    assert len(library.documents(LIBRARY)) == 1


@both_ways("HO-1")
def test_a_changed_order_sends_a_correction(library, place, house):
    """The changed line and the new one, in a document of their own; once, however often it is delivered."""
    order = place()
    lines = (line_of(1, NOVEL, HBB, BJO), line_of(2, PICTURE_BOOK, BJO, HBB), line_of(3, NOVEL, HBB))
    wanted = replace(order.order, lines=lines)
    changes = [house.shop.change_order(order.order_number, wanted, "change-1") for _ in range(2)]
    assert changes[0] == changes[1]
    _, correction = library.documents(LIBRARY)
    told = read(library.document(LIBRARY, correction.number))
    assert [(line.number, line.quantity, line.title) for line in told.lines] == [
        (2, 2, PICTURE_BOOK.title),
        (3, 1, NOVEL.title),
    ]
    assert [line.copies for line in told.lines] == [line.copies for line in changes[0].order.order.lines[1:]]


@both_ways("HO-1")
def test_a_late_repetition_of_a_change_tells_nothing_old(library, place, house):
    """A change that is delivered again after another one is answered, and corrects nothing back."""
    order = place()
    one, two = (replace(order.order, lines=(line_of(1, NOVEL, *(HBB,) * n),)) for n in (3, 4))
    house.shop.change_order(order.order_number, one, "change-1")
    house.shop.change_order(order.order_number, two, "change-2")
    house.shop.change_order(order.order_number, one, "change-1")
    assert [read(library.document(LIBRARY, n)).lines[0].quantity for n in (1, 2, 3)] == [2, 3, 4]
    assert len(library.documents(LIBRARY)) == 3


@both_ways("HO-1")
def test_a_cancelled_order_sends_a_correction(library, place, house):
    """Every line that was told, with status 4 and the copies it had; a picked one stays as it is."""
    order = place()
    house.pick(order, 1)
    house.shop.cancel_order(LIBRARY, order.order_number, "cancel-1")
    told = read(library.document(LIBRARY, 2))
    assert [(line.number, line.status) for line in told.lines] == [(2, LineStatus.CANCELLED)]
    assert told.lines[0].copies == order.order.lines[1].copies
    assert told.lines[0].title == PICTURE_BOOK.title


@both_ways("DIST-13")
@both_ways("HO-1")
def test_copies_that_move_send_a_correction(library, place, house):
    """The moved line with its copies' ids as they were and their new codes; moving nothing tells nothing."""
    order = place()
    library.take(LIBRARY, 1)
    library.report(LIBRARY, 1, {})
    moved = house.shop.set_order_copies(LIBRARY, order.order_number, 1, (BJO, BJO))
    house.shop.set_order_copies(LIBRARY, order.order_number, 1, (BJO, BJO))
    (waiting,) = library.undelivered(LIBRARY)
    told = read(library.document(LIBRARY, waiting.number))
    assert (waiting.number, told.lines[0].copies) == (2, moved.order.lines[0].copies)
    assert {copy.copy_id for copy in told.lines[0].copies} == {
        copy.copy_id for copy in order.order.lines[0].copies
    }
    assert stands(library, order) == {1: (LineState.QUEUED, ""), 2: (LineState.ACKNOWLEDGED, "")}


@both_ways("DIST-13")
@both_ways("HO-1")
def test_lines_that_move_together_are_one_correction(library, place, house):
    """The library system reads one document for all of them."""
    order = place()
    other = replace(HBB, collection_code="BARN")
    wanted = tuple(
        LineCopies(number=line.number, codes=(other,) * line.quantity) for line in order.order.lines
    )
    moved = house.grids.move(LIBRARY, order.order_number, wanted)
    told = read(library.document(LIBRARY, 2))
    assert [line.copies for line in told.lines] == [line.copies for line in moved.order.order.lines]
    assert [document.number for document in library.undelivered(LIBRARY)] == [1, 2]


def test_a_report_on_an_old_document_leaves_the_newer_one(library, place, house):
    """A line is as its newest document has it, whatever is said of the one before."""
    order = place()
    library.take(LIBRARY, 1)
    house.shop.set_order_copies(LIBRARY, order.order_number, 1, (BJO, BJO))
    library.report(LIBRARY, 1, {})
    assert stands(library, order)[1] == (LineState.QUEUED, "")
    assert [document.number for document in library.undelivered(LIBRARY)] == [2]


@both_ways("HO-1")
def test_delivered_lines_are_told_by_whoever_delivers_them(library, place, house):
    """The counter queues in its own transaction which lines are on their way; again, it tells nothing."""
    order = place()
    with house.db.write() as tx:
        held = orders.one(tx, LIBRARY, order.order_number)
        numbers = [
            hand_off_queue.queue(tx, held, "2026-03-03", reached={1: LineStatus.DELIVERED}) for _ in range(2)
        ]
    assert numbers == [2, 0]
    told = read(library.document(LIBRARY, 2))
    assert [(line.number, line.status) for line in told.lines] == [(1, LineStatus.DELIVERED)]


@both_ways("HO-1")
def test_a_transaction_that_fails_tells_nothing(library, place, house):
    """Order and document are there together or not at all, and the number is not lost."""
    order = place()
    moved = replace(order, order=replace(order.order, order_name="Aldri"))

    def queue_and_fail():
        with house.db.write() as tx:
            assert hand_off_queue.queue(tx, moved, "2026-03-03") == 2
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        queue_and_fail()
    assert len(library.documents(LIBRARY)) == 1
    place(order_name="neste")
    assert [document.number for document in library.documents(LIBRARY)] == [1, 2]


@both_ways("ORD-8")
@both_ways("HO-1")
def test_lines_at_price_0_and_services_are_told_too(library, place):
    """Books that were paid for elsewhere stand there as ordered, and so does a service with its kind."""
    free = line_of(1, NOVEL, HBB, unit_price=Money(Decimal(0)))
    place(free, line_of(2, PICTURE_BOOK, BJO, kind=Kind.SERVICE))
    told = read(library.document(LIBRARY, 1))
    assert [(line.unit_price.amount, line.kind) for line in told.lines] == [
        (0, Kind.TITLE),
        (Decimal("199.00"), Kind.SERVICE),
    ]


@both_ways("HO-1")
def test_a_test_order_is_never_told(library, place, house):
    """Neither when it is placed nor when it changes."""
    order = place(test=True)
    house.shop.set_order_copies(LIBRARY, order.order_number, 1, (BJO, BJO))
    house.shop.cancel_order(LIBRARY, order.order_number, "cancel-1")
    assert library.documents(LIBRARY) == ()
    assert library.states(LIBRARY, order.order_number) == ()


@both_ways("DIST-1")
def test_without_a_library_system_nothing_is_told(library, house):
    """The profile `none`: of the system, or chosen by the customer."""
    house.shop.place_order(order_of(customer_number=SCHOOL, delivery_address_id="SKO"), "school")
    library.use_profile(LIBRARY, "none")
    house.shop.place_order(order_of(), "library")
    assert library.documents(SCHOOL) == library.documents(LIBRARY) == ()


def test_an_order_of_before_is_told_whole_when_it_changes(library, place, house):
    """A customer that takes up the hand-off gets an older order with its first change, the rest with it."""
    library.use_profile(LIBRARY, "none")
    order = place()
    library.use_profile(LIBRARY, "")
    house.shop.set_order_copies(LIBRARY, order.order_number, 1, (BJO, BJO))
    told = read(library.document(LIBRARY, 1))
    assert [line.number for line in told.lines] == [1, 2]


def test_an_unknown_profile_is_refused(library):
    """With the names of those that are there."""
    with pytest.raises(Refused, match="csv, none"):
        library.use_profile(LIBRARY, "marc-970")


@both_ways("HO-4")
def test_a_code_that_cannot_be_sent_fails_its_line_only(library, place, house):
    """The line has failed with the column's name, the document is without it, and the other line goes."""
    library.use_profile(LIBRARY, "none")
    order = place()
    library.use_profile(LIBRARY, "csv")
    lines = (line_of(1, NOVEL, replace(HBB, fund_code="21\n00")), order.order.lines[1])
    with house.db.write() as tx:
        broken = replace(order, order=replace(order.order, lines=lines))
        assert hand_off_queue.queue(tx, broken, "2026-03-03") == 1
    told = read(library.take(LIBRARY, 1))
    assert [line.number for line in told.lines] == [2]
    reason = "fund_code: a line break or control character cannot be sent"
    assert stands(library, order) == {1: (LineState.FAILED, reason), 2: (LineState.SENT, "")}
    library.report(LIBRARY, 1, {})
    library.resend(LIBRARY, 1)
    assert stands(library, order) == {1: (LineState.FAILED, reason), 2: (LineState.QUEUED, "")}
    moved = house.shop.set_order_copies(LIBRARY, order.order_number, 1, (HBB, HBB))
    assert stands(library, order)[1] == (LineState.QUEUED, "")
    assert [line.copies for line in read(library.take(LIBRARY, 2)).lines] == [moved.order.lines[0].copies]


@pytest.mark.parametrize("size", [5, 1500])
def test_a_long_order_takes_as_many_statements_as_a_short_one(library, house, size):
    """Placed, fetched, reported on and looked at in bulk."""
    lines = [line_of(number, NOVEL, HBB, BJO) for number in range(1, size + 1)]
    with statements() as sent:
        order = house.shop.place_order(order_of(*lines), "key-1")
        library.take(LIBRARY, 1)
        library.report(LIBRARY, 1, {})
        assert len(library.states(LIBRARY, order.order_number)) == size
        library.resend(LIBRARY, 1)
    assert len(sent) <= 50


@pytest.mark.rule("LS-7")
@pytest.mark.rule("CUST-10")
def test_a_number_that_is_not_ticked_warns_and_hinders_nothing(library, place, house):
    """The document is made; the warning goes when somebody ticks it, and an import does not bring it back."""
    place()
    assert len(library.undelivered(LIBRARY)) == 1
    assert library.warning(LIBRARY) == UNREGISTERED
    assert library.set_registered(LIBRARY, registered=True).number_registered
    house.take_customers(customers())
    assert house.shop.customer(LIBRARY).number_registered
    assert library.warning(LIBRARY) == ""
    assert not library.set_registered(LIBRARY, registered=False).number_registered
    house.take_customers(customers().replace("mikromarc", "bibliofil"))
    assert library.warning(LIBRARY) == ""


@both_ways("CUST-4")
def test_an_old_number_finds_the_same_documents(library, place):
    """It is the same account."""
    order = place()
    assert library.documents(OLD_NUMBER) == library.documents(LIBRARY)
    assert library.take(OLD_NUMBER, 1).body == library.document(LIBRARY, 1).body
    assert len(library.states(OLD_NUMBER, order.order_number)) == 2


@pytest.mark.rule("T-M1")
def test_what_is_another_customers_is_not_there(library, place):
    """Documents, states and tokens of the library are nothing to the school."""
    order = place()
    library.keep_token(LIBRARY, "T1", "digest-1")
    for call in (
        lambda: library.document(SCHOOL, 1),
        lambda: library.take(SCHOOL, 1),
        lambda: library.report(SCHOOL, 1, {}),
        lambda: library.resend(SCHOOL, 1),
        lambda: library.revoke_token(SCHOOL, "T1"),
        lambda: library.documents("999999"),
    ):
        with pytest.raises(NotFound):
            call()
    assert library.documents(SCHOOL) == library.undelivered(SCHOOL) == library.tokens(SCHOOL) == ()
    assert library.states(SCHOOL, order.order_number) == ()
    assert stands(library, order)[1] == (LineState.QUEUED, "")


def test_a_token_opens_its_customer_until_it_is_revoked(library):
    """By any of the digests that the keys give; several live side by side while one replaces another."""
    library.keep_token(LIBRARY, "T1", "digest-1")
    library.keep_token(LIBRARY, "T2", "digest-2")
    assert library.bearer(("other", "digest-1")) == library.bearer(("digest-2",)) == LIBRARY
    assert [token for token, _ in library.tokens(LIBRARY)] == ["T1", "T2"]
    library.revoke_token(LIBRARY, "T1")
    assert library.bearer(("digest-1",)) == library.bearer(("",)) == library.bearer(()) == ""
    assert library.bearer(("digest-2",)) == LIBRARY


def test_a_busy_database_is_told_as_such():
    """The same call may be repeated."""
    library = EmbeddedLibrarySystems(BusyDatabase(), now=lambda: START)
    for call in (lambda: library.documents(LIBRARY), lambda: library.take(LIBRARY, 1)):
        with pytest.raises(ShopUnavailable):
            call()
