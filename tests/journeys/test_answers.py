"""What buyer and shopper hear of an order, from real orders to what a strict buyer receives (ORD-9)."""

from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

import pytest

from protocols.model.fulfilment import ConfirmationType, LineStatus, Mail
from protocols.model.serial import from_json
from punchout.buyer.inbox import Inbox
from punchout.buyer.receiver import receiving
from punchout.roundtrip import holds
from tests.journeys.crashing import (
    COPIES,
    CUSTOMER,
    do_what_was_promised,
    orderable,
    take_home,
)
from tests.journeys.rows import every
from tests.journeys.test_coming_back import at
from tests.journeys.test_order_versions import Paper, in_shop, papers


@pytest.fixture
def home(gateways):
    """The first gateway's house."""
    return gateways[0]


@pytest.fixture
def cart(home, trader):
    """A cart of two titles that can be sent at once, taken home."""
    return take_home(home, trader, products=ready(home, 2))


def ready(home, number):
    """So many titles that can be sent at once."""
    listed = orderable(home, 100)
    waiting = home.shop.waiting(tuple(listed))
    return [product for product in listed if product not in waiting][:number]


@contextmanager
def listening(home, trader):
    """The buyer's inbox, at the address that its agreement names."""
    inbox = Inbox(trader)
    with receiving(answer=inbox.answer) as receiver:
        at(home, trader.agreement, receiver.endpoint)
        yield inbox
    assert inbox.refusals == []
    assert all(document.holds for document in inbox.documents)


def sent(paper, trader, inbox):
    """The gateway's answer, which the buyer remembers for what comes after."""
    answer = paper.sent_by(trader)
    inbox.ordered(answer)
    return answer


def kinds(inbox):
    """What came, in order: the type of each confirmation, the code of each status."""
    return [getattr(document.model, "type", "") or document.model.code for document in inbox.documents]


def mails(home):
    """The letters written so far, oldest first."""
    statement = "SELECT payload FROM outbox WHERE kind = 'mail' ORDER BY position"
    found = every(home.settings.database_url, statement)
    return [from_json(payload, Mail) for (payload,) in found]


@pytest.mark.rule("ORD-9", way="punchout")
def test_an_order_that_goes_on_is_confirmed_once(home, trader, cart):
    """200 at once, so no status follows; the shopper hears twice, the second time with our number."""
    new, *_ = papers(trader, cart, "PO-1")
    with listening(home, trader) as inbox:
        assert sent(new, trader, inbox).code == 200
        do_what_was_promised(home)
    assert kinds(inbox) == [ConfirmationType.ACCEPT]
    received, placed = mails(home)
    assert in_shop(home, "PO-1").order_number in placed.text
    assert "/o/" in received.text


@pytest.mark.rule("ORD-9", way="punchout")
def test_a_held_order_that_is_released_gets_the_status_that_was_promised(home, trader, cart):
    """201, then Status 200 for that very document, then the confirmation."""
    new, *_ = papers(trader, cart, "PO-1")
    twice = Paper(replace(new.order, order_id="PO-2"), trader.stamp())
    with listening(home, trader) as inbox:
        sent(new, trader, inbox)
        assert sent(twice, trader, inbox).code == 201
        (held,) = holds.listing(home.world)
        holds.release(home.world, held, "operator:Åse")
        do_what_was_promised(home)
    assert kinds(inbox) == [ConfirmationType.ACCEPT, 200, ConfirmationType.ACCEPT]
    assert inbox.documents[1].model.document_payload_id == twice.stamp.payload_id


@pytest.mark.rule("ORD-9", way="punchout")
def test_a_refused_order_is_told_with_its_reason(home, trader, cart):
    """Status 409 and a rejection, and the shopper reads the same words."""
    new, *_ = papers(trader, cart, "PO-1")
    twice = Paper(replace(new.order, order_id="PO-2"), trader.stamp())
    with listening(home, trader) as inbox:
        sent(new, trader, inbox)
        sent(twice, trader, inbox)
        (held,) = holds.listing(home.world)
        holds.refuse(home.world, held, "operator:Åse", "Bestilt før på PO-1")
        do_what_was_promised(home)
    assert sorted(map(str, kinds(inbox))) == sorted(["accept", "409", "reject"])
    assert any("Bestilt før på PO-1" in letter.text for letter in mails(home))


@pytest.mark.rule("ORD-6", way="punchout")
def test_a_change_that_comes_too_late_for_a_line_is_confirmed_except_that_line(home, trader, cart):
    """The line that has been picked is rejected by number, with the reason."""
    new, change, *_ = papers(trader, cart, "PO-1")
    with listening(home, trader) as inbox:
        sent(new, trader, inbox)
        do_what_was_promised(home)
        home.counter.pick(CUSTOMER, in_shop(home, "PO-1").order_number, 1)
        sent(change, trader, inbox)
        do_what_was_promised(home)
    assert kinds(inbox) == [ConfirmationType.ACCEPT, ConfirmationType.EXCEPT]
    (line,) = inbox.documents[-1].model.lines
    assert (line.number, line.quantity) == (1, COPIES + 1)
    assert [answer.status for answer in line.answers] == [LineStatus.REJECT]


@pytest.mark.rule("ORD-6", way="punchout")
def test_a_cancellation_that_is_carried_out_needs_no_confirmation(home, trader, cart):
    """It was answered 200, and nothing is left to be said; the shopper hears of it."""
    new, *_, cancellation = papers(trader, cart, "PO-1")
    with listening(home, trader) as inbox:
        sent(new, trader, inbox)
        sent(cancellation, trader, inbox)
        do_what_was_promised(home)
    assert kinds(inbox) == [ConfirmationType.ACCEPT]
    assert len(mails(home)) == 4


@pytest.mark.rule("T-I5")
def test_a_held_version_that_is_overtaken_gets_its_status_all_the_same(home, trader, cart):
    """201 promised a status: it says that a newer version stands."""
    first, change, *_ = papers(trader, cart, "PO-1")
    cheap = replace(
        first.order.lines[0], unit_price=replace(first.order.lines[0].unit_price, amount=Decimal("1.00"))
    )
    held = Paper(replace(first.order, lines=(cheap, *first.order.lines[1:])), first.stamp)
    with listening(home, trader) as inbox:
        assert sent(held, trader, inbox).code == 201
        assert sent(change, trader, inbox).code == 200
        do_what_was_promised(home)
    assert kinds(inbox) == [200, ConfirmationType.ACCEPT]
    assert inbox.documents[0].model.document_payload_id == held.stamp.payload_id


@pytest.mark.rule("CART-5", way="punchout")
@pytest.mark.rule("ORD-2", way="punchout")
def test_titles_that_are_not_out_yet_are_confirmed_as_waiting(home, trader):
    """One line of two waits: the confirmation names it; the other one is accepted by not being named."""
    coming = home.shop.waiting(tuple(orderable(home, 100)))[0]
    cart = take_home(home, trader, products=[coming, *ready(home, 1)])
    new, *_ = papers(trader, cart, "PO-1")
    with listening(home, trader) as inbox:
        sent(new, trader, inbox)
        do_what_was_promised(home)
    assert kinds(inbox) == [ConfirmationType.DETAIL]
    (line,) = inbox.documents[0].model.lines
    assert (line.number, [answer.status for answer in line.answers]) == (1, [LineStatus.BACKORDERED])
