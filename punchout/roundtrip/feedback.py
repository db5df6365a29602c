"""What people tell of the pages: taken from either way in, seen to at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from protocols.errors import Conflict
from session_store import feedback

if TYPE_CHECKING:
    from punchout.roundtrip.world import World
    from session_store.feedback import Feedback

LONGEST = 4000
MOST_A_DAY = 20
"""From one session or customer: a form is no place to fill a disk."""

TOO_MANY = "So many messages have come from here today that no more are taken. Customer service helps."
_SEEN_TO = "Somebody has seen to this message meanwhile."


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What somebody wrote; the fields are those of ``session_store.feedback.Feedback``."""

    origin: str
    customer_number: str
    page: str
    text: str
    reply_to: str = ""


def give(world: World, message: Message) -> None:
    """Nothing: the desk has the message; Conflict after too many from one place in a day."""
    now = world.now()
    kept = feedback.Feedback(
        id=world.new_id(),
        at=now,
        origin=message.origin,
        customer_number=message.customer_number,
        page=message.page,
        text=message.text,
        reply_to=message.reply_to,
    )
    with world.store.write() as tx:
        if feedback.count_since(tx, message.origin, now - timedelta(days=1)) >= MOST_A_DAY:
            raise Conflict(TOO_MANY, where="text")
        feedback.put(tx, kept)


def listing(world: World) -> tuple[Feedback, ...]:
    """All messages, those first that wait."""
    with world.store.read() as tx:
        return feedback.listing(tx)


def settle(world: World, id_: str, actor: str) -> None:
    """Nothing: the message has been seen to; Conflict where somebody was faster."""
    with world.store.write() as tx:
        if not feedback.settle(tx, id_, world.now(), actor):
            raise Conflict(_SEEN_TO, where=id_)
