"""Copies and their codes in the cart, as any bookshop keeps them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_bridge.bookshop import NotFound, Refused
from protocols.model.distribution import CopyCodes
from tests.catalog_bridge.contract.world import BJO, HBB, LIBRARY, NOVEL, SCHOOL, customers


@pytest.fixture
def line(shop, cart):
    """The id of a line with two copies for HBB and one for BJO."""
    shop.add_to_cart(LIBRARY, cart, NOVEL.product_id, 2, HBB)
    return shop.add_to_cart(LIBRARY, cart, NOVEL.product_id, 1, BJO).lines[0].line_id


def codes_of(cart):
    """The codes of the first line's copies."""
    return [copy.codes for copy in cart.lines[0].copies]


@pytest.mark.rule("DIST-4")
def test_raised_quantity_adds_copies_without_codes_at_the_end(shop, cart, line):
    """What has been said about the first copies stays; new ones are unassigned."""
    found = shop.set_quantity(LIBRARY, cart, line, 5)
    assert codes_of(found) == [HBB, HBB, BJO, CopyCodes(), CopyCodes()]
    assert [copy.number for copy in found.lines[0].copies] == [1, 2, 3, 4, 5]


@pytest.mark.rule("DIST-4")
def test_lowered_quantity_takes_the_last_copies(shop, cart, line):
    """The shopper's order of priority decides what stays."""
    assert codes_of(shop.set_quantity(LIBRARY, cart, line, 2)) == [HBB, HBB]


@pytest.mark.rule("DIST-4")
def test_quantity_zero_removes_the_line(shop, cart, line):
    """Nothing is left of a line without copies."""
    assert shop.set_quantity(LIBRARY, cart, line, 0).lines == ()


@pytest.mark.rule("CART-2")
@pytest.mark.parametrize("quantity", [-1, 1000])
def test_impossible_quantity_leaves_the_line_as_it_was(shop, cart, line, quantity):
    """A refused change changes nothing."""
    before = shop.cart(LIBRARY, cart)
    with pytest.raises(Refused):
        shop.set_quantity(LIBRARY, cart, line, quantity)
    assert shop.cart(LIBRARY, cart) == before


@pytest.mark.rule("DIST-4")
def test_replaced_copies_set_the_quantity(shop, cart, line):
    """A line is its copies: as many codes, so many pieces."""
    found = shop.set_copies(LIBRARY, cart, line, (BJO, HBB, HBB, BJO), note="Til påskehylla")
    assert codes_of(found) == [BJO, HBB, HBB, BJO]
    assert found.lines[0].quantity == 4
    assert found.lines[0].note == "Til påskehylla"


@pytest.mark.rule("DIST-4")
@given(
    steps=st.lists(
        st.integers(1, 12) | st.lists(st.sampled_from([HBB, BJO, CopyCodes()]), min_size=1, max_size=9)
    )
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_quantity_always_equals_the_number_of_copies(shop, cart, line, steps):
    """Whatever is done to a line, it has copies 1…n and n is its quantity."""
    for step in steps:
        if isinstance(step, int):
            found = shop.set_quantity(LIBRARY, cart, line, step).lines[0]
        else:
            found = shop.set_copies(LIBRARY, cart, line, tuple(step)).lines[0]
        assert [copy.number for copy in found.copies] == list(range(1, found.quantity + 1))


@pytest.mark.rule("DIST-5")
@pytest.mark.parametrize(
    "codes",
    [
        CopyCodes(branch_code="XYZ"),
        CopyCodes(branch_code="hbb"),
        CopyCodes(branch_code="VOKSEN"),
        CopyCodes(fund_code="2100"),
    ],
)
def test_code_that_is_not_in_the_register_is_refused(shop, cart, line, codes):
    """Only codes of the register can be chosen, in their own field and spelling."""
    with pytest.raises(Refused, match="register"):
        shop.add_to_cart(LIBRARY, cart, NOVEL.product_id, 1, codes)
    with pytest.raises(Refused, match="register"):
        shop.set_copies(LIBRARY, cart, line, (HBB, codes))
    assert codes_of(shop.cart(LIBRARY, cart)) == [HBB, HBB, BJO]


@pytest.mark.rule("DIST-5")
def test_codes_are_trimmed(shop, cart, line):
    """Blanks around a code mean nothing."""
    found = shop.set_copies(LIBRARY, cart, line, (CopyCodes(branch_code=" HBB ", note=" Gave "),))
    assert codes_of(found) == [CopyCodes(branch_code="HBB", note="Gave")]


@pytest.mark.rule("DIST-5")
@pytest.mark.parametrize("note", ["to\nlinjer", "klokke\x07", "å" * 256])
def test_free_text_is_one_printable_line_of_its_length(shop, cart, line, note):
    """A note has no line breaks, no control characters and at most 255 characters."""
    with pytest.raises(Refused, match="Note"):
        shop.set_copies(LIBRARY, cart, line, (CopyCodes(note=note),))


@pytest.mark.rule("DIST-2")
def test_customer_without_register_can_fill_a_cart(shop):
    """An empty register stops nobody; only its codes cannot be chosen."""
    shop.open_cart(SCHOOL, "c")
    found = shop.add_to_cart(SCHOOL, "c", NOVEL.product_id, 2, CopyCodes(note="Til 5. trinn"))
    assert found.lines[0].problem == ""
    with pytest.raises(Refused):
        shop.add_to_cart(SCHOOL, "c", NOVEL.product_id, 1, HBB)


@pytest.mark.rule("DIST-6")
def test_code_retired_while_in_a_cart_flags_its_line(house, shop, cart, line):
    """The line says that a code is gone, and goes on once it has been changed."""
    house.take_customers(customers(retired="BJO"))
    assert "register" in shop.cart(LIBRARY, cart).lines[0].problem
    found = shop.set_copies(LIBRARY, cart, line, (HBB, HBB, HBB))
    assert found.lines[0].problem == ""


@pytest.mark.rule("DIST-6")
def test_retired_code_cannot_be_chosen_again(house, shop, cart, line):
    """What is no longer offered is refused like what never was."""
    house.take_customers(customers(retired="BJO"))
    with pytest.raises(Refused):
        shop.set_copies(LIBRARY, cart, line, (BJO,))


def test_line_without_copies_is_refused(shop, cart, line):
    """Removing a line is said with quantity 0, not by an empty form."""
    with pytest.raises(Refused):
        shop.set_copies(LIBRARY, cart, line, ())
    assert shop.cart(LIBRARY, cart).lines[0].quantity == 3


def test_removed_line_is_not_found(shop, cart, line):
    """Somebody else may have removed the line that a page still shows."""
    shop.set_quantity(LIBRARY, cart, line, 0)
    for change in (
        lambda: shop.set_quantity(LIBRARY, cart, line, 2),
        lambda: shop.set_copies(LIBRARY, cart, line, (HBB,)),
    ):
        with pytest.raises(NotFound, match="no longer in the cart"):
            change()


def test_note_of_a_line_is_put_on_one_line(shop, cart, line):
    """A text area's line breaks become blanks; more than 255 characters are refused."""
    found = shop.set_copies(LIBRARY, cart, line, (HBB,), note=" Haster\r\n litt ")
    assert found.lines[0].note == "Haster litt"
    with pytest.raises(Refused, match="256"):
        shop.set_copies(LIBRARY, cart, line, (HBB,), note="å" * 256)
