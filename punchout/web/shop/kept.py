"""What came from a page whose time was over: saved all the same, as far as it can be (CART-6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request

from catalog_bridge.rules import isbn_list
from punchout.web.shop import grid, listing
from punchout.web.shop.grid_saving import Grid, save

if TYPE_CHECKING:
    from protocols.model.cart import Cart


@dataclass(frozen=True, slots=True)
class Kept:
    """How many titles are in the cart as they were sent, and what of it could not be kept."""

    titles: int
    left: tuple[str, ...]


def keep(cart: Cart) -> Kept | None:
    """What this request brings for the cart, written into it; None for any other request.

    No draft is stored beside the cart: by the marks in the form it is told when a title has changed since.
    """
    view = (request.endpoint or "").rpartition(".")[2]
    if view == grid.share_out.__name__:
        return _grid(cart)
    if view == listing.add_list.__name__:
        return _list(cart)
    return None


def _grid(cart: Cart) -> Kept:
    outcome = save(Grid.of(cart), request.form)
    left = [
        f"{block.line.product.title}: {text}"
        for block in outcome.faulty.values()
        for text in (*block.wrong.values(), *(text for row in block.rows for text in row.wrong.values()))
    ]
    return Kept(outcome.saved, tuple(left))


def _list(cart: Cart) -> Kept | None:
    text = request.form.get("titles", "")
    if request.form.get("seen") != listing.mark(cart):
        return Kept(0, tuple(filter(None, map(str.strip, text.splitlines()[: isbn_list.MOST_LINES]))))
    wanted = isbn_list.read(text)
    _, added = listing.add_to(cart, wanted, request.form.get("pattern", ""))
    return Kept(added.titles, tuple(f"{line.text}: {line.why}" for line in added.bad))
