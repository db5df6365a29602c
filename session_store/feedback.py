"""What people tell of the pages, kept until somebody at the desk has seen to it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, insert, select, update

from session_store.tables import feedback

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """One message.

    origin
        Where it came from: the session's reference code, or the customer number of a direct log-in.
    page
        The part of the shop that it is about, a word of the form's list; empty for none of it.
    reply_to
        An e-mail address, where somebody wants an answer.
    done_at, done_by
        When and by whom it was seen to; None and empty before.
    """

    id: str
    at: datetime
    origin: str
    customer_number: str
    page: str
    text: str
    reply_to: str = ""
    done_at: datetime | None = None
    done_by: str = ""


_COLUMNS = [feedback.c[field.name] for field in fields(Feedback)]

_PUT = insert(feedback)
_SINCE = select(func.count()).where(feedback.c.origin == bindparam("of"), feedback.c.at > bindparam("since"))
_LISTED = (
    select(*_COLUMNS)
    .order_by(feedback.c.done_at.is_not(None), feedback.c.at.desc(), feedback.c.id)
    .limit(bindparam("most"))
)
_DONE = update(feedback).where(feedback.c.id == bindparam("of"), feedback.c.done_at.is_(None))


def put(tx: Connection, message: Feedback) -> None:
    """Nothing: the message is kept."""
    tx.execute(_PUT, {field.name: getattr(message, field.name) for field in fields(Feedback)})


def count_since(tx: Connection, origin: str, since: datetime) -> int:
    """How many messages came from there after that time."""
    return int(tx.execute(_SINCE, {"of": origin, "since": since}).scalar_one())


def listing(tx: Connection, *, most: int = 200) -> tuple[Feedback, ...]:
    """The messages, those first that nobody has seen to, newest first."""
    return tuple(Feedback(**row) for row in tx.execute(_LISTED, {"most": most}).mappings())


def settle(tx: Connection, id_: str, at: datetime, actor: str) -> bool:
    """Whether the message waited until now; it has been seen to by this operator."""
    return tx.execute(_DONE, {"of": id_, "done_at": at, "done_by": actor}).rowcount == 1
