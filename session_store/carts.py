"""Returned carts, frozen as they went back, and the tokens by which orders find their lines (design §4.3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_where_new

from protocols.model.cart import ReturnedCart, ReturnedLine
from protocols.model.distribution import Copy
from session_store.tables import line_copy, line_token, returned_cart, returned_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from sqlalchemy import Connection, Row, Select


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenLine:
    """A line as it last went back to the buyer, found by its token.

    cart
        The cart it went back in, without its lines.
    free_copies
        The line's copies that no order has taken yet, in the librarian's order of priority (DIST-9, DIST-10).
    """

    token: str
    quote_id: str
    cart: ReturnedCart
    line: ReturnedLine
    free_copies: tuple[Copy, ...]


_CART_SCOPE = returned_cart.c.agreement_id == bindparam("scope")
_LINE_SCOPE = returned_line.c.agreement_id == bindparam("scope")

_TOKENS = select(line_token.c.line_id, line_token.c.token).where(
    line_token.c.agreement_id == bindparam("scope"), line_token.c.cart_id == bindparam("of_cart")
)
_NEW_TOKENS = insert_where_new(line_token).on_conflict_do_nothing()  # SQLite's compiler knows the clause too

_SAVE_CART = insert(returned_cart)
_SAVE_LINES = insert(returned_line)
_LATEST = (
    select(returned_cart.c.quote_id, returned_cart.c.cart, returned_cart.c.document)
    .where(
        returned_cart.c.agreement_id == bindparam("scope"),
        returned_cart.c.session_id == bindparam("of_session"),
    )
    .order_by(returned_cart.c.frozen_at.desc())
    .limit(1)
)
_LINES = (
    select(returned_line.c.line)
    .where(_LINE_SCOPE, returned_line.c.quote_id == bindparam("quote"))
    .order_by(returned_line.c.number)
)
_RETURNED = (
    select(returned_line.c.token, returned_line.c.quote_id, returned_cart.c.cart, returned_line.c.line)
    .join_from(returned_line, returned_cart, returned_cart.c.quote_id == returned_line.c.quote_id)
    .where(_LINE_SCOPE, _CART_SCOPE)
    .order_by(returned_cart.c.frozen_at, returned_line.c.number)
)
_BY_TOKENS = _RETURNED.where(returned_line.c.token.in_(bindparam("wanted", expanding=True)))
_BY_QUOTES = _RETURNED.where(returned_line.c.quote_id.in_(bindparam("wanted", expanding=True)))
_BY_PRODUCTS = _RETURNED.where(returned_line.c.product_id.in_(bindparam("wanted", expanding=True)))
_TAKEN = select(line_copy.c.token, line_copy.c.number, line_copy.c.order_key).where(
    line_copy.c.agreement_id == bindparam("scope"), line_copy.c.token.in_(bindparam("tokens", expanding=True))
)
_HOLD_TOKEN = (
    select(line_token.c.token)
    .where(line_token.c.agreement_id == bindparam("scope"), line_token.c.token == bindparam("held"))
    .with_for_update()
)
_CONSUME = insert(line_copy)
_HELD = select(line_copy.c.token, line_copy.c.number).where(
    line_copy.c.agreement_id == bindparam("scope"), line_copy.c.order_key == bindparam("order")
)
_FREE = delete(line_copy).where(
    line_copy.c.agreement_id == bindparam("scope"),
    line_copy.c.token == bindparam("of_token"),
    line_copy.c.number == bindparam("of_number"),
)


def line_tokens(
    tx: Connection, agreement_id: str, cart_id: str, line_ids: Sequence[str], new_token: Callable[[], str]
) -> dict[str, str]:
    """The token of each line id: the one it has had since its first return, else a new one, for ever."""
    scope = {"scope": agreement_id, "of_cart": cart_id}
    known = _token_by_line(tx, scope)
    missing = [line_id for line_id in line_ids if line_id not in known]
    if missing:
        row = {"agreement_id": agreement_id, "cart_id": cart_id}
        tx.execute(_NEW_TOKENS, [row | {"line_id": line_id, "token": new_token()} for line_id in missing])
        known = _token_by_line(tx, scope)
    return {line_id: known[line_id] for line_id in line_ids}


def save(tx: Connection, agreement_id: str, session_id: str, cart: ReturnedCart, document: bytes) -> None:
    """Nothing: the cart is kept as it goes back, with the document, which can so be sent again."""
    key = {"agreement_id": agreement_id, "quote_id": cart.quote_id}
    header = {"cart": replace(cart, lines=()), "session_id": session_id, "frozen_at": cart.frozen_at}
    tx.execute(_SAVE_CART, {**key, **header, "document": document})
    if cart.lines:
        tx.execute(_SAVE_LINES, [key | _line_row(line) for line in cart.lines])


def latest(tx: Connection, agreement_id: str, session_id: str) -> ReturnedCart | None:
    """The cart that the session returned last, with its lines; None when it has returned none."""
    row = tx.execute(_LATEST, {"scope": agreement_id, "of_session": session_id}).first()
    if row is None:
        return None
    lines = tx.execute(_LINES, {"scope": agreement_id, "quote": row.quote_id}).scalars()
    cart: ReturnedCart = row.cart
    return replace(cart, lines=tuple(lines))


def document(tx: Connection, agreement_id: str, session_id: str) -> bytes | None:
    """The document in which the session's last cart went back; None without one, or when its time is over."""
    row = tx.execute(_LATEST, {"scope": agreement_id, "of_session": session_id}).first()
    return None if row is None else row.document


