"""Search finds the same titles, in the same order, on every database."""

import pytest

from catalog_bridge.embedded.catalogue import Catalogue
from tests.catalog_bridge.catalogue.shelf import find, put, record, shelve


@pytest.mark.parametrize(
    "text",
    ["blåbær", "BLÅBÆR", "blabaer", "Blåbær", "blåb", "åsen", "Aasen", "Kárášjohka", "karasj"],
)
def test_norwegian_and_sami_letters_are_found_however_they_are_typed(catalogue: Catalogue, text: str) -> None:
    """Search folds letters alike in the catalogue and in what is typed."""
    put(catalogue, [record("Blåbær i Kárášjohka", by="Håkon Åsen"), record("Noe annet", 2, by="Kari Bok")])
    assert find(catalogue, text) == ["Blåbær i Kárášjohka"]


def test_every_word_must_occur_and_the_last_may_be_a_beginning(catalogue: Catalogue) -> None:
    """Words are joined by AND, and only the last one may be unfinished."""
    shelve(catalogue, "Rødrev og bjørn", "Rødrev i snøen")
    assert find(catalogue, "rødrev bjø") == ["Rødrev og bjørn"]
    assert find(catalogue, "rød bjørn") == []
