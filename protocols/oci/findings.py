"""What was odd about one form, kept within bounds."""

from __future__ import annotations

from collections.abc import Iterable

from protocols.model.finding import Finding, Severity

_MOST = 100
_SHOWN = 80


class Findings:
    """The first hundred deviations of one form, for who reads more, and every error."""

    __slots__ = ("_noted",)

    def __init__(self) -> None:
        self._noted: list[Finding] = []

    def note(
        self,
        code: str,
        where: str,
        *,
        expected: str = "",
        got: str = "",
        advice: str = "",
        severity: Severity = Severity.WARNING,
        unproven: bool = False,
    ) -> None:
        """Remember a deviation and the field that it stands in."""
        if len(self._noted) < _MOST or severity is Severity.ERROR:
            finding = Finding(
                code=code,
                where=where[:_SHOWN],
                expected=expected[:_SHOWN],
                got=got[:_SHOWN],
                advice=advice,
                severity=severity,
                unproven=unproven,
            )
            self._noted.append(finding)

    def extend(self, findings: Iterable[Finding]) -> None:
        """Remember what others found, as far as there is room."""
        self._noted.extend(list(findings)[: max(_MOST - len(self._noted), 0)])

    def all(self) -> tuple[Finding, ...]:
        """Everything remembered, in order."""
        return tuple(self._noted)
