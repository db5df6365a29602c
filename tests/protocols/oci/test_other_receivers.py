"""What receivers of other projects make of our forms."""

from dataclasses import replace
from decimal import Decimal

import pytest

from protocols.dialects.oci_habits import Longtext
from protocols.model.money import Money
from protocols.oci.pairs import encoded
from tests.protocols.oci.made import CART, LATIN1, LINE, TOKEN, UTF8, build, many
from tests.protocols.oci.other_receivers import odoo_like, php_like

LONG = "Historien om den lange veien hjem over vidda, fortalt på nytt / Kari Testesen"
TWO = replace(
    CART,
    lines=(
        LINE,
        replace(LINE, number=4, description=LONG, short_name="Historien", unit_price=Money(Decimal("49.50"))),
    ),
)


@pytest.mark.parametrize(("back", "codec"), [(UTF8, "utf-8"), (LATIN1, "cp1252")])
def test_a_reader_of_the_first_of_each_name_reads_our_lines(back, codec):
    """Each with its price, its quote and its token."""
    made = build(TWO, back, longtext=Longtext.INDEX_FORM, echo_control_fields=True)
    first, second = odoo_like(encoded(made.pairs, back.charset), codec)
    assert (first.article, first.text) == ("9788200000024", "Blåbær på Sørøya / Kari Testesen")
    assert (first.pieces, first.each, first.unit, first.more) == (2.0, 199.0, "EA", "")
    assert (first.quote, first.quote_line) == (CART.quote_id, "1")
    assert first.key == f"9788200000024~{TOKEN}"
    assert (second.text, second.each, second.quote_line, second.more) == ("Historien", 49.5, "4", LONG)


def test_such_a_reader_loses_nothing_essential_with_the_standards_long_text():
    """It does not know the name; all else is there."""
    made = build(TWO)
    read = odoo_like(encoded(made.pairs, "utf-8"), "utf-8")
    assert [line.more for line in read] == ["", ""]
    assert all(line.article and line.key for line in read)


def test_php_reads_our_lines_and_the_long_text_as_a_list():
    """The index of the long text stands in its name."""
    tables = php_like(encoded(build(TWO).pairs, "utf-8"), "utf-8")
    assert tables["NEW_ITEM-QUANTITY"] == {"1": "2.000", "2": "2.000"}
    assert tables["NEW_ITEM-LONGTEXT_2:132"] == {"0": LONG}


def test_the_largest_form_that_we_send_is_whole_in_php():
    """Beyond a thousand fields PHP drops the rest in silence."""
    made = build(many(95, description=LONG))
    assert len(made.pairs) == 950
    tables = php_like(encoded(made.pairs, "utf-8"), "utf-8")
    assert len(tables["NEW_ITEM-EXT_PRODUCT_ID"]) == 95
