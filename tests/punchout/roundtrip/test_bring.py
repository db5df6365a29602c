"""The bookshop is brought from one division of an order to another, whatever has been picked."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.rules import changing
from catalog_bridge.rules.dividing import Goes, divided
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.money import Money
from protocols.model.order import BookshopOrder, ShopOrder, ShopOrderLine
from punchout.roundtrip.bring import bring

PLACES = [Goes("HBB"), Goes("BJO"), Goes("HBB", later=True)]
DIVIDED = st.dictionaries(
    st.integers(1, 3), st.lists(st.sampled_from(PLACES), min_size=1, max_size=4), min_size=1
)
"""By line number, where each copy goes."""


class Shop:
    """A bookshop that keeps to the rules for changes."""

    def __init__(self):
        """Begin empty."""
        self.orders, self.ids = {}, count(1)

    def _id(self):
        return str(next(self.ids))

    def place_order(self, order, key):
        """The order, kept."""
        made = BookshopOrder(order_number=key, status="confirmed", placed_at="", order=order)
        self.orders[key] = changing.changed(made, order, self._id).order
        return self.orders[key]

    def change_order(self, number, order, _key):
        """The order, changed as far as it is not picked."""
        assert self.orders[number].order.lines, "a cancelled order never changes again"
        change = changing.changed(self.orders[number], order, self._id)
        self.orders[number] = change.order
        return change

    def cancel_order(self, _customer, number, _key):
        """The order, cancelled as far as it is not picked."""
        change = changing.called_off(self.orders[number])
        self.orders[number] = change.order
        return change

    def held(self):
        """Line number and address → copies."""
        return Counter(
            {
                (line.number, placed.order.delivery_address_id, number): line.quantity
                for number, placed in self.orders.items()
                for line in placed.order.lines
            }
        )

    def of_line(self):
        """Line number → copies."""
        return totals(self.held())


def totals(held):
    """Line number → copies, of all orders."""
    found = Counter()
    for (line, *_), copies in held.items():
        found[line] += copies
    return found


def orders_of(places):
    """The orders that lines with copies for these places become."""
    lines = tuple(
        ShopOrderLine(
            number=number,
            product_id=f"978{number}",
            quantity=len(goes),
            unit_price=Money(Decimal(1)),
            copies=numbered(tuple(CopyCodes(note=str(place)) for place in goes)),
        )
        for number, goes in places.items()
    )
    return divided(ShopOrder(customer_number="100234", delivery_address_id="", lines=lines), places)


def wanted_of(places):
    """Line number and address → copies."""
    return Counter((number, place.address_id) for number, goes in places.items() for place in goes)


@pytest.mark.rule("CHK-10", way="punchout")
@pytest.mark.rule("INV-2", way="punchout")
@pytest.mark.rule("ORD-6", way="punchout")
@given(st.lists(DIVIDED, min_size=1, max_size=4))
def test_from_any_division_to_any_other_every_copy_is_there_once(versions):
    """At its address, in an order with its lines; what is not wanted any more is cancelled."""
    shop, standing = Shop(), ()
    for version, places in enumerate(versions):
        done = bring(shop, standing, orders_of(places), f"v{version}")
        standing = done.standing
        found = Counter()
        for (line, address, _), copies in shop.held().items():
            found[line, address] += copies
        assert found == wanted_of(places)
        assert (done.refused, done.reason) == ((), "")
        assert {one.order_number: dict(zip(one.lines, one.copies, strict=True)) for one in standing} == {
            number: {line.number: line.quantity for line in placed.order.lines}
            for number, placed in shop.orders.items()
            if placed.order.lines
        }


@pytest.mark.rule("CHK-10", way="punchout")
@pytest.mark.rule("ORD-6", way="punchout")
@given(DIVIDED, DIVIDED, st.data())
def test_what_has_been_picked_is_never_sent_twice(before, after, data):
    """A line of which a part could not change is refused by number, and never grows anywhere else."""
    shop = Shop()
    standing = bring(shop, (), orders_of(before), "v0").standing
    held = shop.held()
    for line, _, number in data.draw(st.sets(st.sampled_from(sorted(held)))):
        placed = shop.orders[number]
        shop.orders[number] = replace(placed, picked=tuple(sorted({*placed.picked, line})))
    done = bring(shop, standing, orders_of(after), "v1")
    refused = {late.change.line for late in done.refused}
    wanted, was, has = (Counter({n: len(g) for n, g in after.items()}), totals(held), shop.of_line())
    for line in {*was, *wanted}:
        assert has[line] == wanted[line] or line in refused
        assert has[line] <= max(was[line], wanted[line])
    assert not done.reason
