"""What every XML document of ours is read with: findings, texts, amounts, quantities, places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from typing import NoReturn

from lxml import etree

from protocols.errors import TooLarge
from protocols.model.finding import Finding, Severity
from protocols.model.money import Money
from protocols.xml import CXML

LONGEST = CXML.text
"""Characters of one text or attribute value."""

MOST_FINDINGS = 100
"""Deviations of one document that are told, beside errors."""

_SPACE = " \t\r\n"
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_AMOUNT = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,4}0{0,8})?|\.[0-9]{1,4}0{0,8})").fullmatch
_CURRENCY = re.compile(r"[A-Z]{3}").fullmatch
_QUANTITY = re.compile(r"\+?(?:[0-9]{1,9}(?:\.[0-9]{0,6}0*)?|\.[0-9]{1,6}0*)").fullmatch
_DECIMALS = 6
_NUMBER = 40


class Findings:
    """What was odd about one document: the first hundred deviations, for who reads more, and every error."""

    __slots__ = ("_noted", "_place")

    def __init__(
        self, earlier: tuple[Finding, ...] = (), place: Callable[[etree._Element], str] | None = None
    ) -> None:
        self._noted = list(earlier[:MOST_FINDINGS])
        self._place = place or path

    def note(
        self,
        code: str,
        where: etree._Element | str,
        *,
        expected: str = "",
        got: str = "",
        advice: str = "",
        severity: Severity = Severity.WARNING,
        unproven: bool = False,
    ) -> None:
        """Remember a deviation and where in the document it stands."""
        if len(self._noted) < MOST_FINDINGS or severity is Severity.ERROR:
            finding = Finding(
                code=code,
                where=where if isinstance(where, str) else self._place(where),
                expected=expected,
                got=got[:80],
                advice=advice,
                severity=severity,
                unproven=unproven,
            )
            self._noted.append(finding)

    def all(self) -> tuple[Finding, ...]:
        """Everything remembered, in order."""
        return tuple(self._noted)


def text(element: etree._Element | None) -> str:
    """The element's whole text, trimmed; empty for an absent or empty element; TooLarge over the limit."""
    if element is None:
        return ""
    value = element.text if not len(element) else "".join(element.itertext())
    if not value:
        return ""
    return value.strip(_SPACE) if len(value) <= LONGEST else refuse(value)


def refuse(value: str) -> NoReturn:
    """Nothing ever: TooLarge, for a text that nobody meant to be read."""
    raise TooLarge(f"A text has {len(value):,} characters; at most {LONGEST:,} are read.")


def shown(element: etree._Element | None) -> str:
    """The text of a name others will see, without marks that turn the writing direction (security §1)."""
    value = text(element)
    return value if value.isprintable() else _BIDI.sub("", value)


def path(element: etree._Element) -> str:
    """Where the element stands in the sender's document, for reports only: it costs a walk."""
    return element.getroottree().getpath(element)


def amount(written: str, currency: str) -> Money | None:
    """The money that these two texts say; None unless it is a plain decimal of at most four places."""
    return _amount(written, currency) if len(written) + len(currency) < _NUMBER else None


@lru_cache(4096)
def _amount(written: str, currency: str) -> Money | None:
    """The same few prices come again and again (P6)."""
    return Money(Decimal(written), currency) if _CURRENCY(currency) and _AMOUNT(written) else None


def quantity(written: str) -> Decimal | None:
    """The positive number that the text says; None for anything else."""
    return counted(written) or None


def counted(written: str) -> Decimal | None:
    """The number that the text says as xs:decimal does, 0 among them; None for anything else.

    At most nine digits before the point and six behind it; further zeros there count as nothing.

    >>> counted("3.0000000000"), counted("+.5"), counted("0"), counted("-1")
    (Decimal('3.000000'), Decimal('0.5'), Decimal('0'), None)
    """
    return _counted(written) if len(written) < _NUMBER else None


@lru_cache(1024)
def _counted(written: str) -> Decimal | None:
    bare = written.strip()
    whole, point, rest = bare.partition(".")
    return Decimal(whole + point + rest[:_DECIMALS]) if _QUANTITY(bare) else None


def writable(value: str) -> str:
    """The text with U+FFFD for every character that XML cannot hold or that controls a terminal."""
    return value if value.isprintable() else _UNWRITABLE.sub("\ufffd", value)


def joined(elements: Iterable[etree._Element]) -> str:
    """The texts of several elements, one below the other; errors as ``text``."""
    return "\n".join(filter(None, map(text, elements)))
