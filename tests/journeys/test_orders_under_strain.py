"""Changes that meet picking, refusals, people and each other: no copy is lost and none comes twice."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from catalog_bridge.bookshop import Refused
from protocols.cxml.envelope import Stamp
from protocols.model.money import Money, total
from protocols.model.order import OrderType
from protocols.model.party import Address
from protocols.model.session import Deployment
from punchout.roundtrip import holds
from session_store import agreements, orders
from session_store.orders import OrderState
from tests.journeys.crashing import COPIES, CUSTOMER, do_what_was_promised, take_home, trader_at
from tests.journeys.waiting import map_address

HERE, THERE = Address(address_id="1001"), Address(address_id="1002")


@pytest.fixture
def home(gateways):
    """The first gateway's house."""
    return gateways[0]


@pytest.fixture
def trader(home):
    """The generic buyer."""
    return trader_at(home)


@pytest.fixture
def cart(home, trader):
    """A cart of two titles, sent home."""
    return take_home(home, trader)


@pytest.fixture
def sender(trader, cart):
    """Who sends the versions of PO-1."""
    return Sender(trader, cart)


class Sender:
    """Sends version after version of one order, each a minute younger than the one before."""

    def __init__(self, trader, cart, order_id="PO-1"):
        """The order of this cart, not sent yet."""
        self.trader, self.cart, self.first, self.sent = trader, cart, trader.stamp(), 0
        self.order = trader.order(cart, self.first, {}, order_id)

    def send_first(self):
        """The gateway's answer to the order itself."""
        return self.send(self.order, OrderType.NEW)

    def send(self, order, type_=OrderType.UPDATE, **stamped):
        """The gateway's answer to the next version."""
        self.sent += 1
        stamp = Stamp(
            payload_id=f"{self.sent}.{self.first.payload_id}",
            timestamp=self.first.timestamp + timedelta(minutes=self.sent),
        )
        priced = total(line.unit_price.times(line.quantity) for line in order.lines)
        numbered = replace(order, type=type_, version=str(self.sent), total=priced)
        return self.trader.send_purchase_order(replace(numbered, **stamped), stamp)


def to(order, *places):
    """The order with its lines going to these places, in turn."""
    lines = zip(order.lines, places, strict=True)
    return replace(order, ship_to=None, lines=tuple(replace(line, ship_to=place) for line, place in lines))


def delivered(home):
    """How many copies of each product the bookshop will deliver, over all its orders."""
    count = Counter()
    for placed in home.shop.orders(CUSTOMER):
        for line in placed.order.lines:
            count[line.product_id] += line.quantity
    return count


def states(home, order_id="PO-1"):
    """The states of the versions, as they arrived."""
    with home.store.read() as tx:
        return [version.state for version in orders.versions(tx, "demo-generic", order_id)]


def pick(home, product_id):
    """Nothing: the line with this product is picked."""
    for placed in home.shop.orders(CUSTOMER):
        for line in placed.order.lines:
            if line.product_id == product_id:
                home.counter.pick(CUSTOMER, placed.order_number, line.number)


def refusing(shop, monkeypatch, unwanted):
    """Nothing: the bookshop refuses to place an order with such a line."""
    place = shop.place_order

    def placed(order, key):
        if any(map(unwanted, order.lines)):
            raise Refused("This title is out of print.")
        return place(order, key)

    monkeypatch.setattr(shop, "place_order", placed)


def in_earnest(home, trader):
    """The same buyer under an agreement that is no test any more."""
    real = replace(trader.agreement, deployment=Deployment.PRODUCTION)
    with home.store.write() as tx:
        agreements.save(tx, real, (), keyring=home.world.keyring, now=home.world.now())
    return replace(trader, agreement=real)


@pytest.mark.rule("CHK-8", way="punchout")
@pytest.mark.rule("DIST-10", way="punchout")
@pytest.mark.parametrize(
    "places", [(HERE, HERE), (THERE, THERE), (THERE, HERE)], ids=["here", "there", "swap"]
)
@pytest.mark.parametrize("which", [0, 1], ids=["first picked", "second picked"])
def test_a_picked_line_that_is_sent_elsewhere_comes_once(home, sender, places, which):
    """It stays where it was picked, and no other order takes it, there and back again."""
    assert sender.send(to(sender.order, HERE, THERE), OrderType.NEW).code == 200
    do_what_was_promised(home)
    pick(home, sender.order.lines[which].product_id)
    for wanted in (places, (HERE, THERE), places):
        assert sender.send(to(sender.order, *wanted)).code == 200
        do_what_was_promised(home)
        assert list(delivered(home).values()) == [COPIES, COPIES]


@pytest.mark.rule("CHK-8", way="punchout")
def test_lines_that_change_places_come_once(home, sender):
    """From two addresses to one, to two others and back, with nothing picked."""
    assert sender.send(to(sender.order, HERE, THERE), OrderType.NEW).code == 200
    for wanted in ((HERE, HERE), (THERE, HERE), (THERE, THERE), (HERE, THERE), (THERE, HERE)):
        assert sender.send(to(sender.order, *wanted)).code == 200
        do_what_was_promised(home)
        assert list(delivered(home).values()) == [COPIES, COPIES]
        bound_for = {
            line.product_id: placed.order.delivery_address_id
            for placed in home.shop.orders(CUSTOMER)
            for line in placed.order.lines
        }
        ours = [sender.trader.agreement.addresses[place.address_id] for place in wanted]
        assert [bound_for[line.product_id] for line in sender.order.lines] == ours


