"""What does not go in this form waits in a cart of its own for the next call-up (oci.md §11, CART-6)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from protocols.model.cart import KeptLine
from protocols.model.session import SessionState
from punchout.fingerprint import fingerprint
from punchout.roundtrip import resume
from punchout.roundtrip.cart_problems import Problem
from session_store import sessions

if TYPE_CHECKING:
    from protocols.model.cart import Cart, CartLine, ReturnedCart
    from punchout.roundtrip.shop import Visit
    from punchout.roundtrip.world import World
    from session_store.database import Transaction
    from session_store.sessions import StoredSession

NEEDS_NAME = "Give the cart an order name first: the rest of it is found again by the name and a code."
NOT_KEPT = (
    "The procurement system takes fewer lines at once, and this agreement keeps no carts for later: take "
    "lines out, and shop for them again."
)
NO_ROOM = (
    "The procurement system's form has no room for this title and its services together: take services off "
    "it, or tell the bookshop's customer service."
)
"""Messages that pages translate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remainder:
    """A cart that waits, under the session that somebody goes on with."""

    session: StoredSession
    titles: int

    def told(self, cart: ReturnedCart) -> ReturnedCart:
        """The returned cart that knows of it."""
        return replace(cart, rest_reference=self.session.reference, rest_titles=self.titles)


def problems(here: Visit, cart: Cart, rest: tuple[CartLine, ...]) -> tuple[Problem, ...]:
    """Why the cart may not be divided: not even its first title would go, or the rest not be found again."""
    if rest and not cart.lines:
        return (Problem(text=NO_ROOM, line_id=rest[0].line_id, title=rest[0].product.title),)
    if not rest or resume.by_person(here):
        return ()
    if not resume.by_name(here):
        return (Problem(text=NOT_KEPT, line_id="", title=""),)
    return () if cart.order_name else (Problem(text=NEEDS_NAME, line_id="", title=""),)


def kept(world: World, here: Visit, cart: Cart, rest: tuple[CartLine, ...]) -> Remainder | None:
    """The waiting cart, filled at the bookshop; nobody finds it before ``left_behind``. None without lines.

    A crash between the two leaves a cart that nobody sees, and nothing lost.
    """
    if not rest:
        return None
    now, cart_id = world.now(), world.new_id()
    lines = tuple(_line(line) for line in rest)
    world.shop.fill_cart(cart.customer_number, cart_id, lines, cart.order_name, cart.delivery_address_id)
    session = replace(
        here.session,
        id=world.new_id(),
        reference=world.new_reference(),
        cart_id=cart_id,
        state=SessionState.SHOPPING,
        created_at=now,
        start_expires_at=now,
        start_used_at=now,
        idle_until=now,
        absolute_until=now,
        cookie_hash=None,
        continued_by=None,
    )
    return Remainder(session=session, titles=len(rest))


def left_behind(world: World, tx: Transaction, remainder: Remainder) -> None:
    """Nothing: the cart waits like one that was left, in the transaction that sends the other part."""
    sessions.offer(tx, remainder.session, fingerprint(world.new_secret()))


def _line(line: CartLine) -> KeptLine:
    return KeptLine(
        line_id=line.line_id,
        product_id=line.product.product_id,
        title=line.product.title,
        codes=tuple(copy.codes for copy in line.copies),
        note=line.note,
        kind=line.kind,
        services=tuple(service.service_id for service in line.services),
    )
