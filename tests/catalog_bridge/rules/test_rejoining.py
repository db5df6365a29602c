"""Order lines find their copies again, whatever the approver did to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.rules import joined as joined_lines
from protocols.model.finding import Severity
from protocols.model.party import Address
from tests.catalog_bridge.rules.returned import (
    BJO,
    HBB,
    ITEM,
    NONE,
    OTHER_ITEM,
    A,
    B,
    branches,
    codes_found,
    frozen,
    held,
    line,
    order,
    rejoined,
)


@pytest.mark.rule("DIST-8", way="punchout")
def test_a_token_brings_every_copy_back():
    """The line token alone restores all codes, in order, and there is nothing to tell."""
    joined = rejoined(order((A, "2")), frozen(A, (HBB, BJO)))
    assert branches(joined) == [["HBB", "BJØ"]]
    assert codes_found(joined) == []


@pytest.mark.rule("DIST-8", way="punchout")
def test_the_order_of_lines_does_not_matter():
    """Approvers' systems reorder lines; each token still finds its own."""
    joined = rejoined(order((B, "1"), (A, "1")), frozen(A, (HBB,)), frozen(B, (BJO,)))
    assert branches(joined) == [["BJØ"], ["HBB"]]


@pytest.mark.rule("DIST-9", way="punchout")
def test_fewer_equal_copies_are_simply_fewer():
    """A cut across equal copies asks nobody, but is told."""
    joined = rejoined(order((A, "1")), frozen(A, (HBB, HBB)))
    assert branches(joined) == [["HBB"]]
    (finding,) = joined[0].findings
    assert (finding.code, finding.severity) == ("line.changed", Severity.WARNING)
    assert (finding.expected, finding.got) == ("2", "1")
    assert finding.where == "OrderRequest/ItemOut[@lineNumber=1]/@quantity"


@pytest.mark.rule("DIST-9", way="punchout")
def test_a_cut_across_unequal_copies_is_held_for_the_librarian():
    """Which branch loses its copy is not ours to decide."""
    joined = rejoined(order((A, "1")), frozen(A, (HBB, BJO)))
    assert held(joined) == ["copies.choice"]


@pytest.mark.rule("DIST-9", way="punchout")
def test_with_trim_the_first_copies_stay():
    """Under ``trim`` the librarian's own order decides."""
    joined = rejoined(order((A, "1")), frozen(A, (BJO, HBB)), on_reduction="trim")
    assert branches(joined) == [["BJØ"]]
    assert codes_found(joined) == ["line.changed"]


@pytest.mark.rule("DIST-9", way="punchout")
def test_the_librarian_s_choice_is_kept_and_asked_for_no_more():
    """Once she has said which copies stay, these are the order's, and nothing waits."""
    joined = rejoined(order((A, "2")), frozen(A, (BJO, HBB, HBB)), choices={1: (3, 2)})
    assert branches(joined) == [["HBB", "HBB"]]
    assert held(joined) == []
    assert joined_lines.wanted(joined) == {A: [3, 2]}


@pytest.mark.rule("DIST-9", way="punchout")
def test_more_than_planned_comes_unassigned_or_under_the_default_profile():
    """The planned copies keep their codes; an approver's take the buyer's default, if there is one."""
    wanted, kept = order((A, "3")), frozen(A, (HBB, BJO))
    joined = rejoined(wanted, kept)
    assert branches(joined) == [["HBB", "BJØ", ""]]
    assert codes_found(joined) == ["line.changed"]
    assert joined_lines.wanted(joined) == {A: [1, 2]}
    assert branches(rejoined(wanted, kept, default=HBB)) == [["HBB", "BJØ", "HBB"]]


@pytest.mark.rule("DIST-9", way="punchout")
def test_a_line_added_without_token_is_unassigned():
    """Beside lines that were found, an added line goes on with bare copies and a warning."""
    joined = rejoined(order((A, "1"), ("", "2", OTHER_ITEM)), frozen(A, (HBB,)))
    assert branches(joined) == [["HBB"], ["", ""]]
    assert [finding.severity for finding in joined[1].findings] == [Severity.WARNING]


@pytest.mark.rule("DIST-9", way="punchout")
def test_a_line_that_was_removed_is_left_over():
    """Its copies stay unordered; carts that the order has nothing of are not its concern."""
    kept = [
        frozen(A, (HBB,)),
        frozen(B, (BJO,), item=OTHER_ITEM, number=2),
        frozen("C", (HBB,), quote="PS-2"),
    ]
    joined = rejoined(order((A, "1")), *kept)
    assert joined_lines.left_over(joined, kept) == (kept[1],)


@pytest.mark.rule("DIST-8", way="punchout")
def test_an_order_of_which_nothing_is_found_waits_for_a_person():
    """Without a single line there is nothing to go by: a person looks."""
    assert held(rejoined(order(("", "2"), ("Z" * 20, "1")))) == ["line.unknown"] * 2


@pytest.mark.rule("T-M1")
def test_a_token_that_is_not_ours_waits_for_a_person():
    """Another agreement's token, or a mangled one, is not found; the line is not taken for an added one."""
    joined = rejoined(order((A, "1"), ("Z" * 20, "1", OTHER_ITEM)), frozen(A, (HBB,)))
    assert held(joined) == ["line.unknown"]
    assert branches(joined)[1] == [""]


