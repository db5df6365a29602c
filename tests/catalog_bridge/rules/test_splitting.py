"""One purchase order for several places."""

import pytest

from catalog_bridge.rules import splitting
from protocols.cxml.order import PLACES
from protocols.errors import Malformed
from protocols.model.customer import DeliveryAddress
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
