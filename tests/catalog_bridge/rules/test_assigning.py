"""Copies that nobody has assigned, and what they are given (DIST-9, DIST-13, DIST-14)."""

from dataclasses import replace

import pytest

from catalog_bridge.rules import assigning, grid
from protocols.model.customer import DistributionUse
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.order import BookshopOrder
from tests.catalog_bridge.contract.world import BJO, HBB, NOVEL, line_of, order_of

NOTHING = CopyCodes()
LIL = CopyCodes(branch_code="LIL")


def placed(*lines, picked=()):
    """An order of these lines."""
    return BookshopOrder(
        order_number="1", status="received", placed_at="", order=order_of(*lines), picked=picked
    )


@pytest.mark.rule("DIST-9", way="punchout")
def test_copies_without_any_code_are_left_to_assign():
    """A note says something about its copy; a picked line has nothing left to be said."""
    noted = CopyCodes(note="Til Åse")
    order = placed(line_of(1, NOVEL, HBB, NOTHING, noted), line_of(2, NOVEL, NOTHING), picked=(2,))
    assert [line.number for line in assigning.open_lines(order)] == [1]
    assert assigning.left(order) == 1
    assert assigning.unassigned(order.order.lines[1]) == 1


@pytest.mark.rule("DIST-13", way="punchout")
def test_a_profile_goes_on_the_copies_that_have_nothing():
    """What was decided before stays as it is."""
    assert assigning.with_profile(numbered((HBB, NOTHING, NOTHING)), BJO) == (HBB, BJO, BJO)


@pytest.mark.rule("DIST-14", way="punchout")
def test_a_template_gives_each_copy_what_it_plans_for_its_place():
    """The third copy takes the template's third; beyond its last it says nothing."""
    copies = numbered((HBB, NOTHING, NOTHING, NOTHING))
    assert assigning.with_template(copies, (BJO, BJO, LIL)) == (HBB, BJO, LIL, NOTHING)
    assert assigning.with_template(copies, ()) == (HBB, NOTHING, NOTHING, NOTHING)
    assert assigning.with_template(copies[:2], (BJO, LIL, LIL)) == (HBB, LIL)


def test_a_line_as_it_was_is_no_change():
    """Only what differs is sent, with the mark of what was looked at."""
    line = line_of(3, NOVEL, HBB, NOTHING)
    assert assigning.change(line, (HBB, NOTHING)) is None
    sent = assigning.change(line, (HBB, BJO))
    assert (sent.number, sent.codes, sent.seen) == (3, (HBB, BJO), grid.mark((HBB, NOTHING)))


@pytest.mark.rule("DIST-7", way="direct")
@pytest.mark.rule("DIST-7", way="punchout")
def test_codes_are_offered_where_they_are_used_or_stand_already():
    """Without distribution nothing is offered, unless the copies came with codes by the other way in."""
    bare, coded = placed(line_of(1, NOVEL)), placed(line_of(1, NOVEL, HBB))
    assert assigning.offered(bare, DistributionUse.OPTIONAL)
    assert not assigning.offered(bare, DistributionUse.OFF)
    assert assigning.offered(coded, DistributionUse.OFF)
    assert not assigning.offered(replace(coded, picked=(1,)), DistributionUse.REQUIRED)
