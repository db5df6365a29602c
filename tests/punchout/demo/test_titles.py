"""The made-up catalogue is whole, varied, and cannot be taken for real books."""

from collections import Counter
from importlib.resources import files

import pytest
from stdnum import ean, isbn

from catalog_bridge.embedded.catalogue import Catalogue
from catalog_bridge.feeds.record import records
from catalog_bridge.rules.ordering import obstacle
from punchout.demo import titles
from tests.catalog_bridge.catalogue.shelf import NOW, Pointer, find, put

TITLES = list(titles())


def test_there_are_five_hundred_titles_or_more() -> None:
    """Enough to search, page and filter in; each with a number of its own."""
    assert len(TITLES) >= 500
    assert len({title.product_id for title in TITLES}) == len(TITLES)


def test_every_title_is_marked_as_demo_and_nothing_could_be_taken_for_real() -> None:
    """Publisher and numbers say that the books do not exist: no range begins with 979-99."""
    assert all(title.demo and title.publisher == "Demoforlaget" for title in TITLES)
    assert all(title.product_id.startswith(("97999", "299")) for title in TITLES)
    assert isbn.split(TITLES[0].isbn)[1] == ""


def test_every_number_has_its_check_digit() -> None:
    """ISBNs and GTINs are valid, so that they pass every form a buyer has."""
    assert all(isbn.is_valid(title.isbn) and title.isbn == title.product_id for title in TITLES if title.isbn)
    assert all(ean.is_valid(title.product_id) for title in TITLES if not title.isbn)


@pytest.mark.parametrize(
    ("facet", "values"),
    [
        ("language", {"nob", "nno", "sme", "eng"}),
        ("audience", {"0-3", "3-6", "6-9", "9-12", "12-16", "adult"}),
        ("form", {"BB", "BC", "BH", "AJ", "ZE"}),
    ],
)
def test_every_language_age_and_form_is_there(facet: str, values: set[str]) -> None:
    """Each filter has at least eight titles to show."""
    found = Counter(getattr(title, facet) for title in TITLES)
    assert found.keys() == values
    assert min(found.values()) >= 8


@pytest.mark.rule("CART-5")
def test_some_titles_cannot_be_ordered_and_some_are_still_to_come() -> None:
    """Forthcoming, out of stock, out of print, withdrawn and cancelled titles show what the shop does."""
    statuses = Counter((title.publishing_status, title.availability) for title in TITLES)
    assert {("02", "10"), ("04", "31"), ("07", "51"), ("11", "46"), ("01", "01")} <= statuses.keys()
    assert 3 <= sum(bool(obstacle(title)) for title in TITLES) <= 10


@pytest.mark.rule("PRICE-4")
def test_books_and_audiobooks_are_zero_rated_and_games_are_not() -> None:
    """The tax rate follows the form; prices are without tax."""
    rates = {title.form: title.tax_rate for title in TITLES}
    assert rates == {"BB": 0, "BC": 0, "BH": 0, "AJ": 0, "ZE": 25}
    game = next(title for title in TITLES if title.title == "Sløyfa")
    assert str(game.list_price) == "199.20 NOK"


def test_works_are_told_apart() -> None:
    """No two works share a title or a description; editions of one work share both."""
    works = {(title.title, title.subtitle, title.language): title.description for title in TITLES}
    assert len(set(works.values())) == len(works) > 300
    assert all(20 <= len(description) <= 260 for description in works.values())


def test_every_title_is_found_by_its_own_name(tmp_path) -> None:
    """The demo shop finds what it shows, and a search in one language stays in it."""
    catalogue = Catalogue(f"sqlite:///{tmp_path}/catalogue.db", Pointer())
    put(catalogue, records(titles(), sent_at=NOW))
    missed = [title.title for title in TITLES if find(catalogue, title.title, size=1) != [title.title]]
    assert missed == []
    assert catalogue.status().products == len(TITLES)
    assert catalogue.status().demo
    catalogue.close()


def test_the_data_stays_readable() -> None:
    """Files a person can read through and correct."""
    sizes = [len(file.read_bytes()) for file in files("punchout.demo").joinpath("titles").iterdir()]
    assert sum(sizes) <= 200_000
