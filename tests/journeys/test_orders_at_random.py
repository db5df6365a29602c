"""Orders, changes, people and the bookshop at random: no copy is lost, and none comes twice (DIST-10)."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from protocols.cxml.envelope import Stamp
from protocols.errors import ProtocolError
from protocols.model.money import total
from protocols.model.order import OrderType
from protocols.model.party import Address
from punchout.roundtrip import holds
from session_store import carts, orders
from session_store.orders import OrderState
from tests.journeys.crashing import COPIES, CUSTOMER, do_what_was_promised, orderable, take_home, trader_at

PLACES = st.sampled_from([Address(address_id=id_) for id_ in ("1001", "1002", "1003")])
LINES = st.lists(st.tuples(st.integers(1, COPIES + 1), PLACES, st.booleans()), min_size=4, max_size=4)
UNDECIDED = {OrderState.RECEIVED, OrderState.HELD, OrderState.PARKED}
DUPLICATES = {"copies.taken", "duplicate.order"}
WHICH = st.integers(0, 1)


@pytest.fixture
def home(gateways):
    """The first gateway's house."""
    return gateways[0]


class Orders(RuleBasedStateMachine):
    """Two orders that share two carts, and all that may happen to them.

    A line of the first cart that is on one order can be asked for by the other; a person refuses what has
    been ordered twice.
    """

    numbers = count(1)

    def __init__(self, home):
        """Nothing has been ordered yet."""
        super().__init__()
        self.home, self.trader = home, trader_at(home)
        self.picked = False
        self.sent = []

    @initialize()
    def shop(self):
        """Two carts come home, of four titles in all."""
        run = next(self.numbers)
        self.order_ids = [f"PO-{run}-{which}" for which in range(2)]
        titles = orderable(self.home, 4)
        both = [take_home(self.home, self.trader, products=two) for two in (titles[:2], titles[2:])]
        first = self.trader.stamp()
        made = [
            self.trader.order(cart, first, {}, id_) for cart, id_ in zip(both, self.order_ids, strict=True)
        ]
        self.bare, self.first = made[0], first
        lines = [line for order in made for line in order.lines]
        self.lines = [replace(line, number=number) for number, line in enumerate(lines, start=1)]
        self.tokens = {line.line_token: line.number for line in self.lines}

    @rule(
        which=WHICH,
        type_=st.sampled_from(OrderType),
        wanted=LINES,
        keep=st.sets(st.integers(0, 3), min_size=1),
    )
    def send(self, which, type_, wanted, keep):
        """A version with some of the lines, in any quantity, to any place, some at another price."""
        if type_ is OrderType.NEW and self.order_ids[which] in {order.order_id for order, _ in self.sent}:
            type_ = OrderType.UPDATE
        lines = tuple(
            replace(line, quantity=line.quantity - COPIES + quantity, ship_to=place)
            for index, (line, (quantity, place, _)) in enumerate(zip(self.lines, wanted, strict=True))
            if index in keep
        )
        if wanted[0][2] and wanted[1][2]:
            lines = tuple(
                replace(line, unit_price=replace(line.unit_price, amount=Decimal(1))) for line in lines
            )
        order = replace(
            self.bare,
            order_id=self.order_ids[which],
            type=type_,
            version=str(len(self.sent)),
            ship_to=None,
            lines=lines,
            total=total(line.unit_price.times(line.quantity) for line in lines),
        )
        later = self.first.timestamp + timedelta(minutes=len(self.sent))
        stamp = Stamp(payload_id=f"{len(self.sent)}.{self.first.payload_id}", timestamp=later)
        self.sent.append((order, stamp))
        self.hand_over(order, stamp)

    @rule(which=st.integers(0, 30))
    def send_again(self, which):
        """An earlier document, under its own key."""
        if self.sent:
            self.hand_over(*self.sent[which % len(self.sent)])

    def hand_over(self, order, stamp):
        """Nothing: the gateway has answered as it may."""
        assert self.trader.send_purchase_order(order, stamp).code in {200, 201, 409}

    @rule()
    def work(self):
        """The worker does all that is due."""
        do_what_was_promised(self.home)

    @rule(which=st.integers(0, 9))
    def pick(self, which):
        """A line is picked."""
        lines = [(placed, line) for placed in self.placed() for line in placed.order.lines]
        if lines:
            placed, line = lines[which % len(lines)]
            self.home.counter.pick(CUSTOMER, placed.order_number, line.number)
            self.picked = True

    @rule(which=WHICH, let_go=st.booleans())
    def decide(self, which, let_go):
        """A person releases an order that waits, or refuses it."""
        waiting = [held for held in holds.listing(self.home.world) if held.order.order_id in self.order_ids]
        if not waiting:
            return
        held = waiting[which % len(waiting)]
        if let_go and not DUPLICATES & self.reasons(held):
            holds.release(self.home.world, held, "Åse")
        else:
            holds.refuse(self.home.world, held, "Åse", "Nei.")

    def reasons(self, held):
        """Why it would wait, by today's judgement."""
        try:
            return {finding.code for finding in holds.today(self.home.world, held).findings}
        except ProtocolError:
            return DUPLICATES

    @rule()
    def a_day_goes_by(self):
        """Whoever did not choose in time is chosen for."""
        then = self.home.world.now() + timedelta(hours=25)
        holds.decide_overdue(replace(self.home.world, now=lambda: then))

    def placed(self):
        """The bookshop's orders of this run."""
        return [one for id_ in self.order_ids for one in self.home.shop.orders(CUSTOMER, id_)]

    def delivered(self):
        """How often each planned copy will be delivered: by PO number, product and note."""
        return Counter(
            (placed.order.po_number, line.product_id, copy.codes.note)
            for placed in self.placed()
            for line in placed.order.lines
            for copy in line.copies
            if copy.codes.note
        )

    @invariant()
    def no_copy_comes_twice(self):
        """Each planned copy is in one bookshop order at most, whichever order brought it there.

        A cancellation frees its copies before the bookshop says what has been picked, and the other order may
        then be quicker: after picking each order is looked at by itself.
        """
        if self.sent:
            times = Counter()
            for (number, product, note), many in self.delivered().items():
                times[number if self.picked else "", product, note] += many
            assert not [copy for copy, many in times.items() if many > 1]

    def teardown(self):
        """When all is done, the copies that are taken are those that the bookshop delivers."""
        do_what_was_promised(self.home)
        if self.picked or not self.sent:
            return
        with self.home.store.read() as tx:
            known = [
                version for id_ in self.order_ids for version in orders.versions(tx, "demo-generic", id_)
            ]
            owners = {token: carts.order_keys(tx, "demo-generic", [token]) for token in self.tokens}
        if any(version.state in UNDECIDED for version in known):
            return
        product = {line.line_token: line.product_id for line in self.lines}
        taken = {(key, product[token]) for token, keys in owners.items() for key in keys}
        assert taken == {(number, item) for number, item, _ in self.delivered()}


@pytest.mark.rule("DIST-10", way="punchout")
@pytest.mark.rule("T-I5")
def test_no_copy_is_lost_and_none_comes_twice(home):
    """Over walks of thirty steps through everything that buyers, people and the bookshop may do."""
    run_state_machine_as_test(
        lambda: Orders(home),
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=[Phase.generate],
        ),
    )
