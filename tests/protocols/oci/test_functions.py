"""Answers to VALIDATE and BACKGROUND_SEARCH: lines of no cart."""

from dataclasses import replace

from protocols.dialects.oci_habits import OciHabits
from protocols.oci import cart, functions
from tests.protocols.oci.made import LINE, TOKEN, UTF8, codes, dialect

HIT = replace(LINE, line_token="", quantity=1)


def items(*lines, **habits):
    """The fields of these lines and the findings."""
    return functions.items(lines, "NOK", UTF8, dialect(**habits))


def test_hits_are_lines_without_quote_and_token():
    """They are in no cart yet."""
    pairs, findings = items(HIT, replace(HIT, number=2, product_id="A-2"))
    fields = dict(pairs)
    assert fields["NEW_ITEM-EXT_PRODUCT_ID[2]"] == "A-2"
    assert not any("QUOTE" in name for name in fields)
    assert findings == ()
    form, _ = cart.parse(pairs, OciHabits())
    assert [read.line.product_id for read in form.lines] == ["9788200000024", "A-2"]


def test_a_line_that_is_validated_keeps_its_token():
    """The buyer asks for what we sent."""
    assert dict(items(LINE)[0])["NEW_ITEM-EXT_PRODUCT_ID[1]"] == f"9788200000024~{TOKEN}"


def test_a_product_that_is_gone_is_no_item_at_all():
    """Not one at price 0."""
    assert items() == ((), ())


def test_hits_are_fitted_to_the_buyer_as_a_cart_is():
    """Every change is told."""
    pairs, findings = items(replace(HIT, description="Ord " * 30, short_name=""), units={"EA": "PCE"})
    assert dict(pairs)["NEW_ITEM-UNIT[1]"] == "PCE"
    assert codes(findings) == ["unit.mapped", "value.shortened"]