def by_tokens(
    tx: Connection, agreement_id: str, tokens: Iterable[str], *, held_by: str = ""
) -> dict[str, FrozenLine]:
    """The newest return of each token that the agreement knows; the others are simply not there."""
    return _newest(tx, agreement_id, _BY_TOKENS, tokens, held_by)


def by_quotes(tx: Connection, agreement_id: str, quote_ids: Iterable[str]) -> dict[str, FrozenLine]:
    """By token, the lines that went back under these quote ids: the second step of the ladder."""
    return _newest(tx, agreement_id, _BY_QUOTES, quote_ids)


def by_products(tx: Connection, agreement_id: str, product_ids: Iterable[str]) -> dict[str, FrozenLine]:
    """By token, the newest returns of lines with these products: for the ladder's steps by item."""
    return _newest(tx, agreement_id, _BY_PRODUCTS, product_ids)


def consume(tx: Connection, agreement_id: str, token: str, numbers: Sequence[int], order_key: str) -> bool:
    """Whether all these copies of the line now belong to this order; False, and none, when another has one.

    A copy is consumed at most once (DIST-10); the same order asking again is told yes again.
    """
    if tx.execute(_HOLD_TOKEN, {"scope": agreement_id, "held": token}).first() is None:
        return False
    owners = {
        row.number: row.order_key for row in tx.execute(_TAKEN, {"scope": agreement_id, "tokens": [token]})
    }
    if any(owners.get(number, order_key) != order_key for number in numbers):
        return False
    row = {"agreement_id": agreement_id, "token": token, "order_key": order_key}
    rows = [row | {"number": number} for number in numbers if number not in owners]
    if rows:
        tx.execute(_CONSUME, rows)
    return True


def consume_all(
    tx: Connection, agreement_id: str, wanted: Mapping[str, Sequence[int]], order_key: str
) -> tuple[str, ...]:
    """The tokens whose copies could not be had; all other copies now belong to this order."""
    return tuple(
        token
        for token, numbers in sorted(wanted.items())
        if not consume(tx, agreement_id, token, numbers, order_key)
    )


def release(tx: Connection, agreement_id: str, order_key: str, keep: Mapping[str, Sequence[int]]) -> None:
    """Nothing: copies of this order that are not among these are free again."""
    held = tx.execute(_HELD, {"scope": agreement_id, "order": order_key}).all()
    for row in held:
        if row.number not in keep.get(row.token, ()):
            tx.execute(_FREE, {"scope": agreement_id, "of_token": row.token, "of_number": row.number})


def _newest(
    tx: Connection, agreement_id: str, returned: Select[Any], wanted: Iterable[str], held_by: str = ""
) -> dict[str, FrozenLine]:
    """Lines by token; rows come oldest first, so that a token's newest return is the one that stays."""
    rows = {
        row.token: row for row in tx.execute(returned, {"scope": agreement_id, "wanted": sorted(set(wanted))})
    }
    taken = {
        (row.token, row.number)
        for row in tx.execute(_TAKEN, {"scope": agreement_id, "tokens": list(rows)})
        if row.order_key != held_by
    }
    return {token: _frozen(row, taken) for token, row in rows.items()}


def _frozen(row: Row[Any], taken: set[tuple[str, int]]) -> FrozenLine:
    free = tuple(copy for copy in row.line.copies if (row.token, copy.number) not in taken)
    return FrozenLine(token=row.token, quote_id=row.quote_id, cart=row.cart, line=row.line, free_copies=free)


def _line_row(line: ReturnedLine) -> dict[str, object]:
    found_by = {"token": line.line_token, "product_id": line.product_id}
    return {"number": line.number, "line": line, **found_by}


def _token_by_line(tx: Connection, scope: Mapping[str, str]) -> dict[str, str]:
    return {row.line_id: row.token for row in tx.execute(_TOKENS, scope)}
