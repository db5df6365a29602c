"""Orders that wait for a person: listed with their reasons, released or refused (design §4.7)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from catalog_bridge.rules.rejoin_findings import CHOICE
from protocols.errors import Conflict, Malformed, ProtocolError
from protocols.model.agreement import Difference
from protocols.model.finding import Finding, Severity
from protocols.model.order import OrderType
from punchout.roundtrip import changes, order_book, places, receive, reduction, rejoin, telling
from session_store import agreements, carts, journal, orders
from session_store.orders import OrderState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from protocols.model.agreement import Agreement
    from protocols.model.order import Choice, ShopOrder
    from punchout.roundtrip.order_book import Judged
    from punchout.roundtrip.reduction import Question
    from punchout.roundtrip.world import World
    from session_store.database import Transaction
    from session_store.journal import Entry
    from session_store.orders import OrderVersion, StoredOrder

WAIVED = frozenset(
    {
        "price.changed",
        "currency.changed",
        "line.changed",
        "line.ambiguous",
        "line.unknown",
        CHOICE,
        "copies.taken",
        "service.quantity",
        "service.unknown",
        "duplicate.order",
        "address.several",
        "item.contradiction",
        "order.kind",
        "order.name",
        "shop.refused",
    }
)
"""What a person decides by releasing; the rest has to be mended first: an address mapped, an item known."""

LONGEST_REASON = 255
"""Characters of the reason for a refusal, which the buyer reads."""

_MISPLACED = frozenset({"order.parent", "order.reference"})
_OF_THE_DOCUMENT = frozenset({"address.several", "currency.changed"})
_CLOCK = "clock"
_ONLY_THE_CHOICE = frozenset({CHOICE})


class Decided(Conflict):
    """The order is not as it was looked at: somebody has decided meanwhile, or a newer version has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An order that waits, as the operator sees it.

    findings
        All that was found in it whenever it was judged, errors and remarks, each once.
    history
        What happened to it, oldest first, with the document as it came; in a list of orders neither is there.
    """

    order: StoredOrder
    agreement: Agreement
    findings: tuple[Finding, ...] = ()
    history: tuple[Entry, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether a person has to decide."""
        return self.order.state is OrderState.HELD

    @property
    def mendable(self) -> tuple[str, ...]:
        """What has to be mended before the order can go on, by the judgement that it waits by."""
        return _mendable(self.order.hold_reasons, self.order, self.order.shop_orders)


def _mendable(
    reasons: tuple[str, ...], order: StoredOrder, shop_orders: tuple[ShopOrder, ...]
) -> tuple[str, ...]:
    """The reasons that releasing does not do away with; all of them where there is nothing to place."""
    left = tuple(reason for reason in reasons if reason not in WAIVED)
    return left or (reasons if _nothing_to_place(order, shop_orders) else ())


def _nothing_to_place(order: StoredOrder, shop_orders: tuple[ShopOrder, ...]) -> bool:
    return not shop_orders and order.order.type is not OrderType.DELETE


def listing(world: World) -> tuple[Held, ...]:
    """Every order that waits for a person, the oldest first."""
    with world.store.read() as tx:
        waiting = orders.in_state(tx, OrderState.HELD)
        return tuple(held for order in waiting if (held := _held(tx, order)))


def find(world: World, reference: str) -> Held | None:
    """The order of any agreement with this reference code, in whatever state; None where it is not one."""
    with world.store.read() as tx:
        found = orders.anywhere(tx, reference)
        if len(found) != 1:
            return None
        (order,) = found
        return _held(tx, order, journal.timeline(tx, order.agreement_id, order.reference))


def _held(tx: Transaction, order: StoredOrder, entries: tuple[Entry, ...] = ()) -> Held | None:
    agreement = agreements.load(tx, order.agreement_id)
    if agreement is None:
        return None
    findings = dict.fromkeys(finding for entry in entries for finding in entry.findings)
    return Held(order=order, agreement=agreement, findings=tuple(findings), history=entries)


def versions(world: World, held: Held) -> tuple[OrderVersion, ...]:
    """All versions of the order as they came, itself among them."""
    with world.store.read() as tx:
        return orders.versions(tx, held.order.agreement_id, held.order.order_key)


def today(world: World, held: Held) -> Judged:
    """The order judged by today's agreement and catalogue, as it would be if it were released now.

    Raises Conflict where it can not even be judged any more.
    """
    return _judged(world, held, held.order.choices, WAIVED)


