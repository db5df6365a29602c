"""A cart put back in one call, as any bookshop does it for an edit session (FLOW-5)."""

from dataclasses import replace

import pytest

from catalog_bridge.bookshop import NotFound, Refused
from protocols.model.cart import KeptLine
from protocols.model.distribution import CopyCodes
from protocols.model.item import Kind
from tests.catalog_bridge.contract.world import (
    BJO,
    CANCELLED,
    GAME,
    HBB,
    LIBRARY,
    NOVEL,
    PICTURE_BOOK,
    SCHOOL,
    customers,
)


def kept(product=NOVEL, *codes, line_id="", **facts):
    """A line that had these codes; one copy without codes where none are given."""
    made = KeptLine(
        line_id=line_id or f"line of {product.product_id}",
        product_id=product.product_id,
        title=product.title,
        codes=codes or (CopyCodes(),),
    )
    return replace(made, **facts)


@pytest.mark.rule("FLOW-5", way="punchout")
def test_lines_stand_as_they_were(shop):
    """Order of lines, ids, kinds, notes, every copy's codes, name and address; prices are today's."""
    lines = (kept(PICTURE_BOOK, BJO, HBB, note="Haster"), kept(NOVEL, kind=Kind.SERIES), kept(NOVEL, HBB))
    lines = (lines[0], replace(lines[1], line_id="series"), lines[2])
    found = shop.fill_cart(LIBRARY, "edit", lines, "Påske æøå", "BJO", subscriptions=True)
    assert found == shop.cart(LIBRARY, "edit")
    assert [line.line_id for line in found.lines] == [line.line_id for line in lines]
    assert [line.kind for line in found.lines] == [Kind.TITLE, Kind.SERIES, Kind.TITLE]
    assert [[copy.codes for copy in line.copies] for line in found.lines] == [
        list(line.codes) for line in lines
    ]
    assert (found.lines[0].note, found.order_name, found.delivery_address_id) == (
        "Haster",
        "Påske æøå",
        "BJO",
    )
    assert found.lines[2].unit_price == shop.offer(LIBRARY, NOVEL.product_id).unit_price


def test_filling_twice_changes_nothing(shop):
    """A page that is loaded again finds the cart as the shopper has left it."""
    shop.fill_cart(LIBRARY, "edit", (kept(NOVEL, HBB), kept(GAME)))
    changed = shop.set_quantity(LIBRARY, "edit", kept(GAME).line_id, 0)
    assert shop.fill_cart(LIBRARY, "edit", (kept(NOVEL, HBB), kept(GAME)), "Et annet navn") == changed


def test_the_same_line_in_two_carts_does_not_mix(shop):
    """Two edit sessions of one cart work on lines of the same id, each in its own cart."""
    for cart in ("one", "two"):
        shop.fill_cart(LIBRARY, cart, (kept(NOVEL, HBB, BJO),))
    shop.set_quantity(LIBRARY, "one", kept(NOVEL).line_id, 1)
    assert shop.cart(LIBRARY, "two").lines[0].quantity == 2


@pytest.mark.rule("CART-5")
def test_what_cannot_be_ordered_any_more_is_kept_and_flagged(shop):
    """A cancelled title and one that the catalogue has lost stand in the cart, each with its reason."""
    lost = replace(NOVEL, product_id="9788205999992", title="Borte æøå")
    gone, missing = shop.fill_cart(LIBRARY, "edit", (kept(CANCELLED), kept(lost))).lines
    assert "cancelled" in gone.problem
    assert (missing.product.title, missing.problem) == (
        "Borte æøå",
        "This title is no longer in the catalogue.",
    )


@pytest.mark.rule("DIST-6")
def test_a_code_retired_since_is_kept_and_flagged(house, shop):
    """The code stays to be seen, and its line says that another has to be chosen."""
    house.take_customers(customers(retired="BJO"))
    (line,) = shop.fill_cart(LIBRARY, "edit", (kept(NOVEL, BJO),)).lines
    assert line.copies[0].codes == BJO
    assert "register" in line.problem


@pytest.mark.rule("CHK-6")
def test_an_address_that_is_gone_is_left_out(shop):
    """The shopper chooses again from the list as it is now."""
    assert shop.fill_cart(LIBRARY, "edit", (kept(),), "Navn", "NEDLAGT").delivery_address_id == ""


@pytest.mark.parametrize(
    "lines",
    [
        (kept(NOVEL), kept(NOVEL, line_id="another")),
        (kept(NOVEL), kept(GAME, line_id=kept(NOVEL).line_id)),
        (replace(kept(NOVEL), codes=()),),
        (kept(NOVEL, *(HBB,) * 1000),),
    ],
)
def test_impossible_lines_leave_no_cart(shop, lines):
    """The same line or title twice, no copies or too many: refused, and nothing is there afterwards."""
    with pytest.raises(Refused):
        shop.fill_cart(LIBRARY, "edit", lines)
    with pytest.raises(NotFound):
        shop.cart(LIBRARY, "edit")


def test_a_filled_cart_is_its_customers_own(shop):
    """Another customer finds nothing under its id."""
    shop.fill_cart(LIBRARY, "edit", (kept(),))
    with pytest.raises(NotFound):
        shop.cart(SCHOOL, "edit")


@pytest.mark.parametrize("count", [0, 200, 5_000])
def test_a_cart_of_any_length_is_filled_whole(shop, count):
    """From none to five thousand lines in one call, in their order."""
    numbers = [f"{9_700_000_000_000 + number}" for number in range(count)]
    lines = tuple(kept(replace(NOVEL, product_id=number), HBB, BJO) for number in numbers)
    found = shop.fill_cart(LIBRARY, "edit", lines)
    assert [line.product.product_id for line in found.lines] == numbers
    assert sum(line.quantity for line in found.lines) == 2 * count
