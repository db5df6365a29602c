"""The cart as it arrives at the buyer's: decoded, and judged the way a strict buyer would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from protocols.cxml import cart as cxml_cart
from protocols.cxml.cart import CartMessage
from protocols.cxml.envelope import Envelope, open_envelope
from protocols.cxml.verdict import validate
from protocols.dialects import Dialect
from protocols.model.finding import Finding
from protocols.model.money import Money, total
from protocols.model.order import OrderLine
from protocols.xml import Document, parse_untrusted
from punchout import standards as official
from schemas.explain import explain


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One thing that was looked at, whether it holds, and what is wrong where it does not."""

    about: str
    holds: bool
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedCart:
    """A returned cart.

    document
        The bytes out of the form field; enough to read the cart again later.
    findings
        What the reader stumbled over; none for a cart of ours.
    """

    document: bytes
    message: CartMessage
    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def holds(self) -> bool:
        """Whether every verdict is good."""
        return all(verdict.holds for verdict in self.verdicts)

    @property
    def lines(self) -> tuple[OrderLine, ...]:
        """What it orders."""
        return self.message.lines

    @property
    def total(self) -> Money:
        """The sum of the lines, as the cart says it."""
        return self.message.total


def receive(document: bytes, buyer_cookie: str, dialect: Dialect, standards: Path | None) -> ReceivedCart:
    """The cart in the document; raises what the XML door and the cart's reader raise for a bad one."""
    parsed = parse_untrusted(document)
    envelope = open_envelope(parsed)
    message, findings = cxml_cart.parse(envelope)
    return ReceivedCart(
        document=document,
        message=message,
        findings=(*envelope.findings, *findings),
        verdicts=(
            by_schema(parsed),
            *by_standards(parsed, standards),
            _same_cookie(message, buyer_cookie),
            _adds_up(message),
            _fits(message.lines, dialect),
            _takes_ids(message.lines, dialect),
            _no_secret(envelope),
        ),
    )


def by_schema(document: Document) -> Verdict:
    """What our own schema says."""
    if not validate(document):
        return Verdict(about="schema", holds=True)
    told = (f"{entry.path}: {entry.reason}" for entry in explain("cxml", document.utf8))
    return Verdict(about="schema", holds=False, detail="; ".join(told))


def by_standards(document: Document, folder: Path | None) -> Iterator[Verdict]:
    """What each official DTD at hand says that knows documents of this kind."""
    for dtd in official.dtds(folder) if folder else ():
        if not official.knows(dtd, document):
            continue
        errors = official.errors(dtd, document)
        yield Verdict(about=f"DTD {dtd.version}", holds=not errors, detail="; ".join(errors))


def _same_cookie(message: CartMessage, expected: str) -> Verdict:
    same = message.buyer_cookie == expected
    detail = "" if same else f"expected {expected!r}, got {message.buyer_cookie!r}"
    return Verdict(about="BuyerCookie", holds=same, detail=detail)


def _adds_up(message: CartMessage) -> Verdict:
    """Whether the total is the sum of the lines; an unchanged cart has neither."""
    priced = [line.unit_price.times(line.quantity) for line in message.lines if line.unit_price]
    expected = total(priced, message.total.currency)
    same = message.total == expected and len(priced) == len(message.lines)
    return Verdict(
        about="total", holds=same, detail="" if same else f"expected {expected}, got {message.total}"
    )


def _fits(lines: Iterable[OrderLine], dialect: Dialect) -> Verdict:
    limits = (
        ("description", dialect.description_limit),
        ("product_id", dialect.part_id_limit),
        ("line_token", dialect.auxiliary_id_limit),
    )
    long = [
        f"line {line.number}: {name} is longer than {limit} {dialect.limits_in}"
        for line in lines
        for name, limit in limits
        if dialect.length(getattr(line, name)) > limit
    ]
    return Verdict(about="field lengths", holds=not long, detail="; ".join(long))


def _takes_ids(lines: Iterable[OrderLine], dialect: Dialect) -> Verdict:
    """Whether both part ids of each line are free of what the system refuses in them."""
    strange = [
        f"line {line.number}: {name} holds {character}"
        for line in lines
        for name in ("product_id", "line_token")
        for character in dialect.part_id_forbidden
        if character in getattr(line, name)
    ]
    return Verdict(about="part ids", holds=not strange, detail="; ".join(strange))


def _no_secret(envelope: Envelope) -> Verdict:
    """Whether the document, which went through a browser, is free of secrets (cxml.md §2)."""
    parties = (envelope.sender, envelope.from_, envelope.to)
    told = any(credential.secret for party in parties for credential in party.credentials)
    return Verdict(about="no secret", holds=not told, detail="a SharedSecret is in it" if told else "")
