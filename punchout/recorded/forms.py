"""Recorded forms of OCI and orders by Peppol: what they say, without a gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.model.agreement import OciSettings
from protocols.oci import callup, cart
from protocols.oci.pairs import parsed
from protocols.peppol import order as peppol_order
from protocols.peppol.envelope import open_envelope
from protocols.peppol.verdict import validate
from protocols.xml import parse_untrusted
from punchout.recorded.cases import RETURN

if TYPE_CHECKING:
    from protocols.model.finding import Finding
    from protocols.model.order import PurchaseOrder
    from punchout.recorded.cases import Case


def read(case: Case) -> tuple[callup.CallUp | cart.ReturnedForm, tuple[Finding, ...]]:
    """What the form says, and what is odd about it; errors as those of what reads it."""
    if case.kind == RETURN:
        pairs, odd = parsed(case.raw, case.charset)
        form, findings = cart.parse(pairs, case.dialect.oci)
        return form, odd + findings
    query, body = (case.raw, b"") if case.method == "GET" else (b"", case.raw)
    return callup.parse(query, body, _settings(case), case.dialect.oci)


def read_order(case: Case) -> tuple[PurchaseOrder, tuple[Finding, ...]]:
    """What the Peppol Order says, and what is odd about it, our schema included; errors as its reader's."""
    envelope = open_envelope(parse_untrusted(case.raw, case.content_type))
    order, findings = peppol_order.parse(envelope)
    return order, (*findings, *validate(envelope))


def _settings(case: Case) -> OciSettings:
    """The call-up as ``case.toml`` says that it was agreed."""
    return OciSettings(
        **{key: case.agreement[key] for key in ("hook_field", "fields") if key in case.agreement}
    )
