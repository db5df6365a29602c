"""A recorded document sent to a gateway of its own, fresh and empty but for demo data; and what differs."""

from __future__ import annotations

import itertools
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import schemas
from protocols.errors import ProtocolError
from protocols.model.serial import to_json
from punchout import house, local, standards
from punchout.demo.load import fill
from punchout.inspection import Inspected, inspect
from punchout.plain import plain
from punchout.recorded import doors, forms
from punchout.recorded.agreements import agreement_for
from punchout.recorded.cases import CALL_UP
from punchout.recorded.differences import apart, unequal
from session_store import agreements

if TYPE_CHECKING:
    from protocols.model.finding import Finding
    from punchout.config import Settings
    from punchout.recorded.cases import Case, Expected
    from punchout.recorded.doors import Answered

_NEWEST_DTD = "1.2.071"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A case after its replay.

    differences
        One line each: what was recorded and what is so now.
    answered
        None for a form of OCI that is no call-up, or of which nobody says who may call up: it is read again,
        and sent nowhere.
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
            return doors.answer(home, case)

    def replay(self, case: Case) -> Replayed:
        """The case with everything that is not as it was recorded."""
        if case.protocol == "oci":
            return self._form(case)
        answered = self.answer(case)
        if case.protocol == "peppol":
            return _order(case, answered)
        try:
            inspected = inspect(case.raw, case.content_type, case.dialect)
        except ProtocolError:
            inspected = None
        expected = case.expected
        found = self._differences(expected, answered, inspected) if expected else ()
        noted = inspected.findings if inspected else ()
        return Replayed(case=case, answered=answered, findings=noted, differences=tuple(found))

    def _form(self, case: Case) -> Replayed:
        """A form of OCI, read again; a call-up is sent as well, where the case says who may call up."""
        again = _read_again(case, forms.read)
        if case.kind != CALL_UP or not case.agreement:
            return again
        return _with_answer(again, self.answer(case))

    def _differences(
        self, expected: Expected, answered: Answered, inspected: Inspected | None
    ) -> Iterator[str]:
        yield from unequal("status", expected.status, answered.code)
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


def _order(case: Case, answered: Answered) -> Replayed:
    return _with_answer(_read_again(case, forms.read_order), answered)


def _with_answer(again: Replayed, answered: Answered) -> Replayed:
    """The same with the answer, and with how that differs from the recorded one."""
    expected = again.case.expected
    said = tuple(unequal("status", expected.status, answered.code)) if expected else ()
    return replace(again, answered=answered, differences=(*said, *again.differences))


def _read_again(case: Case, read: Callable[[Case], tuple[object, tuple[Finding, ...]]]) -> Replayed:
    """What the document says, which needs no gateway."""
    try:
        model, findings = read(case)
    except ProtocolError as error:
        return Replayed(
            case=case, answered=None, findings=(), differences=(f"cannot be read: {plain(error)}",)
        )
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


def _word(*, fits: bool) -> str:
    return "accepted" if fits else "refused"
