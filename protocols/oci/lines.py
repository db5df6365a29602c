"""Lines of a cart as NEW_ITEM-* fields, one column after the other (oci.md §5, §6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from protocols.dialects.oci_habits import Longtext
from protocols.model.cart import ReturnedLine
from protocols.model.finding import Finding, Severity
from protocols.oci import columns
from protocols.oci.findings import Findings
from protocols.oci.fitting import Fitting
from protocols.oci.pairs import Pair
from protocols.oci.sources import Sheet

_SEGMENT = 132


@dataclass(frozen=True, slots=True)
class Written:
    """The lines' fields, by column so that a column can be counted and left out, and what they say."""

    lines: tuple[tuple[tuple[str, Pair], ...], ...]
    findings: tuple[Finding, ...]

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """All fields in their order."""
        return tuple(pair for line in self.lines for _, pair in line)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that hold something, in their order."""
        return tuple(dict.fromkeys(name for line in self.lines for name, _ in line))


def in_full(lines: Sequence[ReturnedLine], sheet: Sheet) -> Written:
    """The lines with all columns of this buyer."""
    return with_columns(lines, sheet, sheet.habits.all_columns, long_texts=True)


def with_columns(
    lines: Sequence[ReturnedLine], sheet: Sheet, chosen: Mapping[str, str], *, long_texts: bool
) -> Written:
    """The lines with these columns only."""
    found = Findings(most=0)
    _note_units(lines, sheet, chosen, found)
    fitted = (Fitting(line, index, sheet, found) for index, line in enumerate(lines, start=1))
    done = tuple(tuple(_fields(fitting, chosen, long_texts=long_texts)) for fitting in fitted)
    return Written(done, found.all())


def _fields(fitting: Fitting, chosen: Mapping[str, str], *, long_texts: bool) -> Iterator[tuple[str, Pair]]:
    """The columns of one line that are not empty, LONGTEXT last."""
    short = {name: source for name, source in chosen.items() if name != columns.LONGTEXT}
    values = {name: fitting.value(name, source) for name, source in short.items()}
    texts = tuple(_long_texts(fitting)) if long_texts else ()
    fitting.check({**values, columns.LONGTEXT: "".join(value for _, value in texts)})
    yield from ((name, (fitting.where(name), value)) for name, value in values.items() if value)
    yield from ((columns.LONGTEXT, pair) for pair in texts)


def _long_texts(fitting: Fitting) -> Iterator[Pair]:
    """The full description, in the buyer's way, where DESCRIPTION cannot hold it or LONGTEXT is demanded."""
    way, demanded = fitting.habits.longtext, columns.long_text_demanded(fitting.habits)
    if way is Longtext.OFF or not fitting.line.description or not (demanded or fitting.is_long()):
        return
    text, name = fitting.long_text(), f"NEW_ITEM-LONGTEXT_{fitting.index}:{_SEGMENT}[]"
    if way is Longtext.INDEX_FORM:
        yield fitting.where(columns.LONGTEXT), text
    elif way is Longtext.SEGMENTS:
        yield from ((name, text[start : start + _SEGMENT]) for start in range(0, len(text), _SEGMENT))
    else:
        yield name, text


def _note_units(
    lines: Sequence[ReturnedLine], sheet: Sheet, chosen: Mapping[str, str], found: Findings
) -> None:
    """Each unit that goes out under another name, once."""
    column = next((name for name, source in chosen.items() if source == "unit"), "")
    for unit in dict.fromkeys(line.unit for line in lines if column):
        mapped = sheet.habits.units.get(unit, unit)
        if mapped != unit:
            unproven = "units" in sheet.habits.unproven
            where, severity = f"NEW_ITEM-{column}", Severity.NOTE
            found.note("unit.mapped", where, expected=mapped, got=unit, severity=severity, unproven=unproven)
