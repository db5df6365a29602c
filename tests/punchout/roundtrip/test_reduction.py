"""Which copies may stay where fewer were approved (DIST-9)."""

from decimal import Decimal

import pytest

from protocols.errors import Malformed
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.order import Choice, OrderLine
from punchout.roundtrip import reduction

PLANNED = numbered(tuple(CopyCodes(branch_code=code) for code in ("HBB", "BJØ", "LIL")))


def asked(*kept, token="T" * 20):
    """A question for each line, about so many of the same three planned copies."""
    return [
        reduction.Question(
            line=OrderLine(number=number, product_id="9790000000001", quantity=Decimal(keep)),
            title="Tittel",
            planned=PLANNED,
            keep=keep,
            token=token,
        )
        for number, keep in enumerate(kept, start=1)
    ]


@pytest.mark.rule("DIST-9", way="punchout")
def test_as_many_as_were_approved_may_stay_in_any_order():
    """The order in which they are named is how much they are wanted."""
    assert reduction.checked(asked(2), {1: [3, 1]}) == (Choice(line=1, copies=(3, 1)),)


@pytest.mark.rule("DIST-9", way="punchout")
@pytest.mark.parametrize("chosen", [{}, {1: []}, {1: [1]}, {1: [1, 2, 3]}, {1: [1, 1]}, {1: [1, 4]}])
def test_any_other_choice_is_refused_with_its_line(chosen):
    """None, too few, too many, one twice, or one that was never planned."""
    with pytest.raises(Malformed, match="exactly as many") as refused:
        reduction.checked(asked(2), chosen)
    assert refused.value.where == "line 1"


@pytest.mark.rule("DIST-9", way="punchout")
def test_a_line_that_was_not_asked_about_is_refused():
    """Nobody chooses copies of a line that keeps all of them."""
    with pytest.raises(Malformed) as refused:
        reduction.checked(asked(2), {1: [1, 2], 7: [1]})
    assert refused.value.where == "line 7"


@pytest.mark.rule("DIST-10", way="punchout")
def test_no_copy_stays_on_two_lines():
    """Two order lines of one cart line share its copies."""
    assert reduction.mistaken(asked(1, 1), {1: [1], 2: [1]}) == [2]
    assert reduction.mistaken(asked(1, 1), {1: [1], 2: [3]}) == []
