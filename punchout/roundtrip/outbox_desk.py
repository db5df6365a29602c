"""The outbox as an operator sees it: what is stuck and why, and the mails in it (security §11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocols.errors import Conflict
from protocols.model.fulfilment import Mail
from protocols.model.serial import from_json
from punchout.roundtrip.dispatch import MAIL
from session_store import agreements, journal, outbox, outbox_book
from session_store.database import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from punchout.roundtrip.world import World
    from session_store.outbox import Delivery
    from session_store.outbox_book import Listed

    Shown = Callable[[World, Delivery], Mail | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail that has been promised, sent or not."""

    agreement_id: str
    at: datetime
    mail: Mail


def undone(world: World) -> tuple[Listed, ...]:
    """Every agreement's deliveries that have been given up or wait: the dead first, then the oldest."""
    with world.store.read() as tx:
        scopes = [outbox.SHOPS_OWN, *(agreement.id for agreement in agreements.everyone(tx))]
        listed = [
            one for scope in scopes for one in outbox_book.listing(tx, scope, states=("dead", "waiting"))
        ]
    return tuple(sorted(listed, key=lambda one: (one.state != "dead", one.created_at)))


def retry(world: World, agreement_id: str, id_: str, actor: str) -> None:
    """Nothing: the delivery is due now, with the same key; Conflict when it is done, or was never there."""
    with world.store.write() as tx:
        if not outbox_book.retry(tx, agreement_id, id_, moment(tx, world.now())):
            raise Conflict("This delivery has been done meanwhile, or is not known.", where=id_)
        note = journal.Entry(
            at=world.now(),
            agreement_id=agreement_id,
            kind="outbox.retried",
            actor=actor,
            summary=f"delivery {id_} is tried again",
        )
        journal.write(tx, note)


def mails(world: World, sealed: Mapping[str, Shown]) -> tuple[Letter, ...]:
    """The newest mails to people, newest first.

    sealed
        Kinds of deliveries whose mail is not plain text, each with what opens it, or says None.
    """
    with world.store.read() as tx:
        found = [one for kind in (MAIL, *sealed) for one in outbox.of_kind(tx, kind)]
    newest = sorted(found, key=lambda one: one.created_at, reverse=True)
    letters = ((one, sealed.get(one.kind, _plain)(world, one)) for one in newest)
    return tuple(
        Letter(agreement_id=one.agreement_id, at=one.created_at, mail=mail) for one, mail in letters if mail
    )


def _plain(_world: World, one: Delivery) -> Mail:
    return from_json(one.payload, Mail)
