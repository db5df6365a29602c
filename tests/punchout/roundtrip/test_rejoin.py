"""Order lines find their copies again."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.model.cart import ReturnedCart, ReturnedLine
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.finding import Severity
from protocols.model.money import Money
from protocols.model.order import OrderLine, PurchaseOrder
from punchout.roundtrip.rejoin import rejoin
from session_store.carts import FrozenLine

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
HBB, BJO = CopyCodes(branch_code="HBB"), CopyCodes(branch_code="BJØ")


def frozen(token: str, codes: tuple[CopyCodes, ...], taken: int = 0) -> FrozenLine:
    """A frozen line with these copies, the first ones taken."""
    copies = numbered(codes)
    line = ReturnedLine(
        number=1,
        line_token=token,
        line_id=token.lower(),
        product_id="9790000000001",
        description="Tittel",
        quantity=len(copies),
        unit_price=Money(Decimal("199.00")),
        copies=copies,
    )
    cart = ReturnedCart(
        quote_id="PS-1", customer_number="100234", cart_id="c", frozen_at=NOON, valid_until=NOON
    )
    return FrozenLine(token=token, quote_id="PS-1", cart=cart, line=line, free_copies=copies[taken:])


def order(*lines: tuple[str, str]) -> PurchaseOrder:
    """An order with a line for each token and quantity."""
    return PurchaseOrder(
        order_id="4500001",
        order_date="2026-01-02",
        lines=tuple(
            OrderLine(number=n, product_id="9790000000001", quantity=Decimal(quantity), line_token=token)
            for n, (token, quantity) in enumerate(lines, start=1)
        ),
    )


def codes_of(joined) -> list[list[str]]:
    """The branches of each line."""
    return [[copy.codes.branch_code for copy in line.copies] for line in joined]


def codes_found(joined) -> list[str]:
    """The codes of all findings."""
    return [finding.code for line in joined for finding in line.findings]


@pytest.mark.rule("DIST-8", way="punchout")
def test_a_token_brings_every_copy_back():
    """The line token alone restores all codes, in order."""
    joined = rejoin(order(("A" * 20, "2")), {"A" * 20: frozen("A" * 20, (HBB, BJO))}, "ask")
    assert codes_of(joined) == [["HBB", "BJØ"]]
    assert codes_found(joined) == []


@pytest.mark.rule("DIST-8", way="punchout")
def test_the_order_of_lines_does_not_matter():
    """Approvers' systems reorder lines; each token still finds its own."""
    known = {token: frozen(token, (codes,)) for token, codes in [("A" * 20, HBB), ("B" * 20, BJO)]}
    joined = rejoin(order(("B" * 20, "1"), ("A" * 20, "1")), known, "ask")
    assert codes_of(joined) == [["BJØ"], ["HBB"]]


@pytest.mark.rule("DIST-9", way="punchout")
def test_fewer_equal_copies_are_simply_fewer():
    """A cut across equal copies asks nobody, but is told."""
    joined = rejoin(order(("A" * 20, "1")), {"A" * 20: frozen("A" * 20, (HBB, HBB))}, "ask")
    assert codes_of(joined) == [["HBB"]]
    assert [finding.severity for line in joined for finding in line.findings] == [Severity.WARNING]


@pytest.mark.rule("DIST-9", way="punchout")
def test_a_cut_across_unequal_copies_is_held_for_the_librarian():
    """Which branch loses its copy is not ours to decide."""
    joined = rejoin(order(("A" * 20, "1")), {"A" * 20: frozen("A" * 20, (HBB, BJO))}, "ask")
    assert codes_found(joined) == ["copies.choice"]
    assert joined[0].findings[0].severity is Severity.ERROR


@pytest.mark.rule("DIST-9", way="punchout")
def test_with_trim_the_first_copies_stay():
    """Under ``trim`` the librarian's own order decides."""
    joined = rejoin(order(("A" * 20, "1")), {"A" * 20: frozen("A" * 20, (BJO, HBB))}, "trim")
    assert codes_of(joined) == [["BJØ"]]
    assert codes_found(joined) == ["line.changed"]


@pytest.mark.rule("DIST-9", way="punchout")
def test_more_than_planned_comes_unassigned():
    """What an approver adds has no codes yet, and the planned copies keep theirs."""
    joined = rejoin(order(("A" * 20, "3")), {"A" * 20: frozen("A" * 20, (HBB, BJO))}, "ask")
    assert codes_of(joined) == [["HBB", "BJØ", ""]]


@pytest.mark.rule("DIST-9", way="punchout")
def test_a_line_added_without_token_is_unassigned():
    """Beside lines that were found, an added line goes on with bare copies and a warning."""
    joined = rejoin(order(("A" * 20, "1"), ("", "2")), {"A" * 20: frozen("A" * 20, (HBB,))}, "ask")
    assert codes_of(joined) == [["HBB"], ["", ""]]
    assert joined[1].findings[0].severity is Severity.WARNING


@pytest.mark.rule("DIST-8", way="punchout")
def test_an_order_of_which_nothing_is_found_waits_for_a_person():
    """Without a single token there is nothing to go by: a person looks."""
    joined = rejoin(order(("", "2"), ("Z" * 20, "1")), {}, "ask")
    assert {finding.severity for line in joined for finding in line.findings} == {Severity.ERROR}


@pytest.mark.rule("DIST-10", way="punchout")
def test_a_token_whose_copies_are_gone_is_a_possible_duplicate():
    """Copies that another order has taken are not given out again."""
    joined = rejoin(order(("A" * 20, "1")), {"A" * 20: frozen("A" * 20, (HBB,), taken=1)}, "ask")
    assert codes_of(joined) == [[]]
    assert codes_found(joined) == ["copies.taken"]


def test_a_fraction_of_a_book_is_held():
    """Half a copy can be ordered by nobody."""
    joined = rejoin(order(("A" * 20, "1.5")), {"A" * 20: frozen("A" * 20, (HBB, BJO))}, "ask")
    assert codes_found(joined) == ["quantity.fraction"]


def test_another_item_under_a_known_token_is_held():
    """A token belongs to one title; a swapped part number is a matter for a person."""
    known = {"A" * 20: frozen("A" * 20, (HBB,))}
    changed = PurchaseOrder(
        order_id="1",
        order_date="",
        lines=(OrderLine(number=1, product_id="9790000000002", quantity=Decimal(1), line_token="A" * 20),),
    )
    (joined,) = rejoin(changed, known, "ask")
    assert [finding.code for finding in joined.findings] == ["line.changed"]
    assert joined.findings[0].severity is Severity.ERROR


@pytest.mark.rule("DIST-10", way="punchout")
@given(
    st.lists(st.sampled_from([HBB, BJO, CopyCodes()]), min_size=1, max_size=8).map(tuple),
    st.lists(st.integers(1, 5), min_size=1, max_size=4),
)
def test_a_split_line_gives_each_copy_once(codes, quantities):
    """However one token is split: as many copies as ordered, none twice, in the librarian's order."""
    token = "A" * 20
    joined = rejoin(order(*((token, str(n)) for n in quantities)), {token: frozen(token, codes)}, "trim")
    dealt = [copy for line in joined for copy in line.copies]
    assert [len(line.copies) for line in joined] == quantities
    assert [copy.number for copy in dealt] == list(range(1, sum(quantities) + 1))
    assert [copy.codes for copy in dealt][: len(codes)] == list(codes)[: len(dealt)]
