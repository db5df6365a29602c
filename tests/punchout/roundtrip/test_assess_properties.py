"""Whatever an approver did, and wherever the lines go: what the bookshop gets is what was approved."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_bridge.rules import rejoining
from catalog_bridge.rules.dealing import Habits
from protocols.cxml.order import PLACES
from protocols.model.customer import Customer
from protocols.model.item import Offer, Product
from protocols.model.party import Address
from protocols.model.session import Deployment
from punchout.roundtrip.assess import assess
from tests.catalog_bridge.rules.approving import CUSTOMERS, approved
from tests.catalog_bridge.rules.returned import NOON
from tests.punchout.roundtrip.made import AGREEMENT, FakeShop, kr

PLACED = replace(AGREEMENT, customers=tuple(CUSTOMERS), addresses={"1001": "HBB", "1002": "BJØ"})
SHIP_TO = [None, *(Address(address_id=address_id) for address_id in ("1001", "1002"))]


class WholeShop(FakeShop):
    """A shop that has every title, and both libraries at the same addresses."""

    def customer(self, number):
        """Either library."""
        return Customer(number=number, name="Testby", addresses=FakeShop().customers[0].addresses)

    def offer(self, _number, product_id):
        """Any title, at the cart's price."""
        product = Product(product_id=product_id, isbn=product_id, title="Tittel")
        return Offer(product=product, unit_price=kr("199.00"))


def going_somewhere(chance):
    """An approved order whose lines go to two places, and some nowhere in particular."""
    case = approved(chance)
    lines = tuple(replace(line, ship_to=chance.choice(SHIP_TO)) for line in case.order.lines)
    return case, replace(case.order, lines=lines, ship_to=chance.choice(SHIP_TO))


def assessed(case, order):
    """The order's lines, and the verdict on it."""
    lines = rejoining.rejoin(order, case.kept, case.clues, PLACES, Habits())
    world = SimpleNamespace(shop=WholeShop(), now=lambda: NOON)
    return lines, assess(world, PLACED, order, lines, Deployment.PRODUCTION)


@pytest.mark.rule("DIST-4", way="punchout")
@pytest.mark.rule("CHK-8", way="punchout")
@settings(max_examples=1000)
@given(st.randoms(use_true_random=True).map(going_somewhere), st.randoms(use_true_random=True))
def test_every_approved_copy_goes_to_one_place_under_its_codes(made, chance):
    """No line and no copy is lost or doubled by the split, and the order of lines changes none of it."""
    case, order = made
    lines, verdict = assessed(case, order)
    if not verdict.shop_orders:
        return
    sent = {line.number: line for part in verdict.shop_orders for line in part.lines}
    assert sum(len(part.lines) for part in verdict.shop_orders) == len(order.lines) == len(sent)
    for joined in lines:
        line = sent[joined.line.number]
        assert len(line.copies) == line.quantity == joined.line.quantity
        assert [copy.codes for copy in line.copies] == [copy.codes for copy in joined.copies]
        assert [copy.number for copy in line.copies] == list(range(1, line.quantity + 1))
    mixed = replace(order, lines=tuple(chance.sample(order.lines, len(order.lines))))
    _, again = assessed(case, mixed)
    assert list(map(facts, again.shop_orders)) == list(map(facts, verdict.shop_orders))


def facts(part):
    """A part, wherever its lines stand in it."""
    return replace(part, lines=tuple(sorted(part.lines, key=lambda line: line.number)))
