"""Pasted lists, line by line (CART-4)."""

import pytest

from catalog_bridge.rules import isbn_list

ISBN = "9788203187568"


def entry(line):
    """Number and quantity of a list with one line."""
    (only,) = isbn_list.read(line).entries
    return only.number, only.quantity


@pytest.mark.rule("CART-4")
@pytest.mark.parametrize(
    ("line", "found"),
    [
        (ISBN, (ISBN, 1)),
        ("978-82-03-18756-8", (ISBN, 1)),
        ("978 82 03 18756 8", (ISBN, 1)),
        ("82-03-18756-0", (ISBN, 1)),
        ("8203187560;3", (ISBN, 3)),
        (f"{ISBN}\t12", (ISBN, 12)),
        (f"{ISBN} , 2", (ISBN, 2)),
        (f"{ISBN} 4", (ISBN, 4)),
        (f'"{ISBN}";"5"', (ISBN, 5)),
        (f"{ISBN};", (ISBN, 1)),
        ("2000000000015;2", ("2000000000015", 2)),
    ],
)
def test_numbers_are_read_as_people_write_them(line, found):
    """ISBN of 10 or 13 digits with or without hyphens, item numbers, and how many behind it."""
    assert entry(line) == found


@pytest.mark.rule("CART-4")
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("9788203187569", "check digit"),
        ("82-03-18756-1", "check digit"),
        ("Fuglane på taket", "no ISBN"),
        (";3", "no ISBN"),
        (f"{ISBN};mange", "mange is no number of copies"),
        (f"{ISBN};0", "Quantity 0"),
        (f"{ISBN};1000", "Quantity 1000"),
        (f"{ISBN};-1", "-1 is no number"),
        (f"{ISBN};2;3", "no ISBN"),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_does_not_stop_the_others(line, words):
    """The line is kept as it was written."""
    found = isbn_list.read(f"{ISBN}\n\n  {line}\n{ISBN};2")
    (bad,) = found.bad
    assert (bad.number, bad.text) == (3, line.strip())
    assert words in bad.why.detail
    (good,) = found.entries
    assert (good.quantity, good.numbers) == (3, (1, 4))


@pytest.mark.rule("CART-2")
def test_the_same_number_adds_up_to_999_at_most():
    """The line that would make it more is the bad one."""
    found = isbn_list.read(f"{ISBN};998\n8203187560\n{ISBN}")
    assert found.entries[0].quantity == 999
    assert [line.number for line in found.bad] == [3]


def test_a_list_ends_at_500_lines():
    """The 501st and all after it are told, none is dropped unheard."""
    found = isbn_list.read("\n".join([ISBN] * 502))
    assert found.entries[0].quantity == 500
    assert [line.number for line in found.bad] == [501, 502]


def test_an_empty_list_asks_for_nothing():
    """Blank lines are no entries and no mistakes."""
    assert isbn_list.read(" \n\t\n") == isbn_list.TitleList(entries=(), bad=(), lines=(" ", "\t"))
