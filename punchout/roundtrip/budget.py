"""How many titles the buyer's form takes, and what goes first where the cart has more (oci.md §11)."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from catalog_bridge.rules import service_items
from protocols import dialects
from protocols.oci import cart as oci_cart
from protocols.oci import hook

if TYPE_CHECKING:
    from protocols.model.cart import Cart, CartLine
    from protocols.model.session import FormReturn
    from punchout.roundtrip.shop import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The room in one form.

    room
        Lines that it takes, services that are items of their own among them.
    used
        Lines of the whole cart.
    rounds
        How many forms the cart needs; services that stand for the whole order are in each of them again.
    """

    room: int
    used: int
    rounds: int

    @property
    def left(self) -> int:
        """How many more titles go in the same form; below 0 where the cart is too long for one."""
        return self.room - self.used


def of(here: Visit, cart: Cart) -> Budget | None:
    """The budget of this cart; None where it goes back as a document, or in a form without an end."""
    room = _room(here)
    if room is None:
        return None
    return Budget(room=room, used=_items(here, cart.lines), rounds=_rounds(here, cart.lines, room))


def parted(here: Visit, cart: Cart) -> tuple[Cart, tuple[CartLine, ...]]:
    """The lines that go now, as a cart, and those that have to wait for another form.

    In cart order, each service with its books; nothing waits where one form takes all.
    """
    room = _room(here)
    if room is None:
        return cart, ()
    fitting = _fitting(here, cart.lines, room)
    return replace(cart, lines=cart.lines[:fitting]), cart.lines[fitting:]


def beside(here: Visit) -> int:
    """Form fields that the return address itself brings, where its query goes as fields."""
    return hook.beside(here.session.setup.return_url, dialects.agreed(here.agreement).oci)


def _room(here: Visit) -> int | None:
    back: FormReturn | None = here.session.setup.form_return
    dialect = dialects.agreed(here.agreement)
    if back is None or not (dialect.max_form_fields or dialect.max_lines):
        return None
    return oci_cart.room(dialect, back, beside=beside(here))


def _fitting(here: Visit, lines: tuple[CartLine, ...], room: int) -> int:
    """How many of the lines, from the first, one form takes with their services."""
    return bisect_right(range(1, len(lines) + 1), room, key=lambda n: _items(here, lines[:n]))


def _rounds(here: Visit, lines: tuple[CartLine, ...], room: int) -> int:
    """How many forms these lines need; a title that is too much for any counts as one."""
    rounds = 0
    while lines:
        lines = lines[max(_fitting(here, lines, room), 1) :]
        rounds += 1
    return rounds


def _items(here: Visit, lines: tuple[CartLine, ...]) -> int:
    """How many lines these become on their way."""
    services = service_items.items(lines, here.service_lines)
    return len(lines) + len(services)
