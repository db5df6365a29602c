"""What we propose as a shelf mark, for a librarian to look over (SVC-5)."""

from dataclasses import replace

import pytest

from catalog_bridge.rules.shelf_marks import proposed
from protocols.model.item import Contributor
from tests.catalog_bridge.contract.world import NOVEL

AUTHOR = Contributor(name="Åse Østby-Vik")


@pytest.mark.rule("SVC-5")
@pytest.mark.parametrize(
    ("people", "dewey", "mark"),
    [
        ((AUTHOR,), "551.3", "551.3 Øst"),
        ((Contributor(name="Per Bø", role="A12"), AUTHOR), "551.3", "551.3 Øst"),
        ((Contributor(name="Per Bø", role="A12"),), "551.3", "551.3 Bø"),
        ((Contributor(name="John O'Hara"),), "", "Oha"),
        ((Contributor(name="Áilo Čáhppe"),), "", "Čáh"),
        ((), "551.3", "551.3 Ærl"),
        ((Contributor(name="…"),), "", "Ærl"),
        ((AUTHOR,), "5" * 35, ""),
    ],
)
def test_a_shelf_mark_is_proposed_from_dewey_and_the_authors_filing_letters(people, dewey, mark):
    """The author before others, the title where nobody is named; never one that is too long."""
    assert proposed(replace(NOVEL, contributors=people, dewey=dewey)) == mark
