"""Search and browsing: what is found, in which order, and how far it is counted."""

from collections.abc import Iterator
from datetime import date

import pytest

from catalog_bridge.bookshop import SearchQuery
from catalog_bridge.embedded.catalogue import Catalogue
from tests.catalog_bridge.catalogue.shelf import Pointer, find, put, record
from tests.catalog_bridge.rules.ways import both_ways
from tests.services.databases import Databases

LIBRARY = [
    record("Rev", 1, published=date(2020, 1, 1), description="En bok om dyr."),
    record("Rev og bjørn", 2, published=date(2021, 1, 1), by="Håkon Åsen"),
    record("Den røde rev", 3, published=date(2022, 1, 1), language="nno", audience="3-6"),
    record("Dyr i nord", 4, by="Kari Rev", published=date(2023, 1, 1), form="AJ"),
    record("Vinter", 5, published=date(2024, 1, 1), description="Sporet av en rev i snøen.", form="BC"),
    record("Blåbær i Kárášjohka", 6, published=date(2019, 1, 1), language="sme", audience="12-16"),
    record("20-åringens kokebok", 7, subtitle="1e5 oppskrifter", product_id="9799900000012"),
    record("Reven Rasmus", 8, published=date(2018, 1, 1), form="AN", audience="3-6"),
]


@pytest.fixture(scope="module")
def library(databases: Databases) -> Iterator[Catalogue]:
    """A few titles that differ in what counts here."""
    url = databases.create()
    catalogue = Catalogue(url, Pointer())
    put(catalogue, LIBRARY)
    yield catalogue
    catalogue.close()
    databases.drop(url)


def test_norwegian_and_sami_letters_are_found_however_they_are_typed(library: Catalogue) -> None:
    """Search folds letters alike in the catalogue and in what is typed."""
    spellings = ("blåbær", "BLÅBÆR", "blabaer", "Bla\u030abær", "blåb", "Kárášjohka", "karasj")
    assert [find(library, spelling) for spelling in spellings] == [["Blåbær i Kárášjohka"]] * len(spellings)
    assert find(library, "åsen") == find(library, "Aasen") == find(library, "haakon") == ["Rev og bjørn"]


def test_the_title_itself_comes_first_then_the_words_in_it_then_names_then_the_rest(
    library: Catalogue,
) -> None:
    """Where a word stands says how likely the title is meant; newest first among equals."""
    assert find(library, "rev") == [
        "Rev",
        "Rev og bjørn",
        "Reven Rasmus",
        "Den røde rev",
        "Dyr i nord",
        "Vinter",
    ]


def test_every_word_must_occur_and_the_last_may_be_a_beginning(library: Catalogue) -> None:
    """Words are joined by AND, and only the last one may be unfinished."""
    assert find(library, "rev bjø") == ["Rev og bjørn"]
    assert find(library, "re bjørn") == []
    assert find(library, "bjørn åsen") == ["Rev og bjørn"]


def test_one_letter_is_no_beginning(library: Catalogue) -> None:
    """A single letter is a word of its own, because as a beginning it would match half of everything."""
    assert find(library, "r") == []
    assert find(library, "blåbær i") == ["Blåbær i Kárášjohka"]


@pytest.mark.parametrize("text", ["9799900000012", "979-99-0000-001-2", "979 99 0000 001 2 ", "979990000001"])
def test_an_isbn_is_found_whole_hyphenated_or_by_its_beginning(library: Catalogue, text: str) -> None:
    """Numbers are typed from a cover or pasted from a list."""
    assert find(library, text) == ["20-åringens kokebok"]


def test_numbers_are_words(library: Catalogue) -> None:
    """What looks like a number to a database is a word to us: 1e5, 20-åringens."""
    assert find(library, "1e5") == find(library, "20 kokebok") == ["20-åringens kokebok"]


