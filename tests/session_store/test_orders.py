"""Purchase orders: kept whole, one for each number and version of an agreement."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from protocols.model.order import ShopOrder
from protocols.model.session import Deployment
from session_store import orders
from session_store.orders import OrderState
from tests.session_store.made import NOW, keep, order_of
from tests.session_store.racing import race


def test_order_comes_back_whole(tx):
    """Lines, shop orders, reasons, hash and times are as they were."""
    stored = order_of(
        shop_orders=(ShopOrder(customer_number="100234", delivery_address_id="HBØ", lines=()),),
        hold_reasons=("address.unknown",),
        state=OrderState.HELD,
        deployment=Deployment.TEST,
    )
    keep(tx, stored)
    assert orders.get(tx, "boe", "order-1") == stored
    assert orders.find(tx, "boe", "PO-1", "") == stored
    assert orders.by_reference(tx, "boe", "R-order-1") == stored


def test_order_that_is_not_there_is_none(tx):
    """Unknown numbers, versions and ids."""
    keep(tx, order_of())
    assert orders.find(tx, "boe", "PO-1", "2") is None
    assert orders.get(tx, "boe", "order-2") is None
    assert orders.by_reference(tx, "boe", "R-2") is None


@pytest.mark.rule("T-I3")
def test_same_number_from_two_agreements_is_two_orders(tx):
    """Each agreement sees its own."""
    for agreement_id in ("boe", "aas"):
        keep(tx, order_of(agreement_id))
    for agreement_id in ("boe", "aas"):
        assert [one.agreement_id for one in orders.listing(tx, agreement_id)] == [agreement_id]


@pytest.mark.rule("ORD-1", way="punchout")
def test_of_orders_with_one_number_that_arrive_together_one_is_kept(store):
    """Sixteen payloadIDs with the same order number make one order (the second fence)."""

    def receive(which):
        with store.write() as tx:
            keep(tx, order_of(id_=f"order-{which}"))

    results = race(16, receive)
    assert results.count(None) == 1
    assert all(isinstance(error, IntegrityError) for error in results if error is not None)
    with store.read() as tx:
        assert len(orders.listing(tx, "boe")) == 1


def test_versions_of_one_number_stand_beside_each_other(tx):
    """An update that names its version is an order row of its own."""
    second = replace(order_of(id_="order-2"), number="2")
    keep(tx, order_of())
    keep(tx, second)
    assert orders.find(tx, "boe", "PO-1", "2") == second


def test_listing_is_newest_first(tx):
    """What came in last is on top."""
    for hour, number in enumerate(("PO-1", "PO-2", "PO-3")):
        keep(tx, order_of(number=number, id_=number, received_at=NOW + timedelta(hours=hour)))
    assert [one.order.order_id for one in orders.listing(tx, "boe")] == ["PO-3", "PO-2", "PO-1"]


def test_placed_order_has_the_bookshops_numbers(tx):
    """In the order of its shop orders; another agreement cannot move it."""
    keep(tx, order_of())
    placed = {"state": OrderState.PLACED, "now": NOW, "shop_order_numbers": ("B-1", "B-2")}
    assert not orders.move(tx, "aas", "order-1", **placed)
    assert orders.move(tx, "boe", "order-1", **placed)
    found = orders.get(tx, "boe", "order-1")
    assert (found.state, found.shop_order_numbers) == (OrderState.PLACED, ("B-1", "B-2"))


def test_held_order_says_what_it_waits_for(tx):
    """The reasons are finding codes, in order."""
    keep(tx, order_of())
    assert orders.hold(tx, "boe", "order-1", ["price.changed", "address.unknown"], NOW)
    found = orders.get(tx, "boe", "order-1")
    assert (found.state, found.hold_reasons) == (OrderState.HELD, ("price.changed", "address.unknown"))


@pytest.mark.rule("T-I5")
def test_versions_come_in_the_order_of_their_arrival(tx):
    """Whoever holds the head sees all that is there, and nothing of another agreement's order."""
    for hour, id_ in enumerate(("first", "second")):
        keep(tx, replace(order_of(id_=id_, received_at=NOW + timedelta(hours=hour)), number=id_))
    keep(tx, order_of("aas"))
    assert [one.id for one in orders.hold_head(tx, "boe", "PO-1")] == ["first", "second"]
    assert [one.id for one in orders.versions(tx, "boe", "PO-2")] == []


@pytest.mark.rule("T-I5")
def test_what_waits_too_long_is_found(tx):
    """Only in the state asked for, and not before its time."""
    for number, state in (("PO-1", OrderState.PARKED), ("PO-2", OrderState.HELD)):
        keep(tx, order_of(number=number, id_=number, state=state, decide_by=NOW))
    assert [one.id for one in orders.overdue(tx, OrderState.PARKED, NOW)] == ["PO-1"]
    assert orders.overdue(tx, OrderState.PARKED, NOW - timedelta(seconds=1)) == ()
    assert [one.id for one in orders.in_state(tx, OrderState.HELD)] == ["PO-2"]


def test_reference_is_found_whoever_it_belongs_to(tx):
    """The page of an order is opened by its code alone; a code of two orders opens neither without asking."""
    keep(tx, order_of())
    keep(tx, order_of("aas"))
    assert {one.agreement_id for one in orders.anywhere(tx, "R-order-1")} == {"boe", "aas"}
    assert orders.anywhere(tx, "R-order-9") == ()


def test_order_is_found_by_the_document_it_came_in(tx):
    """Another agreement's payloadID finds nothing."""
    keep(tx, order_of())
    assert orders.by_payload(tx, "boe", "1@buyer.example") == order_of()
    assert orders.by_payload(tx, "aas", "1@buyer.example") is None
