"""The same version stands, in whatever order an order's documents arrive (T-I5)."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.rules.versions import Version, compare, is_late, newest
from protocols.model.order import OrderType

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def version(id_, kind=OrderType.UPDATE, **facts):
    """A version of this kind that says these things about its place."""
    return Version(id=id_, type=kind, **facts)


def family(told):
    """An order, two changes and a cancellation, told apart in this way."""
    kinds = (OrderType.NEW, OrderType.UPDATE, OrderType.UPDATE, OrderType.DELETE)
    return [version(str(place), kind, **told(place)) for place, kind in enumerate(kinds)]


TOLD_BY = {
    "orderVersion": lambda place: {"number": str(place + 8)},
    "orderDate": lambda place: {"dated": NOON + timedelta(days=place)},
    "timestamp": lambda place: {"sent_at": NOON + timedelta(minutes=place)},
    "chain": lambda place: {
        "message_key": f"m{place}",
        "previous": f"m{place - 1}" if place else "",
        "sent_at": NOON + timedelta(minutes=place),
    },
    "date that is repeated": lambda place: {"sent_at": NOON + timedelta(seconds=place)},
}


@pytest.mark.rule("T-I5")
@pytest.mark.parametrize("told", TOLD_BY.values(), ids=TOLD_BY)
def test_the_last_version_stands_in_all_24_orders_of_arrival(told):
    """Whether by number, date, time or chain: the cancellation is the newest, and only it is not late."""
    versions = family(told)
    for arrival in permutations(versions):
        assert newest(arrival).id == "3"
        assert [one.id for one in arrival if not is_late(one, versions)] == ["3"]


@pytest.mark.rule("T-I5")
@pytest.mark.parametrize(
    ("older", "newer"),
    [("2", "10"), ("1.9", "1.10"), ("A", "B"), ("v2", "V10"), ("", "1"), (" 2", "3 ")],
)
def test_numbers_inside_an_order_version_count_as_numbers(older, newer):
    """``10`` follows ``2``; where one has no number the time decides."""
    first = version("a", number=older, sent_at=NOON)
    second = version("b", number=newer, sent_at=NOON + timedelta(hours=1))
    assert compare(first, second) < 0 < compare(second, first)


@pytest.mark.rule("T-I5")
def test_a_document_that_names_what_it_replaces_is_newer_than_that():
    """Even when its number and date say the opposite."""
    first = version("a", message_key="1@x", number="7", dated=NOON)
    second = version("b", previous="1@x", number="6", dated=NOON - timedelta(days=1))
    assert newest([second, first]).id == "b"


@pytest.mark.rule("T-I5")
def test_where_nothing_tells_two_changes_apart_the_later_arrival_stands():
    """Neither is late, so neither is lost."""
    first, second = version("a"), version("b")
    assert newest([first, second]).id == "b"
    assert newest([second, first]).id == "a"
    assert not is_late(first, [second])


def test_no_version_stands_where_there_is_none():
    """An order of which nothing has come."""
    assert newest([]) is None


VERSIONS = st.builds(
    Version,
    id=st.uuids().map(str),
    type=st.sampled_from(OrderType),
    number=st.sampled_from(["", "1", "2", "10", "A1", "æ"]),
    dated=st.none() | st.sampled_from([NOON, NOON + timedelta(days=1)]),
    sent_at=st.none() | st.sampled_from([NOON, NOON + timedelta(minutes=1)]),
    message_key=st.sampled_from(["", "m1", "m2"]),
    previous=st.sampled_from(["", "m1", "m2"]),
)


@given(VERSIONS, VERSIONS)
def test_two_versions_compare_alike_from_both_sides(one, other):
    """Unless each claims to replace the other, which no honest sender does."""
    both_claim = one.previous and one.previous == other.message_key and other.previous == one.message_key
    if not both_claim or OrderType.NEW in {one.type, other.type}:
        assert compare(one, other) == -compare(other, one)