@pytest.mark.rule("ORD-1", way="punchout")
@pytest.mark.rule("CHK-8", way="punchout")
def test_an_order_that_was_placed_in_part_can_go_on_as_one(home, sender, monkeypatch):
    """The bookshop refused the second of two; by today's address map both go to one place."""
    second = sender.order.lines[1].product_id
    refusing(home.world.shop, monkeypatch, lambda line: line.product_id == second)
    assert sender.send(to(sender.order, HERE, THERE), OrderType.NEW).code == 200
    do_what_was_promised(home)
    assert states(home) == [OrderState.HELD]
    monkeypatch.undo()
    map_address(home, "1002", sender.trader.agreement.addresses["1001"])
    (held,) = holds.listing(home.world)
    holds.release(home.world, held, "Åse")
    do_what_was_promised(home)
    assert states(home) == [OrderState.PLACED]
    assert list(delivered(home).values()) == [COPIES, COPIES]


@pytest.mark.rule("T-I5")
def test_nobody_decides_about_what_a_newer_version_has_overtaken(home, sender, monkeypatch):
    """The bookshop refuses the first version when the second is on its way: that one stands."""
    refusing(home.world.shop, monkeypatch, lambda line: line.quantity == COPIES and line.number == 1)
    sender.send(sender.order, OrderType.NEW)
    first, second = sender.order.lines
    sender.send(replace(sender.order, lines=(replace(first, quantity=first.quantity + 1), second)))
    do_what_was_promised(home)
    assert states(home) == [OrderState.SUPERSEDED, OrderState.PLACED]
    assert holds.listing(home.world) == ()


@pytest.mark.rule("T-I5")
@pytest.mark.parametrize("version", ["", "1"])
def test_an_order_may_count_as_its_early_change_did(home, sender, version):
    """A system that always sends the same orderVersion, or none, and the change came first."""
    assert sender.send(sender.order, version=version).code == 201
    assert sender.send(sender.order, OrderType.NEW, version=version).code == 200
    do_what_was_promised(home)
    assert list(delivered(home).values()) == [COPIES, COPIES]


@pytest.mark.rule("T-I5")
def test_versions_follow_each_other_whatever_the_clocks_say(home, sender):
    """One host's clock is an hour ahead: what it did first is still what came first."""
    ahead = replace(home, world=replace(home.world, now=lambda: home.world.now() + timedelta(hours=1)))
    sender.send(to(sender.order, HERE, HERE), OrderType.NEW)
    do_what_was_promised(ahead)
    for places in ((HERE, THERE), (THERE, HERE)):
        sender.send(to(sender.order, *places))
        do_what_was_promised(home)
        assert list(delivered(home).values()) == [COPIES, COPIES]


@pytest.mark.rule("ORD-6", way="punchout")
def test_a_test_document_never_cancels_an_order_in_earnest(home, trader, cart):
    """409 says in which mode the order came; the bookshop delivers it."""
    sender = Sender(in_earnest(home, trader), cart)
    assert sender.send(sender.order, OrderType.NEW).code == 200
    sender.trader = trader
    for type_ in (OrderType.UPDATE, OrderType.DELETE):
        answer = sender.send(sender.order, type_)
        assert (answer.code, "came as production" in answer.detail) == (409, True)
    do_what_was_promised(home)
    assert list(delivered(home).values()) == [COPIES, COPIES]


@pytest.mark.rule("ORD-1", way="punchout")
def test_an_order_in_earnest_is_no_repetition_of_a_test(home, trader, cart):
    """Same number, same content, other mode: it waits for a person instead of being taken for done."""
    real = in_earnest(home, trader)
    sender = Sender(trader, cart)
    assert sender.send(sender.order, OrderType.NEW, version="").code == 200
    sender.trader = real
    assert sender.send(sender.order, OrderType.NEW, version="").code == 201
    (held,) = holds.listing(home.world)
    assert (held.order.deployment, "duplicate.order" in held.order.hold_reasons) == (
        Deployment.PRODUCTION,
        True,
    )


@pytest.mark.rule("DIST-10", way="punchout")
def test_copies_of_a_refused_change_are_free_again(home, trader, sender):
    """The lines that the change would have added can be ordered by another order; the first's stay taken."""
    other = Sender(trader, take_home(home, trader), "PO-2")
    sender.send(sender.order, OrderType.NEW)
    do_what_was_promised(home)
    cheap = Money(Decimal("1.00"))
    more = (replace(line, number=line.number + 2, unit_price=cheap) for line in other.order.lines)
    assert sender.send(replace(sender.order, lines=(*sender.order.lines, *more))).code == 201
    (held,) = holds.listing(home.world)
    holds.refuse(home.world, held, "Åse", "Prisen er feil.")
    assert other.send(other.order, OrderType.NEW).code == 200
    assert Sender(trader, sender.cart, "PO-3").send_first().code == 201


@pytest.mark.rule("ORD-1", way="punchout")
def test_what_was_refused_is_not_said_to_wait(home, sender):
    """The same content under another payloadID: the same status, and the truth about it."""
    cheap = replace(sender.order.lines[0], unit_price=Money(Decimal("1.00")))
    order = replace(sender.order, lines=(cheap, sender.order.lines[1]))
    assert sender.send(order, OrderType.NEW, version="1").code == 201
    (held,) = holds.listing(home.world)
    holds.refuse(home.world, held, "Åse", "Prisen er feil.")
    again = sender.send(order, OrderType.NEW, version="1")
    assert (again.code, "refused" in again.detail, "waits" in again.detail) == (201, True, False)
