"""The one ladder on which order lines find the lines of returned carts, whatever the protocol (design §4.3).

Each step looks only at what the steps above it have left over, on both sides, and none chooses between two
explanations: then a person does. Where the lines stand in the document does not matter. A line that carries a
whole token of nobody here came from elsewhere, so that only a quote of ours speaks against it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from protocols.model.cart import FrozenLine
from protocols.model.item import Kind
from protocols.model.order import OrderLine, PurchaseOrder

OPEN_FOR = timedelta(days=180)
"""How long a returned cart is looked at where nothing in the order names it; a token or quote has no end."""


_TOKEN = re.compile(r"[0-9A-HJKMNP-TV-Z]{20}").fullmatch


class Step(StrEnum):
    """What a line was found by, best first."""

    TOKEN = "line token"  # noqa: S105 - a name, no secret
    QUOTE = "quote id and item"
    NAME = "order name, item and quantity"
    QUANTITY = "item and quantity"
    SUM = "item and sum of quantities"
    NONE = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What helps beside the lines themselves.

    order_name
        The name under which the buyer's system sends the order; the requisition ids are read from the order.
    customer_number
        The customer that the order names by an agreed code; empty where it names none.
    """

    now: datetime
    order_name: str = ""
    customer_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Where a line came from.

    lines
        One; several of one item and price where the buyer merged them; none where it is not certain.
    rivals
        Lines between which a person has to choose; only where ``lines`` is empty.
    """

    step: Step
    lines: tuple[FrozenLine, ...] = ()
    rivals: tuple[FrozenLine, ...] = ()


Explanation = tuple[FrozenLine, ...]
Pool = Callable[[OrderLine], Sequence[FrozenLine]]


def find(order: PurchaseOrder, kept: Mapping[str, FrozenLine], clues: Clues) -> dict[int, Match]:
    """By line number, the match of each line of the order.

    kept
        By token: every frozen line that the order's tokens, quote ids and items lead to; more does no harm.
    """
    found = _by_token(order.lines, kept)
    found |= _added_up(order.lines, kept, found)
    if len(found) < len(order.lines):
        search = _Search(order, kept, clues, found)
        search.by_quote_line()
        search.by_quote_quantity()
        search.by_quote_item()
        search.by_name()
        search.among_open()
        search.near_misses()
    return found


def is_open(frozen: FrozenLine, now: datetime) -> bool:
    """Whether an order may still be expected for it: returned not too long ago, with copies left."""
    recent = now - frozen.cart.frozen_at <= OPEN_FOR
    return bool(frozen.free_copies) and recent and not frozen.cart.unchanged


def _by_token(lines: Iterable[OrderLine], kept: Mapping[str, FrozenLine]) -> dict[int, Match]:
    return {
        line.number: Match(step=Step.TOKEN, lines=(kept[line.line_token],))
        for line in lines
        if line.line_token in kept
    }


def _added_up(
    lines: Iterable[OrderLine], kept: Mapping[str, FrozenLine], found: Mapping[int, Match]
) -> dict[int, Match]:
    """Services that stood on several lines of the order's carts, where the buyer's system made one of them.

    It then keeps the first one's token. The own cart is enough, or else all of them together, as those of a
    cart that went home in rounds. Books that grow under their token were raised by the approver (DIST-9).
    """
    used = Counter(match.lines[0].token for match in found.values())
    carts = {one.quote_id for match in found.values() for one in match.lines}
    equal: dict[Hashable, list[FrozenLine]] = defaultdict(list)
    for frozen in kept.values():
        if frozen.line.kind is Kind.SERVICE and frozen.token not in used and frozen.quote_id in carts:
            equal[_likeness(frozen)].append(frozen)
    merged: dict[int, Match] = {}
    for line in lines:
        for one in found[line.number].lines if line.number in found else ():
            if one.line.kind is Kind.SERVICE and line.quantity > one.line.quantity and used[one.token] == 1:
                others = equal[_likeness(one)]
                own = [other for other in others if other.quote_id == one.quote_id]
                for together in ((one, *own), (one, *others)):
                    if _merged(together, line):
                        merged[line.number] = Match(step=Step.SUM, lines=together)
                        break
    return _unshared(merged)


def _likeness(frozen: FrozenLine) -> Hashable:
    """What two lines have in common that a buyer's system adds up."""
    line = frozen.line
    return line.product_id, line.unit_price, line.unit, frozen.cart.customer_number


