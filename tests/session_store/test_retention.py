"""What has had its time is forgotten, in small steps; what is business stays."""

from datetime import timedelta

from sqlalchemy import func, select

from session_store import (
    carts,
    desk,
    feedback,
    inbox,
    journal,
    orders,
    outbox,
    proofs,
    retention,
    sessions,
    tables,
    throttle,
)
from session_store.feedback import Feedback
from session_store.inbox import Original
from session_store.throttle import Caller
from tests.session_store.made import (
    NOW,
    cart_of,
    delivery_of,
    entry_of,
    keep,
    keyring,
    order_of,
    session_of,
    start_hash,
)

TOKEN = "T" * 20


_ALWAYS = ("agreement", "agreement_mark", "credential", "secret")


def fill(tx):
    """One of everything, all of it from the same moment."""
    sessions.offer(tx, session_of(), start_hash())
    carts.line_tokens(tx, "boe", "cart-1", ["line-1"], lambda: TOKEN)
    carts.save(tx, "boe", session_of().id, cart_of(), b"document", b"person")
    keep(tx, order_of())
    inbox.claim(tx, "boe", "cxml", "1", b"h", now=NOW, keyring=keyring())
    inbox.answer(tx, "boe", "cxml", "1", b"answer", keyring=keyring())
    inbox.claim_original(tx, "boe", "cxml", Original(key="o", payload_hash=b"h"), "1", now=NOW)
    proofs.bind(tx, "mac", b"from", NOW)
    outbox.put(tx, delivery_of(1), delivery_of(2))
    outbox.sent(tx, outbox.lease(tx, "worker", NOW, limit=1)[0], "worker", NOW)
    journal.write(tx, entry_of())
    throttle.note(tx, Caller(names=("an01",), network="n"), NOW)
    desk.invite(tx, b"t", "operator:Åse", NOW, NOW)
    feedback.put(
        tx, Feedback(id="1", at=NOW, origin="REF00001", customer_number="100234", page="cart", text="Bra")
    )


def left(tx):
    """How many rows each table has, those without any left out."""
    tx.execution_options(across="migration")
    made = tables.METADATA.tables.items()
    counts = {name: tx.execute(select(func.count()).select_from(table)).scalar_one() for name, table in made}
    return {name: number for name, number in counts.items() if number and name not in _ALWAYS}


EVERYTHING = {
    "session": 1,
    "line_token": 1,
    "returned_cart": 1,
    "returned_line": 1,
    "order_head": 1,
    "purchase_order": 1,
    "inbox": 1,
    "inbox_original": 1,
    "proof_seen": 1,
    "outbox": 2,
    "outbox_attempt": 1,
    "journal": 1,
    "auth_failure": 1,
    "desk_session": 1,
    "feedback": 1,
}

OF_A_DAY = ("auth_failure", "proof_seen", "desk_session")


def purged(tx, days):
    """What is left when everything has been forgotten that is so many days old."""
    while retention.purge(tx, NOW + timedelta(days=days)):
        pass
    return left(tx)


def without(*names):
    """Everything but the rows of these tables."""
    return {name: number for name, number in EVERYTHING.items() if name not in names}


def test_failed_sign_ins_and_operators_sessions_go_after_a_day(tx):
    """They only serve the throttle of a quarter of an hour, and the desk for one working day."""
    fill(tx)
    assert purged(tx, days=1) == EVERYTHING
    assert purged(tx, days=1.01) == without(*OF_A_DAY)


def test_sessions_go_after_thirty_days_and_their_carts_stay(tx):
    """An order of next month still finds its copies, though nobody knows any more who shopped."""
    fill(tx)
    assert purged(tx, days=30)["session"] == 1
    assert purged(tx, days=30.01) == without(*OF_A_DAY, "session")
    assert carts.by_tokens(tx, "boe", [TOKEN])[TOKEN].line == cart_of().lines[0]
    assert carts.latest(tx, "boe", session_of().id) is None


def test_raw_documents_and_answers_go_after_thirteen_months(tx):
    """Entries, carts, orders and deliveries that still wait stay without them."""
    fill(tx)
    assert purged(tx, days=396)["inbox"] == 1
    rest = purged(tx, days=396.01)
    gone = (*OF_A_DAY, "session", "inbox", "inbox_original", "outbox_attempt", "feedback")
    assert rest == {**without(*gone), "outbox": 1}
    assert journal.timeline(tx, "boe", "REF00001") == (entry_of(document=b""),)
    kept = tx.execute(select(tables.returned_cart.c.document, tables.returned_cart.c.person_hash)).one()
    assert kept == (None, None)
    assert orders.get(tx, "boe", "order-1") == order_of()


def test_forgetting_goes_in_small_steps(tx):
    """One transaction never holds the database for long; what is left is for the next call."""
    for number in range(5):
        sessions.offer(tx, session_of(number=number), start_hash(number))
    later = NOW + timedelta(days=31)
    assert [retention.purge(tx, later, most=2) for _ in range(4)] == [2, 2, 1, 0]


def test_only_what_is_old_goes(tx):
    """A session of today stays beside one of last year, also one with the same id of another agreement."""
    sessions.offer(tx, session_of(), start_hash(1))
    today = session_of("aas", created_at=NOW + timedelta(days=40))
    sessions.offer(tx, today, start_hash(2))
    assert retention.purge(tx, NOW + timedelta(days=41)) == 1
    assert sessions.find(tx, "aas", "REF00001") == today