def test_filters_narrow_a_search_and_browsing_alike(library: Catalogue) -> None:
    """Language, audience and form; a form's first letter is all forms of that kind."""
    for text in ("", "rev"):
        assert find(library, text, language="nno") == ["Den røde rev"]
        assert set(find(library, text, audience="3-6")) == {"Den røde rev", "Reven Rasmus"}
        assert set(find(library, text, form="A")) == {"Dyr i nord", "Reven Rasmus"}
        assert find(library, text, form="AN", audience="3-6") == ["Reven Rasmus"]
        assert find(library, text, language="eng") == []


@pytest.mark.rule("CART-9")
def test_browsing_shows_the_newest_first(library: Catalogue) -> None:
    """Without words everything is listed by date, and titles without a date come last."""
    found = find(library)
    assert found[:2] == ["Vinter", "Dyr i nord"]
    assert (len(found), found[-1]) == (8, "20-åringens kokebok")
    assert find(library, ' -*" ') == found


CLASSED = [
    record("Krim fra nord", 1, dewey="839.823", thema=("FF", "FH"), published=date(2026, 2, 1)),
    record("Fjelltur", 2, dewey="796.51", thema=("SZC",), published=date(2025, 6, 1)),
    record("Fra fjell til fjord", 3, dewey="914.81", description="839. FF.", published=date(2026, 3, 2)),
    record("Krim som kommer", 4, dewey="839.82", thema=("FFC",), published=date(2026, 3, 3)),
    record("Krim for barn fra ytterst", 5, dewey="8", thema=("YFCF",), published=date(2025, 12, 1)),
    record("Krim uten dato", 6, dewey="839.82"),
]


@both_ways("CART-9")
@pytest.mark.parametrize("text", ["", "fra", "krim"])
def test_a_dewey_number_and_a_genre_are_found_by_how_they_begin(catalogue: Catalogue, text: str) -> None:
    """8 finds 839.82 and 839.823; what only speaks of such a number, or of such letters, does not count."""
    put(catalogue, CLASSED)
    within = set(find(catalogue, text))
    expected = {
        ("dewey", "8"): {1, 4, 5, 6},
        ("dewey", "83"): {1, 4, 6},
        ("dewey", "839.823"): {1},
        ("dewey", "839."): {1, 4, 6},
        ("dewey", "39"): set(),
        ("thema", "F"): {1, 4},
        ("thema", "ff"): {1, 4},
        ("thema", "FH"): {1},
        ("thema", "YF"): {5},
        ("thema", "C"): set(),
    }
    for (name, code), numbers in expected.items():
        found = find(catalogue, text, **{name: code})
        titles = {CLASSED[number - 1].product.title for number in numbers}
        assert set(found) == titles & within, (name, code)
    assert find(catalogue, text, dewey="8", thema="Y") == [*within & {"Krim for barn fra ytterst"}]


@both_ways("CART-9")
@pytest.mark.parametrize("text", ["", "fra", "krim"])
def test_new_is_of_the_last_ninety_days_and_forthcoming_of_the_days_to_come(
    catalogue: Catalogue, text: str
) -> None:
    """Today's titles are new, tomorrow's forthcoming; one without a date is neither."""
    put(catalogue, CLASSED)
    within = set(find(catalogue, text))
    assert set(find(catalogue, text, when="new")) == within & {"Krim fra nord", "Fra fjell til fjord"}
    assert set(find(catalogue, text, when="forthcoming")) == within & {"Krim som kommer"}
    assert find(catalogue, text, when="new", dewey="9") == [*within & {"Fra fjell til fjord"}]


def test_codes_narrow_before_anything_is_capped(catalogue: Catalogue) -> None:
    """One title of a class is found behind two thousand newer ones with the same words."""
    put(
        catalogue,
        (record(f"Bok {n}", n, dewey="839.82", description="41") for n in range(1, 2_102)),
    )
    put(catalogue, [record("Bok sist", 9_000, dewey="4", thema=("CB",), published=date(1990, 1, 1))])
    for filters in ({"dewey": "4"}, {"thema": "CB"}, {"thema": "C"}):
        assert find(catalogue, "bok", **filters) == find(catalogue, "", **filters) == ["Bok sist"]