def _unshared(merged: Mapping[int, Match]) -> dict[int, Match]:
    """Those that take nothing which another one takes too."""
    claims = Counter(one.token for match in merged.values() for one in match.lines)
    return {
        number: match
        for number, match in merged.items()
        if all(claims[one.token] == 1 for one in match.lines)
    }


class _Search:
    """The steps below the token; each adds to what was found."""

    def __init__(
        self, order: PurchaseOrder, kept: Mapping[str, FrozenLine], clues: Clues, found: dict[int, Match]
    ) -> None:
        self._order, self._clues, self._found = order, clues, found
        self._kept = sorted(kept.values(), key=lambda frozen: (frozen.quote_id, frozen.line.number))
        self._still_open = {frozen.token for frozen in self._kept if is_open(frozen, clues.now)}
        self._by_item: dict[str, list[FrozenLine]] = defaultdict(list)
        for frozen in self._kept:
            self._by_item[frozen.line.product_id].append(frozen)

    def by_quote_line(self) -> None:
        """Lines that name quote and quote line; several may name one, as with a token."""
        used = self._used()
        numbered = {
            (frozen.quote_id, frozen.line.number): frozen for frozen in self._kept if frozen.token not in used
        }
        for line in self._rest():
            frozen = numbered.get((self._quote(line), line.quote_line))
            if frozen:
                self._found[line.number] = Match(step=Step.QUOTE, lines=(frozen,))

    def by_quote_quantity(self) -> None:
        """Lines of the quote that is named, told apart by quantity."""
        self._settle(
            self._rest(),
            self._pool(lambda line, frozen: self._is_quoted(line, frozen) and bool(frozen.free_copies)),
            Step.QUOTE,
        )

    def by_quote_item(self) -> None:
        """Lines of an item that stands in the quote once, in any quantity; several may be made of it."""
        quoted, waiting = self._pool(self._is_quoted), self._waiting()
        self._found.update(
            {
                line.number: _the_one(_free_first(pool), waiting)
                for line in self._rest()
                if (pool := quoted(line))
            }
        )

    def by_name(self) -> None:
        """Lines of open carts that the librarian gave the name under which the order comes."""
        named = self._open(lambda line, frozen: _folded(frozen.cart.order_name) in self._names(line))
        self._settle(self._traceless(), named, Step.NAME)

    def among_open(self) -> None:
        """Lines of any open cart of the agreement."""
        self._settle(self._traceless(), self._open(lambda _line, _frozen: True), Step.QUANTITY)

    def near_misses(self) -> None:
        """What is left, but stands in another quantity in a cart that this order has other lines of."""
        quotes = {frozen.quote_id for match in self._found.values() for frozen in match.lines}
        near = self._open(lambda _line, frozen: frozen.quote_id in quotes)
        for line in self._rest():
            self._found[line.number] = Match(step=Step.NONE, rivals=tuple(near(line)))

    def _settle(self, lines: Iterable[OrderLine], pool: Pool, step: Step) -> None:
        """Lines with one explanation that nothing else lays claim to; with several, it is for a person."""
        options = {line.number: _explanations(line, pool(line)) for line in lines}
        claims = Counter(self._waiting())
        claims.update(token for explained in options.values() for token in _tokens(explained))
        self._found.update(
            {number: _settled(explained, claims, step) for number, explained in options.items() if explained}
        )

    def _open(self, wanted: Callable[[OrderLine, FrozenLine], bool]) -> Pool:
        customers = self._customers()
        return self._pool(
            lambda line, frozen: (
                frozen.token in self._still_open
                and (not customers or frozen.cart.customer_number in customers)
                and wanted(line, frozen)
            )
        )

    def _pool(self, wanted: Callable[[OrderLine, FrozenLine], bool]) -> Pool:
        """The lines of the same item that no step above has used."""
        used = self._used()
        return lambda line: [
            frozen
            for frozen in self._by_item.get(line.product_id, ())
            if frozen.token not in used and wanted(line, frozen)
        ]

    def _rest(self) -> list[OrderLine]:
        return [line for line in self._order.lines if line.number not in self._found]

    def _traceless(self) -> list[OrderLine]:
        return [line for line in self._rest() if not _TOKEN(line.line_token)]

    def _used(self) -> set[str]:
        return {frozen.token for match in self._found.values() for frozen in match.lines}

    def _waiting(self) -> set[str]:
        """What a person has to choose from: it explains other lines still, but no step may take it."""
        return {frozen.token for match in self._found.values() for frozen in match.rivals}

    def _customers(self) -> set[str]:
        """The customers that the order is known to be for, empty when any of the agreement's may be."""
        found = {frozen.cart.customer_number for match in self._found.values() for frozen in match.lines}
        return found or {self._clues.customer_number} - {""}

    def _quote(self, line: OrderLine) -> str:
        return line.quote_id or self._order.supplier_order_id

    def _is_quoted(self, line: OrderLine, frozen: FrozenLine) -> bool:
        return frozen.quote_id == self._quote(line)

    def _names(self, line: OrderLine) -> set[str]:
        names = (self._clues.order_name, self._order.requisition_id, line.requisition_id)
        return {_folded(name) for name in names} - {""}


