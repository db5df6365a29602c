"""CredentialMacs that were taken: the From that came first is the one it is good for (security §3)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from session_store import macs, retention
from session_store.tables import mac_seen
from tests.session_store.made import NOW

NORTH, SOUTH = macs.from_hash([("duns", "1")]), macs.from_hash([("duns", "2")])


@pytest.mark.rule("T-C2")
def test_the_first_from_stays(tx):
    """Whoever comes with the same MAC later is told who was first."""
    assert macs.bound_to(tx, "boe", "mac") is None
    assert macs.bind(tx, "boe", "mac", NORTH, NOW) == NORTH
    assert macs.bind(tx, "boe", "mac", SOUTH, NOW) == NORTH
    assert macs.bound_to(tx, "boe", "mac") == NORTH
    assert macs.bind(tx, "aas", "mac", SOUTH, NOW) == SOUTH


def test_names_of_a_from_count_in_any_order():
    """They are aliases of one party; where one ends and the next begins still counts."""
    assert macs.from_hash([("a", "b"), ("c", "d")]) == macs.from_hash([("c", "d"), ("a", "b")])
    assert macs.from_hash([("a|b", "c")]) != macs.from_hash([("a", "b|c")])


@pytest.mark.rule("T-L1")
def test_value_is_stored_as_a_hash(tx):
    """Until it expires it is as good as the secret."""
    macs.bind(tx, "boe", "mac-in-the-clear", NORTH, NOW)
    (stored,) = tx.execute(
        select(mac_seen.c.mac_hash)
        .where(mac_seen.c.agreement_id == "boe")
        .execution_options(across="retention")
    ).scalars()
    assert b"clear" not in stored


def test_they_are_forgotten_a_day_after_they_expired(tx):
    """Then they would be refused anyway."""
    macs.bind(tx, "boe", "mac", NORTH, NOW)
    assert retention.purge(tx, NOW + timedelta(days=1)) == 0
    assert retention.purge(tx, NOW + timedelta(days=1, seconds=1)) == 1
    assert macs.bound_to(tx, "boe", "mac") is None
