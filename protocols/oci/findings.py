"""What was odd about one form, kept within bounds."""

from __future__ import annotations

from collections.abc import Iterable

from protocols.model.finding import Finding, Severity

_MOST = 100
_SHOWN = 80


class Findings:
    """The first deviations of one form, and every error.

    most
        How many: a hundred of what others send; 0 for all of what we change ourselves, for nobody else tells.
    """

    __slots__ = ("_most", "_noted")

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
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
        if self._room != 0 or severity is Severity.ERROR:
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
        self._noted.extend(list(findings)[: self._room])

    @property
    def _room(self) -> int | None:
        """How many more; None where there is no limit."""
        return max(self._most - len(self._noted), 0) if self._most else None

    def all(self) -> tuple[Finding, ...]:
        """Everything remembered, in order."""
        return tuple(self._noted)
