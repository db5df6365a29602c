"""The cart as form fields on its way to HOOK_URL, and as it is read there (oci.md §4 to §7, §11)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from protocols.dialects import Dialect
from protocols.dialects.oci_habits import Longtext, OciHabits
from protocols.errors import Malformed
from protocols.model.cart import ReturnedCart, ReturnedLine
from protocols.model.finding import Finding, Severity
from protocols.model.money import Money
from protocols.model.order import OrderLine
from protocols.model.session import FormReturn
from protocols.oci import columns, numbers
from protocols.oci.columns import LONGTEXT
from protocols.oci.findings import Findings
from protocols.oci.lines import Written, in_full, with_columns
from protocols.oci.naming import placed
from protocols.oci.pairs import Pair, unreferenced
from protocols.oci.sources import Sheet

_PLACE = "NEW_ITEM"
_IN_PARTS = "Send the cart in parts: take lines out, and shop for them again."
_CURRENCY = re.compile("[A-Z]{3}").fullmatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A form's fields and what had to be changed in them; a finding of severity error: do not send."""

    pairs: tuple[Pair, ...]
    findings: tuple[Finding, ...]


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
    written, dropped = _budgeted(lines, sheet, most - fixed if most else None)
    return Built(
        pairs=control_pairs + written.pairs,
        findings=(
            *written.findings,
            *dropped,
            *_too_full(fixed + len(written.pairs), most),
            *_too_long(len(lines), dialect),
        ),
    )


