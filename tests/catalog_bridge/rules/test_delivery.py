"""Where an order goes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules.delivery import Destination, Found, destination, listed
from protocols.model.customer import Customer, DeliveryAddress
from protocols.model.party import Address

HBB = Address(
    address_id="HBB", name="Hovedbiblioteket", street=("Storgata 1 B",), postal_code="9996", city="Testby"
)
BJO = replace(HBB, address_id="BJO", name="Bjørnsletta", street=("Bjørneveien 13",), postal_code="9997")
LISTED = tuple(DeliveryAddress(address_id=entry.address_id, address=entry) for entry in (HBB, BJO))
UNKNOWN = Destination(address_id="", found=Found.UNKNOWN)


def sent(street, postal_code="9996", **facts):
    """A ShipTo as a procurement system writes it."""
    return Address(address_id="K-77", street=(street,), postal_code=postal_code, **facts)


@pytest.mark.rule("CHK-7", way="punchout")
def test_mapped_address_is_used_whatever_its_text_says():
    """The agreement's map decides; the text of the message is not read."""
    found = destination(sent("Et helt annet sted 9", "0001"), LISTED, {"K-77": "BJO"})
    assert found == Destination(address_id="BJO", found=Found.MAPPED)


@pytest.mark.rule("CHK-7", way="punchout")
@pytest.mark.parametrize(
    "ship_to",
    [
        sent("Storgata 1 B"),
        sent("STORGATA 1b"),
        sent("Storgata 1B.", "NO-9996"),
        sent(" Storgata  1 b ", "N 9996", country="N"),
        replace(sent(""), street=("Storgata", "1 B")),
    ],
)
def test_unmapped_address_is_matched_by_street_and_postal_code(ship_to):
    """Spelling of the same place does not matter; that it was matched is told."""
    assert destination(ship_to, LISTED, {}) == Destination(address_id="HBB", found=Found.MATCHED)


@pytest.mark.rule("CHK-7", way="punchout")
@pytest.mark.parametrize(
    "ship_to",
    [
        sent("Storgata 1 C"),
        sent("Storgata 1 B", "9997"),
        sent("Storgata 1 B", ""),
        sent("", "9996"),
        sent("Bjørneveien 1-3", "9997"),
        sent("Bjørneveien 1 3", "9997"),
        sent("Bjornsletta", "9997", name="Bjørnsletta"),
    ],
)
def test_other_address_is_never_shipped_to(ship_to):
    """What is neither mapped nor the same place is unknown, and the order waits for a person."""
    assert destination(ship_to, LISTED, {}) == UNKNOWN


@pytest.mark.rule("CHK-7", way="punchout")
def test_two_listed_addresses_with_the_same_text_are_not_guessed_between():
    """Two floors of one house differ only for people."""
    twice = (*LISTED, DeliveryAddress(address_id="HB2", address=replace(HBB, name="2. etasje")))
    assert destination(sent("Storgata 1 B"), twice, {}) == UNKNOWN


@pytest.mark.rule("CHK-7", way="punchout")
def test_map_to_an_address_that_is_not_listed_leads_nowhere():
    """A map that is out of date is not repaired by guessing."""
    assert destination(sent("Storgata 1 B"), LISTED, {"K-77": "LIL"}) == UNKNOWN


@pytest.mark.rule("CHK-7", way="punchout")
def test_address_chosen_in_the_shop_counts_only_where_the_order_names_no_place():
    """The approver's ShipTo wins over the shopper's choice."""
    assert destination(None, LISTED, {}, chosen="BJO") == Destination(address_id="BJO", found=Found.CHOSEN)
    assert destination(sent("Storgata 1 B"), LISTED, {}, chosen="BJO").address_id == "HBB"
    assert destination(sent("Ukjent 1"), LISTED, {}, chosen="BJO") == UNKNOWN
    assert destination(None, LISTED, {}, chosen="SKO") == UNKNOWN
    assert destination(None, LISTED, {}) == UNKNOWN


@pytest.mark.rule("CHK-7", way="punchout")
@given(st.text(), st.text(), st.dictionaries(st.text(), st.text()))
def test_order_only_ever_goes_to_a_listed_address(street, postal_code, address_map):
    """Whatever a message says, the result is one of the customer's own addresses or none."""
    found = destination(sent(street, postal_code), LISTED, address_map)
    assert found.address_id in {"HBB", "BJO", ""}
    assert (found.address_id == "") == (found.found is Found.UNKNOWN)


@pytest.mark.rule("CHK-6")
def test_listed_address_can_be_chosen_and_no_other():
    """The choice is from the list; anything else is for customer service."""
    customer = Customer(number="100234", name="Testby bibliotek", addresses=LISTED)
    assert listed(customer, "HBB") == "HBB"
    assert listed(customer, "") == ""
    with pytest.raises(Refused, match="Storgata"):
        listed(customer, "Storgata 1 B")
