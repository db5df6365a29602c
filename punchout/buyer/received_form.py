"""The form of lines as it arrives at HOOK_URL: read in its character set, judged as a strict buyer would."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from protocols.dialects import Dialect
from protocols.dialects.oci_habits import OciHabits
from protocols.model.finding import Finding, Severity
from protocols.model.money import Money
from protocols.model.order import OrderLine
from protocols.oci import cart as oci_cart
from protocols.oci import columns
from protocols.oci.cart import FormLine, ReturnedForm
from protocols.oci.pairs import Pair, parsed
from punchout.buyer.ordering import summed
from punchout.buyer.received import Verdict

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_ABOUT = {
    "line.index": "line numbers",
    "line.incomplete": "columns that belong together",
    "charset.fallback": "character set",
    "charset.disagreement": "character set",
}
_REST = "no deviation"
OF_FINDINGS = frozenset({*_ABOUT.values(), _REST})
"""Verdicts that only sum up findings of the reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedForm:
    """A returned form.

    document
        The body as it came; enough to read the form again later.
    pairs
        Its fields in their order.
    findings
        What the reader stumbled over; none for a form of ours.
    """

    document: bytes
    pairs: tuple[Pair, ...]
    form: ReturnedForm
    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def holds(self) -> bool:
        """Whether every verdict is good."""
        return all(verdict.holds for verdict in self.verdicts)

    @property
    def lines(self) -> tuple[OrderLine, ...]:
        """What it orders, numbered by position; none for a shopper who left without a cart."""
        return tuple(entry.line for entry in self.form.lines)

    @property
    def total(self) -> Money:
        """The sum of the lines; the form itself has none."""
        return summed(self.lines)

    @property
    def quote_id(self) -> str:
        """The number of the offer; empty where no line has one."""
        return next((line.quote_id for line in self.lines if line.quote_id), "")

    def with_lines(self, lines: Iterable[OrderLine]) -> ReceivedForm:
        """The same form with these lines in the place of its own, one for each."""
        entries = zip(self.form.lines, lines, strict=True)
        changed = tuple(replace(entry, line=line) for entry, line in entries)
        return replace(self, form=replace(self.form, lines=changed))


def receive(body: bytes, dialect: Dialect, *, charset: str, secrets: Iterable[str]) -> ReceivedForm:
    """The form in the body; Malformed, naming the field, for a number that nobody can read.

    charset
        ``utf-8`` or ``iso-8859-1``: what the call-up, or the agreement, said.
    secrets
        What no form may hold.
    """
    pairs, odd = parsed(body, charset)
    form, found = oci_cart.parse(pairs, dialect.oci)
    findings = (*odd, *found)
    return ReceivedForm(
        document=body,
        pairs=pairs,
        form=form,
        findings=findings,
        verdicts=(
            *_of_findings(findings),
            _field_count(pairs, dialect.max_form_fields),
            _fits(form.lines, dialect.oci),
            _units(form.lines, dialect.oci),
            _prices(form.lines),
            _offer(form.lines),
            _no_secret(pairs, secrets),
        ),
    )


def _of_findings(findings: tuple[Finding, ...]) -> Iterator[Verdict]:
    """Whether nothing of each kind was found; what is only a note is none."""
    counted = [entry for entry in findings if entry.severity is not Severity.NOTE]
    for about in dict.fromkeys((*_ABOUT.values(), _REST)):
        wrong = [entry for entry in counted if _ABOUT.get(entry.code, _REST) == about]
        yield _verdict(about, [_told(entry) for entry in wrong])


def _told(entry: Finding) -> str:
    return " ".join(filter(None, (entry.where, entry.code, entry.expected, entry.got)))


def _field_count(pairs: tuple[Pair, ...], most: int) -> Verdict:
    """Whether the receiver's platform takes so many; what is over its limit is lost without a word."""
    over = most and len(pairs) > most
    return _verdict("number of fields", [f"{len(pairs)} fields, at most {most}"] if over else [])


def _fits(lines: Iterable[FormLine], habits: OciHabits) -> Verdict:
    long = [
        f"NEW_ITEM-{name}[{entry.index}] is longer than {limit} characters"
        for entry in lines
        for name, value in entry.columns.items()
        if (limit := columns.length(name, habits)) and len(value) > limit
    ]
    return _verdict("field lengths", long)


def _units(lines: Iterable[FormLine], habits: OciHabits) -> Verdict:
    """Whether each unit is the system's own word, where it is known to have one."""
    own = set(habits.units.values())
    strange = [
        f"NEW_ITEM-UNIT[{entry.index}] is {unit}; this system says {habits.units[unit]}"
        for entry in lines
        if (unit := entry.line.unit) in habits.units and unit not in own
    ]
    return _verdict("units", strange)


def _prices(lines: tuple[FormLine, ...]) -> Verdict:
    """Whether every line has one above zero, all in one currency."""
    free = [
        f"NEW_ITEM-PRICE[{entry.index}] is not above zero"
        for entry in lines
        if entry.line.unit_price is None or entry.line.unit_price.amount <= 0
    ]
    named = sorted({price.currency for entry in lines if (price := entry.line.unit_price)})
    several = [f"the lines are in {' and '.join(named)}"] if len(named) > 1 else []
    return _verdict("prices", free + several)


def _offer(lines: tuple[FormLine, ...]) -> Verdict:
    """Whether every line names the one offer, and its own place in it."""
    named = {entry.line.quote_id for entry in lines}
    places = [entry.line.quote_line for entry in lines if entry.line.quote_line]
    wrong = [
        f"NEW_ITEM-EXT_QUOTE_ID[{entry.index}] or EXT_QUOTE_ITEM is missing"
        for entry in lines
        if not (entry.line.quote_id and entry.line.quote_line)
    ]
    if len(named) > 1:
        wrong.append("the lines name several offers")
    if len(set(places)) < len(places):
        wrong.append("two lines have the same EXT_QUOTE_ITEM")
    return _verdict("offer and line of it", wrong)


def _no_secret(pairs: Iterable[Pair], secrets: Iterable[str]) -> Verdict:
    """Whether the form, which went through a browser, is free of passwords and e-mail addresses."""
    hidden = [secret for secret in secrets if secret]
    told = [
        f"{name} holds a password or an e-mail address"
        for name, value in pairs
        if _EMAIL.search(value) or any(secret in value for secret in hidden)
    ]
    return _verdict("no secret, no e-mail address", told)


def _verdict(about: str, wrong: list[str]) -> Verdict:
    return Verdict(about=about, holds=not wrong, detail="; ".join(wrong))
