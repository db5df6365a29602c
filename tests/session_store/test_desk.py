"""Operators' places at the desk: one-time tokens, cookies, limits; on both databases."""

from datetime import timedelta

import pytest

from session_store import desk
from tests.session_store.made import NOW
from tests.session_store.racing import race

TOKEN, COOKIE = b"t" * 32, b"c" * 32
SOON, LATER = NOW + timedelta(minutes=30), NOW + timedelta(hours=8)


def invited(store, token=TOKEN):
    """Nothing: the token opens the desk for five minutes."""
    with store.write() as tx:
        desk.invite(tx, token, "operator:Åse", NOW, NOW + timedelta(minutes=5))


def spent(store, now=NOW, cookie=COOKIE):
    """The place that the token gives now."""
    with store.write() as tx:
        return desk.spend(tx, TOKEN, cookie, now=now, idle_until=SOON, absolute_until=LATER)


def opens(store, now=NOW, cookie=COOKIE):
    """Whether the cookie opens the desk now."""
    with store.read() as tx:
        return desk.by_cookie(tx, cookie, now) is not None


@pytest.mark.rule("T-B1")
def test_of_many_who_open_an_address_one_comes_in(store):
    """One statement decides, however many try at the same moment."""
    invited(store)
    seats = race(16, lambda which: spent(store, cookie=bytes([which]) * 32))
    assert len([seat for seat in seats if seat]) == 1


def test_a_token_lives_five_minutes(store):
    """After that it is worth nothing."""
    invited(store)
    assert spent(store, NOW + timedelta(minutes=5)) is None
    assert spent(store, NOW + timedelta(minutes=4)) is not None


def test_a_cookie_opens_the_desk_within_both_limits(store):
    """Until the idle time is over, longer when touched, and never beyond the absolute limit."""
    invited(store)
    assert not opens(store)
    seat = spent(store)
    assert opens(store)
    assert not opens(store, SOON)
    with store.write() as tx:
        desk.touch(tx, seat, LATER + timedelta(hours=1))
    assert opens(store, SOON)
    assert not opens(store, LATER)


def test_leaving_ends_one_place_and_clearing_all(store):
    """Whoever leaves is out; clearing also spoils addresses nobody has used."""
    invited(store)
    invited(store, b"u" * 32)
    seat = spent(store)
    with store.write() as tx:
        desk.leave(tx, seat)
    assert not opens(store)
    with store.write() as tx:
        assert desk.clear(tx) == 1
        unused = desk.spend(tx, b"u" * 32, COOKIE, now=NOW, idle_until=SOON, absolute_until=LATER)
    assert unused is None
