"""Carts that a buyer has taken home, so that orders find their lines and copies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from benchmarks import documents, world
from protocols.model.session import Deployment, Operation, SetupRequest
from punchout.roundtrip import start
from session_store import carts, sessions

if TYPE_CHECKING:
    from protocols.model.agreement import Agreement
    from punchout.house import House

_RETURN = "https://ariba.testby.example/return"


class Home:
    """A shopper's session in this house, and all carts that went back from it."""

    def __init__(self, house: House) -> None:
        """Open the session; no cart has gone back yet."""
        self._house = house
        self._agreement = world.agreement(house)
        self._session_id = _session(house, self._agreement)

    def take(self, lines: int, which: int) -> None:
        """Nothing: the cart that ``documents.approved`` orders has gone back just now."""
        now = self._house.world.now()
        cart = replace(documents.returned(lines, which), frozen_at=now, valid_until=now + timedelta(days=30))
        tokens = iter([line.line_token for line in cart.lines])
        with self._house.store.write() as tx:
            line_ids = [line.line_id for line in cart.lines]
            carts.line_tokens(tx, self._agreement.id, cart.cart_id, line_ids, tokens.__next__)
            carts.save(tx, self._agreement.id, self._session_id, cart, b"")

    def ordered(self, lines: int) -> bytes:
        """The order, as the buyer sends it, for a new cart that went back just now."""
        which = documents.number()
        self.take(lines, which)
        return documents.approved(lines, which)


def _session(house: House, agreement: Agreement) -> str:
    """The id of a session that this buyer has been offered."""
    wanted = SetupRequest(operation=Operation.CREATE, buyer_cookie="cookie", return_url=_RETURN)
    with house.store.write() as tx:
        reply = start.offer(house.world, tx, agreement, wanted, "1.bench@testby.example", Deployment.TEST)
        opened = sessions.find(tx, agreement.id, reply.reference)
    assert opened is not None
    return opened.id
