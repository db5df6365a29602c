"""Sessions that were left: found by person or code, and handed over once (CART-6)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from protocols.model.cart import KeptLine
from protocols.model.distribution import CopyCodes
from protocols.model.money import Money
from protocols.model.refill import Refill, RefilledLine
from protocols.model.session import SessionState
from session_store import sessions
from tests.session_store.made import NOW, session_of, start_hash
from tests.session_store.racing import race

ANNE, BO = b"a" * 32, b"b" * 32
LATER = NOW + timedelta(hours=1)


def opened(tx, number=1, agreement_id="boe", **changes):
    """A session that somebody has begun; idle since a quarter past."""
    made = session_of(agreement_id, number, **{"person_hash": ANNE, **changes})
    sessions.offer(tx, made, start_hash(number))
    begun = sessions.spend(
        tx,
        start_hash(number),
        b"handle%d" % number,
        now=NOW,
        idle_until=NOW + timedelta(minutes=15),
        absolute_until=NOW + timedelta(hours=2),
    )
    return begun or made


def unfinished(tx, *persons, agreement_id="boe", now=LATER):
    """The ids of the sessions that these persons left."""
    found = sessions.unfinished(tx, agreement_id, persons, now, most=9)
    return [session.id for session in found]


@pytest.mark.rule("CART-6")
def test_a_persons_sessions_are_found_once_they_are_over(tx):
    """Newest first, under any of the person's hashes; a colleague's and a living one are not there."""
    first = opened(tx, 1)
    second = opened(tx, 2, created_at=NOW + timedelta(minutes=1))
    opened(tx, 3, person_hash=BO)
    opened(tx, 4, person_hash=None)
    assert unfinished(tx, ANNE) == unfinished(tx, b"old key", ANNE) == [second.id, first.id]
    assert unfinished(tx, ANNE, now=NOW) == unfinished(tx) == []


@pytest.mark.rule("CART-6")
def test_what_was_ended_deliberately_or_never_begun_is_not_unfinished(tx):
    """Returned and cancelled sessions are done, an offered one has no cart; an expired one counts."""
    for number, state in enumerate((SessionState.RETURNED, SessionState.CANCELLED), start=1):
        assert sessions.move(tx, opened(tx, number), state, NOW)
    sessions.offer(tx, session_of(number=3, person_hash=ANNE), start_hash(3))
    expired = opened(tx, 4)
    assert sessions.move(tx, expired, SessionState.EXPIRED, NOW)
    assert unfinished(tx, ANNE) == [expired.id]


@pytest.mark.rule("T-M1")
def test_the_same_person_elsewhere_is_somebody_else(tx):
    """Neither person nor code reaches another agreement's sessions."""
    left = opened(tx)
    assert unfinished(tx, ANNE, agreement_id="aas") == []
    assert sessions.unfinished_one(tx, "aas", left.reference, LATER) is None
    assert sessions.unfinished_one(tx, "boe", left.reference, LATER).id == left.id
    assert sessions.unfinished_one(tx, "boe", left.reference, NOW) is None


@pytest.mark.rule("CART-6")
def test_a_cart_is_handed_over_and_its_session_is_closed(tx):
    """The new session has the cart; the old one cannot be kept open any more, nor found again."""
    left, to = opened(tx, 1), opened(tx, 2)
    assert sessions.hand_over(tx, left, to, LATER)
    assert sessions.by_handle(tx, b"handle2").cart_id == left.cart_id
    assert sessions.by_handle(tx, b"handle1").continued_by == to.id
    assert not sessions.touch(tx, left, LATER + timedelta(hours=1))
    assert unfinished(tx, ANNE) == [to.id]


@pytest.mark.rule("CART-6")
def test_a_session_in_use_keeps_its_cart(tx):
    """Before its time is over nobody gets it."""
    left, to = opened(tx, 1), opened(tx, 2)
    assert not sessions.hand_over(tx, left, to, NOW)
    assert sessions.by_handle(tx, b"handle2").cart_id == to.cart_id
    assert sessions.touch(tx, left, LATER + timedelta(hours=1))
    assert not sessions.hand_over(tx, left, to, LATER)


@pytest.mark.rule("CART-6")
def test_of_sessions_that_want_one_cart_together_one_gets_it(store):
    """However many ask at the same moment."""
    with store.write() as tx:
        left, *others = [opened(tx, number) for number in range(1, 10)]

    def take(which):
        with store.write() as tx:
            return sessions.hand_over(tx, left, others[which], LATER)

    assert sorted(race(8, take)) == [False] * 7 + [True]


@pytest.mark.rule("FLOW-5", way="punchout")
def test_what_a_session_opens_with_is_kept_beside_it(tx):
    """The refill comes back whole, and a session without one has none."""
    line = KeptLine(line_id="l", product_id="p", title="Øya", codes=(CopyCodes(branch_code="HBØ"),))
    refilled = RefilledLine(
        line=line, line_token="T" * 20, returned=2, asked="1", unit_price=Money(Decimal("199.00"))
    )
    refill = Refill(customer_number="100234", lines=(refilled, replace(refilled, ordered=True)))
    sessions.offer(tx, session_of(number=1), start_hash(1), refill)
    sessions.offer(tx, session_of(number=2), start_hash(2))
    assert sessions.refill(tx, session_of(number=1)) == refill
    assert sessions.refill(tx, session_of(number=2)) is None
