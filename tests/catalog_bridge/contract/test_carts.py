"""The cart, as any bookshop keeps it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from catalog_bridge.bookshop import ChangedMeanwhile, NotFound, Refused
from protocols.model.distribution import CopyCodes
from protocols.model.item import Kind
from protocols.model.money import Money
from tests.catalog_bridge.contract.world import (
    BJO,
    CANCELLED,
    COMING,
    HBB,
    KRIM,
    LIBRARY,
    NOVEL,
    PICTURE_BOOK,
    SCHOOL,
)


@pytest.mark.rule("CART-3")
def test_opening_a_cart_twice_changes_nothing(shop, cart):
    """A call-up that comes again finds the cart as it was."""
    before = shop.add_to_cart(LIBRARY, cart, NOVEL.product_id)
    assert shop.open_cart(LIBRARY, cart) == before


def test_unknown_cart_is_not_found(shop):
    """Reading or changing a cart that was never opened gives NotFound."""
    with pytest.raises(NotFound):
        shop.cart(LIBRARY, "never-opened")
    with pytest.raises(NotFound):
        shop.add_to_cart(LIBRARY, "never-opened", NOVEL.product_id)


@pytest.mark.rule("CART-3")
def test_carts_of_two_customers_never_meet(shop, cart):
    """The same cart id under another customer is another cart."""
    shop.add_to_cart(LIBRARY, cart, NOVEL.product_id)
    with pytest.raises(NotFound):
        shop.cart(SCHOOL, cart)
    assert shop.open_cart(SCHOOL, cart).lines == ()


def test_line_of_another_customer_is_not_found(shop, cart):
    """A line id from somebody else's cart reaches nothing."""
    line = shop.add_to_cart(LIBRARY, cart, NOVEL.product_id).lines[0]
    shop.open_cart(SCHOOL, cart)
    with pytest.raises(NotFound):
        shop.set_quantity(SCHOOL, cart, line.line_id, 0)
    assert shop.cart(LIBRARY, cart).lines[0].line_id == line.line_id


@pytest.mark.rule("CART-1")
def test_added_title_stands_in_the_cart_with_the_customers_price(shop, cart):
    """A line carries title, quantity, price and total."""
    found = shop.add_to_cart(LIBRARY, cart, NOVEL.product_id, 2)
    assert [line.product for line in found.lines] == [NOVEL]
    assert found.lines[0].quantity == 2
    assert found.lines[0].unit_price == Money(Decimal("349.13"))
    assert found.total == Money(Decimal("698.26"))
    assert found == shop.cart(LIBRARY, cart)


def test_lines_stand_in_the_order_they_were_added(shop, cart):
    """The cart does not rearrange what the shopper does."""
    for title in (PICTURE_BOOK, NOVEL, COMING):
        found = shop.add_to_cart(LIBRARY, cart, title.product_id)
    assert [line.product for line in found.lines] == [PICTURE_BOOK, NOVEL, COMING]


@pytest.mark.rule("CART-4")
def test_adding_the_same_title_raises_its_line(shop, cart):
    """A second copy joins the line, after the first, with its own codes."""
    shop.add_to_cart(LIBRARY, cart, "82-03-18756-0", 1, HBB)
    found = shop.add_to_cart(LIBRARY, cart, NOVEL.product_id, 2, BJO)
    assert len(found.lines) == 1
    assert [copy.codes for copy in found.lines[0].copies] == [HBB, BJO, BJO]


def test_the_same_product_as_another_kind_is_another_line(house):
    """A subscription to a series is not one more copy of the book."""
    shop, cart = house.shop, house.shop.open_cart(LIBRARY, "cart-2", subscriptions=True).cart_id
    house.take_series(replace(KRIM, product_id=NOVEL.product_id))
    shop.add_to_cart(LIBRARY, cart, NOVEL.product_id)
    found = shop.add_to_cart(LIBRARY, cart, NOVEL.product_id, kind=Kind.SERIES)
    assert [line.kind for line in found.lines] == [Kind.TITLE, Kind.SERIES]


@pytest.mark.rule("CART-2")
@pytest.mark.parametrize("quantity", [0, -1, 1000])
def test_quantity_outside_its_range_is_refused(shop, cart, quantity):
    """A line holds 1 to 999 copies, and the refusal says so."""
    with pytest.raises(Refused, match="999"):
        shop.add_to_cart(LIBRARY, cart, NOVEL.product_id, quantity)
    assert shop.cart(LIBRARY, cart).lines == ()


@pytest.mark.rule("CART-2")
def test_line_is_not_raised_above_its_range(shop, cart):
    """Adding to a full line is refused and changes nothing."""
    shop.add_to_cart(LIBRARY, cart, NOVEL.product_id, 999)
    with pytest.raises(Refused):
        shop.add_to_cart(LIBRARY, cart, NOVEL.product_id)
    assert shop.cart(LIBRARY, cart).lines[0].quantity == 999


@pytest.mark.parametrize("product_id", ["9788205999992", "", "Måsen", "9788203187568\x00", "%' OR 1=1 --"])
def test_unknown_title_is_not_added(shop, cart, product_id):
    """What is not in the catalogue is not found, whatever it is called."""
    with pytest.raises(NotFound):
        shop.add_to_cart(LIBRARY, cart, product_id)


@pytest.mark.parametrize("line_id", ["", "no-such-line", "\x00"])
def test_unknown_line_is_not_found(shop, cart, line_id):
    """A line id that was never given out reaches nothing."""
    with pytest.raises(NotFound):
        shop.set_quantity(LIBRARY, cart, line_id, 1)