@pytest.mark.parametrize("text", ["", "rev"])
def test_pages_hold_every_title_once(library: Catalogue, text: str) -> None:
    """Paging neither repeats nor loses a title, and a page beyond the last is empty."""
    whole = find(library, text, size=100)
    pages = [find(library, text, size=2, page=number) for number in range(1, 7)]
    assert [title for page in pages for title in page] == whole
    assert library.search(SearchQuery(text=text, size=2, page=9)) == ((), len(whole), False)


@pytest.mark.parametrize(
    "text",
    [
        '"', "'", '"rev', "rev*", "*", "-rev", "rev -bjørn", "NEAR(rev bjørn)", "rev NEAR bjørn", "rev AND",
        "OR", "NOT rev", "heading:rev", "{heading}", "rev:*", "rev & !bjørn", "rev | x", "(rev", "rev)",
        "<->", "rev <-> bjørn", "\\", "rev\\", "rev\x00bjørn", "\x00", "§lnob", "rev; DROP TABLE", "%", "_",
        "\ud800", "🦊", "re\u0301v", "a" * 9_000, "rev " * 99, "rev^2", "+rev", ":A", "rev:A", "1=1--", "''",
    ],
)  # fmt: skip
def test_characters_of_a_query_language_are_characters(library: Catalogue, text: str) -> None:
    """Whatever a person types is words to look for, never a command."""
    answer = library.search(SearchQuery(text=text))
    assert answer.matching == len(answer.products)


@pytest.mark.parametrize(
    "filters",
    [
        {"language": "§' OR"},
        {"audience": '"*'},
        {"form": "B' | 'x"},
        {"dewey": "8' OR"},
        {"thema": '"*'},
        {"language": "\x00"},
        {"language": "\ud800"},
        {"audience": "nob\x00"},
        *({name: "b" * 5_000} for name in ("language", "audience", "form", "dewey", "thema")),
        {"form": "\x00"},
        {"form": "\ud800"},
        {"dewey": "\x00"},
        {"thema": "\ud800"},
    ],
)
def test_filters_are_values(library: Catalogue, filters: dict[str, str]) -> None:
    """A filter that is no code finds nothing and breaks nothing."""
    assert find(library, "", **filters) == find(library, "rev", **filters) == []


def test_more_than_two_thousand_matches_are_not_counted_on(catalogue: Catalogue) -> None:
    """The count stops and says so; a title hit is found whatever stands before it; filters come first."""
    put(catalogue, (record(f"Bok {n}", n, description="Om hav.", language="nno") for n in range(1, 2_102)))
    put(
        catalogue,
        [record("Hav", 9_000, published=date(1990, 1, 1)), record("Sist", 9_001, description="hav")],
    )
    answer = catalogue.search(SearchQuery(text="hav", size=100))
    assert (answer.matching, answer.more, len(answer.products)) == (2_000, True, 100)
    assert answer.products[0].title == "Hav"
    assert find(catalogue, "hav", language="nob") == ["Hav", "Sist"]
    assert len(find(catalogue, "hav", size=100, page=20)) == 100
    assert find(catalogue, "hav", size=100, page=21) == []
    browsed = catalogue.search(SearchQuery(size=1))
    assert (browsed.matching, browsed.more) == (2_000, True)
    exactly = catalogue.search(SearchQuery(text="bok", size=1))
    assert (exactly.matching, exactly.more) == (2_000, True)


def test_exactly_two_thousand_matches_are_all_there_are(catalogue: Catalogue) -> None:
    """The limit itself is a count like any other."""
    put(catalogue, (record(f"Bok {number}", number) for number in range(1, 2_001)))
    answer = catalogue.search(SearchQuery(text="bok"))
    assert (answer.matching, answer.more) == (2_000, False)
