"""One purchase order for several places."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.rules import splitting
from protocols.cxml.order import PLACES
from protocols.errors import Malformed
from protocols.model.customer import DeliveryAddress
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.money import Money
from protocols.model.order import ShopOrder, ShopOrderLine
from protocols.model.party import Address
from tests.catalog_bridge.rules.returned import A, line, order

LISTED = tuple(
    DeliveryAddress(address_id=address_id, address=Address(street=(street,), postal_code="0001"))
    for address_id, street in (("HBB", "Storgata 1"), ("BJØ", "Bjørneveien 2"))
)
MAP = {"1001": "HBB", "1002": "BJØ"}


def going(*ship_tos, header=None, chosen=None):
    """Where the lines of an order go, one for each ShipTo."""
    lines = [line(number, A, "1", ship_to=place) for number, place in enumerate(ship_tos, start=1)]
    return splitting.going(order(*lines, ship_to=header), chosen or {}, LISTED, MAP)


def shop_order(numbers):
    """An order of lines with these numbers, each with two copies."""
    codes = numbered((CopyCodes(branch_code="HBB"), CopyCodes(branch_code="BJØ")))
    lines = tuple(
        ShopOrderLine(number=n, product_id="978", quantity=2, unit_price=Money(Decimal(1)), copies=codes)
        for n in numbers
    )
    return ShopOrder(customer_number="100234", delivery_address_id="", lines=lines, po_number="4500001")


@pytest.mark.rule("CHK-8", way="punchout")
def test_the_header_s_place_is_for_lines_without_their_own():
    """And what the shopper chose for those of an order that names no place at all."""
    places = going(Address(address_id="1002"), None, header=Address(address_id="1001"))
    assert [place.to.address_id for place in places] == ["BJØ", "HBB"]
    places = going(None, None, chosen={1: "BJØ", 2: "HBB"})
    assert [place.to.address_id for place in places] == ["BJØ", "HBB"]


@pytest.mark.rule("CHK-7", way="punchout")
def test_each_place_is_told_once():
    """At the first line that goes there, however many follow."""
    unknown = Address(address_id="9")
    found = list(splitting.findings(going(*[unknown] * 3, Address(address_id="1001")), PLACES))
    assert [(finding.code, finding.where) for finding in found] == [
        ("address.unknown", "OrderRequest/ItemOut[@lineNumber=1]/ShipTo/Address/@addressID")
    ]


@pytest.mark.rule("CHK-8", way="punchout")
def test_one_place_is_refused_by_nobody():
    """Two names for it, a header that repeats it: still one."""
    splitting.refuse_several(
        going(Address(address_id="1001"), None, header=Address(street=("storgata 1",), postal_code="0001")),
        PLACES,
    )
    splitting.refuse_several((), PLACES)


@pytest.mark.rule("CHK-8", way="punchout")
def test_places_that_nobody_knows_are_several_too():
    """Refused before a person is asked to look for them."""
    with pytest.raises(Malformed, match="goes to 8 and to 9"):
        splitting.refuse_several(going(Address(address_id="8"), Address(address_id="9")), PLACES)


@pytest.mark.rule("CHK-8", way="punchout")
@given(st.dictionaries(st.integers(1, 50), st.sampled_from(["HBB", "BJØ", "LIL"]), min_size=1), st.randoms())
def test_every_line_is_in_exactly_one_part(address_of, chance):
    """With all its copies, under the one PO number, marked -1 … -k by the lowest line number."""
    whole = shop_order(chance.sample(sorted(address_of), len(address_of)))
    parts = splitting.parts(whole, address_of)
    assert sorted(entry.number for part in parts for entry in part.lines) == sorted(address_of)
    for part in parts:
        assert part.po_number == "4500001"
        assert {address_of[entry.number] for entry in part.lines} == {part.delivery_address_id}
        assert all(entry in whole.lines for entry in part.lines)
    lowest = [min(entry.number for entry in part.lines) for part in parts]
    assert lowest == sorted(lowest)
    marks = [part.po_suffix for part in parts]
    assert marks == ([""] if len(parts) == 1 else [f"-{turn}" for turn in range(1, len(parts) + 1)])