def mendable_today(held: Held, judged: Judged) -> tuple[str, ...]:
    """What keeps the order from going on if it is released now; empty when nothing does."""
    return _mendable(order_book.blocking(judged.findings), held.order, judged.shop_orders)


def questions(world: World, held: Held) -> tuple[Question, ...]:
    """What the librarian is asked about the order's copies (DIST-9); Conflict as in ``today``."""
    return reduction.questions(_judged(world, held, (), _ONLY_THE_CHOICE))


def release(world: World, held: Held, actor: str) -> StoredOrder:
    """The order as it stands after a person has let it go on: judged anew by today's agreement.

    It still waits, with the reasons that are left, where something has to be mended first. Raises Decided
    when somebody was faster.
    """
    return _again(world, held, actor, held.order.choices, WAIVED)


def choose(world: World, held: Held, chosen: Mapping[int, Sequence[int]], actor: str) -> StoredOrder:
    """The order after the librarian has said which copies stay, by line number (DIST-9).

    Raises Malformed for a line or copy that there is not, too few of them or too many; Decided when
    somebody was faster.
    """
    choices = reduction.checked(questions(world, held), chosen)
    return _again(world, held, actor, choices, _ONLY_THE_CHOICE)


def refuse(world: World, held: Held, actor: str, reason: str) -> StoredOrder:
    """The order refused, with the reason that the buyer is told; copies that only it has are free for others.

    Raises Malformed for no reason or one too long, Decided when somebody was faster.
    """
    said = " ".join(reason.split())
    if not 0 < len(said) <= LONGEST_REASON:
        raise Malformed(
            f"Give a reason of 1 to {LONGEST_REASON} characters: the buyer reads it.", where="reason"
        )
    order = held.order
    seen = versions(world, held)
    free = _only_its_own(world, held, seen)
    with world.store.write() as tx:
        if _still_held(tx, order) != seen:
            raise _decided(order)
        if any(_needs_copies(version, order) for version in seen):
            carts.give_back(tx, order.agreement_id, order.order_key, free)
        else:
            carts.release(tx, order.agreement_id, order.order_key, keep={})
        orders.move(tx, order.agreement_id, order.id, OrderState.REFUSED, world.now(), decide_by=None)
        telling.refused(world, tx, held.agreement, order, said, whole=_is_whole(order, seen))
        _note(world, tx, order, "order.refused", actor, said)
    return replace(order, state=OrderState.REFUSED)


def _needs_copies(version: OrderVersion, refused: StoredOrder) -> bool:
    """Whether the order's copies are this version's too: the bookshop has some of it, or it may come to."""
    ahead = version.id != refused.id and version.state in {OrderState.RECEIVED, OrderState.HELD}
    return ahead or bool(version.standing)


def _is_whole(refused: StoredOrder, seen: tuple[OrderVersion, ...]) -> bool:
    """Whether nothing of the buyer's order is left with this refusal, so that all of it is rejected."""
    is_first = refused.order_key == refused.order_id and order_book.first(seen) is not None
    left = any(_needs_copies(version, refused) for version in seen)
    return is_first and not left and refused.order_type is not OrderType.DELETE


def _only_its_own(world: World, held: Held, seen: tuple[OrderVersion, ...]) -> set[tuple[str, int]]:
    """The copies, by token and number, that the held version wants and no other that needs copies does."""
    order = held.order
    with world.store.read() as tx:
        needing = [version.id for version in seen if _needs_copies(version, order)]
        others = [orders.get(tx, order.agreement_id, id_) for id_ in needing]
    needed = [_copies(world, held.agreement, other) for other in others if other]
    return _copies(world, held.agreement, order).difference(*needed) if needed else set()


def _copies(world: World, agreement: Agreement, order: StoredOrder) -> set[tuple[str, int]]:
    chosen = {choice.line: choice.copies for choice in order.choices}
    found = rejoin.rejoin(world, agreement, order.order, held_by=order.order_key, choices=chosen)
    return {(token, number) for token, numbers in found.wanted.items() for number in numbers}


def decide_overdue(world: World) -> int:
    """How many orders went on or were put on the list because their time to wait is over (DIST-9, T-I5)."""
    with world.store.read() as tx:
        undecided = orders.overdue(tx, OrderState.HELD, world.now())
        waiting = [held for order in undecided if (held := _held(tx, order))]
    decided = sum(_decided_by_clock(world, held) for held in waiting)
    with world.store.write() as tx:
        return decided + changes.give_up_waiting(world, tx)


