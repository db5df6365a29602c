"""Proofs that were taken: the From that came first is the one each is good for (security §3)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from session_store import proofs, retention
from session_store.tables import proof_seen
from tests.session_store.made import NOW

NORTH, SOUTH = proofs.from_hash([("duns", "1")]), proofs.from_hash([("duns", "2")])


@pytest.mark.rule("T-C2")
def test_the_first_from_stays(tx):
    """Whoever comes with the same proof later is told who was first."""
    assert proofs.bound_to(tx, "mac") is None
    assert proofs.bind(tx, "mac", NORTH, NOW) == NORTH
    assert proofs.bind(tx, "mac", SOUTH, NOW) == NORTH
    assert proofs.bound_to(tx, "mac") == NORTH
    assert proofs.bind(tx, "other", SOUTH, NOW) == SOUTH


def test_names_of_a_from_count_in_any_order():
    """They are aliases of one party; where one ends and the next begins still counts."""
    assert proofs.from_hash([("a", "b"), ("c", "d")]) == proofs.from_hash([("c", "d"), ("a", "b")])
    assert proofs.from_hash([("a|b", "c")]) != proofs.from_hash([("a", "b|c")])


@pytest.mark.rule("T-L1")
def test_value_is_stored_as_a_hash(tx):
    """Until it expires it is as good as the secret."""
    proofs.bind(tx, "mac-in-the-clear", NORTH, NOW)
    (stored,) = tx.execute(select(proof_seen.c.proof_hash)).scalars()
    assert b"clear" not in stored


def test_they_are_forgotten_a_day_after_they_expired(tx):
    """Then they would be refused anyway."""
    proofs.bind(tx, "mac", NORTH, NOW)
    assert retention.purge(tx, NOW + timedelta(days=1)) == 0
    assert retention.purge(tx, NOW + timedelta(days=1, seconds=1)) == 1
    assert proofs.bound_to(tx, "mac") is None
