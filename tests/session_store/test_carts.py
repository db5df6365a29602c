"""Returned carts: every copy kept here under its line's token, found again, and ordered once."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy.exc import IntegrityError

from session_store import carts, sessions
from tests.session_store.made import NOW, cart_of, session_of, start_hash
from tests.session_store.racing import race

TOKEN = "T" * 20


def numbered_tokens():
    """New tokens T001, T002, … each time it is called."""
    numbers = count(1)
    return lambda: f"T{next(numbers):03}"


def returned(tx, cart=None, document=b"<cXML/>", agreement_id="boe"):
    """A cart that went back, its token made first."""
    cart = cart or cart_of()
    sessions.offer(tx, session_of(agreement_id), start_hash(int.from_bytes(agreement_id.encode())))
    carts.line_tokens(tx, agreement_id, cart.cart_id, ["line-1"], lambda: TOKEN)
    carts.save(tx, agreement_id, session_of().id, cart, document)
    return cart


def renumbered(cart):
    """The cart with its lines numbered from 1."""
    lines = tuple(replace(line, number=number) for number, line in enumerate(cart.lines, start=1))
    return replace(cart, lines=lines)


def free_numbers(tx, agreement_id="boe"):
    """Which copies of the line are still free."""
    return [copy.number for copy in carts.by_tokens(tx, agreement_id, [TOKEN])[TOKEN].free_copies]


def consumed(tx, numbers, order_key, agreement_id="boe"):
    """Whether the order got these copies of the one line."""
    return carts.consume_all(tx, agreement_id, {TOKEN: numbers}, order_key) == ()


@pytest.mark.rule("DIST-8", way="punchout")
def test_line_keeps_its_token_for_ever(tx):
    """Edits and new returns find the same token; a new line gets a new one."""
    new_token = numbered_tokens()
    assert carts.line_tokens(tx, "boe", "cart", ["a", "b"], new_token) == {"a": "T001", "b": "T002"}
    assert carts.line_tokens(tx, "boe", "cart", ["b", "c"], new_token) == {"b": "T002", "c": "T003"}
    assert carts.line_tokens(tx, "boe", "other cart", ["a"], new_token) == {"a": "T004"}
    assert carts.line_tokens(tx, "boe", "cart", [], new_token) == {}


@pytest.mark.rule("DIST-8", way="punchout")
def test_two_returns_of_one_cart_at_once_agree_on_the_tokens(store):
    """Two windows that send the same cart give the same tokens."""
    new_token = numbered_tokens()

    def tokens(_which):
        with store.write() as tx:
            return carts.line_tokens(tx, "boe", "cart", ["a", "b"], new_token)

    found = race(8, tokens)
    assert all(one == found[0] for one in found)


@pytest.mark.rule("DIST-8", way="punchout")
def test_returned_cart_comes_back_whole(tx):
    """Header, lines, every copy's codes with æøå, and the document as it left."""
    cart = returned(tx, document="<cXML>Bø</cXML>".encode("iso-8859-1"))
    assert carts.latest(tx, "boe", session_of().id) == cart
    assert carts.document(tx, "boe", session_of().id) == "<cXML>Bø</cXML>".encode("iso-8859-1")


def test_session_that_returned_nothing_has_no_cart(tx):
    """None is not an empty cart."""
    assert carts.latest(tx, "boe", "nobody") is None
    assert carts.document(tx, "boe", "nobody") is None


@pytest.mark.rule("FLOW-6", way="punchout")
def test_unchanged_cart_has_no_lines(tx):
    """Cancel and time-out keep what went back, too."""
    cart = returned(tx, replace(cart_of(), lines=(), unchanged=True))
    assert carts.latest(tx, "boe", session_of().id) == cart


@pytest.mark.rule("DIST-8", way="punchout")
def test_token_finds_the_newest_return_of_its_line(tx):
    """After an edit the order means what went back last."""
    returned(tx)
    edited = cart_of(quote="PS-0", frozen_at=NOW + timedelta(hours=1), copies=5)
    carts.save(tx, "boe", session_of().id, edited, b"")
    found = carts.by_tokens(tx, "boe", [TOKEN, TOKEN, "unknown"])
    assert list(found) == [TOKEN]
    assert (found[TOKEN].quote_id, found[TOKEN].line) == ("PS-0", edited.lines[0])
    assert found[TOKEN].cart == replace(edited, lines=())
    assert found[TOKEN].free_copies == edited.lines[0].copies


