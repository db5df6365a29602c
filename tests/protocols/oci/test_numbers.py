"""Numbers: plain ones out, all kinds in."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.errors import Malformed
from protocols.oci import numbers

AMOUNTS = st.decimals(min_value=0, max_value=99_999_999, places=3)


@pytest.mark.parametrize(
    ("text", "meant", "tidy"),
    [
        ("349.000", "349", True),
        ("0.5", "0.5", True),
        ("1.0", "1", True),
        ("00000001730.900", "1730.9", False),
        (" 2 ", "2", False),
        ("229,50", "229.5", False),
        (" 1 229,50 ", "1229.5", False),
        ("1\u00a0229\u00a0000", "1229000", False),
        ("100 ", "100", False),
        (".5", "0.5", False),
        ("5.", "5", False),
    ],
)
def test_numbers_are_read_as_they_are_meant(text, meant, tidy):
    """Blanks, zeros in front and comma decimals are found in the field."""
    assert numbers.read(text, "PRICE") == (Decimal(meant), tidy)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "1.229,50",
        "1,229.50",
        "-5",
        "+5",
        "1e3",
        "NaN",
        "٣",
        "1 22",
        "1.2.3",
        "1,2,3",
        "9" * 99,
        "\0",
    ],
)
def test_what_is_no_plain_number_is_refused_with_its_place(text):
    """Nobody guesses at money."""
    with pytest.raises(Malformed) as refused:
        numbers.read(text, "NEW_ITEM-PRICE[1]")
    assert refused.value.where == "NEW_ITEM-PRICE[1]"


def test_an_agreed_decimal_comma_tells_comma_and_point_apart():
    """The agreement says which is which."""
    assert numbers.read("1.229,50", "PRICE", comma=True) == (Decimal("1229.50"), False)
    assert numbers.read("229,500", "PRICE", comma=True) == (Decimal("229.500"), True)


def test_a_lone_point_before_three_digits_is_refused_where_the_comma_is_agreed():
    """It may be a thousand times too little."""
    with pytest.raises(Malformed):
        numbers.read("1.229", "PRICE", comma=True)


@given(AMOUNTS, st.booleans())
def test_what_is_written_is_read_back(amount, comma):
    """Three decimals hold it whole."""
    assert numbers.read(numbers.out(amount, 3, comma=comma), "PRICE", comma=comma) == (amount, True)


def test_a_half_is_rounded_up_before_it_is_written():
    """Not to the even digit."""
    assert numbers.out(Decimal("2.0005"), 3) == "2.001"
    assert numbers.out(Decimal("2.5"), 0) == "3"


@pytest.mark.parametrize(
    ("price", "per", "one", "exact"),
    [
        ("50.000", 10, "5.00", True),
        ("1229.50", 100, "12.295", True),
        ("1", 3, "0.3333", False),
        ("9", 1, "9.00", True),
    ],
)
def test_price_unit_divides_the_price(price, per, one, exact):
    """Leaving that out is the classic tenfold error."""
    found, was_exact = numbers.unit_price(Decimal(price), Decimal(per))
    assert (str(found), was_exact) == (one, exact)
