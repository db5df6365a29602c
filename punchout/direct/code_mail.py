"""The mail with a one-time code: sealed while it waits, and sent to nobody but the shop's users (LOGIN-2).

Whether the address is a user's is only asked when the mail would leave: so asking for a code costs the same
and looks the same for everybody.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from protocols.model.fulfilment import Mail
from protocols.model.serial import from_json, to_json
from punchout.catalogues import marked, spoken_to
from punchout.roundtrip import dispatch
from session_store import outbox
from session_store.outbox import SHOPS_OWN, Delivery

if TYPE_CHECKING:
    from punchout.roundtrip.world import World

LOGIN_CODE = "login_code"
"""The kind of deliveries whose payload is a ``CodeMail``."""

_SUBJECT = marked("Your code for the bookshop: %(code)s")
_TEXT = marked(
    "%(code)s is your code. It can be used once, within 10 minutes, in the browser window where you asked "
    "for it."
)
_NOT_YOU = marked(
    "If you did not ask for it, you need not do anything: without that window it opens nothing."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMail:
    """What waits to be sent.

    sealed
        The code under the shop's own key, as base64.
    """

    to: str
    sealed: str
    expires_at: datetime
    locale: str


def promised(world: World, id_: str, to: str, code: str, *, expires_at: datetime, locale: str) -> Delivery:
    """The promise to send the code, if the address turns out to be a user's."""
    sealed = world.keyring.seal(code.encode(), f"{LOGIN_CODE}|{id_}", SHOPS_OWN)
    kept = CodeMail(to=to, sealed=base64.b64encode(sealed).decode(), expires_at=expires_at, locale=locale)
    now = world.now()
    return Delivery(
        id=id_,
        agreement_id=SHOPS_OWN,
        kind=LOGIN_CODE,
        ordering_key=f"{LOGIN_CODE}:{id_}",
        payload=to_json(kept),
        due_at=now,
        created_at=now,
    )


def send(world: World, delivery: Delivery, owner: str) -> None:
    """Nothing: the mail server has the mail, or it is kept to be shown; a stranger is sent none.

    Raises NotNow when it has to be sent again.
    """
    kept = from_json(delivery.payload, CodeMail)
    if world.now() >= kept.expires_at:
        dispatch.done(world, delivery, owner, "withheld", "the code expired before it could be sent")
    elif not world.users.memberships(kept.to):
        dispatch.done(world, delivery, owner, "withheld", "nobody of the shop's users has this address")
    else:
        dispatch.send_letter(world, delivery, _written(world, delivery, kept), owner)


def shown(world: World, delivery: Delivery) -> Mail | None:
    """The mail, where no mail server sends it; None for one that goes out, and for a stranger's."""
    kept = from_json(delivery.payload, CodeMail)
    if world.mailer is not None or not world.users.memberships(kept.to):
        return None
    return _written(world, delivery, kept)


def of_code(world: World, id_: str) -> Mail | None:
    """The mail that carries this code, as in ``shown``."""
    with world.store.read() as tx:
        found = outbox.one(tx, SHOPS_OWN, id_)
    return shown(world, found) if found else None


def _written(world: World, delivery: Delivery, kept: CodeMail) -> Mail:
    sealed = base64.b64decode(kept.sealed)
    code = world.keyring.open(sealed, f"{LOGIN_CODE}|{delivery.id}", SHOPS_OWN).decode()
    say = spoken_to(kept.locale).gettext
    text = f"{say(_TEXT) % {'code': code}}\n\n{say(_NOT_YOU)}\n"
    return Mail(to=kept.to, subject=say(_SUBJECT) % {"code": code}, text=text)