def test_lines_are_found_by_quote_and_by_product_too(tx):
    """The lower steps of the ladder, where a token was lost on the way."""
    returned(tx)
    by_product = carts.by_products(tx, "boe", ["9788200000006"], since=NOW)
    for found in (carts.by_quotes(tx, "boe", ["PS-1"]), by_product):
        assert found == carts.by_tokens(tx, "boe", [TOKEN])
    assert carts.by_quotes(tx, "boe", ["PS-2"]) == carts.by_products(tx, "boe", [], since=NOW) == {}
    assert carts.by_products(tx, "boe", ["9788200000006"], since=NOW + timedelta(seconds=1)) == {}
    assert carts.tokens_of(tx, "boe", ["PS-1", "PS-2"]) == {TOKEN}


def test_a_line_taken_out_in_an_edit_is_not_open_any_more(tx):
    """By its item only what the cart's last return holds is found; the token still finds it."""
    returned(tx)
    tokens = carts.line_tokens(tx, "boe", "cart-1", ["line-2"], lambda: "U" * 20)
    edited = cart_of(tokens["line-2"], "PS-2", NOW + timedelta(hours=1))
    other = replace(edited.lines[0], line_id="line-2", product_id="9788200000013")
    carts.save(tx, "boe", session_of().id, replace(edited, lines=(other,)), b"")
    assert carts.by_products(tx, "boe", ["9788200000006"], since=NOW) == {}
    assert list(carts.by_products(tx, "boe", ["9788200000013"], since=NOW)) == ["U" * 20]
    assert list(carts.by_tokens(tx, "boe", [TOKEN])) == [TOKEN]


@pytest.mark.rule("DIST-8", way="punchout")
def test_lines_of_an_edited_cart_are_found_by_product_as_long_as_they_go_back(tx):
    """An edit's cart is a new one: its lines, kept and new, are open until a next edit leaves one out."""
    returned(tx)
    tokens = carts.line_tokens(tx, "boe", "cart-2", ["line-2"], lambda: "U" * 20)
    kept, later = cart_of(), NOW + timedelta(hours=1)
    added = replace(kept.lines[0], line_token=tokens["line-2"], line_id="line-2", product_id="9788200000013")
    edits = [
        replace(kept, cart_id="cart-2", quote_id="PS-2", frozen_at=later, lines=(*kept.lines, added)),
        replace(kept, cart_id="cart-3", quote_id="PS-3", frozen_at=later + timedelta(hours=1)),
    ]
    found = []
    for edit in edits:
        carts.save(tx, "boe", session_of().id, renumbered(edit), b"")
        found.append(carts.by_products(tx, "boe", ["9788200000006", "9788200000013"], since=NOW).keys())
    assert found == [{TOKEN, "U" * 20}, {TOKEN}]


@pytest.mark.rule("DIST-10", way="punchout")
def test_copy_is_ordered_at_most_once(tx):
    """A second order for the same copies is refused whole; the copies that are left can still be ordered."""
    returned(tx)
    assert consumed(tx, [1, 2], "order A")
    assert not consumed(tx, [2, 3], "order B")
    assert free_numbers(tx) == [3]
    assert consumed(tx, [3], "order B")
    assert free_numbers(tx) == []


@pytest.mark.rule("DIST-10", way="punchout")
def test_same_order_may_ask_again(tx):
    """A repeated step of one order is no second order."""
    returned(tx)
    assert consumed(tx, [1, 2], "order A")
    assert consumed(tx, [1, 2], "order A")
    assert consumed(tx, [], "order B")
    assert carts.consume_all(tx, "boe", {"unknown": [1]}, "order A") == ("unknown",)
    assert carts.consume_all(tx, "boe", {}, "order A") == ()
    assert free_numbers(tx) == [3]


@pytest.mark.rule("DIST-10", way="punchout")
def test_of_orders_that_want_the_same_copies_together_one_gets_them(store):
    """Two orders that cross share nothing, whichever is first."""
    with store.write() as tx:
        returned(tx)

    def order(which):
        with store.write() as tx:
            return consumed(tx, [1, 2, 3], f"order {which}")

    assert sorted(race(8, order)) == [False] * 7 + [True]


