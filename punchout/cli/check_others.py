"""punchout check for what is no cXML: forms of OCI, and orders by Peppol."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from protocols import dialects
from protocols.errors import ProtocolError
from protocols.model.finding import Severity
from protocols.peppol.envelope import open_envelope
from protocols.xml import parse_untrusted
from punchout.buyer import received_form
from punchout.contents import contents
from punchout.plain import plain
from punchout.recorded import forms
from punchout.recorded.cases import RETURN
from punchout.remarks import Remark, of_finding, of_refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocols.dialects import Dialect
    from protocols.oci.cart import ReturnedForm
    from punchout.recorded.cases import Case
    from punchout.recorded.doors import Answered
    from punchout.recorded.replay import Stage

_REFERENCE = re.compile(r"; reference \S+")


def checked(case: Case, here: Stage, named: str | None) -> dict[str, Any]:
    """Everything about a form of OCI or a UBL document, under the names that cXML has for it."""
    if case.protocol == "peppol":
        return _order(case, here, named)
    return _form(case, dialects.load(named or "generic"), named)


def told(answered: Answered) -> str:
    """Code, text and detail; without a reference, which nobody can look up in a gateway that is gone."""
    detail = _REFERENCE.sub("", answered.detail)
    return f"{answered.code} {answered.text}" + (f": {detail}" if detail else "")


def _form(case: Case, dialect: Dialect, named: str | None) -> dict[str, Any]:
    try:
        model, remarks = _returned(case, dialect) if case.kind == RETURN else _call_up(case, dialect)
    except ProtocolError as error:
        return _result(case, case.kind, named) | {"remarks": [asdict(of_refusal(error))]}
    return _result(case, case.kind, named) | {
        "contents": [asdict(fact) for fact in contents(model, dialect)],
        "remarks": [asdict(remark) for remark in remarks],
    }


def _call_up(case: Case, dialect: Dialect) -> tuple[object, list[Remark]]:
    """What a call-up says; nobody told which login fields were agreed on, so that none is judged."""
    model, findings = forms.read(replace(case, raw=case.raw.strip(), dialect=dialect))
    return model, list(map(of_finding, findings))


def _returned(case: Case, dialect: Dialect) -> tuple[ReturnedForm, list[Remark]]:
    """The cart, and what a strict buyer would mind in it."""
    charset = dialect.oci.charset or dialect.oci.default_charset
    form = received_form.receive(case.raw.strip(), dialect, charset=charset, secrets=())
    return form.form, [*map(of_finding, form.findings), *_minded(form)]


def _minded(form: received_form.ReceivedForm) -> Iterator[Remark]:
    for verdict in form.verdicts:
        if not verdict.holds and verdict.about not in received_form.OF_FINDINGS:
            yield Remark(
                source="a strict buyer", severity=Severity.WARNING, says=verdict.about, got=verdict.detail
            )


def _order(case: Case, here: Stage, named: str | None) -> dict[str, Any]:
    """A UBL document: one that is no Order is told what is served."""
    dialect = dialects.load(named or "generic")
    try:
        document = parse_untrusted(case.raw, case.content_type)
        kind = open_envelope(document).kind
    except ProtocolError as error:
        return {"file": case.name, "unusable": plain(error), "answer": f"{error.cxml_status} {error.detail}"}
    result = _result(case, kind, named) | {"answer": told(here.answer(case))}
    try:
        order, findings = forms.read_order(case)
    except ProtocolError as error:
        return result | {"remarks": [asdict(of_refusal(error, document))]}
    remarks = sorted((of_finding(finding, document) for finding in findings), key=lambda one: one.line)
    return result | {
        "contents": [asdict(fact) for fact in contents(order, dialect)],
        "remarks": [asdict(remark) for remark in remarks],
    }


def _result(case: Case, kind: str, named: str | None) -> dict[str, Any]:
    return {
        "file": case.name,
        "protocol": case.protocol,
        "kind": kind,
        "looks_like": named or "",
        "signs": [],
        "habits": {"seen": [], "reported": []},
        "contents": [],
        "kept": [],
        "remarks": [],
        "answer": "",
        "because": [],
    }
