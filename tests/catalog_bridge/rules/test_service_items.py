"""Services go back as items of their own, so that the cart's total is the invoice's (SVC-4)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.rules.service_items import items
from catalog_bridge.rules.services import chosen
from protocols.model.cart import CartLine
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.money import Money, total
from tests.catalog_bridge.contract.world import NOVEL, SERVICES

pytestmark = pytest.mark.rule("SVC-4", way="punchout")


def line(line_id, quantity, *services):
    """A line of the cart with these services."""
    return CartLine(
        line_id=line_id,
        product=NOVEL,
        quantity=quantity,
        unit_price=Money(Decimal("399.00")),
        copies=numbered((CopyCodes(),) * quantity),
        services=chosen(services, SERVICES),
    )


def said(found):
    """Id, quantity and lines of each item."""
    return [(item.line_id, item.quantity, item.served) for item in found]


def test_per_title_each_line_has_its_own():
    """With the quantity of the books."""
    lines = (line("a", 2, "PLAST", "ETIKETT"), line("b", 1), line("c", 3, "PLAST"))
    assert said(items(lines, "per_title")) == [
        ("a+PLAST", 2, ("a",)),
        ("a+ETIKETT", 2, ("a",)),
        ("c+PLAST", 3, ("c",)),
    ]


def test_per_order_a_service_is_one_item_for_all_its_books():
    """So that the cart has few lines."""
    lines = (line("a", 2, "PLAST", "ETIKETT"), line("b", 1), line("c", 3, "PLAST"))
    assert said(items(lines, "per_order")) == [("+PLAST", 5, ("a", "c")), ("+ETIKETT", 2, ("a",))]


def test_what_one_line_of_an_order_cannot_count_becomes_another_item():
    """At most 999 on each, and no book is divided."""
    lines = tuple(line(str(number), 400, "PLAST") for number in range(5))
    assert said(items(lines, "per_order")) == [
        ("+PLAST", 800, ("0", "1")),
        ("+PLAST.2", 800, ("2", "3")),
        ("+PLAST.3", 400, ("4",)),
    ]


CARTS = st.lists(
    st.tuples(st.integers(1, 999), st.sets(st.sampled_from(["HYLLEKLAR", "PLAST", "ETIKETT"]))), max_size=12
).map(lambda each: [line(str(number), *one[:1], *one[1]) for number, one in enumerate(each)])


@given(CARTS, st.sampled_from(["per_title", "per_order"]))
def test_however_they_go_back_they_cost_the_same(lines, way):
    """Every copy with its services once, and no id twice."""
    found = items(lines, way)
    books = total(each.line_total for each in lines)
    services = total(item.service.unit_price.times(item.quantity) for item in found)
    assert total([books, services]) == total(each.total for each in lines)
    assert len({item.line_id for item in found}) == len(found)
    assert all(item.quantity <= 999 for item in found)