@pytest.mark.rule("DIST-10", way="punchout")
def test_an_order_s_own_copies_are_free_for_its_update(tx):
    """Whoever asks as the order that holds them sees them free; all others do not."""
    returned(tx)
    assert consumed(tx, [1, 2], "order A")
    found = {
        key: [copy.number for copy in carts.by_tokens(tx, "boe", [TOKEN], held_by=key)[TOKEN].free_copies]
        for key in ("order A", "order B", "")
    }
    assert found == {"order A": [1, 2, 3], "order B": [3], "": [3]}
    for kept in (
        carts.by_quotes(tx, "boe", ["PS-1"], held_by="order A"),
        carts.by_products(tx, "boe", ["9788200000006"], since=NOW, held_by="order A"),
    ):
        assert len(kept[TOKEN].free_copies) == 3


@pytest.mark.rule("ORD-6", way="punchout")
def test_copies_that_an_update_no_longer_wants_are_given_back(tx):
    """Only the order's own, only those it does not keep."""
    returned(tx)
    assert consumed(tx, [1, 2], "order A")
    assert consumed(tx, [3], "order B")
    assert carts.release(tx, "boe", "order A", {TOKEN: [2]}) == 1
    assert free_numbers(tx) == [1]
    assert carts.release(tx, "boe", "order A", {}) == 1
    assert carts.release(tx, "boe", "order A", {}) == 0
    assert free_numbers(tx) == [1, 2]


@pytest.mark.rule("DIST-10", way="punchout")
def test_a_whole_order_is_consumed_at_once_and_told_what_it_could_not_have(tx):
    """A line that has lost a copy takes none; the others take all of theirs."""
    returned(tx)
    tokens = carts.line_tokens(tx, "boe", "cart-1", ["line-2"], lambda: "U" * 20)
    more = replace(cart_of(tokens["line-2"], "PS-2").lines[0], line_id="line-2")
    carts.save(tx, "boe", session_of().id, replace(cart_of(quote="PS-2"), lines=(more,)), b"")
    assert consumed(tx, [3], "order B")
    wanted = {TOKEN: [1, 2, 3], "U" * 20: [1, 2], "unknown": [1]}
    assert carts.consume_all(tx, "boe", wanted, "order A") == (TOKEN, "unknown")
    assert free_numbers(tx) == [1, 2]
    assert [copy.number for copy in carts.by_tokens(tx, "boe", ["U" * 20])["U" * 20].free_copies] == [3]


@pytest.mark.rule("DIST-10", way="punchout")
def test_orders_that_want_each_other_s_lines_do_not_stop_each_other(store):
    """Whatever order they name them in, tokens are held in one: nobody waits in a ring, one gets them all."""
    with store.write() as tx:
        returned(tx)
        names = [f"line-{number}" for number in range(2, 12)]
        tokens = list(carts.line_tokens(tx, "boe", "cart-1", names, numbered_tokens()).values())
    both = [{token: [1] for token in tokens}, {token: [1] for token in reversed(tokens)}]

    def order(which):
        with store.write() as tx:
            return carts.consume_all(tx, "boe", both[which % 2], f"order {which}")

    assert sorted(map(len, race(8, order))) == [0] + [10] * 7


@pytest.mark.rule("DIST-10", way="punchout")
def test_copies_stay_ordered_when_the_cart_goes_back_again(tx):
    """An edit does not free what an order has already taken."""
    returned(tx)
    consumed(tx, [1], "order A")
    again = cart_of(quote="PS-2", frozen_at=NOW + timedelta(hours=1), copies=4)
    carts.save(tx, "boe", session_of().id, again, b"")
    assert free_numbers(tx) == [2, 3, 4]


@pytest.mark.rule("T-M1")
def test_same_token_of_another_agreement_is_another_line(tx):
    """Equal tokens, carts and quote ids in two agreements do not meet."""
    returned(tx)
    returned(tx, cart_of(copies=1), b"other", "aas")
    assert consumed(tx, [1, 2, 3], "order A")
    assert free_numbers(tx, "aas") == [1]
    assert carts.document(tx, "aas", session_of().id) == b"other"


@pytest.mark.rule("T-M1")
def test_cart_cannot_be_tied_to_another_agreements_session_or_token(tx):
    """The database itself refuses a link across agreements."""
    returned(tx)
    for wrong in (session_of().id, None):
        with pytest.raises(IntegrityError), tx.begin_nested():
            carts.save(tx, "aas", wrong, cart_of(quote="PS-9"), b"")
