"""What a buyer's system will make of a cart, told before it leaves (design §4.6)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from protocols import dialects
from protocols.cxml.keeping import keeps
from protocols.dialects import Measure
from protocols.model.finding import Severity
from protocols.model.money import Money
from tests.protocols.cxml.made import GENERIC
from tests.protocols.cxml.test_cart import CART, LINE


def told(dialect, *lines):
    """The findings about a cart of these lines."""
    return keeps(replace(CART, lines=lines or (LINE,)), dialect)


def places(found):
    """Code and place of each finding."""
    return [(finding.code, finding.where) for finding in found]


def test_a_plain_cart_is_kept_whole():
    """Nothing is foretold where nothing happens."""
    assert told(GENERIC) == ()


def test_a_cart_that_changes_nothing_foretells_nothing():
    """It has no lines to keep."""
    assert keeps(replace(CART, unchanged=True), replace(GENERIC, max_lines=1, units={"EA": "EACH"})) == ()


def test_a_hidden_end_of_a_description_is_named_with_its_line():
    """The whole text goes out; people over there see only its beginning, in what the limit counts."""
    dialect = replace(GENERIC, description_shown=16)
    assert told(dialect, replace(LINE, description="æ" * 16)) == ()
    counted = replace(dialect, limits_in=Measure.BYTES)
    (finding,) = told(counted, LINE, replace(LINE, number=2, description="æ" * 9))[1:]
    assert (finding.code, finding.where) == ("value.hidden", "ItemIn[2]/ItemDetail/Description")
    assert (finding.expected, finding.got) == ("at most 16 bytes", "18 bytes")


def test_a_mapped_unit_is_told_once_for_the_cart():
    """All lines of a cart of books have the same one."""
    found = told(dialects.load("oracle"), LINE, replace(LINE, number=2))
    assert [(finding.code, finding.got, finding.expected) for finding in found] == [
        ("unit.mapped", "EA", "EACH")
    ]
    assert found[0].severity is Severity.NOTE
    assert found[0].unproven


@pytest.mark.parametrize(("name", "code"), [("coupa", "unit.refused"), ("jaggaer", "unit.replaced")])
def test_an_unknown_unit_is_refused_or_replaced_as_the_system_does(name, code):
    """The first line that has it is named; EA is known to everybody."""
    found = told(dialects.load(name), LINE, replace(LINE, number=2, unit="SET"), replace(LINE, number=3))
    assert places(found) == [(code, "ItemIn[2]/ItemDetail/UnitOfMeasure")]
    assert found[0].unproven


def test_a_unit_that_was_agreed_on_is_known():
    """A buyer's own word for the unit, in the agreement, settles it."""
    dialect = dialects.overridden(dialects.load("coupa"), {"units": {"SET": "ST"}})
    assert places(told(dialect, replace(LINE, unit="SET"))) == [
        ("unit.mapped", "PunchOutOrderMessage/ItemIn/ItemDetail/UnitOfMeasure")
    ]


def test_a_price_of_zero_may_be_refused():
    """The line is named."""
    found = told(GENERIC, replace(LINE, unit_price=Money(Decimal(0))))
    assert places(found) == [("price.zero", "ItemIn[1]/ItemDetail/UnitPrice")]


def test_more_lines_than_the_system_takes_are_told_with_what_to_do():
    """Nothing is cut: the shopper sends it in parts."""
    found = told(replace(GENERIC, max_lines=1), LINE, replace(LINE, number=2))
    assert (found[0].code, found[0].got) == ("cart.long", "2 lines")
    assert "in parts" in found[0].advice


def test_what_an_agreement_says_itself_is_no_longer_unproven():
    """A key that buyer and shop have agreed on is certain."""
    assert dialects.load("oracle").doubts("units")
    assert not dialects.overridden(dialects.load("oracle"), {"units": {"EA": "STK"}}).doubts("units")
