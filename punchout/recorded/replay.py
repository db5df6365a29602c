"""A recorded document sent to a gateway of its own, fresh and empty but for demo data; and what differs."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import schemas
from protocols.cxml.envelope import Response, open_response
from protocols.errors import ProtocolError
from protocols.model.serial import to_json
from protocols.xml import parse_untrusted
from punchout import house, local, standards
from punchout.app import create_app
from punchout.demo.load import fill
from punchout.inspection import Inspected, inspect
from punchout.recorded import forms
from punchout.recorded.agreements import AGREEMENT, agreement_for
from punchout.recorded.differences import apart, unequal
from session_store import agreements, journal

if TYPE_CHECKING:
    from protocols.model.finding import Finding
    from punchout.config import Settings
    from punchout.recorded.cases import Case, Expected

_NEWEST_DTD = "1.2.071"
_REFERENCE = re.compile(r"\breference ([0-9A-Z]{8})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the gateway said to a document; ``body`` are the very bytes.

    findings
        Everything that it noted about the document on the way; empty for what it refused.
    """

    http_status: int
    said: Response
    body: bytes
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A case after its replay.

    differences
        One line each: what was recorded and what is so now.
    answered
        None for a form of OCI: it is read again, and sent nowhere.
    findings
        What is odd about the document; none for what cannot be parsed at all.
    """

    case: Case
    answered: Answered | None
    findings: tuple[Finding, ...]
    differences: tuple[str, ...]


class Stage:
    """A folder with databases as they are after ``punchout demo``; each document gets its own copy."""

    def __init__(self, folder: Path, standards_dir: str = "") -> None:
        """Keep where the template lies."""
        self._folder = folder
        self._standards_dir = standards_dir
        self._numbers = itertools.count(1)

    def answer(self, case: Case) -> Answered:
        """The gateway's answer to the case's document, posted as it was recorded."""
        with self._fresh(case) as home:
            client = create_app(home).test_client()
            reply = client.post("/cxml", data=case.raw, content_type=case.content_type)
            said = open_response(parse_untrusted(reply.data, reply.content_type or ""))
            return Answered(
                http_status=reply.status_code,
                said=said,
                body=reply.data,
                findings=_noted(home, said.detail),
            )

    def replay(self, case: Case) -> Replayed:
        """The case with everything that is not as it was recorded."""
        if case.protocol == forms.OCI:
            return _read_again(case)
        answered = self.answer(case)
        try:
            inspected = inspect(case.raw, case.content_type, case.dialect)
        except ProtocolError:
            inspected = None
        expected = case.expected
        found = self._differences(expected, answered, inspected) if expected else ()
        noted = inspected.findings if inspected else ()
        return Replayed(case=case, answered=answered, findings=noted, differences=tuple(found))

    def _differences(
        self, expected: Expected, answered: Answered, inspected: Inspected | None
    ) -> Iterator[str]:
        yield from unequal("status", expected.status, answered.said.code)
        if inspected is None:
            return
        findings = [f"{finding.code} {finding.where}" for finding in inspected.findings]
        yield from unequal("findings", expected.findings, findings)
        fits = schemas.load("cxml").validate(inspected.document.root)
        yield from unequal("schema", expected.schema, _word(fits=fits))
        yield from self._by_dtd(expected, inspected)
        if expected.model is not None and inspected.model is not None:
            yield from apart("", expected.model, json.loads(to_json(inspected.model)))

    def _by_dtd(self, expected: Expected, inspected: Inspected) -> Iterator[str]:
        for standard in standards.dtds(Path(self._standards_dir)) if self._standards_dir else ():
            if standard.version == _NEWEST_DTD:
                fits = not standards.errors(standard, inspected.document)
                yield from unequal("dtd", expected.dtd, _word(fits=fits))

    @contextmanager
    def _fresh(self, case: Case) -> Iterator[house.House]:
        """A house of the case's own, in which its agreement is the only one that knows the sender."""
        folder = self._folder / str(next(self._numbers))
        shutil.copytree(self._folder / "template", folder)
        home = house.build(_settings(folder))
        try:
            _agree(home, case)
            yield home
        finally:
            home.close()
            shutil.rmtree(folder)


@contextmanager
def stage(standards_dir: str = "") -> Iterator[Stage]:
    """A stage that is gone when the block is left."""
    with tempfile.TemporaryDirectory(prefix="punchout-replay-") as folder:
        template = Path(folder) / "template"
        template.mkdir()
        home = house.build(_settings(template))
        try:
            fill(home)
        finally:
            home.close()
        yield Stage(Path(folder), standards_dir)


def _read_again(case: Case) -> Replayed:
    """A form of OCI, which needs no gateway to say what it says."""
    try:
        model, findings = forms.read(case)
    except ProtocolError as error:
        told = (
            f"cannot be read: {error.detail} [{error.where}]"
            if error.where
            else f"cannot be read: {error.detail}"
        )
        return Replayed(case=case, answered=None, findings=(), differences=(told,))
    found: Iterator[str] = iter(())
    if case.expected:
        noted = [f"{finding.code} {finding.where}" for finding in findings]
        found = itertools.chain(
            unequal("findings", case.expected.findings, noted),
            apart("", case.expected.model, json.loads(to_json(model))) if case.expected.model else (),
        )
    return Replayed(case=case, answered=None, findings=findings, differences=tuple(found))


def _settings(folder: Path) -> Settings:
    return replace(local.settings_in(folder), loopback=False)


def _agree(home: house.House, case: Case) -> None:
    found = agreement_for(case)
    if found is None:
        return
    agreement, secrets = found
    with home.store.write() as tx:
        agreements.save(tx, agreement, secrets, keyring=home.world.keyring, now=home.world.now())


def _noted(home: house.House, detail: str) -> tuple[Finding, ...]:
    """The findings under the reference that the answer names; none where it names none."""
    named = _REFERENCE.search(detail)
    if named is None:
        return ()
    with home.store.read() as tx:
        entries = journal.timeline(tx, AGREEMENT, named[1])
    return tuple(finding for entry in entries for finding in entry.findings)


def _word(*, fits: bool) -> str:
    return "accepted" if fits else "refused"
