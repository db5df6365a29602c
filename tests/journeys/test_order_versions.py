"""Orders that are changed and cancelled, in whatever order the documents arrive (T-I5, ORD-6)."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from protocols.cxml.envelope import Stamp
from protocols.model.agreement import Difference
from protocols.model.money import Money, total
from protocols.model.order import OrderType, PurchaseOrder
from punchout.roundtrip import holds
from session_store import agreements, orders
from session_store.orders import OrderState
from tests.journeys.crashing import COPIES, CUSTOMER, apart, do_what_was_promised, take_home, trader_at
from tests.session_store.racing import race

PARALLEL = 50
BUSY = 560


@pytest.fixture
def home(gateways):
    """The first gateway's house."""
    return gateways[0]


@dataclass(frozen=True)
class Paper:
    """One document about an order, with the key and time that it keeps however often it is sent."""

    order: PurchaseOrder
    stamp: Stamp

    def sent_by(self, trader):
        """The gateway's answer to it."""
        return trader.send_purchase_order(self.order, self.stamp)


def papers(trader, cart, order_id):
    """An order, two changes that each raise the first line by one, and a cancellation."""
    first = trader.stamp()
    stamps = [
        Stamp(
            payload_id=f"{order_id}.{place}.{first.payload_id}",
            timestamp=first.timestamp + timedelta(minutes=place),
        )
        for place in range(4)
    ]
    new = trader.order(cart, first, {}, order_id)
    updates = [replace(raised(new, more), type=OrderType.UPDATE, version=str(1 + more)) for more in (1, 2)]
    cancellation = replace(new, type=OrderType.DELETE, version="4")
    versions = (replace(new, version="1"), *updates, cancellation)
    return [Paper(order, stamp) for order, stamp in zip(versions, stamps, strict=True)]


def raised(order, more):
    """The order with so many more copies on its first line."""
    first, *rest = order.lines
    lines = (replace(first, quantity=first.quantity + more), *rest)
    return replace(order, lines=lines, total=total(line.unit_price.times(line.quantity) for line in lines))


def versions_of(home, trader, order_id):
    """All versions of the order, as they arrived."""
    with home.store.read() as tx:
        return orders.versions(tx, trader.agreement.id, order_id)


def in_shop(home, order_id):
    """The bookshop's only order for this number."""
    (placed,) = home.shop.orders(CUSTOMER, order_id)
    return home.shop.order(CUSTOMER, placed.order_number)


def quantities(placed):
    """How many copies of each line the bookshop will deliver."""
    return [line.quantity for line in placed.order.lines]


def patiently(paper, trader, tries=10):
    """The answer to a document, sent again as buyers' systems do while the gateway is too busy."""
    answers = (paper.sent_by(trader).code for _ in range(tries))
    return next(code for code in answers if code != BUSY)


@pytest.mark.rule("T-I5")
@pytest.mark.rule("ORD-6", way="punchout")
def test_all_24_orders_of_arrival_end_alike(home, trader):
    """Cancelled, in the bookshop once and with nothing left to deliver; every answer is 200 or 201."""
    for number, arrival in enumerate(permutations(range(4))):
        order_id = f"PO-{number}"
        documents = papers(trader, take_home(home, trader, titles=1), order_id)
        answers = [documents[which].sent_by(trader).code for which in arrival]
        do_what_was_promised(home)
        versions = versions_of(home, trader, order_id)
        standing = [version for version in versions if version.state is OrderState.CANCELLED]
        assert [version.order_type for version in standing] == [OrderType.DELETE], arrival
        rest = {version.state for version in versions if version.order_type is not OrderType.DELETE}
        assert rest <= {OrderState.SUPERSEDED, OrderState.LATE}, arrival
        placed = in_shop(home, order_id)
        assert (placed.status, placed.order.lines) == ("cancelled", ()), arrival
        before_the_order = arrival.index(0)
        assert answers == [201] * before_the_order + [200] * (4 - before_the_order), arrival


@pytest.mark.rule("T-I5")
def test_without_a_cancellation_the_last_change_stands(home, trader):
    """In all six orders of arrival the bookshop has the second change, with the planned copies first."""
    for number, arrival in enumerate(permutations(range(3))):
        order_id = f"PO-{number}"
        cart = take_home(home, trader)
        documents = papers(trader, cart, order_id)
        for which in arrival:
            documents[which].sent_by(trader)
        do_what_was_promised(home)
        placed = in_shop(home, order_id)
        assert quantities(placed) == [COPIES + 2, COPIES], arrival
        codes = [copy.codes.branch_code for copy in placed.order.lines[0].copies]
        assert all(codes[:COPIES]), arrival
        assert not any(codes[COPIES:]), arrival


