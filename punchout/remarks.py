"""What is wrong with a document, where in it, and how to mend it: findings, schema and DTDs in one list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from protocols.errors import ProtocolError
from protocols.model.finding import CODES, Finding, Severity
from protocols.xml import Document
from punchout import standards
from punchout.inspection import Inspected
from schemas.explain import Explanation, explain

_STEP = re.compile(r"([^/\[\]]+)(?:\[(\d+)\])?")
_XML = "{http://www.w3.org/XML/1998/namespace}"
_BYTE, _LINE = re.compile(r"byte (\d+)"), re.compile(r"\bline (\d+)")
_MEND_SCHEMA = (
    (re.compile(r"(\S+) belongs before (\S+?),?(?: expected.*)?"), r"Move \1 in front of \2."),
    (re.compile(r"the attribute is missing"), "Add the attribute."),
    (re.compile(r"the attribute is not known here"), "Leave the attribute out."),
    (re.compile(r"(\S+) is not known here.*"), r"Leave \1 out, or send its value in an Extrinsic."),
    (re.compile(r"(.+) is missing at the end"), r"Add \1."),
    (re.compile(r"(\S+) cannot stand here again.*"), r"Send \1 once."),
    (re.compile(r"(\S+) cannot stand here, expected (.+)"), r"Send \2 in front of \1."),
    (re.compile(r".* was found, expected (.+)"), r"Write \1."),
)
_OTHERWISE = "Follow the standard here: this gateway reads it all the same, others may refuse it."
MEND = {
    "charset.disagreement": "Name one character set in both places.",
    "charset.fallback": "Write the document in the character set that it declares; UTF-8 is safest.",
    "whitespace.trimmed": "Send nothing in front of the document or behind it, and no blanks around values.",
    "root.spelling": "Write the root element as cXML, without a namespace.",
    "envelope.missing": "Send it: without it a fault is hard to trace.",
    "envelope.unknown": "Leave it out, or tell us what it means.",
    "deployment.spelling": "Write production or test.",
    "timestamp.unreadable": "Write time stamps as in 2026-03-02T09:15:00+01:00.",
    "value.missing": "Send a value, or leave the element out.",
    "line.number": "Give each line a lineNumber of its own, the same one in every document about the order.",
    "line.changed": "Send the line as it was ordered, or a change of the order.",
    "attachment.link": "Send the file itself in a part of its own, and name it by cid: and its Content-ID.",
    "attachment.refused": "Send PDF, an image, an office file, an archive, XML or text.",
    "confirmation.contradiction": "Let type, lines and quantities say the same thing.",
}
"""Code → what to do, for findings that bring no advice of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing that deviates.

    source
        Who says so: ``reading``, ``schema`` (ours), ``DTD 1.2.014`` …, or ``refusal``.
    line
        Of the file, from 1; 0 where it cannot be told.
    """

    source: str
    severity: Severity
    says: str
    where: str = ""
    line: int = 0
    expected: str = ""
    got: str = ""
    advice: str = ""


def remarks(found: Inspected, standards_dir: str = "") -> tuple[Remark, ...]:
    """Everything that deviates, refusals first, then in the order of the document.

    standards_dir
        Folder with the official DTDs, asked too; empty for none.
    """
    document = found.document
    told = [
        *(of_finding(finding, document) for finding in found.findings if finding.code != "schema.invalid"),
        *(_of_schema(entry, document) for entry in explain("cxml", document.utf8)),
        *_of_standards(document, standards_dir),
    ]
    refused = [of_refusal(found.refusal, document)] if found.refusal else []
    return (*refused, *sorted(told, key=lambda remark: remark.line))


def of_finding(finding: Finding, document: Document | None = None) -> Remark:
    """The finding as a remark; with the line where the document has lines."""
    return Remark(
        source="reading",
        severity=finding.severity,
        says=CODES[finding.code],
        where=finding.where,
        line=line_of(document, finding.where) if document else 0,
        expected=finding.expected,
        got=finding.got,
        advice=finding.advice or MEND.get(finding.code, ""),
    )


def _of_schema(entry: Explanation, document: Document) -> Remark:
    where = entry.path.replace(_XML, "xml:")
    return Remark(
        source="schema",
        severity=Severity.WARNING,
        says=entry.reason,
        where=where,
        line=line_of(document, where),
        advice=_mended(entry.reason),
    )


def _mended(reason: str) -> str:
    for pattern, advice in _MEND_SCHEMA:
        if found := pattern.fullmatch(reason):
            return found.expand(advice)
    return _OTHERWISE


def _of_standards(document: Document, folder: str) -> Iterator[Remark]:
    for standard in standards.dtds(Path(folder)) if folder else ():
        for error in standards.errors(standard, document):
            place, _, says = error.rpartition(": ") if _LINE.match(error) else ("", "", error)
            yield Remark(
                source=f"DTD {standard.version}",
                severity=Severity.WARNING,
                says=says,
                line=_number(_LINE, place),
                advice=_OTHERWISE,
            )


def of_refusal(error: ProtocolError, document: Document | None = None) -> Remark:
    """The refusal as a remark; with the line where the document has lines."""
    return Remark(
        source="refusal",
        severity=Severity.ERROR,
        says=error.detail,
        where=error.where,
        line=line_of(document, error.where) if document else 0,
    )


def line_of(document: Document, where: str) -> int:
    """The line in the file where the place is, or what is nearest around it; 0 for no place in it.

    where
        Path as findings have it (``/cXML/Header/Sender/UserAgent``, ``ItemOut[2]/@quantity``), ``byte 12``
        or ``line 3 …``.
    """
    if found := _BYTE.fullmatch(where):
        return document.raw.count(b"\n", 0, int(found[1])) + 1
    if number := _number(_LINE, where):
        return number
    steps = [(name, int(index or 1)) for name, index in _STEP.findall(where) if name[0] != "@"]
    return _nearest(document.root, steps) if steps else 0


def _nearest(root: etree._Element, steps: list[tuple[str, int]]) -> int:
    """The line of the last step that can be walked; the first may be anywhere in the document."""
    (first, _), *below = steps
    place = next((element for element in root.iter() if _named(element, first)), None)
    if place is None:
        return 0
    for name, index in below:
        alike = [child for child in place if _named(child, name)]
        if len(alike) < index:
            break
        place = alike[index - 1]
    return int(place.sourceline or 0)


def _named(element: etree._Element, name: str) -> bool:
    return etree.QName(element).localname.casefold() == name.rpartition(":")[2].casefold()


def _number(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return int(found[1]) if found else 0