@pytest.mark.rule("CART-5")
def test_cancelled_title_is_not_added(shop, cart):
    """What cannot be ordered does not get into the cart, and the reason is told."""
    with pytest.raises(Refused, match="cancelled"):
        shop.add_to_cart(LIBRARY, cart, CANCELLED.product_id)


@pytest.mark.rule("CART-5")
def test_title_cancelled_in_the_cart_blocks_its_own_line_only(house, shop, cart):
    """A title that is cancelled after it was put in the cart is flagged; the others go on."""
    shop.add_to_cart(LIBRARY, cart, NOVEL.product_id)
    shop.add_to_cart(LIBRARY, cart, PICTURE_BOOK.product_id)
    house.take_titles((NOVEL, replace(PICTURE_BOOK, publishing_status="01")))
    first, second = shop.cart(LIBRARY, cart).lines
    assert first.problem == ""
    assert "cancelled" in second.problem


@pytest.mark.rule("CART-5")
def test_title_lost_from_the_catalogue_is_still_shown_by_name(house, shop, cart):
    """A line whose product is gone keeps its title and says what happened."""
    shop.add_to_cart(LIBRARY, cart, NOVEL.product_id, 2)
    house.take_titles((PICTURE_BOOK,))
    line = shop.cart(LIBRARY, cart).lines[0]
    assert (line.product.title, line.quantity) == (NOVEL.title, 2)
    assert "catalogue" in line.problem


@pytest.mark.rule("PRICE-6", way="direct")
def test_price_change_shows_in_the_open_cart(house, shop, cart):
    """An open cart always shows today's price."""
    shop.add_to_cart(LIBRARY, cart, NOVEL.product_id)
    house.take_titles((replace(NOVEL, list_price=Money(Decimal("80.00"))),))
    assert shop.cart(LIBRARY, cart).lines[0].unit_price == Money(Decimal("70.00"))


@pytest.mark.rule("CHK-3")
def test_order_name_is_tidied_and_kept(shop, cart):
    """The order name is trimmed, its blanks collapsed, its letters kept."""
    found = shop.set_details(LIBRARY, cart, "  Barnebøker \t å kjøpe é ", "HBB")
    assert found.order_name == "Barnebøker å kjøpe é"
    assert found.delivery_address_id == "HBB"
    assert shop.cart(LIBRARY, cart) == found


@pytest.mark.rule("CHK-3")
def test_order_name_of_36_characters_is_refused_with_the_count(shop, cart):
    """Nothing is cut silently: the shopper is told how many there are and how many fit."""
    assert shop.set_details(LIBRARY, cart, "å" * 35, "").order_name == "å" * 35
    with pytest.raises(Refused, match=r"36 .* 35") as refused:
        shop.set_details(LIBRARY, cart, "å" * 36, "")
    assert refused.value.values == {"field": "Order name", "count": 36, "limit": 35}


@pytest.mark.rule("CHK-6")
@pytest.mark.parametrize("address_id", ["SKO", "Storgata 1", "hbb"])
def test_address_that_is_not_listed_is_refused(shop, cart, address_id):
    """Delivery is to the customer's own list only: not another's, not free text."""
    with pytest.raises(Refused, match="customer service"):
        shop.set_details(LIBRARY, cart, "Barn", address_id)
    assert shop.cart(LIBRARY, cart).order_name == ""


def test_details_can_be_taken_back(shop, cart):
    """Empty values are allowed while shopping."""
    shop.set_details(LIBRARY, cart, "Barn", "HBB")
    found = shop.set_details(LIBRARY, cart, "", "")
    assert (found.order_name, found.delivery_address_id) == ("", "")


def test_line_id_is_never_used_again(shop, cart):
    """A title that is removed and added again is another line."""
    first = shop.add_to_cart(LIBRARY, cart, NOVEL.product_id).lines[0].line_id
    shop.set_quantity(LIBRARY, cart, first, 0)
    assert shop.add_to_cart(LIBRARY, cart, NOVEL.product_id).lines[0].line_id != first


@pytest.mark.rule("FLOW-4")
def test_a_closed_cart_can_be_read_and_not_changed(shop, cart):
    """Every way to change it is refused, in the pages' words and in the grid's; closing it again is not."""
    before = shop.add_to_cart(LIBRARY, cart, NOVEL.product_id)
    line = before.lines[0].line_id
    assert shop.close_cart(LIBRARY, cart, before.version) == before
    for change in (
        lambda: shop.add_to_cart(LIBRARY, cart, PICTURE_BOOK.product_id),
        lambda: shop.set_quantity(LIBRARY, cart, line, 0),
        lambda: shop.set_copies(LIBRARY, cart, line, (CopyCodes(),) * 2),
        lambda: shop.set_services(LIBRARY, cart, {line: ()}),
        lambda: shop.set_details(LIBRARY, cart, "Vår 2026", ""),
    ):
        with pytest.raises(Refused, match="nothing in it can be changed"):
            change()
    assert shop.cart(LIBRARY, cart) == shop.open_cart(LIBRARY, cart) == before
    assert shop.close_cart(LIBRARY, cart, before.version) == before


@pytest.mark.rule("FLOW-4")
def test_a_cart_that_is_another_by_now_is_not_closed(shop, cart):
    """Who decided by what she saw is told; the cart stays open."""
    seen = shop.add_to_cart(LIBRARY, cart, NOVEL.product_id)
    now = shop.add_to_cart(LIBRARY, cart, NOVEL.product_id)
    with pytest.raises(ChangedMeanwhile):
        shop.close_cart(LIBRARY, cart, seen.version)
    assert shop.set_details(LIBRARY, cart, "Vår 2026", "").lines == now.lines
    with pytest.raises(NotFound):
        shop.close_cart(LIBRARY, "never-opened", 0)
