"""Recorded forms of OCI: what a call-up and a returned cart say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.model.agreement import OciSettings
from protocols.oci import callup, cart
from protocols.oci.pairs import parsed
from punchout.recorded.cases import RETURN

if TYPE_CHECKING:
    from protocols.model.finding import Finding
    from punchout.recorded.cases import Case

OCI = "oci"


def read(case: Case) -> tuple[callup.CallUp | cart.ReturnedForm, tuple[Finding, ...]]:
    """What the form says, and what is odd about it; errors as those of what reads it."""
    if case.kind == RETURN:
        pairs, odd = parsed(case.raw, case.charset)
        form, findings = cart.parse(pairs, case.dialect.oci)
        return form, odd + findings
    query, body = (case.raw, b"") if case.method == "GET" else (b"", case.raw)
    return callup.parse(query, body, _settings(case), case.dialect.oci)


def _settings(case: Case) -> OciSettings:
    """The call-up as ``case.toml`` says that it was agreed."""
    return OciSettings(
        **{key: case.agreement[key] for key in ("hook_field", "fields") if key in case.agreement}
    )
