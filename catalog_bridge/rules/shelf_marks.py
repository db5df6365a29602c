"""A shelf mark to begin with: an aid of ours, no cataloguing rule; a librarian decides (SVC-5)."""

from __future__ import annotations

from protocols.model.distribution import CODE_LENGTHS
from protocols.model.item import Product

_LETTERS = 3
_AUTHOR = "A01"


def proposed(product: Product) -> str:
    """The title's Dewey number and the filing letters of its author; either alone where the other is unknown.

    Filing letters are the first three letters of the last word of the first author's name, of whoever is
    named first where there is no author, and of the title where nobody is named. Empty when nothing is known.

    >>> from protocols.model.item import Contributor
    >>> proposed(Product(product_id="1", isbn="", title="Isbre", dewey="551.3",
    ...     contributors=(Contributor(name="Åse Østby-Vik"),)))
    '551.3 Øst'
    """
    mark = " ".join(filter(None, (product.dewey.strip(), _filing(product))))
    return mark if len(mark) <= CODE_LENGTHS["shelf_mark"] else ""


def _filing(product: Product) -> str:
    people = sorted(product.contributors, key=lambda person: person.role != _AUTHOR)
    name = people[0].name.split()[-1:] if people else []
    return _letters("".join(name)) or _letters(product.title)


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text))[:_LETTERS].capitalize()
