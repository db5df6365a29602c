"""The services of a cart as its page shows them: what there is, on how many titles, what is still lacking."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from catalog_bridge.rules import services
from punchout.web.pages import world
from punchout.web.shop.forms import ServicesForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocols.model.cart import Cart
    from protocols.model.service import Service


@dataclass(frozen=True, slots=True)
class Choice:
    """One service, on so many of the titles that can have it.

    parts
        The names of the services that it includes.
    """

    service: Service
    titles: int
    possible: int
    parts: list[str]


@dataclass(frozen=True, slots=True)
class Lacking:
    """So many barcodes that the cart takes, and so many that the library has left (SVC-5)."""

    needed: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What the cart page needs to know of services.

    unplaced
        How many titles cannot be made shelf-ready yet, for want of a branch or shelf mark (SVC-5).
    failed
        Where a choice was refused: a line's id, ``""`` for the whole cart, None for nowhere; ``form`` is it.
    """

    choices: tuple[Choice, ...]
    unplaced: int
    lacking: Lacking | None
    form: ServicesForm = field(default_factory=ServicesForm)
    failed: str | None = None


def serving(now: Cart, failed: str | None = None, form: ServicesForm | None = None) -> Serving:
    """The services of this cart, beside the form that was refused, where one was."""
    return Serving(
        choices=choices(now),
        unplaced=sum(1 for line in now.lines if services.unplaced(line.copies, line.services)),
        lacking=_lacking(now),
        form=form or ServicesForm(),
        failed=failed,
    )


def described(offered: Iterable[Service]) -> list[tuple[Service, list[str]]]:
    """Each service with the names of those that it includes, as far as they are offered by themselves."""
    known = {entry.service_id: entry for entry in offered}
    return [
        (entry, [known[part].name for part in entry.includes if part in known]) for entry in known.values()
    ]


def choices(now: Cart) -> tuple[Choice, ...]:
    """Each service that some title of the cart can have, in the sequence of the price list."""
    possible = Counter(entry.service_id for line in now.lines for entry in line.offered)
    taken = Counter(entry.service_id for line in now.lines for entry in line.services)
    offered = {entry.service_id: entry for line in now.lines for entry in line.offered}
    return tuple(
        Choice(entry, titles=taken[entry.service_id], possible=possible[entry.service_id], parts=parts)
        for entry, parts in described(offered.values())
    )


def _lacking(now: Cart) -> Lacking | None:
    """What barcodes are short of; None when there are enough."""
    needed = sum(line.quantity for line in now.lines if services.takes_barcodes(line))
    left = services.barcodes_left(world().registers.barcodes(now.customer_number)) if needed else 0
    return Lacking(needed, left) if needed > left else None
