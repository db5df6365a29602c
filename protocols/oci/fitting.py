"""The values of a cart line as one buyer's system takes them in form fields; every change is a finding.

What is sent differs from what is in the cart by exactly these findings (design §4.6).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from protocols.dialects import Repertoire
from protocols.dialects.oci_habits import OciHabits, Source
from protocols.model.cart import ReturnedLine
from protocols.model.finding import Severity
from protocols.oci import columns, numbers, sources
from protocols.oci.findings import Findings
from protocols.oci.pairs import LATIN1
from protocols.oci.sources import Sheet
from protocols.repertoire import in_latin1, shortened

_UNHELD = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
_UNSPSC = re.compile(r"[0-9]{8}").fullmatch
_NEVER_CUT = "A code is never changed: the buyer would drop this line. Take it out of the cart."


@dataclass(frozen=True, slots=True)
class Fitting:
    """One line on its way into form fields under this index; what it says goes to ``found``."""

    line: ReturnedLine
    index: int
    sheet: Sheet
    found: Findings

    @property
    def habits(self) -> OciHabits:
        """How the buyer speaks OCI."""
        return self.sheet.habits

    def where(self, name: str) -> str:
        """The field of this column."""
        return f"NEW_ITEM-{name}[{self.index}]"

    def value(self, name: str, source: str) -> str:
        """What goes into the column; empty where the line has nothing for it."""
        if source.startswith("="):
            return self._text(name, source[1:])
        kind = Source(source)
        if kind is Source.DESCRIPTION:
            return self._description(name)
        value = sources.value(kind, self.line, self.sheet)
        if kind in sources.MONEY:
            self._check_decimals(name, kind)
        return self._text(name, value) if kind in columns.TEXTS else self._whole(name, value, kind)

    def long_text(self) -> str:
        """The description in full, for LONGTEXT."""
        return self._text(columns.LONGTEXT, self.line.description)

    def is_long(self) -> bool:
        """Whether DESCRIPTION cannot hold the description as it is."""
        limit = columns.length("DESCRIPTION", self.habits)
        return bool(limit) and len(self._quietly_held(self.line.description)) > limit

    def check(self, values: dict[str, str]) -> None:
        """Findings for what the line lacks, and for a price or a classification that will not do."""
        for name, expected in columns.missing(values, self.habits):
            self.found.note("line.incomplete", self.where(name), expected=expected)
        amount = self.line.unit_price.amount
        if "PRICE" in values and amount <= 0:
            expected, got = "a price above zero", str(self.line.unit_price)
            self.found.note("price.zero", self.where("PRICE"), expected=expected, got=got)
        self._check_classification()

    def _check_classification(self) -> None:
        """A finding where the code cannot be one of the buyer's scheme; silent where none is sent."""
        code, sent = self.line.classification, self.habits.all_columns
        column = next((name for name, source in sent.items() if source == Source.CLASSIFICATION), "")
        known = _UNSPSC(code) or code in self.habits.classifications
        if column and not known and self.sheet.dialect.classification_domain == "UNSPSC":
            expected = "an UNSPSC code of eight digits"
            self.found.note("classification.unknown", self.where(column), expected=expected, got=code)

    def _check_decimals(self, name: str, kind: Source) -> None:
        """A finding where the amount on the wire is not the cart's."""
        exact, decimals = sources.amount(kind, self.line, self.habits), self.habits.price_decimals
        if numbers.rounded(exact, decimals) != exact:
            expected, got = f"{decimals} decimals", f"{exact.normalize():f}"
            self.found.note("value.replaced", self.where(name), expected=expected, got=got)

    def _description(self, name: str) -> str:
        """The whole of it where it fits, else the title alone, shortened where even that is too long."""
        full = self._held(name, self.line.description)
        limit = columns.length(name, self.habits)
        if not limit or len(full) <= limit:
            return full
        title = self._quietly_held(self.line.short_name) or full
        self._note_shortened(name, limit, len(full))
        return shortened(title, limit, in_bytes=False)

    def _text(self, name: str, value: str) -> str:
        held, limit = self._held(name, value), columns.length(name, self.habits)
        if not limit or len(held) <= limit:
            return held
        self._note_shortened(name, limit, len(held))
        return shortened(held, limit, in_bytes=False)

    def _note_shortened(self, name: str, limit: int, length: int) -> None:
        expected, got = f"at most {limit} characters", f"{length} characters"
        unproven = self._doubts_length(name)
        self.found.note("value.shortened", self.where(name), expected=expected, got=got, unproven=unproven)

    def _doubts_length(self, name: str) -> bool:
        """Whether the column's length is one that others report of the system."""
        return "lengths" in self.habits.unproven and name in self.habits.lengths

    def _quietly_held(self, value: str) -> str:
        """The text in characters that a form field and the system hold, on one line."""
        if value.isprintable() and not self._is_narrow:
            return value
        words = _UNHELD.sub(" ", value)
        return in_latin1(words) if self._is_narrow else words

    @property
    def _is_narrow(self) -> bool:
        """Whether only the characters of ISO-8859-1 arrive."""
        sheet = self.sheet
        return sheet.form_return.charset == LATIN1 or sheet.dialect.characters is Repertoire.LATIN1

    def _held(self, name: str, value: str) -> str:
        held = self._quietly_held(value)
        if held != value:
            expected = (
                "text without control characters" if _UNHELD.search(value) else "characters of ISO-8859-1"
            )
            self.found.note("value.replaced", self.where(name), expected=expected)
        return held

    def _whole(self, name: str, value: str, kind: Source) -> str:
        """The code as it is: changed, it would mean nothing or something else."""
        limit = columns.length(name, self.habits)
        if limit and len(value) > limit and not self._is_the_buyers(kind):
            self._refused(name, f"at most {limit} characters", f"{len(value)} characters")
        if self._quietly_held(value) != value:
            self._refused(name, "characters that the form and the system hold", value)
        return value

    def _refused(self, name: str, expected: str, got: str) -> None:
        self.found.note(
            "id.refused",
            self.where(name),
            expected=expected,
            got=got,
            advice=_NEVER_CUT,
            severity=Severity.ERROR,
            unproven=self._doubts_length(name),
        )

    def _is_the_buyers(self, kind: Source) -> bool:
        """Whether the code is the buyer's own word, which it holds whatever the standard says."""
        line, habits = self.line, self.habits
        return (
            kind is Source.VENDOR
            or (kind is Source.UNIT and line.unit in habits.units)
            or (kind is Source.CLASSIFICATION and line.classification in habits.classifications)
        )
