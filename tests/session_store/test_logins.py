"""One-time codes and direct sessions: limits, tries, one winner; on both databases."""

from datetime import timedelta

import pytest

from session_store import logins, outbox, retention
from session_store.logins import Code, DirectSession
from tests.session_store.made import NOW, delivery_of
from tests.session_store.racing import race

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
BROWSER, COOKIE = b"b" * 32, b"c" * 32


def code_of(email="kari@testby.example", browser=BROWSER, **changes):
    """A code that was asked for now."""
    fresh = {"id": "1", "code_hash": "h", "asked_at": NOW, "expires_at": NOW + timedelta(minutes=10)}
    return Code(email=email, browser_hash=browser, **{**fresh, **changes})


def put(store, code, **options):
    """Nothing: the code waits to be given."""
    with store.write() as tx:
        logins.put(tx, code, **options)


def tried(store, now=NOW, browser=BROWSER):
    """The code that a try is held against."""
    with store.write() as tx:
        return logins.begin_try(tx, browser, now)


def may_ask(store, at, who="kari"):
    """When the next code may be asked for; None for now."""
    with store.write() as tx:
        return logins.may_ask(tx, who, at, most=5, within=HOUR, pause=MINUTE)


@pytest.mark.rule("LOGIN-2")
def test_five_codes_in_any_hour(store):
    """The sixth waits until the first is an hour old; another address does not wait for it."""
    for minute in range(0, 50, 10):
        assert may_ask(store, NOW + minute * MINUTE) is None
    assert may_ask(store, NOW + 50 * MINUTE) == NOW + HOUR
    assert may_ask(store, NOW + 50 * MINUTE, "bo") is None
    assert may_ask(store, NOW + HOUR) is None
    assert may_ask(store, NOW + HOUR + MINUTE) == NOW + HOUR + 10 * MINUTE


@pytest.mark.rule("T-P1")
def test_one_code_a_minute(store):
    """And a refused one counts for nothing."""
    assert may_ask(store, NOW) is None
    assert may_ask(store, NOW + 59 * timedelta(seconds=1)) == NOW + MINUTE
    assert may_ask(store, NOW + MINUTE) is None


@pytest.mark.rule("LOGIN-2")
def test_many_who_ask_at_once_get_no_more(store):
    """Whoever asks holds the address until it is counted."""

    def ask(_):
        with store.write() as tx:
            return logins.may_ask(tx, "kari", NOW, most=5, within=HOUR)

    assert race(12, ask).count(None) == 5


@pytest.mark.rule("LOGIN-2")
def test_five_tries_however_many_come_at_once(store):
    """A try is counted before anything is compared."""
    put(store, code_of())
    found = race(20, lambda _: tried(store))
    assert sorted(code.tries for code in found if code) == [1, 2, 3, 4, 5]


@pytest.mark.rule("LOGIN-2")
def test_a_code_lives_ten_minutes_and_is_used_once(store):
    """Too late, or used, there is nothing left to try."""
    put(store, code_of())
    assert tried(store, NOW + timedelta(minutes=10)) is None
    found = tried(store)
    with store.write() as tx:
        logins.use(tx, found, NOW)
    assert tried(store) is None


@pytest.mark.rule("LOGIN-2")
def test_a_code_is_bound_to_its_browser_and_replaced_by_its_next(store):
    """Another browser has none to try; the browser has one live code, with tries of its own."""
    put(store, code_of())
    assert tried(store, browser=b"x" * 32) is None
    tried(store)
    put(store, code_of(browser=b"n" * 32, id="2"), instead_of=BROWSER)
    assert tried(store) is None
    assert tried(store, browser=b"n" * 32).tries == 1


@pytest.mark.rule("LOGIN-2")
def test_a_stranger_s_code_for_the_address_leaves_the_owner_s_alone(store):
    """Neither asked for, nor tried, nor used does it take anything from the other browser's."""
    put(store, code_of())
    put(store, code_of(browser=b"s" * 32, id="2"))
    for _ in range(5):
        theirs = tried(store, browser=b"s" * 32)
    with store.write() as tx:
        logins.use(tx, theirs, NOW)
    assert (tried(store).id, tried(store).tries) == ("1", 2)


def session(store):
    """A session that has begun."""
    made = DirectSession(
        cookie_hash=COOKIE,
        email="kari@testby.example",
        customer_number="",
        created_at=NOW,
        idle_until=NOW + timedelta(minutes=30),
        absolute_until=NOW + timedelta(hours=8),
    )
    with store.write() as tx:
        logins.begin(tx, made)
    return made


def opened(store, now=NOW):
    """The session that the cookie opens now."""
    with store.read() as tx:
        return logins.by_cookie(tx, COOKIE, now)


@pytest.mark.rule("FLOW-4", way="direct")
def test_a_session_lives_within_both_limits_and_ends(store):
    """Until it has been idle too long, never beyond eight hours, and not after it was left."""
    begun = session(store)
    assert opened(store) == begun
    assert opened(store, begun.idle_until) is None
    with store.write() as tx:
        logins.touch(tx, begun, NOW + timedelta(hours=9))
        logins.choose(tx, begun, "100234")
    assert opened(store, begun.idle_until).customer_number == "100234"
    assert opened(store, begun.absolute_until) is None
    with store.write() as tx:
        logins.end(tx, begun)
    assert opened(store) is None


def test_what_a_log_in_leaves_goes_after_a_day(store):
    """Addresses that anybody wrote, counts, sessions, and mails with codes that are done or given up."""
    put(store, code_of())
    session(store)
    may_ask(store, NOW)
    with store.write() as tx:
        mails = [delivery_of(n, outbox.SHOPS_OWN, kind="login_code") for n in (1, 2)]
        outbox.put(tx, *mails, delivery_of(3, outbox.SHOPS_OWN, kind="mail"))
        sent, refused, other = outbox.lease(tx, "w", NOW)
        outbox.sent(tx, sent, "w", NOW)
        outbox.dead(tx, refused, "w", NOW, "no such mailbox")
        outbox.sent(tx, other, "w", NOW)
    with store.write() as tx:
        assert retention.purge(tx, NOW + timedelta(days=1)) == 0
        assert retention.purge(tx, NOW + timedelta(days=1, seconds=1)) == 5
        assert outbox.one(tx, outbox.SHOPS_OWN, other.id) == other
        assert logins.by_browser(tx, BROWSER) is None