@pytest.mark.rule("T-I5")
@pytest.mark.parametrize("arrival", [(0, 1), (1, 0)])
def test_a_change_that_counts_from_the_same_number_as_its_order_is_applied(home, trader, arrival):
    """Some systems count changes by themselves: both say orderVersion 1, and the change stands."""
    new, change, *_ = papers(trader, take_home(home, trader), "PO-1")
    documents = (new, replace(change, order=replace(change.order, version=new.order.version)))
    answers = [documents[which].sent_by(trader).code for which in arrival]
    do_what_was_promised(home)
    assert answers == [201] * arrival.index(0) + [200] * (2 - arrival.index(0))
    assert quantities(in_shop(home, "PO-1")) == [COPIES + 1, COPIES]


@pytest.mark.rule("T-I5")
def test_fifty_changes_at_once_end_in_the_last(home, gateways, trader):
    """At two gateways and over real HTTP: none is refused, and the highest orderVersion stands."""
    cart = take_home(home, trader, titles=1)
    new, change, *_ = papers(trader, cart, "PO-1")
    assert new.sent_by(trader).code == 200
    changes = [
        Paper(
            replace(raised(change.order, more), version=str(2 + more)),
            replace(change.stamp, payload_id=f"{more}.{change.stamp.payload_id}"),
        )
        for more in range(PARALLEL)
    ]
    lines = [apart(trader, gateways[which % 2].world.public_base_url) for which in range(PARALLEL)]
    answers = race(PARALLEL, lambda which: patiently(changes[which], lines[which]))
    assert answers == [200] * PARALLEL
    do_what_was_promised(home)
    states = Counter(version.state for version in versions_of(home, trader, "PO-1"))
    assert states[OrderState.PLACED] == 1
    assert set(states) <= {OrderState.PLACED, OrderState.SUPERSEDED, OrderState.LATE}
    assert quantities(in_shop(home, "PO-1")) == [COPIES + PARALLEL]


@pytest.mark.rule("T-I5")
@pytest.mark.rule("T-I1")
def test_a_change_that_comes_again_changes_nothing(home, trader):
    """The same document gets the same bytes; the same content under another payloadID the same status."""
    cart = take_home(home, trader)
    new, change, *_ = papers(trader, cart, "PO-1")
    new.sent_by(trader)
    first = change.sent_by(trader)
    assert change.sent_by(trader).exchange.received == first.exchange.received
    other = Paper(change.order, replace(change.stamp, payload_id="again@buyer.testby.example"))
    assert (other.sent_by(trader).code, other.sent_by(trader).detail) == (first.code, first.detail)
    do_what_was_promised(home)
    assert len(versions_of(home, trader, "PO-1")) == 2
    assert quantities(in_shop(home, "PO-1")) == [COPIES + 1, COPIES]


@pytest.mark.rule("T-I5")
def test_a_change_back_to_an_earlier_content_is_a_change(home, trader):
    """Without orderVersion and with the order's date, as some systems send: the later document stands."""
    cart = take_home(home, trader, titles=1)
    new, up, *_ = papers(trader, cart, "PO-1")
    bare = [replace(up.order, version="", lines=raised(new.order, more).lines) for more in (1, 2, 1)]
    new.sent_by(trader)
    for place, order in enumerate(bare):
        stamp = replace(
            up.stamp,
            payload_id=f"{place}@buyer.testby.example",
            timestamp=up.stamp.timestamp + timedelta(seconds=place),
        )
        assert trader.send_purchase_order(order, stamp).code == 200
    do_what_was_promised(home)
    assert quantities(in_shop(home, "PO-1")) == [COPIES + 1]


@pytest.mark.rule("ORD-6", way="punchout")
def test_what_has_been_picked_is_not_changed_any_more(home, trader):
    """The picked line stays as it was; the rest of the change is made."""
    cart = take_home(home, trader)
    new, change, *_ = papers(trader, cart, "PO-1")
    new.sent_by(trader)
    do_what_was_promised(home)
    number = in_shop(home, "PO-1").order_number
    home.counter.pick(CUSTOMER, number, 1)
    first, second = change.order.lines
    fewer = replace(change.order, lines=(first, replace(second, quantity=Decimal(COPIES + 4))))
    assert Paper(fewer, change.stamp).sent_by(trader).code == 200
    do_what_was_promised(home)
    assert quantities(in_shop(home, "PO-1")) == [COPIES, COPIES + 4]


@pytest.mark.rule("ORD-6", way="punchout")
def test_a_cancellation_leaves_what_has_been_picked(home, trader):
    """And the order goes on for that line, so that a later change still finds it."""
    cart = take_home(home, trader)
    new, _, change, cancellation = papers(trader, cart, "PO-1")
    new.sent_by(trader)
    do_what_was_promised(home)
    home.counter.pick(CUSTOMER, in_shop(home, "PO-1").order_number, 1)
    assert cancellation.sent_by(trader).code == 200
    do_what_was_promised(home)
    assert [line.number for line in in_shop(home, "PO-1").order.lines] == [1]
    later = replace(change.order, version="5")
    assert trader.send_purchase_order(later, replace(change.stamp, payload_id="5@x.example")).code == 200
    do_what_was_promised(home)
    assert quantities(in_shop(home, "PO-1")) == [COPIES, COPIES]


