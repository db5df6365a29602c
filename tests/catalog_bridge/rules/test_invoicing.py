"""One order an invoice, to the øre what the cart said, and never more given back (INV-1…4, PRICE-5)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules import invoicing, order_status, pricing, services
from protocols.model.item import Kind
from protocols.model.money import Money, total
from protocols.model.service import LineService
from tests.catalog_bridge.rules.shipped import (
    ADDRESS,
    DAY,
    PLACES,
    account,
    ids,
    line,
    order,
    orders,
    sent,
    shipped,
)

LATER = DAY + timedelta(days=100)


def billed(invoice):
    """The copies that it charges."""
    return [id_ for each in invoice.lines for id_ in each.copy_ids]


@pytest.mark.rule("INV-1")
@pytest.mark.rule("INV-3")
@pytest.mark.rule("CHK-2", way="direct")
@pytest.mark.rule("CHK-2", way="punchout")
def test_an_invoice_names_its_one_order_and_what_the_buyer_calls_it():
    """Order name, PO number with its part, requisition and buyer; payment after so many days."""
    lines = (line(1, PLACES[0]),)
    names = {"order_name": "Barnebøker", "po_number": "PO-1", "po_suffix": "-1", "requisition_id": "R9"}
    placed = order(*lines, **names, ordered_by="Bø")
    made = invoicing.invoice(account(placed, sent(placed, lines, ["1-1-1"])), "F1", DAY, payment_days=20)
    assert (made.number, made.order_number, made.order_name) == ("F1", "1", "Barnebøker")
    assert (made.po_number, made.requisition_id, made.ordered_by) == ("PO-1-1", "R9", "Bø")
    assert (made.organisation_number, made.address) == ("310000019", ADDRESS)
    assert (made.issued_on, made.due_on, made.sent_on) == ("2026-03-02", "2026-03-22", ("2026-03-02",))


@pytest.mark.rule("INV-1")
@pytest.mark.rule("PRICE-5")
@given(orders())
def test_cart_order_slip_and_invoice_agree_to_the_ore(made):
    """Whatever the rates, discounts, quantities and services: one rounding function everywhere."""
    placed, lines = made
    shipments = sent(placed, lines, ids(placed))
    by_order = [charge for each, product in lines for charge in services.charges(each, product.tax_rate)]
    priced = [each for each, _ in lines if each.unit_price.amount]
    if not any(invoicing.is_charged(each) for each, _ in lines):
        assert invoicing.due_on(account(placed, shipments)) is None
        return
    invoice = invoicing.invoice(account(placed, shipments), "F1", DAY)
    assert invoice.net == total(amount for _, amount in by_order)
    assert total(share.tax for share in invoice.taxes) == pricing.tax(by_order)
    books = [each for each in invoice.lines if each.kind is not Kind.SERVICE]
    assert sorted(each.order_line for each in books) == [each.number for each in priced]
    slip = {}
    for each in shipments[0].slip.lines():
        slip[each.number] = slip.get(each.number, 0) + each.quantity
    for each in books:
        assert each.quantity == len(each.copy_ids) == slip[each.order_line]
    for each in invoice.lines:
        assert each.quantity == len(set(each.copy_ids))
        assert each.line_total == each.unit_price.times(each.quantity)
    for each in set(invoice.lines) - set(books):
        having = [line for line, _ in lines if each.product_id in {one.service_id for one in line.services}]
        assert each.quantity == sum(line.quantity for line in having)


@pytest.mark.rule("INV-2")
@given(shipped(st.decimals("0.00", "999.99", places=2)))
def test_several_invoices_of_an_order_charge_every_copy_once(made):
    """Charged after each parcel or all at once, the same copies at the same prices: no more, no less."""
    placed, lines, parts = made
    shipments, charged, invoices = sent(placed, lines, *parts), [], []
    for count in range(1, len(shipments) + 1):
        now = account(placed, shipments[:count], charged, invoices)
        if invoicing.due_on(now):
            invoices.append(invoicing.invoice(now, f"F{count}", LATER))
            charged += billed(invoices[-1])
    gone = {id_ for part in parts for id_ in part}
    costs = [
        (copy.copy_id, price)
        for each, _ in lines
        for copy in each.copies
        for price in (each.unit_price, *(one.unit_price for one in each.services))
        if price.amount and copy.copy_id in gone
    ]
    assert sorted(charged) == sorted(id_ for id_, _ in costs)
    assert total(one.net for one in invoices) == total(price for _, price in costs)
    by_rate = [(each.tax_rate, each.line_total) for one in invoices for each in one.lines]
    assert total(share.tax for one in invoices for share in one.taxes) == pricing.tax(by_rate)
    assert all(share.tax.amount >= 0 for one in invoices for share in one.taxes)


@pytest.mark.rule("INV-2")
def test_an_order_is_invoiced_when_it_is_complete():
    """On the day; before that 14 days after its first unbilled shipment, or as many as are set."""
    lines = (line(1, *PLACES[:3]),)
    placed = order(*lines)
    part = sent(placed, lines, ["1-1-1"], ["1-1-2"], days=3)
    assert invoicing.due_on(account(placed, part)) == DAY + timedelta(days=14)
    assert invoicing.due_on(account(placed, part), 5) == DAY + timedelta(days=5)
    assert invoicing.due_on(account(placed, part, ["1-1-1"])) == DAY + timedelta(days=17)
    whole = sent(placed, lines, ids(placed))
    assert invoicing.due_on(account(placed, whole)) == DAY
    rest_cancelled = order(line(1, *PLACES[:1]))
    assert invoicing.due_on(account(rest_cancelled, part[:1])) == DAY


@pytest.mark.rule("INV-2")
def test_an_invoice_before_its_time_is_refused():
    """The sentence says from when it can be made; nothing sent is nothing to charge."""
    lines = (line(1, *PLACES[:2]),)
    placed = order(*lines)
    now = account(placed, sent(placed, lines, ["1-1-1"]))
    with pytest.raises(Refused, match="2026-03-16"):
        invoicing.invoice(now, "F1", date(2026, 3, 15))
    assert invoicing.invoice(now, "F1", date(2026, 3, 16)).lines[0].quantity == 1
    with pytest.raises(Refused, match="Nothing"):
        invoicing.invoice(account(placed, ()), "F1", LATER)


@pytest.mark.rule("ORD-8")
def test_a_free_book_is_on_the_slip_and_never_on_an_invoice():
    """It neither waits for one nor makes one."""
    lines = line(1, PLACES[0], price="0.00"), line(2, PLACES[0])
    placed = order(*lines)
    shipments = sent(placed, lines, ids(placed))
    assert [each.number for each in shipments[0].slip.lines()] == [1, 2]
    invoice = invoicing.invoice(account(placed, shipments), "F1", DAY)
    assert [each.order_line for each in invoice.lines] == [2]
    alone = order(lines[0])
    assert invoicing.due_on(account(alone, sent(alone, lines, ["1-1-1"]))) is None


READY = LineService(service_id="HYLLEKLAR", name="Hylleklar bok", unit_price=Money(Decimal("39.00")))


@pytest.mark.rule("INV-4")
@pytest.mark.rule("SVC-4")
def test_services_are_charged_with_the_order_they_belong_to():
    """Lines of the same invoice after the books, one for each service, with their own tax."""
    lines = line(1, *PLACES[:2], services=[READY]), line(2, PLACES[0]), line(3, PLACES[0], services=[READY])
    placed = order(*lines)
    invoice = invoicing.invoice(account(placed, sent(placed, lines, ids(placed))), "F1", DAY)
    told = [(each.order_line, each.kind, each.description, each.quantity) for each in invoice.lines]
    assert told[:3] == [
        (1, Kind.TITLE, "Bok 1", 2),
        (2, Kind.TITLE, "Bok 2", 1),
        (3, Kind.TITLE, "Bok 3", 1),
    ]
    assert told[3:] == [(1, Kind.SERVICE, "Hylleklar bok", 3)]
    assert invoice.total == Money(Decimal("796.00") + Decimal("117.00") * Decimal("1.25"))


@pytest.mark.rule("SVC-4", way="punchout")
def test_a_service_that_the_buyer_ordered_on_several_lines_is_charged_on_as_many():
    """So that each line of the purchase order finds its own on the invoice."""
    first, second = (replace(READY, buyer_line=number) for number in (2, 4))
    lines = line(1, *PLACES[:2], services=[first]), line(2, PLACES[0], services=[second])
    placed = order(*lines)
    invoice = invoicing.invoice(account(placed, sent(placed, lines, ids(placed))), "F1", DAY)
    assert [(each.buyer_line, each.quantity) for each in invoice.lines[2:]] == [(2, 2), (4, 1)]


@pytest.mark.rule("ORD-8")
@pytest.mark.rule("SVC-1")
def test_a_free_book_that_is_made_shelf_ready_costs_the_service():
    """The book itself is on no invoice."""
    lines = (line(1, PLACES[0], price="0.00", services=[READY]),)
    placed = order(*lines)
    invoice = invoicing.invoice(account(placed, sent(placed, lines, ids(placed))), "F1", DAY)
    assert [(each.product_id, each.quantity) for each in invoice.lines] == [("HYLLEKLAR", 1)]


@pytest.mark.rule("INV-4")
@given(orders(), st.data())
def test_never_more_is_given_back_than_was_charged(made, data):
    """In pieces, money and tax; in whatever steps, and exactly as much once nothing is left."""
    placed, lines = made
    if not any(each.unit_price.amount for each, _ in lines):
        return
    invoice = invoicing.invoice(account(placed, sent(placed, lines, ids(placed))), "F1", DAY)
    notes = []
    for step in range(4):
        left = {key: count for key, count in invoicing.remaining(invoice, notes).items() if count}
        if not left:
            break
        some = {key: data.draw(st.integers(0, count)) for key, count in left.items()}
        wanted = some if any(some.values()) and step < 3 else {}
        notes.append(invoicing.credit(invoice, notes, wanted, f"K{step}", DAY, "Skadet"))
        given = sum(note.total.amount for note in notes)
        assert given <= invoice.total.amount
        assert all(share.tax.amount >= 0 for note in notes for share in note.taxes)
    assert not any(invoicing.remaining(invoice, notes).values())
    assert total(note.net for note in notes) == invoice.net
    assert total(note.total for note in notes) == invoice.total


@pytest.mark.rule("INV-2")
@pytest.mark.rule("INV-4")
@pytest.mark.rule("PRICE-5")
def test_part_invoices_and_their_credit_notes_are_the_order_to_the_ore():
    """Two of 24.50 at 25 % are 12.25 in tax: 6.13, then 6.12; each is given back as it was charged."""
    lines = (line(1, *PLACES[:2], price="24.50", rate=25),)
    placed = order(*lines)
    shipments = sent(placed, lines, ["1-1-1"], ["1-1-2"])
    first = invoicing.invoice(account(placed, shipments[:1]), "F1", LATER)
    second = invoicing.invoice(account(placed, shipments, ["1-1-1"], [first]), "F2", LATER)
    assert [one.taxes[0].tax.amount for one in (first, second)] == [Decimal("6.13"), Decimal("6.12")]
    for one in (first, second):
        assert invoicing.credit(one, (), {}, "K", LATER, "Feil").total == one.total


@pytest.mark.rule("INV-4")
def test_a_credit_note_points_at_its_invoice():
    """Whole without lines, else those that are named; it says why."""
    lines = line(1, *PLACES[:3], price="100.00", rate=25), line(2, PLACES[0])
    placed = order(*lines, order_name="Barn")
    invoice = invoicing.invoice(account(placed, sent(placed, lines, ids(placed))), "F1", DAY)
    note = invoicing.credit(invoice, (), {1: 2}, "K1", DAY, "  To  skadde \t bøker ")
    assert (note.number, note.invoice_number, note.order_number) == ("K1", "F1", "1")
    assert (note.reason, note.order_name) == ("To skadde bøker", "Barn")
    assert [(each.number, each.quantity) for each in note.lines] == [(1, 2)]
    assert (note.net, note.total) == (Money(Decimal("200.00")), Money(Decimal("250.00")))
    rest = invoicing.credit(invoice, (note,), {}, "K2", DAY, "Resten")
    assert [(each.number, each.quantity) for each in rest.lines] == [(1, 1), (2, 1)]


@pytest.mark.rule("INV-4")
@pytest.mark.parametrize("quantities", [{1: 2}, {1: -1}, {9: 1}, {1: 1, 2: 1}])
def test_too_much_is_not_credited(quantities):
    """More than is left of a line, less than nothing, or a line that the invoice does not have."""
    lines = (line(1, *PLACES[:2]),)
    placed = order(*lines)
    invoice = invoicing.invoice(account(placed, sent(placed, lines, ids(placed))), "F1", DAY)
    first = invoicing.credit(invoice, (), {1: 1}, "K1", DAY, "Skadet")
    with pytest.raises(Refused, match="at most"):
        invoicing.credit(invoice, (first,), quantities, "K2", DAY, "Skadet")


@pytest.mark.rule("INV-4")
def test_nothing_is_not_credited():
    """Once all has been given back, and where every line says none."""
    lines = (line(1, PLACES[0]),)
    placed = order(*lines)
    invoice = invoicing.invoice(account(placed, sent(placed, lines, ids(placed))), "F1", DAY)
    whole = invoicing.credit(invoice, (), {}, "K1", DAY, "Feil")
    with pytest.raises(Refused, match="nothing left"):
        invoicing.credit(invoice, (whole,), {}, "K2", DAY, "Feil")
    with pytest.raises(Refused, match="nothing was chosen"):
        invoicing.credit(invoice, (), {1: 0}, "K2", DAY, "Feil")
    with pytest.raises(Refused, match="Reason"):
        invoicing.credit(invoice, (), {}, "K2", DAY, "x" * 256)


@pytest.mark.rule("ORD-2")
def test_the_status_follows_the_copies():
    """Nothing sent leaves it; then in part, whole, and charged; free books end as delivered."""
    lines = line(1, *PLACES[:2]), line(2, PLACES[0], price="0.00")
    placed = replace(order(*lines), status="confirmed")
    paid = {"1-1-1", "1-1-2"}
    all_ = set(ids(placed))
    assert order_status.derived(placed, set(), set()) == "confirmed"
    assert order_status.derived(placed, {"1-2-1"}, set()) == "part_delivered"
    assert order_status.derived(placed, paid, paid) == "part_delivered"
    assert order_status.derived(placed, all_, {"1-1-1"}) == "delivered"
    assert order_status.derived(placed, all_, paid) == "invoiced"
    assert order_status.derived(order(lines[1]), {"1-2-1"}, set()) == "delivered"
    assert (
        order_status.derived(replace(placed, order=replace(placed.order, lines=())), set(), set())
        == "cancelled"
    )
