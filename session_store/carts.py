"""Returned carts, frozen as they went back, and the tokens by which orders find their lines (design §4.3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_where_new

from protocols.model.cart import FrozenLine, ReturnedCart, ReturnedLine
from session_store.prepared import Prepared
from session_store.tables import line_copy, line_token, returned_cart, returned_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, Row, Select

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
_CARTS = select(returned_cart.c.quote_id, returned_cart.c.cart).where(
    _CART_SCOPE, returned_cart.c.quote_id.in_(bindparam("quotes", expanding=True))
)
_RETURNED = (
    select(returned_line.c.token, returned_line.c.quote_id, returned_cart.c.person_hash, returned_line.c.line)
    .join_from(returned_line, returned_cart, returned_cart.c.quote_id == returned_line.c.quote_id)
    .where(_LINE_SCOPE, _CART_SCOPE)
    .order_by(returned_cart.c.frozen_at, returned_line.c.number)
)
_BY_TOKENS = _RETURNED.where(returned_line.c.token.in_(bindparam("wanted", expanding=True)))
_BY_QUOTES = _RETURNED.where(returned_line.c.quote_id.in_(bindparam("wanted", expanding=True)))
_BY_PRODUCTS = _RETURNED.where(
    returned_line.c.product_id.in_(bindparam("wanted", expanding=True)),
    returned_cart.c.frozen_at >= bindparam("since"),
)
_TOKENS_OF = select(returned_line.c.token).where(
    _LINE_SCOPE, returned_line.c.quote_id.in_(bindparam("quotes", expanding=True))
)
_BEGUN_IN = (
    select(returned_line.c.quote_id, line_token.c.cart_id)
    .distinct()
    .join_from(returned_line, line_token, line_token.c.token == returned_line.c.token)
    .where(line_token.c.agreement_id == bindparam("scope"), _LINE_SCOPE)
    .where(returned_line.c.quote_id.in_(bindparam("quotes", expanding=True)))
)
_LAST_RETURNS = (
    select(line_token.c.cart_id, func.max(returned_cart.c.frozen_at).label("frozen_at"))
    .join_from(line_token, returned_line, returned_line.c.token == line_token.c.token)
    .join(returned_cart, returned_cart.c.quote_id == returned_line.c.quote_id)
    .where(line_token.c.agreement_id == bindparam("scope"), _LINE_SCOPE, _CART_SCOPE)
    .where(line_token.c.cart_id.in_(bindparam("carts", expanding=True)))
    .group_by(line_token.c.cart_id)
)
_TAKEN = (
    select(line_copy.c.token, line_copy.c.number, line_copy.c.order_key)
    .where(
        line_copy.c.agreement_id == bindparam("scope"),
        line_copy.c.token.in_(bindparam("tokens", expanding=True)),
    )
    .order_by(line_copy.c.token, line_copy.c.number)
)
_HOLD_TOKENS = (
    select(line_token.c.token)
    .where(
        line_token.c.agreement_id == bindparam("scope"),
        line_token.c.token.in_(bindparam("tokens", expanding=True)),
    )
    .order_by(line_token.c.token)
    .with_for_update()
)
_CONSUME = Prepared(insert(line_copy))
_BATCH = 1000
"""Copies that are taken by one call: a large order has them by the ten thousand, and each is an object."""
_HELD = select(line_copy.c.token, line_copy.c.number).where(
    line_copy.c.agreement_id == bindparam("scope"), line_copy.c.order_key == bindparam("held_by")
)
_RELEASE = delete(line_copy).where(
    line_copy.c.agreement_id == bindparam("scope"),
    line_copy.c.token == bindparam("of_token"),
    line_copy.c.number == bindparam("of_number"),
    line_copy.c.order_key == bindparam("held_by"),
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


def save(
    tx: Connection,
    agreement_id: str,
    session_id: str,
    cart: ReturnedCart,
    document: bytes,
    person_hash: bytes | None = None,
) -> None:
    """Nothing: the cart is kept as it goes back, with the document, which can so be sent again."""
    key = {"agreement_id": agreement_id, "quote_id": cart.quote_id}
    header = {"cart": replace(cart, lines=()), "session_id": session_id, "frozen_at": cart.frozen_at}
    tx.execute(_SAVE_CART, {**key, **header, "document": document, "person_hash": person_hash})
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
    """The newest return of each token that the agreement knows; the others are simply not there.

    held_by
        The key of an order whose copies count as free: those of its earlier version, for an update.
    """
    return _newest(tx, _BY_TOKENS, {"scope": agreement_id, "wanted": sorted(set(tokens))}, held_by)


def by_quotes(
    tx: Connection, agreement_id: str, quote_ids: Iterable[str], *, held_by: str = ""
) -> dict[str, FrozenLine]:
    """By token, the lines that went back under these quote ids: the second step of the ladder."""
    return _newest(tx, _BY_QUOTES, {"scope": agreement_id, "wanted": sorted(set(quote_ids))}, held_by)


def by_products(
    tx: Connection, agreement_id: str, product_ids: Iterable[str], *, since: datetime, held_by: str = ""
) -> dict[str, FrozenLine]:
    """By token, lines with these products that went back since then: for the ladder's steps by item.

    Only of each cart's last return: a line that was taken out in an edit is not there any more.
    """
    wanted = {"scope": agreement_id, "wanted": sorted(set(product_ids)), "since": since}
    found = _newest(tx, _BY_PRODUCTS, wanted, held_by)
    last = _last_returns(tx, agreement_id, {frozen.quote_id for frozen in found.values()})
    return {
        token: frozen for token, frozen in found.items() if frozen.cart.frozen_at >= last[frozen.quote_id]
    }


def order_keys(tx: Connection, agreement_id: str, tokens: Iterable[str]) -> tuple[str, ...]:
    """The orders that have taken copies of these lines; none while no order of them has arrived."""
    found = tx.execute(_TAKEN, {"scope": agreement_id, "tokens": sorted(set(tokens))})
    return tuple(dict.fromkeys(row.order_key for row in found))


def tokens_of(tx: Connection, agreement_id: str, quote_ids: Iterable[str]) -> set[str]:
    """The tokens of all lines that went back under these quote ids."""
    wanted = {"scope": agreement_id, "quotes": sorted(set(quote_ids))}
    return set(tx.execute(_TOKENS_OF, wanted).scalars())


def consume_all(
    tx: Connection, agreement_id: str, wanted: Mapping[str, Collection[int]], order_key: str
) -> tuple[str, ...]:
    """The tokens of which not all wanted copies could be had, and so none were taken; all others' are taken.

    A copy is consumed at most once (DIST-10); the same order asking again is given it again. Tokens are held
    in one order, so that orders which meet wait for each other and never in a ring.

    wanted
        By token, numbers of copies.
    """
    scope = {"scope": agreement_id, "tokens": sorted(wanted)}
    held = set(tx.execute(_HOLD_TOKENS, scope).scalars().all())
    owners = {(token, number): owner for token, number, owner in tx.execute(_TAKEN, scope).all()}
    lost = tuple(
        token
        for token, numbers in sorted(wanted.items())
        if token not in held or any(owners.get((token, number), order_key) != order_key for number in numbers)
    )
    new = (
        {"agreement_id": agreement_id, "token": token, "number": number, "order_key": order_key}
        for token in sorted(wanted.keys() - set(lost))
        for number in wanted[token]
        if (token, number) not in owners
    )
    while batch := list(islice(new, _BATCH)):
        _CONSUME.run_all(tx, batch)
    return lost


def release(tx: Connection, agreement_id: str, order_key: str, keep: Mapping[str, Collection[int]]) -> int:
    """How many copies of this order are free again: all but those that its newest version keeps."""
    free = surplus(tx, agreement_id, order_key, keep)
    give_back(tx, agreement_id, order_key, free)
    return len(free)


def surplus(
    tx: Connection, agreement_id: str, order_key: str, keep: Mapping[str, Collection[int]]
) -> list[tuple[str, int]]:
    """Token and number of each copy of this order that is not among these."""
    held = tx.execute(_HELD, {"scope": agreement_id, "held_by": order_key})
    return [(row.token, row.number) for row in held if row.number not in keep.get(row.token, ())]


def give_back(tx: Connection, agreement_id: str, order_key: str, copies: Iterable[tuple[str, int]]) -> None:
    """Nothing: these copies, by token and number, are free again; those of another order stay with it."""
    key = {"scope": agreement_id, "held_by": order_key}
    rows = [key | {"of_token": token, "of_number": number} for token, number in copies]
    if rows:
        tx.execute(_RELEASE, rows)


def _newest(
    tx: Connection, returned: Select[Any], wanted: Mapping[str, Any], held_by: str
) -> dict[str, FrozenLine]:
    """Lines by token; rows come oldest first, so that a token's newest return is the one that stays."""
    rows = {row.token: row for row in tx.execute(returned, wanted).all()} if wanted["wanted"] else {}
    if not rows:
        return {}
    scope = wanted["scope"]
    quotes = sorted({row.quote_id for row in rows.values()})
    headers = {row.quote_id: row.cart for row in tx.execute(_CARTS, {"scope": scope, "quotes": quotes})}
    taken: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for row in tx.execute(_TAKEN, {"scope": scope, "tokens": list(rows)}).all():
        if row.order_key != held_by:
            taken[row.token][row.number] = row.order_key
    return {token: _frozen(row, headers[row.quote_id], taken.get(token, {})) for token, row in rows.items()}


