"""Of two numbers on a line the shop's own is meant, unless nobody knows it and somebody the other."""

import pytest

from catalog_bridge.rules.standard_number import as_meant
from protocols.model.finding import Severity
from protocols.peppol.order import PLACES
from tests.catalog_bridge.rules.returned import ITEM, line, order


def names(*titles):
    """All numbers of the title that a number means, of these titles."""
    return lambda number: frozenset(one for title in titles for one in title if number in title)


def read(titles, **numbers):
    """The item number that is meant, and the codes of what is told."""
    wanted = order(line(1, "", 2, **numbers))
    meant, findings = as_meant(wanted, names(*titles), PLACES)
    return meant.lines[0].product_id, [finding.code for finding in findings]


@pytest.mark.parametrize(
    ("known", "meant", "told"),
    [
        ([{"BS-1", ITEM}], "BS-1", []),
        ([{"BS-1"}], "BS-1", []),
        ([], "BS-1", []),
        ([{ITEM}], ITEM, ["item.standard"]),
        ([{"BS-1"}, {ITEM}], "BS-1", ["item.contradiction"]),
        ([{"BS-1", "978"}, {ITEM, "978"}], "BS-1", []),
    ],
)
def test_the_standard_number_stands_in_only_for_a_number_that_nobody_knows(known, meant, told):
    """And only where it is known itself; a finding says so, and where the two mean two titles."""
    assert read(known, item="BS-1", standard_id=ITEM) == (meant, told)


def test_a_line_with_one_number_is_not_looked_up():
    """Nothing could stand in for it."""
    wanted = order(line(1, "", 2), line(2, "", 1, standard_id=ITEM))
    assert as_meant(wanted, pytest.fail, PLACES) == (wanted, ())


def test_the_finding_names_the_line_in_their_document():
    """By the buyer's own id of the line."""
    wanted = order(line(1, "", 2, item="BS-1", standard_id=ITEM, line_id="A"))
    _, (told,) = as_meant(wanted, names({ITEM}), PLACES)
    assert told.where == (
        "Order/cac:OrderLine[cac:LineItem/cbc:ID='A']/cac:LineItem/cac:Item/cac:SellersItemIdentification/cbc:ID"
    )
    assert (told.expected, told.got) == (ITEM, "BS-1")


def test_two_titles_on_one_line_wait_for_a_person():
    """Nobody guesses between two (design §4.3)."""
    wanted = order(line(1, "", 2, item="BS-1", standard_id=ITEM))
    meant, (told,) = as_meant(wanted, names({"BS-1"}, {ITEM}), PLACES)
    assert (meant, told.severity) == (wanted, Severity.ERROR)
