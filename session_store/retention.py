"""What is forgotten when its time is over (security §8); business records themselves stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Executable, Select, Table, bindparam, delete, select, update

from session_store.tables import (
    attachment,
    auth_failure,
    desk_session,
    direct_session,
    feedback,
    inbox,
    inbox_original,
    journal,
    login_asked,
    login_code,
    outbox,
    outbox_attempt,
    proof_seen,
    returned_cart,
    session,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Column, Connection

SESSIONS = timedelta(days=30)
DOCUMENTS = timedelta(days=396)
"""13 months: raw documents, attachments, stored answers, and deliveries that are done."""
FAILURES = timedelta(days=1)
DESK = timedelta(days=1)
"""Longer than any session of an operator or a direct user lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """What is old, by ``:before``, and what happens to each such row."""

    keep: timedelta
    old: Select[Any]
    then: tuple[Executable, ...]


def _old(table: Table, when: Column[datetime], *also: ColumnElement[bool], **key: Column[Any]) -> Select[Any]:
    """Keys of the rows of before ``:before``, under the names that the rule's statements know them by."""
    return (
        select(*(column.label(name) for name, column in key.items()))
        .select_from(table)
        .where(when < bindparam("before"), *also)
        .limit(bindparam("most"))
        .execution_options(across="retention")
    )


def _of(column: Column[Any], key: Column[Any]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return column == bindparam("scope"), key == bindparam("of")


_CART = _of(returned_cart.c.agreement_id, returned_cart.c.quote_id)
_CART_OF_SESSION = _of(returned_cart.c.agreement_id, returned_cart.c.session_id)

_FORGET_DELIVERY = (
    delete(outbox_attempt).where(*_of(outbox_attempt.c.agreement_id, outbox_attempt.c.delivery_id)),
    delete(outbox).where(*_of(outbox.c.agreement_id, outbox.c.id)),
)

_RULES = (
    _Rule(
        keep=SESSIONS,
        old=_old(session, session.c.created_at, scope=session.c.agreement_id, of=session.c.id),
        then=(
            update(returned_cart).where(*_CART_OF_SESSION).values(session_id=None),
            delete(session).where(*_of(session.c.agreement_id, session.c.id)),
        ),
    ),
    _Rule(
        keep=DOCUMENTS,
        old=_old(
            returned_cart,
            returned_cart.c.frozen_at,
            returned_cart.c.document.is_not(None),
            scope=returned_cart.c.agreement_id,
            of=returned_cart.c.quote_id,
        ),
        then=(update(returned_cart).where(*_CART).values(document=None, person_hash=None),),
    ),
    _Rule(
        keep=DOCUMENTS,
        old=_old(
            journal,
            journal.c.at,
            journal.c.document.is_not(None),
            scope=journal.c.agreement_id,
            of=journal.c.id,
        ),
        then=(update(journal).where(*_of(journal.c.agreement_id, journal.c.id)).values(document=None),),
    ),
    _Rule(
        keep=DOCUMENTS,
        old=_old(
            inbox,
            inbox.c.received_at,
            scope=inbox.c.agreement_id,
            over=inbox.c.channel,
            of=inbox.c.message_key,
        ),
        then=(
            delete(inbox).where(
                *_of(inbox.c.agreement_id, inbox.c.message_key), inbox.c.channel == bindparam("over")
            ),
        ),
    ),
    _Rule(
        keep=DOCUMENTS,
        old=_old(
            outbox, outbox.c.done_at, outbox.c.state == "sent", scope=outbox.c.agreement_id, of=outbox.c.id
        ),
        then=_FORGET_DELIVERY,
    ),
    _Rule(
        keep=DESK,
        old=_old(
            outbox,
            outbox.c.created_at,
            outbox.c.kind == "login_code",
            outbox.c.state != "waiting",
            scope=outbox.c.agreement_id,
            of=outbox.c.id,
        ),
        then=_FORGET_DELIVERY,
    ),
    _Rule(
        keep=FAILURES,
        old=_old(auth_failure, auth_failure.c.at, net=auth_failure.c.network, of=auth_failure.c.identity_key),
        then=(
            delete(auth_failure).where(
                auth_failure.c.network == bindparam("net"), auth_failure.c.identity_key == bindparam("of")
            ),
        ),
    ),
    _Rule(
        keep=FAILURES,
        old=_old(proof_seen, proof_seen.c.expires_at, of=proof_seen.c.proof_hash),
        then=(delete(proof_seen).where(proof_seen.c.proof_hash == bindparam("of")),),
    ),
    _Rule(
        keep=DOCUMENTS,
        old=_old(
            inbox_original,
            inbox_original.c.received_at,
            scope=inbox_original.c.agreement_id,
            over=inbox_original.c.channel,
            of=inbox_original.c.original_key,
        ),
        then=(
            delete(inbox_original).where(
                *_of(inbox_original.c.agreement_id, inbox_original.c.original_key),
                inbox_original.c.channel == bindparam("over"),
            ),
        ),
    ),
    _Rule(
        keep=DOCUMENTS,
        old=_old(attachment, attachment.c.received_at, scope=attachment.c.agreement_id, of=attachment.c.id),
        then=(delete(attachment).where(*_of(attachment.c.agreement_id, attachment.c.id)),),
    ),
    _Rule(
        keep=DESK,
        old=_old(desk_session, desk_session.c.created_at, of=desk_session.c.token_hash),
        then=(delete(desk_session).where(desk_session.c.token_hash == bindparam("of")),),
    ),
    _Rule(
        keep=DOCUMENTS,
        old=_old(feedback, feedback.c.at, of=feedback.c.id),
        then=(delete(feedback).where(feedback.c.id == bindparam("of")),),
    ),
    _Rule(
        keep=DESK,
        old=_old(direct_session, direct_session.c.created_at, of=direct_session.c.cookie_hash),
        then=(delete(direct_session).where(direct_session.c.cookie_hash == bindparam("of")),),
    ),
    _Rule(
        keep=DESK,
        old=_old(login_code, login_code.c.asked_at, of=login_code.c.browser_hash),
        then=(delete(login_code).where(login_code.c.browser_hash == bindparam("of")),),
    ),
    _Rule(
        keep=DESK,
        old=_old(login_asked, login_asked.c.at, of=login_asked.c.who),
        then=(delete(login_asked).where(login_asked.c.who == bindparam("of")),),
    ),
)


def purge(tx: Connection, now: datetime, *, most: int = 200) -> int:
    """How many things were forgotten, at most so many of each sort; call it until it says 0.

    Sessions go after 30 days, while their carts stay; raw documents, whose a cart was, attachments, stored
    answers, done deliveries and what people told of the pages after 13 months; failed sign-ins, operators'
    and direct users' sessions, and codes for log-in with their mails after a day, and proofs a day after
    they expired.
    """
    return sum(_apply(tx, rule, now, most) for rule in _RULES)


def _apply(tx: Connection, rule: _Rule, now: datetime, most: int) -> int:
    found = tx.execute(rule.old, {"before": now - rule.keep, "most": most}).mappings()
    rows = [dict(row) for row in found]
    for statement in rule.then if rows else ():
        tx.execute(statement, rows)
    return len(rows)
