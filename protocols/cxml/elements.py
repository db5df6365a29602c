"""Small parts that every cXML document is read from and built of: texts, money, quantities, URLs.

Children are read by name, never by position: real senders get the order wrong (cxml.md §10).
"""

from __future__ import annotations

import re
from decimal import Decimal
from html import escape

from lxml import etree

from protocols.errors import Malformed, TooLarge
from protocols.model.finding import Finding, Severity
from protocols.model.money import Money, round_money
from protocols.xml import CXML, fragment

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_SPACE = " \t\r\n"
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_AMOUNT = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,12})?|\.\d{1,12})")
_CURRENCY = re.compile(r"[A-Z]{3}")
_QUANTITY = re.compile(r"\d{1,9}(?:\.\d{1,6})?")
_DECIMALS = 4
_MOST_FINDINGS = 100


class Findings:
    """What was odd about one document: the first hundred deviations, since nobody reads more."""

    __slots__ = ("_noted",)

    def __init__(self, earlier: tuple[Finding, ...] = ()) -> None:
        self._noted = list(earlier[:_MOST_FINDINGS])

    def note(
        self,
        code: str,
        where: etree._Element | str,
        *,
        expected: str = "",
        got: str = "",
        advice: str = "",
        severity: Severity = Severity.WARNING,
    ) -> None:
        """Remember a deviation and where in the document it stands."""
        if len(self._noted) < _MOST_FINDINGS:
            place = where if isinstance(where, str) else path(where)
            finding = Finding(
                code=code, where=place, expected=expected, got=got[:80], advice=advice, severity=severity
            )
            self._noted.append(finding)

    def all(self) -> tuple[Finding, ...]:
        """Everything remembered, in order."""
        return tuple(self._noted)


def children(element: etree._Element) -> dict[str, etree._Element]:
    """The first child of each name."""
    return {name(child): child for child in element.iterchildren(reversed=True)}


def name(element: etree._Element) -> str:
    """The element's tag, which is text in every tree of ours: comments are not kept."""
    return element.tag  # type: ignore[return-value]  # types-lxml allows bytes and QName too


def every(element: etree._Element, name: str) -> list[etree._Element]:
    """All children of that name, in document order."""
    return [child for child in element if child.tag == name]


def text(element: etree._Element | None) -> str:
    """The element's whole text, trimmed; empty for an absent or empty element.

    Raises TooLarge over the limit for one text, and Malformed for control characters.
    """
    if element is None:
        return ""
    value = "".join(element.itertext()) if len(element) else element.text
    return _sound(value.strip(_SPACE), element) if value else ""


def attribute(element: etree._Element, name: str) -> str:
    """The attribute's value, trimmed; empty for an absent one; errors as ``text``."""
    value = element.get(name)
    return _sound(value.strip(_SPACE), element) if value else ""


def shown(element: etree._Element | None) -> str:
    """The text of a name others will see, without marks that turn the writing direction (security §1)."""
    value = text(element)
    return value if value.isprintable() else _BIDI.sub("", value)


def padded(element: etree._Element | None, found: Findings) -> str:
    """The text of a URL or identity, with a finding where white space stood around it."""
    value = text(element)
    if element is not None and value and not len(element) and element.text != value:
        found.note("whitespace.trimmed", element, severity=Severity.NOTE)
    return value


def _sound(value: str, element: etree._Element) -> str:
    if len(value) > CXML.text:
        raise TooLarge(f"A text is longer than {CXML.text:,} characters.", where=path(element))
    if not value.isprintable() and _CONTROL.search(value):
        raise Malformed("A text holds a control character; send it without.", where=path(element))
    return value


def path(element: etree._Element) -> str:
    """Where the element stands in the sender's document, for reports only: it costs a walk."""
    return element.getroottree().getpath(element)


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
    holder = None if element is None else next((child for child in element if child.tag == "Money"), None)
    if holder is None or not (written := text(holder)):
        return None
    currency = attribute(holder, "currency")
    if not _CURRENCY.fullmatch(currency):
        raise Malformed("Money needs a currency of three capital letters, as in NOK.", where=path(holder))
    return Money(amount(written, holder), currency)


def lenient_money(element: etree._Element | None) -> Money | None:
    """As ``money``, and None for what cannot be read: for amounts that are only kept, never acted on."""
    try:
        return money(element)
    except Malformed:
        return None


def amount(written: str, element: etree._Element) -> Decimal:
    """The decimal number, with ``.`` before at most four decimals that are not zero."""
    if not _AMOUNT.fullmatch(written):
        raise Malformed("An amount must be a plain decimal number, as in 1234.50.", where=path(element))
    value = Decimal(written)
    if len(written.partition(".")[2].rstrip("0")) > _DECIMALS:
        raise Malformed("An amount may have at most four decimals.", where=path(element))
    return value


def quantity(element: etree._Element) -> Decimal:
    """The line's quantity, a positive number; Malformed otherwise."""
    written = attribute(element, "quantity")
    value = Decimal(written) if _QUANTITY.fullmatch(written) else Decimal(0)
    if value <= 0:
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


def writable(value: str) -> str:
    """The text with U+FFFD for every character that XML cannot hold or that controls a terminal."""
    return value if value.isprintable() else _UNWRITABLE.sub("\ufffd", value)
