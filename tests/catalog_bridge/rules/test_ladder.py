"""The one ladder: what finds a line where its token is lost, and when nobody may guess."""

from dataclasses import replace
from datetime import timedelta

import pytest

from catalog_bridge.rules import joined as joined_lines
from catalog_bridge.rules.ladder import OPEN_FOR, Clues, Step
from tests.catalog_bridge.rules.returned import (
    BJO,
    HBB,
    NOON,
    OTHER_ITEM,
    A,
    B,
    C,
    branches,
    codes_found,
    frozen,
    held,
    line,
    order,
    rejoined,
    steps,
)

TWO = frozen(A, (HBB, BJO))
THREE = frozen(B, (BJO,) * 3, number=2)


def test_every_step_down_is_told():
    """The finding says by which step, from which cart, and what would have been better."""
    joined = rejoined(order(("lost", "2")), TWO)
    (finding,) = joined[0].findings
    assert finding.code == "line.ladder"
    assert (finding.expected, finding.got) == (A, "lost")
    assert "item and quantity: PS-1 line 1, 2 × 9790000000001" in finding.advice
    assert finding.where == "OrderRequest/ItemOut[@lineNumber=1]/ItemID/SupplierPartAuxiliaryID"


@pytest.mark.rule("DIST-8", way="punchout")
def test_quote_and_line_find_a_line_in_any_quantity():
    """OCI's EXT_QUOTE_ID and EXT_QUOTE_ITEM are as good as the token, and may be split as it may."""
    lines = [line(n, "", "1", quote_id="PS-1", quote_line=1) for n in (1, 2)]
    joined = rejoined(order(*lines), TWO, replace(TWO, token=C, quote_id="PS-2"))
    assert steps(joined) == [Step.QUOTE, Step.QUOTE]
    assert branches(joined) == [["HBB"], ["BJØ"]]


def test_another_item_under_a_quote_line_is_held():
    """As under a known token."""
    joined = rejoined(order(line(1, "", "2", OTHER_ITEM, quote_id="PS-1", quote_line=1)), TWO)
    assert held(joined) == ["line.changed"]


@pytest.mark.rule("DIST-8", way="punchout")
def test_the_order_s_quote_finds_an_item_that_stands_in_it_once():
    """SupplierOrderInfo or QuotationDocumentReference in the header; the quantity may have changed."""
    elsewhere = frozen(C, (HBB,), quote="PS-2")
    joined = rejoined(order(("", "1"), supplier_order_id="PS-1"), TWO, elsewhere, on_reduction="trim")
    assert (steps(joined), branches(joined)) == ([Step.QUOTE], [["HBB"]])


def test_of_two_lines_in_the_quote_the_quantity_tells():
    """One of them has it; where neither has, a person chooses."""
    joined = rejoined(order(("", "3"), supplier_order_id="PS-1"), TWO, THREE)
    assert joined[0].match.lines == (THREE,)
    joined = rejoined(order(("", "4"), supplier_order_id="PS-1"), TWO, THREE)
    assert (held(joined), branches(joined)) == (["line.ambiguous"], [[""] * 4])


@pytest.mark.rule("DIST-10", way="punchout")
def test_a_quoted_line_whose_copies_are_gone_is_a_possible_duplicate():
    """An old requisition copied by a system that loses tokens."""
    joined = rejoined(order(("", "2"), supplier_order_id="PS-1"), frozen(A, (HBB, BJO), taken=2))
    assert held(joined) == ["copies.taken"]
    joined = rejoined(order(("", "9"), supplier_order_id="PS-1"), frozen(A, (HBB, BJO), taken=2), THREE)
    assert joined[0].match.lines == (THREE,)


@pytest.mark.rule("DIST-8", way="punchout")
@pytest.mark.parametrize(
    ("changes", "clues"),
    [
        ({"requisition_id": "barnebøker  uke 3"}, {}),
        ({}, {"order_name": "BARNEBØKER UKE 3"}),
        ({"line": "Barnebøker uke 3"}, {}),
    ],
)
def test_the_order_name_finds_a_line_of_that_quantity(changes, clues):
    """The librarian's order name comes back as name or requisition, of the order or of the line."""
    ours = replace(TWO, cart=replace(TWO.cart, order_name="Barnebøker uke 3"))
    other = replace(TWO, token=C, quote_id="PS-2", cart=replace(TWO.cart, order_name="Voksen"))
    wanted = order(line(1, "", "2", requisition_id=changes.get("line", "")))
    wanted = replace(wanted, requisition_id=changes.get("requisition_id", ""))
    joined = rejoined(wanted, ours, other, clues=Clues(now=NOON, **clues))
    assert (steps(joined), joined[0].match.lines) == ([Step.NAME], (ours,))


def test_item_and_quantity_find_a_line_when_one_open_cart_has_it():
    """Another quantity of the same item is no match, and two equal ones are one too many."""
    assert steps(rejoined(order(("", "2")), TWO, THREE)) == [Step.QUANTITY]
    twin = replace(TWO, token=C, quote_id="PS-2")
    joined = rejoined(order(("", "2")), TWO, twin)
    assert held(joined) == ["line.ambiguous"]
    assert "PS-1 line 1" in joined[0].findings[0].expected
    assert "PS-2 line 1" in joined[0].findings[0].expected


