"""Sessions: the start token is spent once, and the life cycle has no short cuts."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from itertools import product

import psycopg
import pytest

from protocols.model.session import TRANSITIONS, SessionState
from session_store import sessions
from tests.session_store.made import NOW, session_of, start_hash
from tests.session_store.racing import race

IDLE, WHOLE = NOW + timedelta(minutes=30), NOW + timedelta(hours=8)


def spend(tx, number=1, handle=b"handle", now=NOW):
    """The session begun under a handle, or None."""
    return sessions.spend(tx, start_hash(number), handle, now=now, idle_until=IDLE, absolute_until=WHOLE)


def begun(tx, **changes):
    """A session that a shopper has opened."""
    sessions.offer(tx, session_of(**changes), start_hash(changes.get("number", 1)))
    return spend(tx, changes.get("number", 1), handle=str(changes).encode())


def test_offered_session_comes_back_whole(tx):
    """Buyer cookie, names with æøå and times are as they were."""
    sessions.offer(tx, session_of(), start_hash())
    assert sessions.by_start(tx, start_hash()) == session_of()
    assert sessions.find(tx, "boe", "REF00001") == session_of()


@pytest.mark.rule("T-B1")
def test_spending_the_start_token_begins_the_session(tx):
    """It is then found by its handle, with the limits of one that no cookie protects."""
    sessions.offer(tx, session_of(), start_hash())
    session = spend(tx)
    expected = replace(
        session_of(), state=SessionState.SHOPPING, start_used_at=NOW, idle_until=IDLE, absolute_until=WHOLE
    )
    assert session == expected
    assert sessions.by_handle(tx, b"handle") == expected
    assert sessions.by_handle(tx, b"other") is None


@pytest.mark.rule("T-B1")
def test_start_token_is_spent_once_and_in_time(tx):
    """A second visit, a late one and an unknown token get nothing, and the late visitor an explanation."""
    sessions.offer(tx, session_of(), start_hash())
    sessions.offer(tx, session_of(number=2), start_hash(2))
    assert spend(tx) is not None
    assert spend(tx, handle=b"second") is None
    assert spend(tx, 2, now=NOW + timedelta(minutes=5)) is None
    assert spend(tx, 3) is None
    assert sessions.by_start(tx, start_hash()).start_used_at == NOW
    assert sessions.by_start(tx, start_hash(2)).start_used_at is None


@pytest.mark.rule("T-B1")
def test_of_fifty_that_spend_a_token_together_exactly_one_begins(store):
    """One statement decides, on both databases."""
    with store.write() as tx:
        sessions.offer(tx, session_of(), start_hash())

    def visit(which):
        with store.write() as tx:
            return spend(tx, handle=f"handle {which}".encode())

    results = race(50, visit)
    winners = [which for which, session in enumerate(results) if session is not None]
    assert len(winners) == 1
    with store.read() as tx:
        assert sessions.by_handle(tx, f"handle {winners[0]}".encode()) == results[winners[0]]


def test_cookie_binds_a_session_once(tx):
    """The first cookie that comes back counts; another one is told apart."""
    session = begun(tx)
    later = NOW + timedelta(hours=1)
    assert sessions.bind(tx, session, b"cookie", later, later)
    assert not sessions.bind(tx, session, b"other", later, later)
    bound = sessions.find(tx, "boe", session.reference)
    assert (bound.cookie_hash, bound.idle_until, bound.absolute_until) == (b"cookie", later, later)


def test_session_that_was_popped_out_is_bound_anew(tx):
    """The cookie of the other partition takes the place of the first one."""
    session = begun(tx)
    sessions.bind(tx, session, b"cookie", IDLE, WHOLE)
    sessions.rebind(tx, session, b"other", IDLE)
    assert sessions.find(tx, "boe", session.reference).cookie_hash == b"other"


def test_activity_moves_the_idle_limit_alone(tx):
    """The absolute limit stays."""
    session = begun(tx)
    sessions.touch(tx, session, NOW + timedelta(hours=1))
    assert sessions.find(tx, "boe", session.reference) == replace(
        session, idle_until=NOW + timedelta(hours=1)
    )


@pytest.mark.rule("PO-ID-3", way="punchout")
def test_chosen_customer_stays_with_the_session(tx):
    """A shopper who may buy for several libraries has said which."""
    session = begun(tx, customer_number="")
    sessions.choose_customer(tx, session, "100235")
    assert sessions.find(tx, "boe", session.reference).customer_number == "100235"


@pytest.mark.rule("FLOW-4", way="punchout")
def test_only_the_steps_of_the_life_cycle_are_taken(tx):
    """Every pair of states: allowed steps are written, all others change nothing."""
    for number, (before, after) in enumerate(product(SessionState, SessionState)):
        session = session_of(number=number, state=before)
        sessions.offer(tx, session, start_hash(number))
        allowed = after in TRANSITIONS[before]
        assert sessions.move(tx, session, after, NOW) == allowed
        assert sessions.find(tx, "boe", session.reference).state is (after if allowed else before)


@pytest.mark.rule("FLOW-4", way="punchout")
def test_session_is_closed_once(store):
    """Of a return and a cancel that happen together, one wins and the other is told."""
    with store.write() as tx:
        session = begun(tx)

    def close(which):
        with store.write() as tx:
            return sessions.move(tx, session, [SessionState.RETURNED, SessionState.CANCELLED][which % 2], NOW)

    assert sorted(race(8, close)) == [False] * 7 + [True]


def test_reference_is_one_sessions_alone(tx):
    """A code for people never means two sessions of one agreement."""
    sessions.offer(tx, session_of(), start_hash())
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        sessions.offer(tx, session_of(number=2, reference="REF00001"), start_hash(2))