def room(dialect: Dialect, form_return: FormReturn, *, beside: int = 0) -> int:
    """How many lines the form holds at most, with the columns that are never left out; 0 without a limit.

    The buyer's system may take fewer lines than its form has room for.
    """
    if not dialect.max_form_fields:
        return dialect.max_lines
    free = dialect.max_form_fields - beside - len(control(form_return, dialect))
    by_fields = max(free // max(len(columns.kept(dialect.oci)), 1), 0)
    return min(by_fields, dialect.max_lines or by_fields)


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


def _budgeted(
    lines: Sequence[ReturnedLine], sheet: Sheet, free: int | None
) -> tuple[Written, tuple[Finding, ...]]:
    """The lines in full, or with the columns that are never left out and a finding for each other one.

    A LONGTEXT that is demanded then goes whole, in one field: that is as right, and ``room`` counts on it.
    """
    full = in_full(lines, sheet)
    if free is None or len(full.pairs) <= free:
        return full, ()
    habits, found = sheet.habits, Findings(most=0)
    demanded = columns.long_text_demanded(habits)
    done = with_columns(lines, _unsegmented(sheet), columns.lean(habits), long_texts=demanded)
    for name in full.names:
        if name not in done.names:
            expected, got = f"at most {max(free, 0)} fields", f"{len(full.pairs)} fields with this column"
            found.note("value.dropped", f"NEW_ITEM-{name}", expected=expected, got=got)
    return done, found.all()


def _unsegmented(sheet: Sheet) -> Sheet:
    habits = sheet.habits
    if habits.longtext is not Longtext.SEGMENTS:
        return sheet
    whole = replace(habits, longtext=Longtext.SINGLE)
    return replace(sheet, dialect=replace(sheet.dialect, oci=whole))


def _too_full(used: int, most: int) -> tuple[Finding, ...]:
    found = Findings()
    if most and used > most:
        expected, got = f"at most {most} fields", f"{used} fields"
        found.note("form.full", _PLACE, expected=expected, got=got, advice=_IN_PARTS, severity=Severity.ERROR)
    return found.all()


def _too_long(used: int, dialect: Dialect) -> tuple[Finding, ...]:
    found, most = Findings(), dialect.max_lines
    if most and used > most:
        expected, got, unproven = f"at most {most} lines", f"{used} lines", dialect.doubts("max_lines")
        found.note(
            "cart.long",
            _PLACE,
            expected=expected,
            got=got,
            advice=_IN_PARTS,
            severity=Severity.ERROR,
            unproven=unproven,
        )
    return found.all()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLine:
    """One line of a returned form.

    index
        The number in the fields' names, as sent.
    line
        What it orders, numbered by position; quantity 0 and unit price None where they did not come.
    longtext
        LONGTEXT, its pieces put together.
    columns
        Every other column that came, by its name in upper case, as it came.
    """

    index: int
    line: OrderLine
    longtext: str = ""
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedForm:
    """A form that came to HOOK_URL: its lines, and all fields that belong to none."""

    lines: tuple[FormLine, ...]
    control: tuple[Pair, ...]

    @property
    def unplaced(self) -> tuple[str, ...]:
        """The names of columns that say no line: with them, a form without lines is no cart given up."""
        return tuple(name for name, _ in self.control if name.strip().upper().startswith(_PLACE))


def parse(pairs: Iterable[Pair], habits: OciHabits) -> tuple[ReturnedForm, tuple[Finding, ...]]:
    """The lines of anybody's form, and what was odd about them; none for an empty form.

    Of repeated columns the first counts. References that a browser put in for characters are read back.
    Malformed, naming the field, for a number that nobody can read.
    """
    found, control = Findings(), []
    values: defaultdict[int, dict[str, str]] = defaultdict(dict)
    texts: list[_Text] = []
    came: list[int] = []
    for name, value in unreferenced(pairs):
        place = placed(name)
        if place is None:
            control.append((name, value))
        elif place.column == LONGTEXT:
            texts.append(_Text(pair=(name, value), index=place.index, after=len(came)))
        else:
            index = place.index or 0
            came.append(index)
            if place.column in values[index]:
                found.note("field.repeated", name, expected="one value; the first one counts")
            values[index].setdefault(place.column, value)
    long_texts, left = _settled(texts, came)
    control += left
    indices = sorted({*values, *long_texts})
    _note_indices(indices, found)
    lines = (
        _Reader(index, values.get(index, {}), long_texts.get(index, ""), habits, found).line(number)
        for number, index in enumerate(indices, start=1)
    )
    form = ReturnedForm(lines=tuple(lines), control=tuple(control))
    for name in form.unplaced:
        found.note("envelope.unknown", name, expected=f"{_PLACE}-<NAME>[n]")
    return form, found.all()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A LONGTEXT as it came: the line that its name says, and how many other columns stood before it."""

    pair: Pair
    index: int | None
    after: int


def _settled(texts: Iterable[_Text], came: Sequence[int]) -> tuple[dict[int, str], list[Pair]]:
    """Each line's whole LONGTEXT, and what belongs to no line; ``came`` has the line of each other column.

    A text whose name says no line makes none. It is of the line before it, or in a form that begins with
    such a text of the line behind it, for that sender writes the text first.
    """
    whole: defaultdict[int, str] = defaultdict(str)
    stray = []
    from_zero = 0 in came
    for entry in texts:
        if entry.index is None or not (entry.index or from_zero):
            stray.append(entry)
        else:
            whole[entry.index] += entry.pair[1]
    if not came:
        return whole, [entry.pair for entry in stray]
    step = 0 if stray and not stray[0].after else -1
    for entry in stray:
        whole[came[min(entry.after + step, len(came) - 1)]] += entry.pair[1]
    return whole, []


def _note_indices(indices: Sequence[int], found: Findings) -> None:
    if list(indices) != list(range(1, len(indices) + 1)):
        got = ", ".join(map(str, indices))
        found.note("line.index", _PLACE, expected=f"1 to {len(indices)} without gaps", got=got)


@dataclass(frozen=True, slots=True)
class _Reader:
    """One line on its way out of its columns."""

    index: int
    values: Mapping[str, str]
    longtext: str
    habits: OciHabits
    found: Findings

    def line(self, number: int) -> FormLine:
        """The line, and a finding for everything that it lacks."""
        came = {name: value.strip() for name, value in self.values.items()}
        for name, expected in columns.missing({**came, LONGTEXT: self.longtext}, self.habits):
            self.found.note("line.incomplete", self._where(name), expected=expected)
        product_id, token = self._ids(came.get("VENDORMAT", ""), came.get("EXT_PRODUCT_ID", ""))
        line = OrderLine(
            number=number,
            product_id=product_id,
            line_token=token,
            quote_id=came.get("EXT_QUOTE_ID", ""),
            quote_line=self._quote_line(came.get("EXT_QUOTE_ITEM", "")),
            description=self.values.get("DESCRIPTION", ""),
            quantity=numbers.whole(self._number("QUANTITY") or Decimal(0)),
            unit=came.get("UNIT", ""),
            unit_price=self._unit_price(came.get("CURRENCY", "").upper()),
            classification=came.get("MATGROUP") or came.get("EXT_CATEGORY", ""),
        )
        return FormLine(index=self.index, line=line, longtext=self.longtext, columns=dict(self.values))

    def _where(self, name: str) -> str:
        return f"NEW_ITEM-{name}[{self.index}]"

    @staticmethod
    def _ids(own: str, external: str) -> tuple[str, str]:
        """Product id and line token; EXT_PRODUCT_ID is both, or the seller's own key."""
        if own and external.startswith(f"{own}~"):
            return own, external.removeprefix(f"{own}~")
        if own and external == own:
            return own, ""
        bare, mark, token = external.rpartition("~")
        return own or (bare if mark else external), token if mark else ""

    def _number(self, name: str) -> Decimal | None:
        """The number in the column; None where it is empty."""
        text = self.values.get(name, "")
        if not text.strip():
            return None
        number, tidy = numbers.read(text, self._where(name), comma=self.habits.decimal_comma)
        if not tidy:
            self.found.note("number.spelling", self._where(name), got=text, severity=Severity.NOTE)
        return number

    def _quote_line(self, text: str) -> int:
        if text.isascii() and text.isdecimal() and len(text) <= columns.LENGTHS["EXT_QUOTE_ITEM"]:
            return int(text)
        if text:
            self.found.note("number.spelling", self._where("EXT_QUOTE_ITEM"), expected="digits", got=text)
        return 0

    def _unit_price(self, currency: str) -> Money | None:
        """What one piece costs: PRICE is for PRICEUNIT of them."""
        price, per = self._number("PRICE"), self._number("PRICEUNIT")
        if per is not None and not per:
            raise Malformed("PRICEUNIT is how many pieces PRICE is for.", where=self._where("PRICEUNIT"))
        if price is None or not currency:
            return None
        if not _CURRENCY(currency):
            raise Malformed("CURRENCY has three letters, as NOK.", where=self._where("CURRENCY"))
        amount, exact = numbers.unit_price(price, per or Decimal(1))
        if not exact:
            expected, got = "a price of one piece with four decimals", f"{price} for {per}"
            self.found.note("value.replaced", self._where("PRICE"), expected=expected, got=got)
        return Money(amount, currency)
