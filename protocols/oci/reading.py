"""What the fields of one call-up say, each in the words of the shop (oci.md §2, §3)."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from protocols.dialects.oci_habits import OciHabits
from protocols.errors import Malformed
from protocols.model.finding import Severity
from protocols.model.party import Extrinsic
from protocols.model.session import Shopper
from protocols.oci import numbers
from protocols.oci.fields import Field, is_placeholder, is_secret, key
from protocols.oci.findings import Findings
from protocols.oci.pairs import LATIN1, UTF8

CONTROL = ("okcode", "target", "caller", "forcetarget", "forcetarge")
"""Control fields without their tilde, in lower case; one of them is often cut short."""

_TARGET = re.compile(r"_top|_parent|_self|_blank|[A-Za-z0-9_-]{1,40}").fullmatch
_NO_NAME = "_top"
VERSION_FIELDS = ("OCI_VERSION", "OCIVERSION", "OPI_VERSION")
VENDOR_FIELDS = ("NEW_ITEM-VENDOR", "VENDOR")
_XML_TYPES = ("~xmlType", "~xml_type", "xmlType", "xml_type")
READ_ELSEWHERE = {
    *map(key, (*VERSION_FIELDS, *VENDOR_FIELDS)),
    *map(key, ("FUNCTION", "PRODUCTID", "QUANTITY", "SEARCHSTRING", "OCICANCEL", "returntarget")),
    *map(key, ("http_content_charset", "~xmlDocument", "xmlDocument", *_XML_TYPES)),
}
_CHARSETS = {
    "utf8": UTF8,
    "4110": UTF8,
    "iso88591": LATIN1,
    "88591": LATIN1,
    "latin1": LATIN1,
    "l1": LATIN1,
    "windows1252": LATIN1,
    "cp1252": LATIN1,
    "1100": LATIN1,
}
"""Names of the two, without case, and without quotes and marks between their parts."""

_MARKS = re.compile(r"[\s\"'_-]+")


def is_control(name: str) -> bool:
    """Whether a field of this name steers the frame and goes back as it came."""
    return key(name).lstrip("~") in CONTROL


def is_taken(name: str) -> bool:
    """Whether a field of this name says something to the shop already, whoever sends it."""
    return key(name) in READ_ELSEWHERE or is_control(name)


@dataclass(frozen=True, slots=True)
class Reading:
    """The fields of one call-up on their way into ``CallUp``."""

    fields: Mapping[str, Field]
    habits: OciHabits
    found: Findings

    def first(self, *wanted: str) -> Field | None:
        """The first of these fields that came with a value."""
        came = (self.fields.get(key(name)) for name in wanted)
        return next((entry for entry in came if entry is not None and entry.value.strip()), None)

    def value(self, *wanted: str) -> str:
        """Its value, white space around it trimmed; empty without one."""
        entry = self.first(*wanted)
        return entry.value.strip() if entry else ""

    def charset(self) -> str:
        """What the agreement says, else the call-up, else the buyer's system."""
        if self.habits.charset:
            return self.habits.charset
        asked = self.first("http_content_charset")
        if asked is None:
            return self.habits.default_charset
        if known := _CHARSETS.get(_MARKS.sub("", asked.value.casefold())):
            return known
        sent = self.habits.default_charset.upper()
        advice = f"The cart goes home in {sent}; agree on a character set if that is not read."
        expected, got = f"{UTF8} or {LATIN1}", asked.value
        self.found.note("value.replaced", asked.name, expected=expected, got=got, advice=advice)
        return self.habits.default_charset

    def target(self) -> str:
        """Where the form goes to; ``_top`` in place of what is no name of a window."""
        entry = self._target()
        if entry is None:
            return self.habits.target
        return entry.value.strip() if self._is_fit(entry) else _NO_NAME

    def _target(self) -> Field | None:
        """The field that counts."""
        return self.first("returntarget", "~TARGET", "TARGET")

    def _is_fit(self, entry: Field) -> bool:
        """Whether the field's value names a window; a finding where it does not."""
        fit = _TARGET(entry.value.strip()) is not None
        if not fit:
            self.found.note("value.replaced", entry.name, expected="the name of a frame or window")
        return fit

    def echo(self) -> tuple[Extrinsic, ...]:
        """The control fields as they came; ``target`` has told of the one that counts."""
        came = (entry for name, entry in self.fields.items() if is_control(name) and entry.value)
        return tuple(Extrinsic(name=entry.name, value=self._echoed(entry)) for entry in came)

    def _echoed(self, entry: Field) -> str:
        if key(entry.name).lstrip("~") != "target":
            return entry.value
        fit = _TARGET(entry.value.strip()) if entry is self._target() else self._is_fit(entry)
        return entry.value if fit else _NO_NAME

    def quantity(self) -> Decimal | None:
        """How many pieces; None for none and for what cannot be read."""
        asked = self.value("QUANTITY")
        if not asked:
            return None
        try:
            number, tidy = numbers.read(asked, "QUANTITY", comma=self.habits.decimal_comma)
        except Malformed:
            self.found.note("value.missing", "QUANTITY", expected="a number", got=asked)
            return None
        if not tidy:
            self.found.note("number.spelling", "QUANTITY", got=asked, severity=Severity.NOTE)
        return numbers.whole(number)

    def shopper(self, login: set[str]) -> Shopper:
        """The person, by fields that are no agreed login (PO-ID-2)."""
        return Shopper(
            name=self._person(self.habits.name_fields, login),
            email=self._person(self.habits.email_fields, login),
            user_id=self._person((*self.habits.user_fields, "USERNAME"), login),
        )

    def _person(self, wanted: Iterable[str], login: set[str]) -> str:
        value = self.value(*(name for name in wanted if key(name) not in login and not is_secret(name)))
        return "" if is_placeholder(value) else value

    def wants_xml(self) -> bool:
        """Whether the cart is asked for as an XML document."""
        asked = self.first("~xmlDocument", "xmlDocument", *_XML_TYPES)
        if asked is not None:
            advice = "The XML variant of OCI is not supported; agree on the form with fields."
            self.found.note("envelope.unknown", asked.name, expected="the form with fields", advice=advice)
        return asked is not None

    def extrinsics(self, consumed: set[str], hidden: Container[str] = ()) -> tuple[Extrinsic, ...]:
        """All that is left, but secrets by their names and values that are ``hidden``."""
        left = (
            entry
            for name, entry in self.fields.items()
            if name not in consumed and not is_control(name) and entry.value.strip() not in hidden
        )
        return tuple(Extrinsic(name=e.name, value=e.value) for e in left if not is_secret(e.name))