def test_two_order_lines_for_one_returned_line_are_one_too_many():
    """One of them was added or doubled, and nothing says which."""
    joined = rejoined(order(("", "2"), ("", "2")), TWO)
    assert held(joined) == ["line.ambiguous"] * 2
    assert joined_lines.wanted(joined) == {}
    joined = rejoined(order(("", "2"), ("", "2"), ("", "7"), supplier_order_id="PS-1"), TWO)
    assert held(joined) == ["line.ambiguous"] * 3


@pytest.mark.rule("DIST-10", way="punchout")
def test_equal_lines_that_a_buyer_merged_are_found_by_their_sum():
    """All copies of both lines, each once, numbered anew."""
    joined = rejoined(order(("", "5")), TWO, THREE)
    assert (steps(joined), branches(joined)) == ([Step.SUM], [["HBB", "BJØ", "BJØ", "BJØ", "BJØ"]])
    assert [copy.number for copy in joined[0].copies] == [1, 2, 3, 4, 5]
    assert joined_lines.wanted(joined) == {A: [1, 2], B: [1, 2, 3]}


def test_lines_of_two_carts_merged_are_found_by_their_sum():
    """Some buyers collect several carts into one order."""
    joined = rejoined(order(("", "5")), TWO, replace(THREE, quote_id="PS-2"))
    assert (steps(joined), codes_found(joined)) == ([Step.SUM], ["line.ladder"])


def test_a_sum_is_not_taken_where_one_line_would_do_as_well():
    """Five may be two and three of one cart, or the five of another."""
    rival = frozen(C, (HBB,) * 5, quote="PS-2")
    assert held(rejoined(order(("", "5")), TWO, THREE, rival)) == ["line.ambiguous"]


def test_lines_of_different_prices_are_no_sum():
    """A buyer's system adds up equal lines only."""
    dearer = frozen(B, (BJO,) * 3, number=2, price="249.00")
    assert held(rejoined(order(("", "5")), TWO, dearer)) == ["line.unknown"]


def test_what_a_token_found_is_no_candidate_any_more():
    """A line of the same item and quantity beside it was added."""
    joined = rejoined(order((A, "2"), ("", "2")), TWO)
    assert steps(joined) == [Step.TOKEN, Step.NONE]
    assert (held(joined), branches(joined)) == ([], [["HBB", "BJØ"], ["", ""]])


def test_a_line_of_the_found_cart_in_another_quantity_is_not_taken_for_added():
    """Token lost and quantity changed: it is likely that line, but not certain."""
    other = frozen(B, (BJO,) * 3, item=OTHER_ITEM, number=2)
    joined = rejoined(order((A, "2"), ("", "2", OTHER_ITEM)), TWO, other)
    assert held(joined) == ["line.ambiguous"]
    assert joined_lines.left_over(joined, [TWO, other]) == ()


@pytest.mark.parametrize(
    ("cart", "found"),
    [
        ({}, Step.QUANTITY),
        ({"unchanged": True}, Step.NONE),
        ({"frozen_at": NOON - OPEN_FOR}, Step.QUANTITY),
        ({"frozen_at": NOON - OPEN_FOR - timedelta(seconds=1)}, Step.NONE),
        ({"customer_number": "100235"}, Step.NONE),
    ],
)
def test_only_open_carts_of_the_customer_are_looked_at(cart, found):
    """Returned, changed, not half a year old, and for the library that the order names."""
    kept = replace(TWO, cart=replace(TWO.cart, **cart))
    clues = Clues(now=NOON, customer_number="100234")
    assert steps(rejoined(order(("", "2")), kept, clues=clues)) == [found]


def test_a_token_finds_its_line_however_old_it_is():
    """The bound is for guesses about which cart, not for what names it."""
    old = replace(TWO, cart=replace(TWO.cart, frozen_at=NOON - 3 * OPEN_FOR))
    assert steps(rejoined(order((A, "2")), old)) == [Step.TOKEN]


def test_lines_without_a_trace_are_for_the_customer_that_the_others_are_for():
    """What the tokens say of the customer counts more than any code in the order."""
    mine, theirs = (
        frozen(token, (HBB,) * 3, item=OTHER_ITEM, quote=quote, customer_number=customer)
        for token, quote, customer in ((B, "PS-2", "100234"), (C, "PS-3", "100235"))
    )
    clues = Clues(now=NOON, customer_number="100235")
    joined = rejoined(order((A, "2"), ("", "3", OTHER_ITEM)), TWO, mine, theirs, clues=clues)
    assert joined[1].match.lines == (mine,)


def test_a_line_that_waits_for_a_choice_is_taken_by_no_other():
    """What one line may be, a lower step neither gives to the next nor forgets when it explains that one."""
    lines = [line(1, "", "4", quote_id="PS-1"), line(2, "", "2")]
    assert held(rejoined(order(*lines), TWO, THREE)) == ["line.ambiguous"] * 2
    twin = replace(TWO, token=C, quote_id="PS-2")
    assert held(rejoined(order(*lines), TWO, THREE, twin)) == ["line.ambiguous"] * 2


@pytest.mark.rule("T-M1")
@pytest.mark.parametrize(("quote", "found"), [("", Step.NONE), ("PS-9", Step.NONE), ("PS-1", Step.QUOTE)])
def test_a_whole_token_of_nobody_here_needs_a_quote_of_ours(quote, found):
    """It says that the line came from elsewhere; that an open cart fits as well may be chance."""
    joined = rejoined(order(("Z" * 20, "2"), supplier_order_id=quote), TWO)
    assert steps(joined) == [found]
    assert held(joined) == ([] if found is Step.QUOTE else ["line.unknown"])
    assert codes_found(joined) == (["line.ladder"] if found is Step.QUOTE else ["line.unknown"])