@pytest.mark.rule("DIST-10", way="punchout")
def test_a_token_whose_copies_are_gone_is_a_possible_duplicate():
    """Copies that another order has taken are not given out again."""
    joined = rejoined(order((A, "1")), frozen(A, (HBB,), taken=1))
    assert branches(joined) == [[]]
    assert held(joined) == ["copies.taken"]


@pytest.mark.rule("DIST-10", way="punchout")
def test_more_than_other_orders_have_left_is_a_possible_duplicate_too():
    """An old requisition copied after a part of it was ordered: a raised quantity looks the same."""
    joined = rejoined(order((A, "4")), frozen(A, (HBB,) * 4, taken=2))
    assert held(joined) == ["copies.taken"]
    assert joined_lines.wanted(joined) == {A: [3, 4]}


@pytest.mark.rule("DIST-10", way="punchout")
def test_the_rest_of_a_line_in_a_second_order_is_told():
    """A cart split into two orders: the second takes what the first has left."""
    joined = rejoined(order((A, "2")), frozen(A, (HBB, HBB, BJO, BJO), taken=2))
    assert branches(joined) == [["BJØ", "BJØ"]]
    assert [finding.advice for finding in joined[0].findings] == [
        "other copies of this line belong to another order"
    ]
    assert held(joined) == []


@pytest.mark.rule("DIST-10", way="punchout")
def test_a_split_line_is_dealt_out_by_line_number_wherever_it_stands():
    """The document's order of lines changes nothing, and the split is told on each line."""
    lines = (line(2, A, "1"), line(1, A, "2"))
    joined = rejoined(order(*lines), frozen(A, (HBB, HBB, BJO)))
    assert branches(joined) == [["BJØ"], ["HBB", "HBB"]]
    assert held(joined) == []
    assert [finding.got for line in joined for finding in line.findings] == [
        "1 of 3 on lines 1, 2",
        "2 of 3 on lines 1, 2",
    ]


@pytest.mark.rule("DIST-9", way="punchout")
@pytest.mark.parametrize(
    ("codes", "policy", "found"),
    [
        ((HBB, BJO), "ask", ["copies.choice"] * 2),
        ((HBB, BJO), "trim", ["line.changed"] * 2),
        ((HBB, HBB), "ask", ["line.changed"] * 2),
    ],
)
def test_a_line_split_over_two_places_asks_where_unlike_copies_go(codes, policy, found):
    """Which branch's copy goes to which door nobody has said; equal copies go anywhere."""
    lines = [line(n, A, "1", ship_to=Address(address_id=f"100{n}")) for n in (1, 2)]
    joined = rejoined(order(*lines), frozen(A, codes), on_reduction=policy)
    assert codes_found(joined) == found


def test_a_fraction_of_a_book_is_held():
    """Half a copy can be ordered by nobody."""
    assert codes_found(rejoined(order((A, "1.5")), frozen(A, (HBB, BJO)))) == ["quantity.fraction"]


def test_a_line_of_no_copies_is_held():
    """Nothing was approved of it, or nobody said how many (design §4.7)."""
    joined = rejoined(order((A, "0")), frozen(A, (HBB,)))
    assert (held(joined), branches(joined)) == (["line.incomplete"], [[]])


def test_a_million_copies_are_held_unmade():
    """A slip of the pen waits for a person."""
    joined = rejoined(order((A, "1000000")), frozen(A, (HBB,)))
    assert (held(joined), branches(joined)) == (["quantity.many"], [[]])


def test_another_item_under_a_known_token_is_held():
    """A token belongs to one title; a swapped part number is a matter for a person."""
    joined = rejoined(order((A, "1", OTHER_ITEM)), frozen(A, (HBB,)))
    assert held(joined) == ["line.changed"]
    (finding,) = joined[0].findings
    assert (finding.expected, finding.got) == (ITEM, OTHER_ITEM)


def test_a_wrong_item_under_a_token_takes_nothing_from_the_right_one():
    """Whichever comes first: the copies are dealt to the title they were planned for."""
    joined = rejoined(order((A, "2", OTHER_ITEM), (A, "2")), frozen(A, (HBB, BJO)))
    assert branches(joined) == [["", ""], ["HBB", "BJØ"]]
    assert "line.changed" in held(joined)


@pytest.mark.rule("DIST-10", way="punchout")
@given(
    st.lists(st.sampled_from([HBB, BJO, NONE]), min_size=1, max_size=8).map(tuple),
    st.lists(st.integers(1, 5), min_size=1, max_size=4),
)
def test_a_split_line_gives_each_copy_once(codes, quantities):
    """However one token is split: as many copies as ordered, none twice, in the librarian's order."""
    joined = rejoined(order(*((A, str(n)) for n in quantities)), frozen(A, codes), on_reduction="trim")
    dealt = [copy for line in joined for copy in line.copies]
    assert [len(line.copies) for line in joined] == quantities
    assert [copy.number for copy in dealt] == list(range(1, sum(quantities) + 1))
    assert [copy.codes for copy in dealt][: len(codes)] == list(codes)[: len(dealt)]
