"""Small damages to a document, each at one place: what a sender's programmer gets wrong."""

from collections.abc import Callable, Iterator
from copy import deepcopy

from lxml import etree

Change = Callable[[etree._Element], None]
"""Changes an element where it stands."""


def dropped(element: etree._Element) -> None:
    """Take it away."""
    element.getparent().remove(element)


def doubled(element: etree._Element) -> None:
    """Put a copy beside it."""
    element.addnext(deepcopy(element))


def swapped(element: etree._Element) -> None:
    """Put it behind its next sibling, where it has one."""
    if (following := element.getnext()) is not None:
        following.addnext(element)


def renamed(element: etree._Element) -> None:
    """Give it a name nobody knows."""
    element.tag = "Unknown"


def filled(element: etree._Element) -> None:
    """Put an unknown element into it."""
    element.insert(0, element.makeelement("Unknown"))


def written_on(element: etree._Element) -> None:
    """Put text into it, in front of what is there."""
    element.text = "§" + (element.text or "")


def marked(element: etree._Element) -> None:
    """Give it an attribute nobody knows."""
    element.set("unknown", "1")


ELEMENT: tuple[Change, ...] = (dropped, doubled, swapped, renamed, filled, written_on, marked)


def attribute_dropped(name: str) -> Change:
    """The change that takes the attribute away."""

    def change(element: etree._Element) -> None:
        element.attrib.pop(name, None)

    return change


def attribute_set(name: str, value: str) -> Change:
    """The change that writes this value into the attribute."""

    def change(element: etree._Element) -> None:
        element.set(name, value)

    return change


def changes(element: etree._Element) -> Iterator[tuple[str, Change]]:
    """Every small damage that can be done to this element, with a name for reports."""
    for change in ELEMENT if element.getparent() is not None else (renamed, filled, written_on, marked):
        yield change.__name__, change
    for name in element.attrib:
        yield f"@{name} dropped", attribute_dropped(name)
        yield f"@{name} spoiled", attribute_set(name, "§ 1")
        yield f"@{name} emptied", attribute_set(name, "")


def damaged(root: etree._Element, position: int, change: Change) -> etree._Element:
    """A copy of the document, changed at its position-th element (in document order)."""
    copy = deepcopy(root)
    change(list(copy.iter())[position])
    return copy


def every_damage(root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The document with each small damage at each place, one at a time."""
    for position, element in enumerate(root.iter()):
        for name, change in changes(element):
            where = root.getroottree().getpath(element)
            yield f"{where} {name}", damaged(root, position, change)
