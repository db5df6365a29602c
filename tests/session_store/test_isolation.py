"""Nothing of one agreement is found with another's, though both use the very same ids (T-M1)."""

import pytest

from protocols.model.session import SessionState
from session_store import carts, inbox, journal, orders, outbox, sessions
from session_store.orders import OrderState
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


@pytest.fixture
def of_boe(tx):
    """A transaction in which "boe" has one of everything, and "aas" nothing."""
    sessions.offer(tx, session_of(), start_hash())
    carts.line_tokens(tx, "boe", "cart-1", ["line-1"], lambda: TOKEN)
    carts.save(tx, "boe", session_of().id, cart_of(), b"document")
    carts.consume_all(tx, "boe", {TOKEN: [2]}, "earlier order")
    keep(tx, order_of())
    inbox.claim(tx, "boe", "cxml", "1", b"h", now=NOW, keyring=keyring())
    inbox.answer(tx, "boe", "cxml", "1", b"answer", keyring=keyring())
    outbox.put(tx, delivery_of())
    journal.write(tx, entry_of())
    return tx


LOOKS = {
    "sessions.find": lambda tx, who: sessions.find(tx, who, "REF00001"),
    "carts.latest": lambda tx, who: carts.latest(tx, who, session_of().id),
    "carts.document": lambda tx, who: carts.document(tx, who, session_of().id),
    "carts.by_tokens": lambda tx, who: carts.by_tokens(tx, who, [TOKEN]),
    "carts.by_quotes": lambda tx, who: carts.by_quotes(tx, who, ["PS-1"]),
    "carts.by_products": lambda tx, who: carts.by_products(tx, who, ["9788200000006"], since=NOW),
    "carts.tokens_of": lambda tx, who: carts.tokens_of(tx, who, ["PS-1"]),
    "orders.find": lambda tx, who: orders.find(tx, who, "PO-1", ""),
    "orders.get": lambda tx, who: orders.get(tx, who, "order-1"),
    "orders.by_reference": lambda tx, who: orders.by_reference(tx, who, "R-order-1"),
    "orders.by_payload": lambda tx, who: orders.by_payload(tx, who, "1@buyer.example"),
    "orders.versions": lambda tx, who: orders.versions(tx, who, "PO-1"),
    "orders.hold_head": lambda tx, who: orders.hold_head(tx, who, "PO-1"),
    "orders.listing": orders.listing,
    "journal.timeline": lambda tx, who: journal.timeline(tx, who, "REF00001"),
    "inbox.claim": lambda tx, who: inbox.claim(tx, who, "cxml", "1", b"h", now=NOW, keyring=keyring()),
}


@pytest.mark.rule("T-M1")
@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_other_agreement_finds_nothing(of_boe, look):
    """The owner finds it, the other one as little as if it did not exist."""
    assert look(of_boe, "boe")
    assert not look(of_boe, "aas")


CHANGES = {
    "sessions.touch": lambda tx, who: sessions.touch(tx, session_of(who), NOW),
    "sessions.choose_customer": lambda tx, who: sessions.choose_customer(tx, session_of(who), "1"),
    "sessions.bind": lambda tx, who: sessions.bind(tx, session_of(who), b"c", NOW, NOW),
    "sessions.move": lambda tx, who: sessions.move(tx, session_of(who), SessionState.EXPIRED, NOW),
    "carts.consume_all": lambda tx, who: carts.consume_all(tx, who, {TOKEN: [1]}, "order"),
    "carts.release": lambda tx, who: carts.release(tx, who, "earlier order", {}),
    "orders.move": lambda tx, who: orders.move(tx, who, "order-1", OrderState.LATE, NOW),
    "orders.hold": lambda tx, who: orders.hold(tx, who, "order-1", ["x"], NOW),
    "inbox.answer": lambda tx, who: inbox.answer(tx, who, "cxml", "1", b"other", keyring=keyring()),
}


def state_of_boe(tx):
    """Everything of "boe" that could have been changed."""
    found = {name: look(tx, "boe") for name, look in LOOKS.items()}
    return found | {"free": carts.by_tokens(tx, "boe", [TOKEN])[TOKEN].free_copies}


@pytest.mark.rule("T-M1")
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_other_agreement_changes_nothing(of_boe, change):
    """The owner's call changes what the other one's call with the same ids did not."""
    before = state_of_boe(of_boe)
    change(of_boe, "aas")
    assert state_of_boe(of_boe) == before
    change(of_boe, "boe")
    assert state_of_boe(of_boe) != before
