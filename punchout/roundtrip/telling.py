"""Who is told what becomes of an order: the buyer's system by documents, the shopper by mail (ORD-9)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from catalog_bridge.rules.rejoin_findings import CHOICE
from protocols.cxml import status
from protocols.model.customer import DistributionUse
from protocols.model.fulfilment import (
    Confirmation,
    ConfirmationType,
    ConfirmedLine,
    LineAnswer,
    LineStatus,
    Mail,
    StatusUpdate,
)
from protocols.model.order import CXML, OrderType
from punchout.roundtrip import dispatch, letters, service_answers
from punchout.signed import signature
from session_store import orders, outbox
from session_store.database import moment
from session_store.orders import OrderState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from protocols.model.agreement import Agreement
    from protocols.model.order import OrderLine, ShopOrderLine
    from punchout.roundtrip.done import Done
    from punchout.roundtrip.world import World
    from session_store.database import Transaction
    from session_store.orders import OrderVersion, StoredOrder
    from session_store.outbox import Delivery

MAY_CHOOSE = "order copies"
"""What the signature in the address of the page for choosing copies is made for; it signs the order's id."""

MAY_MOVE = "placed copies"
"""What the signature in the address of the page for moving copies is made for; it signs the order's id."""

_TOO_LATE = "Already picked; this change came too late."


def stands(world: World, tx: Transaction, agreement: Agreement, stored: StoredOrder) -> None:
    """Nothing: the shopper hears that the order has come and goes on, or waits for somebody."""
    _put(world, tx, _mail(world, agreement, stored, stored.state))


def carried_out(world: World, tx: Transaction, agreement: Agreement, stored: StoredOrder, done: Done) -> None:
    """Nothing: buyer and shopper hear what the bookshop made of the order.

    A Status follows where 201 was answered (cxml.md §9); then comes the confirmation. An order that the
    bookshop could not take waits for a person, and only the shopper hears of that; where a newer version goes
    on already nobody has to decide.
    """
    if stored.state is OrderState.SUPERSEDED:
        overtaken(world, tx, agreement, stored)
        return
    mail = _mail(world, agreement, stored, stored.state)
    if done.reason:
        _put(world, tx, mail)
        return
    confirmation = _confirmation(world, stored, done)
    _put(
        world,
        tx,
        _after_201(world, agreement, stored, "The order is with the bookshop."),
        _confirm(world, agreement, stored, confirmation) if confirmation else None,
        mail,
    )


def overtaken(world: World, tx: Transaction, agreement: Agreement, stored: OrderVersion) -> None:
    """Nothing: where a Status was promised the buyer hears that a newer version of the order stands."""
    whole = orders.get(tx, stored.agreement_id, stored.id) if stored.answer_code == 201 else None
    if whole is not None:
        _put(world, tx, _after_201(world, agreement, whole, "A newer version of the order stands."))


def refused(
    world: World, tx: Transaction, agreement: Agreement, stored: StoredOrder, reason: str, *, whole: bool
) -> None:
    """Nothing: buyer and shopper hear that a person has said no, and why.

    whole
        True where nothing of the buyer's order is left, so that it is rejected; else an earlier version of it
        stands, and no confirmation takes that back.
    """
    rejected = _of(world, stored, ConfirmationType.REJECT, comments=reason)
    _put(
        world,
        tx,
        _status(world, agreement, stored, 409, reason),
        _confirm(world, agreement, stored, rejected) if whole else None,
        _mail(world, agreement, stored, OrderState.REFUSED, reason),
    )


def _put(world: World, tx: Transaction, *deliveries: Delivery | None) -> None:
    now = moment(tx, world.now())
    due = [replace(delivery, due_at=now) for delivery in deliveries if delivery]
    if due:
        outbox.put(tx, *due)


def _key(stored: OrderVersion) -> str:
    """The buyer's side waits in a row of its own: what it does not take never holds back the shop's side."""
    return f"buyer:{stored.order_key}"


def _after_201(world: World, agreement: Agreement, stored: StoredOrder, detail: str) -> Delivery | None:
    """The Status 200 that follows a 201; None where 200 was answered at once."""
    return _status(world, agreement, stored, 200, detail) if stored.answer_code == 201 else None


def _status(
    world: World, agreement: Agreement, stored: StoredOrder, code: int, detail: str
) -> Delivery | None:
    if not _hears_by_cxml(stored):
        return None
    update = StatusUpdate(
        document_payload_id=stored.payload_id, code=code, text=status.TEXTS[code], detail=detail
    )
    return dispatch.status_update(world, agreement, update, _key(stored))


def _hears_by_cxml(stored: StoredOrder) -> bool:
    """Whether the buyer's system waits for cXML: one that ordered by another protocol cannot join it."""
    return stored.order.protocol == CXML


def _confirm(
    world: World, agreement: Agreement, stored: StoredOrder, confirmation: Confirmation
) -> Delivery | None:
    if not _hears_by_cxml(stored):
        return None
    return dispatch.confirmation(world, agreement, confirmation, _key(stored))


