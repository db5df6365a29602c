"""Search and offers, as any bookshop makes them."""

from decimal import Decimal

import pytest

from catalog_bridge.bookshop import NotFound, Refused, SearchQuery
from protocols.model.money import Money
from tests.catalog_bridge.contract.world import (
    CANCELLED,
    COMING,
    LIBRARY,
    NOVEL,
    PICTURE_BOOK,
    SCHOOL,
    TITLES,
    UNPRICED,
)


def test_search_finds_titles_with_the_customers_prices(shop):
    """A search gives offers, not bare titles: each with what this customer pays."""
    found = shop.search(LIBRARY, SearchQuery(text="Ærlige øyer"))
    assert [offer.product for offer in found.offers] == [NOVEL]
    assert found.offers[0].unit_price == Money(Decimal("349.13"))
    assert (found.count, found.more, found.page) == (1, False, 1)


@pytest.mark.rule("CART-4")
@pytest.mark.parametrize("text", ["82-03-18756-0", "978-82-03-18756-8", "9788203187568"])
def test_search_understands_an_isbn_in_any_form(shop, text):
    """Ten or thirteen digits, with or without hyphens, find the book."""
    assert [offer.product for offer in shop.search(LIBRARY, SearchQuery(text=text)).offers] == [NOVEL]


def test_search_without_text_browses_by_filter(shop):
    """An empty text with a filter gives everything that the filter lets through."""
    found = shop.search(LIBRARY, SearchQuery(audience="3-6"))
    assert [offer.product for offer in found.offers] == [PICTURE_BOOK]


def test_search_pages_do_not_overlap(shop):
    """Page by page every title comes once."""
    pages = [shop.search(LIBRARY, SearchQuery(page=page, size=4)).offers for page in (1, 2)]
    assert sorted(offer.product.title for page in pages for offer in page) == sorted(t.title for t in TITLES)


@pytest.mark.rule("CART-4")
@pytest.mark.parametrize("text", ["8203187560", "82 03 18756 0", "978-82-03-18756-8", " 9788203187568 "])
def test_offer_is_found_by_isbn_as_people_write_it(shop, text):
    """An ISBN of 10 or 13 digits finds the book, hyphens and blanks or not."""
    assert shop.offer(LIBRARY, text).product == NOVEL


@pytest.mark.rule("CART-4")
@pytest.mark.parametrize("text", ["978-82-03-18756-7", "82-03-18756-1"])
def test_isbn_with_wrong_check_digit_is_refused_saying_so(shop, text):
    """A mistyped ISBN is told apart from a book we do not have."""
    with pytest.raises(Refused, match="check digit") as refused:
        shop.offer(LIBRARY, text)
    assert refused.value.values == {"isbn": text}


def test_offer_of_unknown_title_is_not_found(shop):
    """A right ISBN of a book that is not in the catalogue gives NotFound."""
    with pytest.raises(NotFound, match="9788205999992"):
        shop.offer(LIBRARY, "9788205999992")


@pytest.mark.rule("PRICE-3")
def test_discount_is_the_customers_own(shop):
    """A library discount is agreed per customer; without one the list price holds."""
    assert shop.offer(LIBRARY, NOVEL.product_id).unit_price == Money(Decimal("349.13"))
    assert shop.offer(SCHOOL, NOVEL.product_id).unit_price == Money(Decimal("399.00"))
    assert shop.offer(SCHOOL, NOVEL.product_id).discount_percent == 0


@pytest.mark.rule("CART-5")
def test_cancelled_title_is_shown_and_cannot_be_ordered(shop):
    """The offer says why a title cannot be ordered."""
    offer = shop.offer(LIBRARY, CANCELLED.product_id)
    assert not offer.orderable
    assert "cancelled" in offer.reason


@pytest.mark.rule("CART-5")
def test_title_that_is_not_published_yet_can_be_ordered(shop):
    """A forthcoming title may be ordered, and waits."""
    assert shop.offer(LIBRARY, COMING.product_id).orderable


def test_title_without_price_cannot_be_ordered(shop):
    """Nothing is sold for nothing because the feed had no price."""
    offer = shop.offer(LIBRARY, UNPRICED.product_id)
    assert not offer.orderable
    assert "price" in offer.reason


def test_catalogue_says_what_is_on_the_shelves(shop):
    """The status counts the titles."""
    assert shop.catalogue().products == len(TITLES)


@pytest.mark.rule("CART-5")
def test_titles_that_wait_are_told_from_those_that_can_be_sent(shop):
    """Forthcoming ones wait; cancelled and unknown ones do not, for they are not ordered at all."""
    asked = (*(title.product_id for title in (NOVEL, COMING, CANCELLED)), "unknown")
    assert shop.waiting(asked) == (COMING.product_id,)