def _last_returns(tx: Connection, agreement_id: str, quotes: Collection[str]) -> dict[str, datetime]:
    """By quote id, when lines of its carts went back last.

    An edit's cart is a new one, whose lines keep the tokens of the carts that they began in; those it is of.
    """
    begun = tx.execute(_BEGUN_IN, {"scope": agreement_id, "quotes": sorted(quotes)}).all()
    wanted = {"scope": agreement_id, "carts": sorted({row.cart_id for row in begun})}
    returned = {row.cart_id: row.frozen_at for row in tx.execute(_LAST_RETURNS, wanted)}
    last: dict[str, datetime] = {}
    for row in begun:
        last[row.quote_id] = max(returned[row.cart_id], last.get(row.quote_id, returned[row.cart_id]))
    return last


def _frozen(row: Row[Any], cart: ReturnedCart, taken: Mapping[int, str]) -> FrozenLine:
    return FrozenLine(
        token=row.token,
        quote_id=row.quote_id,
        cart=cart,
        line=row.line,
        free_copies=tuple(copy for copy in row.line.copies if copy.number not in taken),
        order_keys=tuple(dict.fromkeys(taken.values())),
        person_hash=row.person_hash,
    )


def _line_row(line: ReturnedLine) -> dict[str, object]:
    found_by = {"token": line.line_token, "product_id": line.product_id}
    return {"number": line.number, "line": line, **found_by}


def _token_by_line(tx: Connection, scope: Mapping[str, str]) -> dict[str, str]:
    return {row.line_id: row.token for row in tx.execute(_TOKENS, scope)}
