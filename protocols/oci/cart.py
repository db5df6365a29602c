"""The cart as form fields, on its way back to HOOK_URL (oci.md §4 to §7, §11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from protocols.dialects import Dialect
from protocols.dialects.oci_habits import Longtext
from protocols.model.cart import ReturnedCart, ReturnedLine
from protocols.model.finding import Finding, Severity
from protocols.model.session import FormReturn
from protocols.oci import columns
from protocols.oci.findings import Findings
from protocols.oci.fitting import Fitting
from protocols.oci.pairs import Pair
from protocols.oci.sources import Sheet

_SEGMENT = 132
_PLACE = "NEW_ITEM"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A form's fields and what had to be changed in them; a finding of severity error: do not send.

    form_fields
        How many there are, those beside the cart included.
    most
        How many the receiver takes; 0 where no limit is known.
    left
        How many more titles there is room for; 0 too where no limit is known.
    """

    pairs: tuple[Pair, ...]
    findings: tuple[Finding, ...]
    form_fields: int
    most: int
    left: int


@dataclass(frozen=True, slots=True)
class _Written:
    """The lines' fields, by column so that a column can be counted and left out, and what they say."""

    lines: tuple[tuple[tuple[str, Pair], ...], ...]
    findings: tuple[Finding, ...]

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return tuple(pair for line in self.lines for _, pair in line)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that hold something, in their order."""
        return tuple(dict.fromkeys(name for line in self.lines for name, _ in line))

    def count(self, names: Iterable[str]) -> int:
        """How many fields these columns take."""
        counted = set(names)
        return sum(name in counted for line in self.lines for name, _ in line)


def build(cart: ReturnedCart, form_return: FormReturn, dialect: Dialect, *, beside: int = 0) -> Built:
    """The fields of the cart for this buyer: control fields, then line by line, numbered from 1.

    Where they are more than the receiver takes, LONGTEXT and all columns but the lean ones and those that
    the buyer demands are left out; a line never is. ``beside`` counts the fields that the form has anyway.
    An unchanged cart has no lines.
    """
    sheet = Sheet(
        dialect=dialect,
        form_return=form_return,
        currency=cart.currency,
        quote_id=cart.quote_id,
        order_name=cart.order_name,
    )
    lines = () if cart.unchanged else cart.lines
    control_pairs = control(form_return, dialect)
    fixed, most = beside + len(control_pairs), dialect.max_form_fields
    lean = columns.lean(sheet.habits)
    written, dropped = _budgeted(lines, sheet, most - fixed if most else None)
    used = fixed + len(written.pairs)
    room_left = most - fixed - written.count(lean)
    return Built(
        pairs=control_pairs + written.pairs,
        findings=written.findings + dropped + _too_full(used, most),
        form_fields=used,
        most=most,
        left=max(room_left // max(len(lean), 1), 0) if most else 0,
    )


def room(dialect: Dialect, form_return: FormReturn, *, beside: int = 0) -> int:
    """How many lines the form holds at most, with the columns that are never left out; 0 without a limit."""
    if not dialect.max_form_fields:
        return 0
    free = dialect.max_form_fields - beside - len(control(form_return, dialect))
    return max(free // max(len(columns.lean(dialect.oci)), 1), 0)


def control(form_return: FormReturn, dialect: Dialect) -> tuple[Pair, ...]:
    """The control fields that go back as they came, where this buyer wants them; the usual ones always."""
    if not dialect.oci.echo_control_fields:
        return ()
    came = {entry.name.lstrip("~").casefold(): (entry.name, entry.value) for entry in form_return.echo}
    usual = {
        "okcode": ("~OkCode", "ADDI"),
        "target": ("~TARGET", form_return.target),
        "caller": ("~CALLER", "CTLG"),
    }
    return tuple({**usual, **came}.values())


def in_full(lines: Sequence[ReturnedLine], sheet: Sheet) -> tuple[tuple[Pair, ...], tuple[Finding, ...]]:
    """The fields of these lines with all columns, and what had to be changed in them."""
    done = _written(lines, sheet)
    return done.pairs, done.findings


def _written(lines: Sequence[ReturnedLine], sheet: Sheet) -> _Written:
    return _with(lines, sheet, sheet.habits.all_columns, long_texts=True)


def _with(
    lines: Sequence[ReturnedLine], sheet: Sheet, chosen: Mapping[str, str], *, long_texts: bool
) -> _Written:
    """The lines with these columns only."""
    found = Findings()
    _note_units(lines, sheet, chosen, found)
    fitted = (Fitting(line, index, sheet, found) for index, line in enumerate(lines, start=1))
    done = tuple(tuple(_fields(fitting, chosen, long_texts=long_texts)) for fitting in fitted)
    return _Written(done, found.all())


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
    way, demanded = fitting.habits.longtext, columns.LONGTEXT in fitting.habits.required
    if way is Longtext.OFF or not (demanded or fitting.is_long()):
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


def _budgeted(
    lines: Sequence[ReturnedLine], sheet: Sheet, free: int | None
) -> tuple[_Written, tuple[Finding, ...]]:
    """The lines in full, or with the columns that are never left out and a finding for each other one."""
    full = _written(lines, sheet)
    if free is None or len(full.pairs) <= free:
        return full, ()
    habits, found = sheet.habits, Findings()
    demanded = columns.LONGTEXT in habits.required
    done = _with(lines, sheet, columns.lean(habits), long_texts=demanded)
    for name in full.names:
        if name not in done.names:
            expected, got = f"at most {max(free, 0)} fields", f"{len(full.pairs)} fields with this column"
            found.note("value.dropped", f"NEW_ITEM-{name}", expected=expected, got=got)
    return done, found.all()


def _too_full(used: int, most: int) -> tuple[Finding, ...]:
    if not most or used <= most:
        return ()
    found = Findings()
    found.note(
        "form.full",
        _PLACE,
        expected=f"at most {most} fields",
        got=f"{used} fields",
        advice="Send the cart in parts: take lines out, and shop for them again.",
        severity=Severity.ERROR,
    )
    return found.all()
