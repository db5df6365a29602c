"""Saved lists: who sees and manages them, what they are called, and how titles come on them (CART-7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from catalog_bridge.bookshop import Refused
from catalog_bridge.lists import ListLine, Person
from catalog_bridge.rules.isbn_list import MOST_LINES
from catalog_bridge.rules.ordering import check_quantity
from catalog_bridge.rules.plain_text import collapsed, one_line

NAME_LENGTH = 70
MOST_LISTS = 500
"""Of one customer."""

LIST_NAME = "Name of the list"

NOT_YOURS = "Only who saved this list, or an administrator, can do this."
NOBODYS = "Nobody in particular has saved this list, so it stays shared."
_NO_NAME = "The list needs a name."
_TAKEN = "There is a list %(name)s already."
_FULL = "A list holds at most %(limit)d titles; begin another one."
_TOO_MANY = "There are %(limit)d lists already; remove one first."


def sees(owner: str, who: Person, *, shared: bool) -> bool:
    """Whether the person may use a list of this owner's."""
    return shared or owns(owner, who)


def owns(owner: str, who: Person) -> bool:
    """Whether the list is the person's own; what nobody owns is nobody's."""
    return bool(owner) and owner == who.key


def manages(owner: str, who: Person) -> bool:
    """Whether the person, who sees the list, may rename, share and remove it."""
    return not owner or owns(owner, who) or who.administrator


def fit_name(name: str, others: Iterable[str]) -> str:
    """The name tidied; Refused without one, for more than 70 characters, and for one of the others'."""
    tidy = one_line(collapsed(name), field=LIST_NAME, limit=NAME_LENGTH)
    if not tidy:
        raise Refused(_NO_NAME)
    if tidy.casefold() in {other.casefold() for other in others}:
        raise Refused(_TAKEN, name=tidy)
    return tidy


def check_room(lists: int) -> None:
    """Nothing; Refused where the customer has as many lists as can be."""
    if lists >= MOST_LISTS:
        raise Refused(_TOO_MANY, limit=MOST_LISTS)


def with_title(lines: Mapping[str, ListLine], new: ListLine) -> ListLine:
    """The line as it is once this title has come on the list: raised where it is there. Refused."""
    before = lines.get(new.product_id)
    check_quantity(new.quantity)
    if before:
        return replace(before, quantity=check_quantity(before.quantity + new.quantity))
    if len(lines) >= MOST_LINES:
        raise Refused(_FULL, limit=MOST_LINES)
    return new
