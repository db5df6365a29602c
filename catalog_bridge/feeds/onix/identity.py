"""What a product is called: ISBN-13, or GTIN-13 for what is not a book."""

from __future__ import annotations

from stdnum import ean, isbn

from catalog_bridge.feeds.onix.composite import Composite
from catalog_bridge.feeds.onix.unreadable import Unreadable

_ISBN_10, _GTIN_13, _ISBN_13 = "02", "03", "15"  # list 5


def identity(product: Composite) -> dict[str, str]:
    """``product_id`` and ``isbn``; Unreadable without a number that we can sell under."""
    numbers = {
        part.text("ProductIDType"): part.text("IDValue") for part in product.parts("ProductIdentifier")
    }
    for kind in (_ISBN_13, _GTIN_13, _ISBN_10):
        if number := numbers.get(kind):
            return _identity(_checked(number))
    raise Unreadable("There is no ISBN-13 or GTIN-13 (ProductIdentifier with ProductIDType 15 or 03).")


def _identity(number: str) -> dict[str, str]:
    is_book = number.startswith(("978", "979")) and not number.startswith("9790")  # 979-0 is sheet music
    return {"product_id": number, "isbn": number if is_book else ""}


def _checked(number: str) -> str:
    """The 13 digits; Unreadable, with the digit that was to be expected, when the check digit is wrong."""
    digits = number if number.isalnum() else isbn.compact(number)
    if len(digits) == 10 and isbn.is_valid(digits):
        return isbn.to_isbn13(digits)
    if len(digits) != 13 or not digits.isdecimal():
        raise Unreadable(f"{number!r:.40} is no ISBN-13 or GTIN-13: that has 13 digits.")
    if digits[-1] != (expected := ean.calc_check_digit(digits[:-1])):
        raise Unreadable(f"{digits} has a wrong check digit: it should end in {expected}.")
    return digits