def _decided_by_clock(world: World, held: Held) -> bool:
    """Whether the order was decided now; False where a person was faster, or has to see to it.

    One that cannot go on waits for that person without a clock, so that it holds up no other.
    """
    try:
        _again(world, held, _CLOCK, held.order.choices, _ONLY_THE_CHOICE)
    except Decided:
        return False
    except Conflict:
        order = held.order
        with world.store.write() as tx:
            _still_held(tx, order)
            orders.move(tx, order.agreement_id, order.id, OrderState.HELD, world.now(), decide_by=None)
        return False
    return True


def _again(
    world: World, held: Held, actor: str, choices: tuple[Choice, ...], waived: frozenset[str]
) -> StoredOrder:
    judged = _judged(world, held, choices, waived)
    order = replace(held.order, choices=choices)
    if _nothing_to_place(order, judged.shop_orders):
        waived &= _ONLY_THE_CHOICE
    with world.store.write() as tx:
        known = _still_held(tx, held.order)
        settled, findings = order_book.settle(world, tx, held.agreement, order, judged, known, waived)
        if settled.state is OrderState.RECEIVED:
            telling.stands(world, tx, held.agreement, settled)
        _note(world, tx, settled, f"order.{settled.state}", actor, _said(settled), findings)
    return settled


def _judged(world: World, held: Held, choices: tuple[Choice, ...], waived: frozenset[str]) -> Judged:
    """The order judged anew; where prices are waived they are a remark, never a refusal."""
    order = held.order
    lenient = replace(held.agreement.policy, price_difference=Difference.FLAG)
    agreement = replace(held.agreement, policy=lenient) if "price.changed" in waived else held.agreement
    try:
        judged = receive.judge(
            world,
            agreement,
            order.order,
            order.deployment,
            sent_at=order.sent_at,
            choices=choices,
            again="copies.taken" in waived,
        )
    except ProtocolError as error:
        raise Conflict(f"The order cannot go on: {error.detail}", where=error.where) from error
    found = (*judged.findings, *_misplaced(order))
    return replace(judged, findings=(*found, *_of_the_document(order, order_book.blocking(found))))


def _misplaced(order: StoredOrder) -> Iterator[Finding]:
    """What keeps a change waiting that has no order to change: not in its content, so it is never judged."""
    where = places.of(order.order)
    for code in order.hold_reasons:
        if code in _MISPLACED:
            yield Finding(
                code=code,
                where=where.above(where.replaced),
                expected="an order that has been received",
                got=order.order.previous_payload_id or order.order.order_id,
                advice="it goes on when that order comes; refuse it if the order never will",
                severity=Severity.ERROR,
            )


def _of_the_document(order: StoredOrder, known: tuple[str, ...]) -> Iterator[Finding]:
    """What the reader found grave in the document: it is not in the order, so that judging never finds it."""
    for code in order.hold_reasons:
        if code in _OF_THE_DOCUMENT and code not in known:
            yield Finding(code=code, where=places.of(order.order).header, severity=Severity.ERROR)


def _said(settled: StoredOrder) -> str:
    if settled.state is OrderState.HELD:
        return f"still waits: {', '.join(settled.hold_reasons)}"
    return "released"


def _still_held(tx: Transaction, order: StoredOrder) -> tuple[OrderVersion, ...]:
    """The versions of the order, which is ours to decide; Decided when it is not as it was looked at."""
    known = orders.hold_head(tx, order.agreement_id, order.order_key)
    now = orders.get(tx, order.agreement_id, order.id)
    if now is None or now.state is not OrderState.HELD or now.choices != order.choices:
        raise _decided(order)
    return known


def _decided(order: StoredOrder) -> Decided:
    return Decided("The order has been changed meanwhile; look at it again.", where=order.reference)


def _note(
    world: World,
    tx: Transaction,
    order: StoredOrder,
    kind: str,
    actor: str,
    summary: str,
    findings: tuple[Finding, ...] = (),
) -> None:
    journal.write(
        tx,
        journal.Entry(
            at=world.now(),
            agreement_id=order.agreement_id,
            kind=kind,
            reference=order.reference,
            actor=actor,
            summary=summary,
            findings=findings,
        ),
    )
