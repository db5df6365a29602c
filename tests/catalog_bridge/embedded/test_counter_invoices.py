"""What the counter charges, and what it costs when an order comes in parts (INV-1 to INV-4, ORD-8)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.embedded.hand_off import EmbeddedLibrarySystems
from protocols.library import csv
from protocols.library.order import LineStatus
from protocols.model.money import Money, total
from tests.catalog_bridge.contract.world import (
    BJO,
    COMING,
    GAME,
    HBB,
    LIBRARY,
    NOVEL,
    OLD_NUMBER,
    PICTURE_BOOK,
    SCHOOL,
    line_of,
    order_of,
)
from tests.catalog_bridge.embedded.at_counter import DAY, key, pick_all, send_all, status


@pytest.mark.rule("ORD-2")
@pytest.mark.rule("INV-2")
def test_an_order_in_parts_is_invoiced_in_parts(house, counter, place):
    """Its status follows; the first part is due after 14 days, the last with the order."""
    placed = place(line_of(1, NOVEL, HBB, BJO, BJO), line_of(2, COMING, HBB))
    counter.set_picked(*key(placed), {1: 2})
    counter.ship(counter.pack((key(placed),), DAY).parcel_number)
    assert status(house, placed) == "part_delivered"
    assert counter.handled(*key(placed)) == replace(
        counter.handled(*key(placed)), ordered=4, packed=2, sent=2
    )
    (due,) = counter.to_invoice()
    assert (due.order_number, due.due_on, due.copies) == (placed.order_number, "2026-03-16", 2)
    with pytest.raises(Refused, match="2026-03-16"):
        counter.invoice(*key(placed))
    house.clock.forward(days=14)
    first = counter.invoice(*key(placed))
    assert [(line.order_line, line.quantity) for line in first.lines] == [(1, 2)]
    assert status(house, placed) == "part_delivered"
    assert counter.invoice(*key(placed)) == first
    send_all(counter, placed)
    assert status(house, placed) == "delivered"
    second = counter.invoice(*key(placed))
    assert [(line.order_line, line.quantity) for line in second.lines] == [(1, 1), (2, 1)]
    assert status(house, placed) == "invoiced"
    assert counter.invoices(*key(placed)) == (second, first)
    assert counter.to_invoice() == ()


@pytest.mark.rule("INV-2")
def test_an_order_is_complete_when_its_rest_is_cancelled(house, counter, place):
    """What lies in a parcel stays; the rest, picked or not, is cancelled, and the invoice is due at once."""
    placed = place(line_of(1, NOVEL, HBB, BJO, BJO), line_of(2, COMING, HBB), line_of(3, NOVEL, HBB))
    counter.set_picked(*key(placed), {1: 2})
    counter.ship(counter.pack((key(placed),), DAY).parcel_number)
    counter.pick(*key(placed), 3)
    for _ in range(2):
        rest = counter.give_up_rest(*key(placed))
    assert [(line.number, line.quantity) for line in rest.order.lines] == [(1, 2)]
    assert [line.number for line in rest.cancelled] == [2, 3]
    assert rest.status == "delivered"
    assert house.shop.order(*key(placed)) == rest
    assert counter.invoice(*key(placed)).lines[0].quantity == 2
    nothing = place()
    assert counter.give_up_rest(*key(nothing)).status == "cancelled"
    assert [order.order_number for order in counter.to_pick()] == []


@pytest.mark.rule("ORD-2")
def test_a_line_that_joins_an_order_already_sent_makes_it_partly_delivered(house, counter, place):
    """And one that is taken out again makes it whole."""
    placed = place(line_of(1, NOVEL, HBB))
    send_all(counter, placed)
    assert status(house, placed) == "delivered"
    more = order_of(line_of(1, NOVEL, HBB), line_of(2, NOVEL, BJO))
    assert house.shop.change_order(placed.order_number, more, "c-1").order.status == "part_delivered"
    assert status(house, placed) == "part_delivered"
    back = house.shop.change_order(placed.order_number, order_of(line_of(1, NOVEL, HBB)), "c-2")
    assert back.order.status == status(house, placed) == "delivered"


@pytest.mark.rule("ORD-8")
@pytest.mark.rule("DIST-4")
def test_a_free_book_is_sent_with_its_slip_and_never_invoiced(house, counter, place):
    """With others it is left out of the invoice; alone it ends as delivered and is no news for anybody."""
    free = line_of(2, PICTURE_BOOK, BJO, unit_price=Money(Decimal("0.00")))
    mixed, alone = place(line_of(1, NOVEL, HBB), free), place(replace(free, number=1))
    parcel = send_all(counter, mixed, alone)
    assert sorted(len(slip.copies) for slip in parcel.slips) == [1, 2]
    assert [line.order_line for line in counter.invoice(*key(mixed)).lines] == [1]
    assert status(house, mixed) == "invoiced"
    assert status(house, alone) == "delivered"
    assert counter.to_invoice() == ()
    with pytest.raises(Refused, match="Nothing"):
        counter.invoice(*key(alone))


@pytest.mark.rule("INV-4")
def test_a_credit_note_is_made_once_for_its_key(counter, place):
    """The same key again gives the first; with other words it is refused; another customer finds nothing."""
    placed = place(line_of(1, NOVEL, HBB, BJO))
    send_all(counter, placed)
    invoice = counter.invoice(*key(placed))
    notes = [counter.credit(LIBRARY, invoice.number, {1: 1}, "Skadet", "k-1") for _ in range(2)]
    assert notes[0] == notes[1]
    with pytest.raises(Refused, match="key"):
        counter.credit(LIBRARY, invoice.number, {1: 1}, "Skitten", "k-1")
    rest = counter.credit(LIBRARY, invoice.number, {}, "Resten", "k-2")
    assert counter.credit_notes(LIBRARY, invoice.number) == (notes[0], rest)
    assert total(note.total for note in (notes[0], rest)) == invoice.total
    for call in (
        lambda: counter.invoice_numbered(SCHOOL, invoice.number),
        lambda: counter.credit_notes(SCHOOL, invoice.number),
        lambda: counter.credit(SCHOOL, invoice.number, {}, "Feil", "k-3"),
    ):
        with pytest.raises(NotFound):
            call()
    assert counter.invoice_numbered(OLD_NUMBER, invoice.number) == invoice


@pytest.mark.rule("PRICE-4")
def test_tax_on_the_invoice_is_the_catalogues_when_it_was_packed(house, counter, place):
    """Books none, a game 25 percent; a title lost before it was packed is not packed."""
    placed = place(line_of(1, NOVEL, HBB), line_of(2, GAME, HBB, unit_price=Money(Decimal("100.00"))))
    send_all(counter, placed)
    lost = place(line_of(1, GAME, HBB))
    pick_all(counter, lost)
    house.take_titles((NOVEL,))
    invoice = counter.invoice(*key(placed))
    assert [(share.rate, share.tax.amount) for share in invoice.taxes] == [
        (Decimal(0), Decimal("0.00")),
        (Decimal(25), Decimal("25.00")),
    ]
    with pytest.raises(Refused, match="catalogue"):
        counter.pack((key(lost),), DAY)
    assert counter.order(*key(lost)).lines[0].title == GAME.product_id


@pytest.mark.rule("HO-1", way="direct")
@pytest.mark.rule("HO-1", way="punchout")
@pytest.mark.parametrize("way", ["direct", "punchout"])
def test_the_library_system_hears_which_lines_have_left_and_which_are_charged(house, counter, place, way):
    """Line by line, also while the order as a whole stands as before; what is given up is cancelled."""
    library = EmbeddedLibrarySystems(house.db, now=house.clock)
    placed = place(line_of(1, NOVEL, HBB), line_of(2, NOVEL, HBB), line_of(3, COMING, HBB), way=way)

    def told():
        newest = max(document.number for document in library.undelivered(LIBRARY))
        order, _ = csv.parse(library.document(LIBRARY, newest).body)
        return {line.number: line.status for line in order.lines}

    for number in (1, 2):
        counter.pick(*key(placed), number)
        counter.ship(counter.pack((key(placed),), DAY).parcel_number)
        assert told() == {number: LineStatus.DELIVERED}
    house.clock.forward(days=15)
    counter.invoice(*key(placed))
    assert told() == {1: LineStatus.INVOICED, 2: LineStatus.INVOICED}
    counter.give_up_rest(*key(placed))
    assert told() == {3: LineStatus.CANCELLED}
