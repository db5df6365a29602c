"""Who may order for the library: seen to by its administrators, and written down (CUST-7, CUST-8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog_bridge.user_administration import User
from session_store import journal

if TYPE_CHECKING:
    from punchout.direct.visit import Visit
    from punchout.roundtrip.world import World


def add(world: World, here: Visit, email: str, name: str, *, administrator: bool) -> User:
    """The new user. Refused."""
    wanted = User(email=email, name=name, administrator=administrator)
    added = world.user_administration.add(here.customer_number, wanted)
    _note(world, here, "user.added", f"{added.email} was added")
    return added


def set_administrator(world: World, here: Visit, email: str, *, administrator: bool) -> User:
    """The user with or without administrator access. NotFound; LastAdministrator."""
    changed = world.user_administration.set_administrator(
        here.customer_number, email, administrator=administrator
    )
    given = "got" if administrator else "lost"
    _note(world, here, "user.changed", f"{changed.email} {given} administrator access")
    return changed


def remove(world: World, here: Visit, email: str) -> None:
    """Nothing; the user is out, at the next request of theirs. NotFound; LastAdministrator."""
    world.user_administration.remove(here.customer_number, email)
    _note(world, here, "user.removed", f"{email} was removed")


def _note(world: World, here: Visit, kind: str, summary: str) -> None:
    entry = journal.Entry(
        at=world.now(),
        kind=kind,
        actor=here.session.email,
        summary=f"{summary} at customer {here.customer_number}",
    )
    with world.store.write() as tx:
        journal.write(tx, entry)
