"""SQLite and PostgreSQL find the same titles in the same order, whatever is asked of whatever they hold."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.embedded.catalogue import Catalogue
from catalog_bridge.feeds.record import records
from punchout.demo import titles
from tests.catalog_bridge.catalogue.shelf import NOW, Pointer, find, product, put
from tests.services.databases import PostgresDatabases

# What the databases' own parsers would take apart, fold or drop.
HARD = [
    "20-åringer 1e5 -7 3.14 1_000 №5",
    "post@eksempel.no https://eksempel.no/a/b.html C:\\temp",
    "i å og på the a",
    "ŧŋđ Čáhci Aasen Åsen Haa",
    "ﬁn ½ ² Ⅷ Straße İstanbul ﷺ",
    "Толстой 日本語 العربية हिन्दी 한국어",
    "🦊 fox\u200bfox e\u0301t\u00e9",
    "O'Brien d’Arc rock'n'roll & <->",
    "aaaa aa a AaaAa",
    "x" * 300,
    "\u0345\u0301 \u1d2d",
]


@pytest.fixture(scope="module")
def both(
    postgres_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Catalogue, Catalogue]]:
    """The demo titles and the hard ones in both databases."""
    databases = PostgresDatabases(postgres_server)
    folder: Path = tmp_path_factory.mktemp("agree")
    urls = (f"sqlite:///{folder}/catalogue.db", databases.create())
    pair = tuple(Catalogue(url, Pointer()) for url in urls)
    hard = [product(text, number, description=text) for number, text in enumerate(HARD, start=1)]
    for catalogue in pair:
        put(catalogue, records([*titles(), *hard], sent_at=NOW))
    yield pair
    for catalogue in pair:
        catalogue.close()
    databases.drop(urls[1])


WORDS = sorted(
    {word for title in titles() for word in f"{title.title} {title.by} {title.description}".split()}
)
typed_words = st.sampled_from([*WORDS, *(word for text in HARD for word in text.split())])
beginnings = st.builds(lambda word, length: word[:length], typed_words, st.integers(1, 6))
asked = st.lists(st.one_of(typed_words, beginnings, st.text(max_size=8)), max_size=3).map(" ".join)
languages, audiences = st.sampled_from(["", "nob", "sme"]), st.sampled_from(["", "adult", "3-6"])
forms = st.sampled_from(["", "A", "BB", "b"])
deweys = st.sampled_from(["", "8", "83", "839.82", "839.82123", "6", "\x00"])
themas = st.sampled_from(["", "Y", "yf", "FBA", "ÆØÅ"])
whens = st.sampled_from(["", "new", "forthcoming"])


filters = st.fixed_dictionaries(
    {
        "language": languages,
        "audience": audiences,
        "form": forms,
        "page": st.integers(1, 3),
        "dewey": deweys,
        "thema": themas,
        "when": whens,
    }
)


@given(text=asked, filters=filters)
def test_both_databases_give_the_same_answer(both, text, filters) -> None:
    """Same hits, same order, same pages: the folding is ours, and so is the ranking."""
    sqlite, postgres = (find(catalogue, text, **filters) for catalogue in both)
    assert sqlite == postgres
