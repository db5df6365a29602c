"""Orders that lost what they were to be found by, from real carts, through the door, on both databases."""

from collections import Counter
from dataclasses import replace

import pytest

from catalog_bridge.rules.ladder import Step
from protocols.model.party import Address, Contact
from punchout.roundtrip.rejoin import rejoin
from session_store import agreements, journal
from session_store.orders import OrderState
from tests.journeys.crashing import ORDER_NAME, kept, take_home, trader_at
from tests.session_store.racing import race

EVERY_COPY = Counter({f"Blåbærhylla øverst {number}": 2 for number in range(3)})


@pytest.fixture
def home(gateways):
    """A gateway without a worker: what was promised is looked at, not done."""
    return gateways[0]


@pytest.fixture
def trader(home):
    """The generic buyer, whose system names no place."""
    made = trader_at(home)
    return replace(made, system=replace(made.system, ship_to=None))


@pytest.fixture
def cart(home, trader):
    """Two titles of three copies each, every copy with codes of its own."""
    return take_home(home, trader)


def edited(cart, *, quote="", **changes):
    """The cart as an approver's system made it over, each line with these things changed."""
    lines = tuple(replace(line, **changes) for line in cart.message.lines)
    return replace(cart, message=replace(cart.message, lines=lines, quote_id=quote))


def only(home, trader):
    """The one order that was kept."""
    (order,) = kept(home, trader.agreement.id)
    return order


def notes(order):
    """How often each note stands on a copy of the order."""
    return Counter(
        copy.codes.note for part in order.shop_orders for line in part.lines for copy in line.copies
    )


def told(home, order):
    """The codes of all findings that the journal has of the order."""
    with home.store.read() as tx:
        timeline = journal.timeline(tx, order.agreement_id, order.reference)
    return [finding.code for entry in timeline for finding in entry.findings]


def decide(home, trader, **policy):
    """Nothing: the agreement now says this."""
    agreement = replace(trader.agreement, policy=replace(trader.agreement.policy, **policy))
    with home.store.write() as tx:
        agreements.save(tx, agreement, (), keyring=home.world.keyring, now=home.world.now())


@pytest.mark.rule("DIST-8", way="punchout")
@pytest.mark.parametrize(
    ("kept_quote", "name", "step"),
    [(True, "", Step.QUOTE), (False, ORDER_NAME.upper(), Step.NAME), (False, "", Step.QUANTITY)],
)
def test_an_order_without_tokens_is_found_by_what_it_kept(home, trader, cart, kept_quote, name, step):
    """Quote, order name, or item and quantity alone bring every copy back; each line is told of."""
    lost = edited(cart, line_token="", quote=cart.message.quote_id if kept_quote else "")
    assert trader.send_order(lost, requisition_id=name).code == 200
    order = only(home, trader)
    assert notes(order) == EVERY_COPY
    assert told(home, order).count("line.ladder") == 2
    found = rejoin(home.world, trader.agreement, order.order, held_by=order.order_key)
    assert [line.match.step for line in found.lines] == [step, step]


@pytest.mark.rule("DIST-10", way="punchout")
def test_a_copied_requisition_without_tokens_takes_no_copy_twice(home, trader, cart):
    """Its cart is ordered already: by quote that shows, without any trace it waits as well."""
    lost = edited(cart, line_token="")
    assert trader.send_order(lost, order_id="PO-1").code == 200
    assert trader.send_order(lost, order_id="PO-2").code == 201
    quoted = edited(cart, line_token="", quote=cart.message.quote_id)
    assert trader.send_order(quoted, order_id="PO-3").code == 201
    reasons = {order.order.order_id: order.hold_reasons for order in kept(home, trader.agreement.id)}
    assert reasons == {"PO-1": (), "PO-2": ("line.unknown", "address.unknown"), "PO-3": ("copies.taken",)}


@pytest.mark.rule("DIST-10", way="punchout")
def test_of_orders_without_tokens_that_cross_one_gets_the_copies(home, trader, cart):
    """All found the same lines free when they were read; what is consumed is consumed once."""
    lost = edited(cart, line_token="")
    answers = race(8, lambda which: trader.send_order(lost, order_id=f"PO-{which}"))
    assert Counter(answer.code for answer in answers) == {200: 1, 201: 7}
    (placed,) = [order for order in kept(home, trader.agreement.id) if order.state is not OrderState.HELD]
    assert notes(placed) == EVERY_COPY


@pytest.mark.rule("ORD-6", way="punchout")
@pytest.mark.rule("DIST-10", way="punchout")
def test_an_update_finds_its_own_copies_free(home, trader, cart):
    """Whatever it kept of the cart; any other order finds them gone."""
    trader.send_order(cart)
    order = only(home, trader)
    again = [
        line.copies
        for line in rejoin(home.world, trader.agreement, order.order, held_by=order.order_key).lines
    ]
    assert [len(copies) for copies in again] == [3, 3]
    other = rejoin(home.world, trader.agreement, order.order)
    assert {finding.code for finding in other.findings} == {"copies.taken"}
    assert other.wanted == {}


@pytest.mark.rule("DIST-9", way="punchout")
def test_copies_that_an_approver_added_take_the_buyer_s_default_profile(home, trader, cart):
    """The buyer is known by e-mail; the planned copies stay as they were, and it is told."""
    someone = replace(trader.system, contacts=(Contact(email="Barn@bibliotek.testby.example"),))
    raised = replace(trader, system=someone).send_order(cart, quantities={1: 4, 2: 4})
    assert raised.code == 200
    order = only(home, trader)
    shelves = Counter(
        copy.codes.shelf_location for part in order.shop_orders for line in part.lines for copy in line.copies
    )
    assert shelves == {"": 6, "BILDEBOK": 2}
    assert told(home, order).count("line.changed") == 2


@pytest.mark.rule("DIST-9", way="punchout")
@pytest.mark.parametrize("changes", [{}, {"line_token": ""}], ids=["by token", "by quantity"])
def test_a_removed_line_is_told_however_the_others_were_found(home, trader, cart, changes):
    """The cart's other line is missed, and its copies are in no order."""
    assert trader.send_order(edited(cart, **changes), quantities={1: 0}).code == 200
    order = only(home, trader)
    assert "line.removed" in told(home, order)
    assert sum(notes(order).values()) == 3


@pytest.mark.rule("CHK-8", way="punchout")
def test_an_order_for_two_places_is_kept_as_two(home, trader, cart):
    """Each copy in exactly one of them, the PO number the same, the marks their own."""
    first, second = cart.message.lines
    two = replace(
        cart,
        message=replace(
            cart.message,
            lines=(
                replace(first, ship_to=Address(address_id="1001")),
                replace(second, ship_to=Address(address_id="1002")),
            ),
        ),
    )
    assert trader.send_order(two).code == 200
    order = only(home, trader)
    assert [(part.po_suffix, part.delivery_address_id) for part in order.shop_orders] == [
        ("-1", "HBB"),
        ("-2", "BJO"),
    ]
    assert {part.po_number for part in order.shop_orders} == {order.order.order_id}
    assert notes(order) == EVERY_COPY
    decide(home, trader, several_addresses="refuse")
    refused = trader.send_order(two)
    assert refused.code == 400
    assert "1001 and to 1002" in refused.detail
