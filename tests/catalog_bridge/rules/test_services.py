"""What may be had beside a book, what it costs, what it needs (SVC-1 to SVC-5)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules import services
from protocols.model.cart import CartLine
from protocols.model.customer import LibrarySystem
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.item import Kind
from protocols.model.money import Money
from protocols.model.service import BarcodeSeries
from tests.catalog_bridge.contract.world import (
    EBOOK,
    LABEL,
    NOVEL,
    PLASTIC,
    READY,
    SERVICES,
    line_of,
)

PLACED = CopyCodes(branch_code="HBB", shelf_mark="839.82 Bok")


def ids(entries):
    """What they are called."""
    return [entry.service_id for entry in entries]


@pytest.mark.rule("SVC-1")
def test_services_are_for_printed_books_series_and_packages():
    """Nothing is done to what is only on a screen."""
    assert services.offered(SERVICES, NOVEL, LibrarySystem.QURIA) == SERVICES
    assert services.offered(SERVICES, EBOOK, LibrarySystem.QURIA) == ()
    for kind in (Kind.SERIES, Kind.PACKAGE):
        assert services.offered(SERVICES, replace(EBOOK, kind=kind), LibrarySystem.QURIA) == SERVICES


@pytest.mark.rule("SVC-1")
def test_shelf_ready_is_not_offered_where_no_library_system_would_know_the_copy():
    """The rest is."""
    assert services.offered(SERVICES, NOVEL, LibrarySystem.NONE) == (PLASTIC, LABEL)


@pytest.mark.rule("SVC-3")
def test_nobody_pays_twice_for_what_is_part_of_another_service():
    """What is chosen stands in the sequence of the price list, at its prices."""
    taken = services.chosen(["PLAST", "ETIKETT", "HYLLEKLAR"], SERVICES)
    assert ids(taken) == ["HYLLEKLAR", "PLAST"]
    assert [entry.unit_price for entry in taken] == [READY.unit_price, PLASTIC.unit_price]
    assert ids(services.chosen(["PLAST", "ETIKETT"], SERVICES)) == ["PLAST", "ETIKETT"]


@pytest.mark.rule("SVC-3")
def test_a_service_that_is_not_offered_is_refused_and_a_usual_one_is_left_out():
    """A choice is answered; a default only reaches as far as the title allows."""
    with pytest.raises(Refused, match="HYLLEKLAR is not offered"):
        services.chosen(["HYLLEKLAR"], (PLASTIC,))
    assert ids(services.usual(["HYLLEKLAR", "PLAST"], (PLASTIC,))) == ["PLAST"]


@pytest.mark.rule("SVC-5")
@pytest.mark.parametrize(
    "lacking", [CopyCodes(), CopyCodes(branch_code="HBB"), CopyCodes(shelf_mark="839.82 Bok")]
)
def test_shelf_ready_needs_branch_and_shelf_mark_on_every_copy(lacking):
    """One copy without either is enough; other services need neither."""
    ready, plastic = services.chosen(["HYLLEKLAR"], SERVICES), services.chosen(["PLAST"], SERVICES)
    assert services.unplaced(numbered((PLACED, PLACED)), ready) == ""
    assert services.unplaced(numbered((PLACED, lacking)), ready) == services.NEEDS_PLACE
    assert services.unplaced(numbered((lacking,)), plastic) == ""


@pytest.mark.rule("SVC-5")
def test_a_line_that_cannot_be_made_ready_is_not_picked():
    """Without a place, and without a barcode unless it is a test."""
    line = line_of(4, NOVEL, PLACED, services=services.chosen(["HYLLEKLAR"], SERVICES))
    with pytest.raises(Refused, match="Line 4: the library's barcodes are used up"):
        services.check_ready(line, test=False)
    services.check_ready(line, test=True)
    services.check_ready(replace(line, copies=(replace(line.copies[0], barcode="1"),)), test=False)
    with pytest.raises(Refused, match="Line 4 is shelf-ready"):
        services.check_ready(replace(line, copies=numbered((CopyCodes(),))), test=True)


@pytest.mark.rule("PRICE-5")
@pytest.mark.rule("SVC-4")
def test_a_service_has_the_quantity_of_its_books_and_a_tax_of_its_own():
    """The books come first."""
    line = line_of(1, NOVEL, PLACED, PLACED, services=services.chosen(["PLAST"], SERVICES))
    assert list(services.charges(line, Decimal(0))) == [
        (Decimal(0), Money(Decimal("398.00"))),
        (Decimal(25), Money(Decimal("49.00"))),
    ]


def cart_line(line_id, *taken, offered=SERVICES):
    """A line of a cart with these services, of those that are offered."""
    line = line_of(1, NOVEL, PLACED)
    return CartLine(
        line_id=line_id,
        product=NOVEL,
        quantity=1,
        unit_price=line.unit_price,
        copies=line.copies,
        services=services.usual(taken, offered),
        offered=offered,
    )


@pytest.mark.rule("SVC-3")
def test_services_for_a_whole_cart_leave_alone_what_was_chosen_beside_them():
    """Lines that stay as they are, and titles that cannot have them, are not named at all."""
    lines = [
        cart_line("bare"),
        cart_line("label", "ETIKETT"),
        cart_line("has", "PLAST"),
        cart_line("screen", offered=()),
    ]
    assert services.put_on(lines, ["PLAST"]) == {"bare": ("PLAST",), "label": ("PLAST", "ETIKETT")}
    assert services.put_on(lines, ["HYLLEKLAR"])["label"] == ("HYLLEKLAR",)
    assert services.taken_off(lines, ["PLAST", "HYLLEKLAR"]) == {"has": ()}
    assert services.included(cart_line("ready", "HYLLEKLAR")) == {"ETIKETT": READY.name}


@pytest.mark.rule("PRICE-7")
def test_a_line_costs_its_books_and_services_each_with_its_tax():
    """And the same without."""
    line = line_of(1, NOVEL, PLACED, PLACED, services=services.chosen(["PLAST"], SERVICES))
    assert services.net(line) == Money(Decimal("447.00"))
    assert services.with_tax(line, Decimal(0)) == Money(Decimal("459.25"))


@pytest.mark.rule("SVC-5")
def test_a_library_that_uses_barcodes_is_told_when_few_are_left():
    """One that does not use them hears nothing."""
    many = BarcodeSeries(first="001", last="100")
    few = replace(many, given=1)
    assert services.barcodes_left((many, few)) == 199
    assert not services.barcodes_low((many,), ())
    assert services.barcodes_low((few,), ())
    assert services.barcodes_low((), (READY,))
    assert not services.barcodes_low((), (PLASTIC,))