def _explanations(line: OrderLine, pool: Sequence[FrozenLine]) -> list[Explanation]:
    """What the line may be: one line of this quantity, or all the lines of a cart, or of all, merged."""
    single: list[Explanation] = [(frozen,) for frozen in pool if len(frozen.free_copies) == line.quantity]
    if len(pool) < 2:
        return single
    by_cart: dict[str, list[FrozenLine]] = defaultdict(list)
    for frozen in pool:
        by_cart[frozen.quote_id].append(frozen)
    together = [*by_cart.values(), *([list(pool)] if len(by_cart) > 1 else [])]
    return single + [tuple(lines) for lines in together if _merged(lines, line)]


def _merged(lines: Sequence[FrozenLine], line: OrderLine) -> bool:
    """Whether a buyer's system that adds equal lines up would have made this line of them."""
    equal = {_likeness(frozen) for frozen in lines}
    copies = sum(len(frozen.free_copies) for frozen in lines)
    return len(lines) > 1 and len(equal) == 1 and copies == line.quantity


def _settled(explained: Sequence[Explanation], claims: Mapping[str, int], step: Step) -> Match:
    if len(explained) > 1 or any(claims[token] > 1 for token in _tokens(explained)):
        rivals = {frozen.token: frozen for lines in explained for frozen in lines}
        return Match(step=Step.NONE, rivals=tuple(rivals.values()))
    (lines,) = explained
    return Match(step=step if len(lines) == 1 else Step.SUM, lines=lines)


def _tokens(explained: Iterable[Explanation]) -> set[str]:
    return {frozen.token for lines in explained for frozen in lines}


def _free_first(pool: Sequence[FrozenLine]) -> Sequence[FrozenLine]:
    """Those with copies left; where none has any, all: then the order may be a duplicate."""
    return [frozen for frozen in pool if frozen.free_copies] or pool


def _the_one(pool: Sequence[FrozenLine], waiting: Collection[str]) -> Match:
    if len(pool) == 1 and pool[0].token not in waiting:
        return Match(step=Step.QUOTE, lines=tuple(pool))
    return Match(step=Step.NONE, rivals=tuple(pool))


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
