"""Orders that wait for a person: listed with their reasons, released or refused (design §4.7)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from protocols.errors import Conflict, Malformed, ProtocolError
from protocols.model.agreement import Difference
from protocols.model.order import Choice
from punchout.roundtrip import changes, order_book, receive, telling
from session_store import agreements, journal, orders
from session_store.orders import OrderState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from protocols.model.agreement import Agreement
    from protocols.model.finding import Finding
    from punchout.roundtrip.world import World
    from session_store.database import Transaction
    from session_store.orders import StoredOrder

WAIVED = frozenset(
    {
        "price.changed",
        "currency.changed",
        "line.changed",
        "line.ladder",
        "line.unknown",
        "copies.choice",
        "copies.taken",
        "duplicate.order",
        "shop.refused",
    }
)
"""What a person decides by releasing; the rest has to be mended first: an address mapped, an item known."""

_CLOCK = "clock"
_LONGEST_REASON = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An order that waits, as the operator sees it.

    findings
        All that was found in it when it was received, errors and remarks.
    mendable
        The reasons that releasing does not do away with.
    """

    order: StoredOrder
    agreement: Agreement
    findings: tuple[Finding, ...]

    @property
    def mendable(self) -> tuple[str, ...]:
        """What has to be mended before the order can go on."""
        return tuple(reason for reason in self.order.hold_reasons if reason not in WAIVED)


def listing(world: World) -> tuple[Held, ...]:
    """Every order that waits for a person, the oldest first."""
    with world.store.read() as tx:
        waiting = orders.in_state(tx, OrderState.HELD)
        return tuple(held for order in waiting if (held := _held(tx, order)))


def find(world: World, reference: str) -> Held | None:
    """The order of any agreement with this reference code, in whatever state; None where it is not one."""
    with world.store.read() as tx:
        found = orders.anywhere(tx, reference)
        return _held(tx, found[0]) if len(found) == 1 else None


def _held(tx: Transaction, order: StoredOrder) -> Held | None:
    agreement = agreements.load(tx, order.agreement_id)
    entries = journal.timeline(tx, order.agreement_id, order.reference)
    findings = tuple(finding for entry in entries for finding in entry.findings)
    return Held(order=order, agreement=agreement, findings=findings) if agreement else None


def release(world: World, held: Held, actor: str) -> StoredOrder:
    """The order as it stands after a person has let it go on: judged anew by today's agreement.

    It still waits, with the reasons that are left, where something has to be mended first. Raises Conflict
    when it does not wait any more.
    """
    return _again(world, held, actor, held.order.choices, WAIVED)


def choose(world: World, held: Held, chosen: Mapping[int, Sequence[int]], actor: str) -> StoredOrder:
    """The order after the librarian has said which copies stay, by line number (DIST-9).

    Raises Malformed for a line or copy that there is not, or too few of them; Conflict when it is too late.
    """
    choices = tuple(Choice(line=line, copies=tuple(copies)) for line, copies in sorted(chosen.items()))
    return _again(world, held, actor, choices, frozenset({"copies.choice"}))


def refuse(world: World, held: Held, actor: str, reason: str) -> StoredOrder:
    """The order refused, with the reason that the buyer is told; Conflict when it does not wait any more."""
    said = " ".join(reason.split())
    if not 0 < len(said) <= _LONGEST_REASON:
        raise Malformed(
            f"Give a reason of 1 to {_LONGEST_REASON} characters: the buyer reads it.", where="reason"
        )
    order = held.order
    with world.store.write() as tx:
        _still_held(tx, order)
        orders.move(tx, order.agreement_id, order.id, OrderState.REFUSED, world.now(), decide_by=None)
        telling.refused(world, tx, held.agreement, order, said)
        _note(world, tx, order, "order.refused", actor, said)
    return replace(order, state=OrderState.REFUSED)


def decide_overdue(world: World) -> int:
    """How many orders went on or were put on the list because their time to wait is over (DIST-9, T-I5)."""
    with world.store.read() as tx:
        undecided = orders.overdue(tx, OrderState.HELD, world.now())
        waiting = [held for order in undecided if (held := _held(tx, order))]
    for held in waiting:
        _again(world, held, _CLOCK, held.order.choices, frozenset({"copies.choice"}))
    with world.store.write() as tx:
        return len(waiting) + changes.give_up_waiting(world, tx)


def _again(
    world: World, held: Held, actor: str, choices: tuple[Choice, ...], waived: frozenset[str]
) -> StoredOrder:
    order = held.order
    lenient = replace(held.agreement.policy, price_difference=Difference.FLAG)
    agreement = replace(held.agreement, policy=lenient) if "price.changed" in waived else held.agreement
    try:
        judged = receive.judge(
            world, agreement, order.order, order.deployment, sent_at=order.sent_at, choices=choices
        )
    except ProtocolError as error:
        raise Conflict(f"The order cannot go on: {error.detail}", where=error.where) from error
    with world.store.write() as tx:
        versions = _still_held(tx, order)
        settled, findings = order_book.settle(world, tx, order, judged, versions, waived)
        if settled.state is OrderState.RECEIVED:
            telling.stands(world, tx, held.agreement, settled)
        _note(world, tx, settled, f"order.{settled.state}", actor, _said(settled), findings)
    return settled


def _said(settled: StoredOrder) -> str:
    if settled.state is OrderState.HELD:
        return f"still waits: {', '.join(settled.hold_reasons)}"
    return "released"


def _still_held(tx: Transaction, order: StoredOrder) -> tuple[StoredOrder, ...]:
    """The versions of the order, which is ours to decide; Conflict when somebody else has decided."""
    versions = orders.hold_head(tx, order.agreement_id, order.order_key)
    if not any(version.id == order.id and version.state is OrderState.HELD for version in versions):
        raise Conflict("The order does not wait any more; look at it again.", where=order.reference)
    return versions


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
