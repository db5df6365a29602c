"""ISBNs as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules.item_number import isbn13


@pytest.mark.rule("CART-4")
@pytest.mark.parametrize(
    "text",
    [
        "8203187560",
        "82-03-18756-0",
        "9788203187568",
        "978-82-03-18756-8",
        " 978 82 03 18756 8 ",
        "82–03–18756–0",
    ],
)
def test_every_spelling_gives_the_same_isbn_13(text):
    """Ten or thirteen digits, any hyphens and blanks."""
    assert isbn13(text) == "9788203187568"


@pytest.mark.rule("CART-4")
@pytest.mark.parametrize("text", ["080442957X", "080442957x"])
def test_check_digit_x_is_understood(text):
    """An ISBN-10 may end in X."""
    assert isbn13(text) == "9780804429573"


@pytest.mark.rule("CART-4")
@pytest.mark.parametrize("text", ["8203187561", "9788203187567"])
def test_wrong_check_digit_is_refused(text):
    """The shopper is told that a digit is wrong, not that the book is unknown."""
    with pytest.raises(Refused, match=f"ISBN {text}: the check digit"):
        isbn13(text)


@pytest.mark.parametrize("text", ["", "Fuglane", "12345", "4006381333931", "978820318756", "PS-123456789X"])
def test_other_text_is_no_isbn(text):
    """Titles, short numbers and other articles' codes are left to the search."""
    assert isbn13(text) == ""


@given(st.integers(0, 999_999_999))
def test_ten_and_thirteen_digits_of_one_book_agree(number):
    """Whatever the nine digits: the ISBN-10 with its check digit gives an ISBN-13 that is itself accepted."""
    digits = f"{number:09d}"
    check = sum((position + 1) * int(digit) for position, digit in enumerate(digits)) % 11
    found = isbn13(digits + ("X" if check == 10 else str(check)))
    assert found.startswith("978" + digits)
    assert isbn13(found) == found