def _confirmation(world: World, stored: StoredOrder, done: Done) -> Confirmation | None:
    """What is confirmed; None for a cancellation that has been carried out whole."""
    late = {one.change.line for one in done.refused}
    if stored.order.type is OrderType.DELETE:
        return _of(world, stored, ConfirmationType.ACCEPT, comments=_beside((), done)) if late else None
    if late:
        late |= service_answers.late(stored, late)
        lines = tuple(_rejected(line) for line in stored.order.lines if line.number in late)
        type_ = ConfirmationType.EXCEPT if lines else ConfirmationType.ACCEPT
        return _of(world, stored, type_, lines, _beside(lines, done))
    differing = (*_differing(stored, done), *service_answers.differing(stored, done))
    answers = [answer for line in differing for answer in line.answers]
    if any(answer.status is LineStatus.REJECT for answer in answers):
        return _of(world, stored, ConfirmationType.EXCEPT, differing)
    if _all_wait(stored, done) and not any(answer.unit_price for answer in answers):
        return _of(world, stored, ConfirmationType.BACKORDERED)
    if differing:
        return _of(world, stored, ConfirmationType.DETAIL, differing)
    return _of(world, stored, ConfirmationType.ACCEPT)


def _beside(lines: tuple[ConfirmedLine, ...], done: Done) -> str:
    """What came too late and is no line of the confirmation: the address, or a line that was taken out."""
    told = {line.number for line in lines}
    changes = dict.fromkeys(one.change for one in done.refused if one.change.line not in told)
    return " ".join(
        f"Line {change.line}: {change.reason}" if change.line else change.reason for change in changes
    )


def _all_wait(stored: StoredOrder, done: Done) -> bool:
    return all(line.product_id in done.waiting for order in stored.shop_orders for line in order.lines)


def _rejected(line: OrderLine) -> ConfirmedLine:
    answer = LineAnswer(status=LineStatus.REJECT, quantity=line.quantity, unit=line.unit, comments=_TOO_LATE)
    return ConfirmedLine(number=line.number, quantity=line.quantity, unit=line.unit, answers=(answer,))


def _differing(stored: StoredOrder, done: Done) -> Iterable[ConfirmedLine]:
    """The lines that wait, or are charged at another price than the one ordered.

    A line that was divided is one line to the buyer: its copies are counted over all its orders.
    """
    parts: defaultdict[int, list[ShopOrderLine]] = defaultdict(list)
    for order in stored.shop_orders:
        for line in order.lines:
            parts[line.buyer_line or line.number].append(line)
    for asked in stored.order.lines:
        if answer := _answer(asked, parts[asked.number], done):
            yield ConfirmedLine(
                number=asked.number, quantity=asked.quantity, unit=asked.unit, answers=(answer,)
            )


def _answer(asked: OrderLine, parts: Sequence[ShopOrderLine], done: Done) -> LineAnswer | None:
    """What differs of the line; None where nothing does. Its parts are of one title at one price."""
    if not parts:
        return None
    price = None if asked.unit_price in {None, parts[0].unit_price} else parts[0].unit_price
    waits = parts[0].product_id in done.waiting
    if price is None and not waits:
        return None
    return LineAnswer(
        status=LineStatus.BACKORDERED if waits else LineStatus.DETAIL,
        quantity=Decimal(sum(part.quantity for part in parts)),
        unit=asked.unit,
        unit_price=price,
    )


def _of(
    world: World,
    stored: StoredOrder,
    kind: ConfirmationType,
    lines: Iterable[ConfirmedLine] = (),
    comments: str = "",
) -> Confirmation:
    return Confirmation(
        confirm_id=stored.reference,
        type=kind,
        noticed_at=world.now().isoformat(timespec="seconds"),
        order_id=stored.order.order_id,
        order_date=stored.order.order_date,
        order_payload_id=stored.payload_id,
        lines=tuple(lines),
        comments=comments,
    )


def _mail(
    world: World, agreement: Agreement, stored: StoredOrder, state: OrderState, reason: str = ""
) -> Delivery | None:
    """The mail about this state to the person who ordered; None where nobody is known."""
    to = stored.shopper.email
    if not to or state not in letters.ABOUT:
        return None
    subject, text = letters.written(
        agreement.locale,
        state,
        stored,
        _address(world, stored),
        reason,
        copies=_copies_address(world, agreement, stored),
    )
    mail = Mail(to=to, subject=subject, text=text, reference=stored.reference)
    return dispatch.mail(world, agreement.id, mail, f"mail:{stored.order_key}")


def _address(world: World, stored: StoredOrder) -> str:
    """Of the order's page; signed where there is something to choose on it, which only this letter opens."""
    page = f"{world.public_base_url}/o/{stored.reference}"
    if CHOICE not in stored.hold_reasons or stored.state is not OrderState.HELD:
        return page
    return f"{page}/copies/{signature(world.keyring, MAY_CHOOSE, stored.id)}"


def _copies_address(world: World, agreement: Agreement, stored: StoredOrder) -> str:
    """Of the page where copies are moved (DIST-13), which only this letter opens; empty where none are."""
    if stored.state is not OrderState.PLACED or agreement.policy.distribution == DistributionUse.OFF:
        return ""
    return f"{world.public_base_url}/o/{stored.reference}/distribution/{moving_signature(world, stored)}"


def moving_signature(world: World, stored: OrderVersion) -> str:
    """What opens the page where the copies of this order are moved."""
    return signature(world.keyring, MAY_MOVE, stored.id)
