"""Lists of titles that a library saves: a person's own, or shared in the customer (CART-7).

A Protocol beside ``Bookshop``. Whose a list is, is told by a key alone, which nobody else's key equals: a
direct user's is never a punchout person's, even with the same e-mail (LOGIN-7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from catalog_bridge.grids import NotTaken


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who asks.

    key
        Whose the person's own lists are; empty for nobody in particular, who has shared ones only.
    name
        As a shared list says who saved it; shown to at most 70 characters.
    administrator
        Whether the person manages the customer's users, and so everybody's shared lists.
    """

    key: str = ""
    name: str = ""
    administrator: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A title for a list: item number or ISBN, 10 or 13 digits, hyphens allowed; 1…999 copies."""

    number: str
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """A title on a list; ``title`` as it was when it was put there."""

    product_id: str
    title: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHead:
    """A list without its lines, as it looks to the person who asks.

    owner_name
        Who saved it.
    own
        Whether it is the person's.
    manageable
        Whether the person may rename, share and remove it.
    """

    list_id: str
    name: str
    shared: bool
    owner_name: str
    own: bool
    manageable: bool
    titles: int
    copies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedList:
    """A list, its lines in the order in which they were put there."""

    head: ListHead
    lines: tuple[ListLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The list afterwards, and the titles that were refused; all others are on it."""

    kept: SavedList
    refused: tuple[NotTaken, ...] = ()


class Lists(Protocol):
    """What people do with saved lists; NotFound for a list that the person cannot see.

    Whoever sees a list may use it, and add and remove titles. To rename, share and remove it takes its
    owner, or an administrator where it is shared; anybody for a list that nobody owns.
    """

    def lists(self, customer_number: str, who: Person) -> tuple[ListHead, ...]:
        """The person's own lists and the shared ones, by name."""

    def one(self, customer_number: str, list_id: str, who: Person) -> SavedList:
        """A list with its lines."""

    def make(
        self,
        customer_number: str,
        name: str,
        who: Person,
        titles: tuple[Listed, ...] = (),
        *,
        shared: bool = False,
    ) -> Saved:
        """A new list with these titles, in one transaction; shared in any case where the person has no key.

        A title is refused by itself: unknown, wrong check digit, too many copies. Titles that cannot be
        ordered are taken. Refused: no name, one of more than 70 characters, one that the person sees on
        another list already; more than 500 lists of the customer, or titles on the list.
        """

    def add(self, customer_number: str, list_id: str, who: Person, titles: tuple[Listed, ...]) -> Saved:
        """The list with these titles last; the same product raises its line. Refused as in ``make``."""

    def remove_line(self, customer_number: str, list_id: str, who: Person, product_id: str) -> SavedList:
        """The list without this title; unchanged where somebody has removed it already."""

    def rename(self, customer_number: str, list_id: str, who: Person, name: str) -> None:
        """Nothing; the list is called so. Refused."""

    def share(self, customer_number: str, list_id: str, who: Person, *, shared: bool) -> None:
        """Nothing; everybody of the customer sees the list, or its owner alone. Refused."""

    def remove(self, customer_number: str, list_id: str, who: Person) -> None:
        """Nothing; the list is gone. Refused."""