@pytest.mark.rule("ORD-6", way="punchout")
@pytest.mark.rule("DIST-10", way="punchout")
def test_copies_of_a_cancelled_order_can_be_ordered_again(home, trader):
    """They are free once it is carried out; before that a second order for them is held as a duplicate."""
    cart = take_home(home, trader)
    new, *_, cancellation = papers(trader, cart, "PO-1")
    new.sent_by(trader)
    assert trader.send_order(cart, order_id="PO-2").code == 201
    assert cancellation.sent_by(trader).code == 200
    do_what_was_promised(home)
    assert trader.send_order(cart, order_id="PO-3").code == 200
    do_what_was_promised(home)
    assert quantities(in_shop(home, "PO-3")) == [COPIES, COPIES]


@pytest.mark.rule("T-I5")
def test_a_change_waits_a_quarter_of_an_hour_for_its_order(home, trader):
    """Then a person sees it; when the order comes after all, the change is made."""
    new, change, *_ = papers(trader, take_home(home, trader), "PO-1")
    assert change.sent_by(trader).code == 201
    holds.decide_overdue(home.world)
    assert [version.state for version in versions_of(home, trader, "PO-1")] == [OrderState.PARKED]
    late = replace(home.world, now=lambda: home.world.now() + timedelta(minutes=16))
    holds.decide_overdue(late)
    (held,) = holds.listing(home.world)
    assert held.order.hold_reasons == ("order.parent",)
    assert new.sent_by(trader).code == 200
    do_what_was_promised(home)
    assert quantities(in_shop(home, "PO-1")) == [COPIES + 1, COPIES]
    assert holds.listing(home.world) == ()


@pytest.mark.rule("T-I5")
def test_a_change_that_names_an_order_of_another_number_is_held(home, trader):
    """DocumentReference leads to PO-1, orderID says PO-9: a person decides."""
    new, change, *_ = papers(trader, take_home(home, trader), "PO-1")
    new.sent_by(trader)
    other = replace(change.order, order_id="PO-9", previous_payload_id=new.stamp.payload_id)
    assert Paper(other, change.stamp).sent_by(trader).code == 201
    (held,) = holds.listing(home.world)
    assert held.order.hold_reasons[-1] == "order.reference"


@pytest.mark.rule("ORD-1", way="punchout")
def test_a_new_order_under_a_number_that_we_have_is_never_a_second_one(home, trader):
    """Also when it counts another orderVersion: 409 says to send an update."""
    new, *_ = papers(trader, take_home(home, trader), "PO-1")
    new.sent_by(trader)
    again = replace(raised(new.order, 1), version="2")
    assert trader.send_purchase_order(again, trader.stamp()).code == 409


@pytest.mark.rule("T-M1")
def test_an_order_of_another_agreement_is_not_changed(home, trader):
    """The change waits for an order of its own agreement; the other one's stays as it is."""
    other = trader_at(home, name="coupa")
    new, change, *_ = papers(trader, take_home(home, trader), "PO-1")
    new.sent_by(trader)
    assert Paper(change.order, change.stamp).sent_by(other).code == 201
    do_what_was_promised(home)
    assert quantities(in_shop(home, "PO-1")) == [COPIES, COPIES]


@pytest.mark.rule("ORD-6", way="punchout")
@pytest.mark.rule("DIST-10", way="punchout")
def test_copies_that_were_picked_before_a_cancellation_are_not_ordered_again(home, trader):
    """They are on their way: another order for them waits as a possible duplicate."""
    cart = take_home(home, trader)
    new, *_, cancellation = papers(trader, cart, "PO-1")
    new.sent_by(trader)
    do_what_was_promised(home)
    home.counter.pick(CUSTOMER, in_shop(home, "PO-1").order_number, 1)
    cancellation.sent_by(trader)
    do_what_was_promised(home)
    assert trader.send_order(cart, order_id="PO-2").code == 201
    (held,) = holds.listing(home.world)
    assert held.order.hold_reasons == ("copies.taken",)


@pytest.mark.rule("T-I5")
def test_a_parked_change_that_the_agreement_refuses_by_now_waits_for_a_person(home, trader):
    """Its price would be refused at the door; it is neither tried for three days nor lost."""
    new, change, *_ = papers(trader, take_home(home, trader), "PO-1")
    cheap = replace(change.order.lines[0], unit_price=Money(Decimal("1.00")))
    lines = (cheap, *change.order.lines[1:])
    assert Paper(replace(change.order, lines=lines), change.stamp).sent_by(trader).code == 201
    policy = replace(trader.agreement.policy, price_difference=Difference.REJECT)
    with home.store.write() as tx:
        changed = replace(trader.agreement, policy=policy)
        agreements.save(tx, changed, (), keyring=home.world.keyring, now=home.world.now())
    assert new.sent_by(trader).code == 200
    do_what_was_promised(home)
    (held,) = holds.listing(home.world)
    assert held.order.hold_reasons == ("shop.refused",)
    assert quantities(in_shop(home, "PO-1")) == [COPIES, COPIES]
