"""Unfinished carts: offered again to the person who left them, never to a colleague (CART-6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import NotFound
from catalog_bridge.lists import Person
from catalog_bridge.rules.plain_text import collapsed
from protocols.errors import Conflict
from protocols.model.session import Operation
from punchout.roundtrip import person, shop
from session_store import journal, sessions

if TYPE_CHECKING:
    from datetime import datetime

    from protocols.model.cart import Cart
    from punchout.roundtrip.shop import Visit
    from punchout.roundtrip.world import World
    from session_store.sessions import StoredSession

_MOST_OFFERED = 5
_LOOKED_AT = 20
_BEGIN_EMPTY = {Operation.CREATE, Operation.SOURCE}
TAKEN = "This cart is open in another session, or has been continued there."
"""A message that pages translate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A cart that was left, and the code of the session in which it was filled."""

    reference: str
    begun: datetime
    cart: Cart


def by_person(here: Visit) -> bool:
    """Whether this session's own person is offered carts by itself (policy ``resume``)."""
    return here.agreement.policy.resume == "person" and here.session.person_hash is not None


def by_name(here: Visit) -> bool:
    """Whether a cart is found by its name and code only: by policy, or because nobody is named."""
    return here.agreement.policy.resume != "off" and not by_person(here) and _may(here)


def offers(world: World, here: Visit) -> tuple[Unfinished, ...]:
    """The person's unfinished carts for this library, newest first; none where this cart has titles already.

    A cart that is in use in a live session is not among them, nor one that was left deliberately.
    """
    if not (by_person(here) and _may(here) and _empty(world, here)):
        return ()
    persons = person.fingerprints(world.keyring, here.agreement.id, here.session.setup)
    with world.store.read() as tx:
        left = sessions.unfinished(tx, here.agreement.id, persons, world.now(), most=_LOOKED_AT)
    found = (_unfinished(world, session) for session in left if _fits(here, session))
    return tuple(entry for entry in found if entry)[:_MOST_OFFERED]


def owner(here: Visit) -> Person:
    """Who keeps lists in this session: whom the call-up named, never who says so herself (CART-7).

    Where carts are found by name and code, several people share the login, and lists are shared too.
    """
    alone = here.agreement.policy.resume != "name"
    own = person.key(here.agreement.id, here.session.setup) if alone else ""
    return Person(key=own, name=shop.shopper(here).name)


def other_carts(world: World, here: Visit) -> tuple[str, ...]:
    """Ids of the person's own open carts beside this one; never a colleague's (CART-6, CART-8)."""
    if not by_person(here):
        return ()
    persons = person.fingerprints(world.keyring, here.agreement.id, here.session.setup)
    with world.store.read() as tx:
        return sessions.other_carts(tx, here.session, persons, most=_LOOKED_AT)


def named(world: World, here: Visit, name: str, code: str) -> Unfinished | None:
    """The unfinished cart of this order name and session code; None unless both are right."""
    if not by_name(here):
        return None
    with world.store.read() as tx:
        left = sessions.unfinished_one(tx, here.agreement.id, code.strip().upper(), world.now())
    found = _unfinished(world, left) if left is not None and _fits(here, left) else None
    return found if found and _folded(name) and _folded(found.cart.order_name) == _folded(name) else None


def go_on(world: World, here: Visit, chosen: Unfinished) -> None:
    """Nothing: the chosen cart is this session's from now on, and nobody else's.

    Raises Conflict where another session was faster, or this one's own cart has titles already.
    """
    now = world.now()
    if not _empty(world, here):
        raise Conflict("This cart has titles already; empty it before you go on with another one.")
    with world.store.write() as tx:
        left = sessions.unfinished_one(tx, here.agreement.id, chosen.reference, now)
        if left is None or not sessions.hand_over(tx, left, here.session, now):
            raise Conflict(TAKEN)
        journal.write(tx, _entry(world, here, left))


def _may(here: Visit) -> bool:
    return here.writable and here.operation in _BEGIN_EMPTY and bool(here.session.customer_number)


def _empty(world: World, here: Visit) -> bool:
    try:
        return not world.shop.cart(here.session.customer_number, here.session.cart_id).lines
    except NotFound:
        return True


def _fits(here: Visit, left: StoredSession) -> bool:
    """Whether the cart is for the same library, and as much in earnest; changes of a sent cart are not."""
    ours, its = here.session, left
    same = (its.customer_number, its.deployment) == (ours.customer_number, ours.deployment)
    return same and its.setup.operation in _BEGIN_EMPTY


def _unfinished(world: World, left: StoredSession) -> Unfinished | None:
    try:
        cart = world.shop.cart(left.customer_number, left.cart_id)
    except NotFound:
        return None
    return Unfinished(reference=left.reference, begun=left.created_at, cart=cart) if cart.lines else None


def _folded(name: str) -> str:
    return collapsed(name).casefold()


def _entry(world: World, here: Visit, left: StoredSession) -> journal.Entry:
    return journal.Entry(
        at=world.now(),
        agreement_id=here.agreement.id,
        kind="session.continued",
        reference=here.session.reference,
        session_id=here.session.id,
        actor="shopper",
        summary=f"went on with the cart of session {left.reference}",
    )
