"""The values of a cart line as one buyer's system takes them; every change is a finding (design §4.6).

What is sent differs from what is in the cart by exactly these findings. What the system makes of it later is
told by ``keeping``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import accumulate

from protocols.cxml.elements import Findings, writable
from protocols.dialects import Dialect, Measure, Repertoire
from protocols.model.cart import ReturnedLine
from protocols.model.finding import Severity
from protocols.model.money import round_money
from protocols.model.party import Extrinsic
from protocols.repertoire import in_latin1, shortened

_UNSPSC = re.compile(r"\d{8}")
_NEVER_CUT = "An id is never changed: the buyer would refuse this line. Take it out of the cart."


@dataclass(frozen=True, slots=True)
class Fitting:
    """One line on its way into a document for a buyer with this dialect; what it says goes to ``found``."""

    line: ReturnedLine
    dialect: Dialect
    found: Findings

    @property
    def where(self) -> str:
        """The line's place in the document."""
        return f"ItemIn[{self.line.number}]"

    def product_id(self) -> str:
        """SupplierPartID, as it is."""
        return self._whole(self.line.product_id, "part_id_limit", "SupplierPartID")

    def line_token(self) -> str:
        """SupplierPartAuxiliaryID, as it is."""
        return self._whole(self.line.line_token, "auxiliary_id_limit", "SupplierPartAuxiliaryID")

    def description(self) -> str:
        """The long text."""
        return self._text(self.line.description, "description_limit", "ItemDetail/Description")

    def short_name(self) -> str:
        """The short title; empty where the line has none."""
        place = "ItemDetail/Description/ShortName"
        return self._text(self.line.short_name, "short_name_limit", place)

    def publisher(self) -> str:
        """ManufacturerName."""
        return self._held(self.line.publisher, "ItemDetail/ManufacturerName")

    def unit(self) -> str:
        """The unit in the buyer's own word."""
        return self.dialect.units.get(self.line.unit, self.line.unit)

    def extrinsics(self) -> tuple[Extrinsic, ...]:
        """As many as the system holds, in their order; the others are left out whole."""
        if not self.line.extrinsics:
            return ()
        place, limit = "ItemDetail/Extrinsic", self.dialect.extrinsics_limit
        held = [replace(entry, value=self._held(entry.value, place)) for entry in self.line.extrinsics]
        ends = accumulate(self.dialect.length(entry.value) for entry in held)
        kept = [entry for entry, end in zip(held, ends, strict=True) if end <= (limit or end)]
        if len(kept) < len(held):
            self._shortened(place, limit, f"{len(held)} values, of which {len(kept)} fit", "extrinsics_limit")
        return tuple(kept)

    def check_price(self) -> None:
        """A finding where the amount on the wire is not the cart's."""
        amount = self.line.unit_price.amount
        if amount != round_money(amount):
            where, got = f"{self.where}/ItemDetail/UnitPrice", str(self.line.unit_price)
            self.found.note("value.replaced", where, expected="two decimals", got=got)

    def check_classification(self) -> None:
        """A finding where the code cannot be one of the buyer's scheme."""
        if self.dialect.classification_domain != "UNSPSC" or _UNSPSC.fullmatch(self.line.classification):
            return
        self.found.note(
            "classification.unknown",
            f"{self.where}/ItemDetail/Classification",
            expected="an UNSPSC code of eight digits",
            got=self.line.classification,
            unproven=self.dialect.doubts("classification_domain"),
        )

    def _text(self, value: str, key: str, place: str) -> str:
        """The text with what the system can hold, shortened where it is too long."""
        words, limit = self._held(value, place), int(getattr(self.dialect, key))
        length = self.dialect.length(words)
        if length <= limit:
            return words
        self._shortened(place, limit, f"{length} {self.dialect.limits_in}", key)
        return shortened(words, limit, in_bytes=self.dialect.limits_in is Measure.BYTES)

    def _shortened(self, place: str, limit: int, got: str, key: str) -> None:
        self.found.note(
            "value.shortened",
            f"{self.where}/{place}",
            expected=f"at most {limit} {self.dialect.limits_in}",
            got=got,
            unproven=self.dialect.doubts(key, "limits_in"),
        )

    def _held(self, value: str, place: str) -> str:
        """The text in characters that XML and the system hold."""
        if self._is_plain(value):
            return value
        words = writable(value)
        if words != value:
            expected = "text without control characters"
            self.found.note("value.replaced", f"{self.where}/{place}", expected=expected)
        if not self._unheld(words):
            return words
        self.found.note(
            "value.replaced",
            f"{self.where}/{place}",
            expected="characters of ISO-8859-1",
            unproven=self.dialect.doubts("characters"),
        )
        return in_latin1(words)

    def _is_plain(self, value: str) -> bool:
        """Whether the value needs no second look: any system holds its characters, as nearly always."""
        return value.isprintable() and self.dialect.characters is Repertoire.ANY

    def _unheld(self, value: str) -> bool:
        """Whether the system has other characters only."""
        return self.dialect.characters is Repertoire.LATIN1 and in_latin1(value) != value

    def _whole(self, value: str, key: str, name: str) -> str:
        """The id as it is: changed, it would find nothing."""
        limit = int(getattr(self.dialect, key))
        if (length := self.dialect.length(value)) > limit:
            expected, got = f"at most {limit} {self.dialect.limits_in}", f"{length} {self.dialect.limits_in}"
            self._refused(name, expected, got, key, "limits_in")
        if strange := [character for character in self.dialect.part_id_forbidden if character in value]:
            expected = f"none of the characters {self.dialect.part_id_forbidden}"
            self._refused(name, expected, " ".join(strange), "part_id_forbidden")
        if not self._is_plain(value) and (writable(value) != value or self._unheld(value)):
            self._refused(name, "characters that XML and the system hold", value, "characters")
        return value

    def _refused(self, name: str, expected: str, got: str, *keys: str) -> None:
        self.found.note(
            "id.refused",
            f"{self.where}/{name}",
            expected=expected,
            got=got,
            advice=_NEVER_CUT,
            severity=Severity.ERROR,
            unproven=self.dialect.doubts(*keys),
        )
