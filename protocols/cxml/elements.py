"""Small parts that every cXML document is read from and built of: texts, money, quantities, URLs.

Children are read by name, never by position: real senders get the order wrong (cxml.md §10).
"""

from __future__ import annotations

from decimal import Decimal
from html import escape

from lxml import etree

from protocols.errors import Malformed
from protocols.model.finding import Severity
from protocols.model.money import Money, round_money
from protocols.reading import LONGEST, Findings, amount, path, quantity, refuse, shown, text, writable
from protocols.xml import fragment

__all__ = ["Findings", "path", "shown", "text", "writable"]
"""What others take from here although it stands in ``protocols.reading``."""

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_SPACE = " \t\r\n"


def children(element: etree._Element) -> dict[str, etree._Element]:
    """The first child of each name.

    A slice gives the children at a quarter of what an iterator costs in lxml (P6).
    """
    return {child.tag: child for child in element[::-1]}  # type: ignore[misc]  # see name()


def only_child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The child of that name, looked for first where it normally stands alone; None without one."""
    if element is None or not len(element):
        return None
    first = element[0]
    return first if first.tag == name else children(element).get(name)


def name(element: etree._Element) -> str:
    """The element's tag, which is text in every tree of ours: comments are not kept."""
    return element.tag  # type: ignore[return-value]  # types-lxml allows bytes and QName too


def every(element: etree._Element, name: str) -> list[etree._Element]:
    """All children of that name, in document order."""
    return [*element.iterchildren(name)]


def own_text(element: etree._Element) -> str:
    """The text between the element's children, without theirs, trimmed; errors as ``text``."""
    value = "".join([element.text or "", *(child.tail or "" for child in element)])
    return value.strip(_SPACE) if len(value) <= LONGEST else refuse(value)


def attribute(element: etree._Element, name: str) -> str:
    """The attribute's value, trimmed; empty for an absent one; errors as ``text``."""
    value = element.get(name)
    if not value:
        return ""
    return value.strip(_SPACE) if len(value) <= LONGEST else refuse(value)


def padded(element: etree._Element | None, found: Findings) -> str:
    """The text of a URL or identity, with a finding where white space stood around it."""
    value = text(element)
    if element is not None and value and not len(element) and element.text != value:
        found.note("whitespace.trimmed", element, severity=Severity.NOTE)
    return value


def inner_xml(element: etree._Element | None) -> str:
    """The element's content exactly as XML: text, markup and white space; carriage returns as references."""
    if element is None:
        return ""
    parts = [_escaped(element.text or "")]
    parts += [etree.tostring(child, encoding="unicode", with_tail=True) for child in element]
    return "".join(parts)


def _escaped(value: str) -> str:
    return escape(value, quote=False).replace("\r", "&#13;")


def put_inner_xml(element: etree._Element, inner: str) -> None:
    """Give the element this inner XML; NotAcceptable when it is not well-formed."""
    if "<" not in inner and "&" not in inner and "\r" not in inner:
        element.text = inner
        return
    source = fragment(inner)
    element.text = source.text
    element.extend(list(source))


def money(element: etree._Element | None) -> Money | None:
    """The Money inside UnitPrice, Total, Charge …; None when it is absent or empty.

    Raises Malformed for an amount that is no plain decimal, for more than four decimals, and for a
    currency that is not three capital letters: nobody may guess about money.
    """
    holder = only_child(element, "Money")
    if holder is None or not (written := text(holder)):
        return None
    currency = holder.get("currency", "")
    value = amount(written, currency)
    if value is None:
        reason = (
            "Money must be a plain number, at most four decimals (1234.50), and a currency in capitals (NOK)."
        )
        raise Malformed(reason, where=path(holder))
    return value


def lenient_money(element: etree._Element | None) -> Money | None:
    """As ``money``, and None for what cannot be read: for amounts that are only kept, never acted on."""
    try:
        return money(element)
    except Malformed:
        return None


def positive(written: str, element: etree._Element) -> Decimal:
    """The quantity of a line, a positive number; Malformed otherwise."""
    value = quantity(written)
    if value is None:
        raise Malformed('A line needs a quantity above zero, as in quantity="2".', where=path(element))
    return value


def add(parent: etree._Element, tag: str, value: str = "") -> etree._Element:
    """A new last child with this text."""
    element = etree.SubElement(parent, tag)
    if value:
        element.text = value if value.isprintable() else writable(value)
    return element


def put(element: etree._Element, name: str, value: str) -> None:
    """Set an attribute; an empty value sets none."""
    if value:
        element.set(name, writable(value))


def add_text(parent: etree._Element, tag: str, value: str, lang: str) -> etree._Element:
    """A new last child with text in a language; the standard wants ``xml:lang`` also on empty ones."""
    element = add(parent, tag, value)
    put_lang(element, lang)
    return element


def put_lang(element: etree._Element, lang: str) -> None:
    """Set ``xml:lang``."""
    element.set(XML_LANG, lang)


def add_money(parent: etree._Element, tag: str, value: Money) -> etree._Element:
    """A new last child ``tag`` with Money in it, two decimals out (design §6)."""
    holder = etree.SubElement(parent, tag)
    etree.SubElement(holder, "Money", currency=value.currency).text = f"{round_money(value.amount):f}"
    return holder
