"""Fordelingsinformasjon: the codes of a library's register, and the register as a file (DIST-2, DIST-12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, request
from werkzeug.datastructures import CombinedMultiDict

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.rules import register as rules
from catalog_bridge.rules.distribution import FIELD_NAMES, REGISTER_FIELDS
from catalog_bridge.rules.register_csv import BadFile, codes_as_csv, profiles_as_csv
from protocols.model.distribution import Code
from punchout.catalogues import marked
from punchout.web.copies_shown import full
from punchout.web.language import filled, refusal
from punchout.web.own.forms import CodeForm, FileForm, NewCodeForm
from punchout.web.own.room import blueprint, customer_number, may, needs, own_url, page, registers, room

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from protocols.model.distribution import Register

_MOST_FAULTS = 20
_DONE = {"added", "saved", "retired", "restored", "profile", "removed", "file"}
_NO_FILE = marked("Choose a file first.")
_FAULT = marked("Line %(line)d: %(fault)s")
_MORE = marked("… and %(count)d more lines.")


@blueprint.get("/fordelingsinformasjon")
def register() -> Response:
    """The register: codes kind by kind, profiles, and the ways to more of them."""
    return _shown()


@blueprint.post("/fordelingsinformasjon/koder")
@needs("edit")
def add_code() -> AnyResponse:
    """The register with one more code, or with what was wrong about it."""
    form = NewCodeForm(request.form)
    code = Code(field=form.field.data or "", value=form.value.data or "", label=form.label.data or "")
    try:
        registers().add_code(customer_number(), code)
    except Refused as error:
        said = refusal(error)
        if error.values.get("field") == rules.LABEL:
            form.label.errors = [said]
        else:
            form.value.errors = [said]
        return _shown(form, status=422)
    return redirect(own_url("register", done="added", _anchor=code.field), 303)


@blueprint.get("/fordelingsinformasjon/kode")
@needs("edit")
def code() -> Response:
    """One code, and what can be done to it."""
    found = _found(request.args.get("field", ""), request.args.get("value", ""))
    return page("own/code.html", code=found, names=FIELD_NAMES, form=CodeForm(obj=found))


@blueprint.post("/fordelingsinformasjon/kode")
@needs("edit")
def change_code() -> AnyResponse:
    """The register with the code changed as the button says: described anew, retired or restored (DIST-6)."""
    form, keeping = CodeForm(request.form), registers()
    which = customer_number(), form.field.data or "", form.value.data or ""
    if "retire" in request.form:
        keeping.retire_code(*which)
        return redirect(own_url("register", done="retired", _anchor=which[1]), 303)
    if "restore" in request.form:
        keeping.restore_code(*which)
        return redirect(own_url("register", done="restored", _anchor=which[1]), 303)
    try:
        keeping.label_code(*which, form.label.data or "")
    except Refused as error:
        form.label.errors = [refusal(error)]
        found = _found(*which[1:])
        return page("own/code.html", status=422, code=found, names=FIELD_NAMES, form=form)
    return redirect(own_url("register", done="saved", _anchor=which[1]), 303)


@blueprint.get("/fordelingsinformasjon/koder.csv")
def codes_file() -> Response:
    """The codes as a file for a spreadsheet."""
    return _file("koder", codes_as_csv(_register()))


@blueprint.get("/fordelingsinformasjon/profiler.csv")
def profiles_file() -> Response:
    """The profiles as a file for a spreadsheet."""
    return _file("profiler", profiles_as_csv(_register()))


@blueprint.post("/fordelingsinformasjon/fil")
@needs("edit")
def take_file() -> AnyResponse:
    """The register with what the file adds and changes, or everything that is wrong with the file."""
    form = FileForm(CombinedMultiDict((request.files, request.form)))
    sent = request.files.get(form.file.name)
    raw = sent.read() if sent else b""
    if not raw:
        form.file.errors = [_NO_FILE]
        return _shown(file=form, status=422)
    try:
        registers().take_csv(customer_number(), raw)
    except BadFile as bad:
        form.file.errors = _faults(bad)
        return _shown(file=form, status=422)
    except Refused as error:
        form.file.errors = [refusal(error)]
        return _shown(file=form, status=422)
    return redirect(own_url("register", done="file"), 303)


def _faults(bad: BadFile) -> list[str]:
    """A sentence for each line that is wrong, the first ones only where there are many."""
    told = [
        filled(_FAULT, {"line": fault.line, "fault": refusal(fault.error)})
        for fault in bad.faults[:_MOST_FAULTS]
    ]
    more = len(bad.faults) - len(told)
    return [*told, filled(_MORE, {"count": more})] if more else told


def _shown(form: NewCodeForm | None = None, file: FileForm | None = None, status: int = 200) -> Response:
    form = form or NewCodeForm(field=REGISTER_FIELDS[0])
    form.offer()
    known, done = _register(), request.args.get("done", "")
    return page(
        "own/register.html",
        status=status,
        register=known,
        fields={name: [code for code in known.codes if code.field == name] for name in REGISTER_FIELDS},
        names=FIELD_NAMES,
        may_edit=may("edit"),
        may_name=may("profiles"),
        distribution=room().distribution,
        form=form,
        file=file or FileForm(),
        full=full,
        worn=rules.worn,
        done=done if done in _DONE else "",
    )


def _found(field: str, value: str) -> Code:
    for entry in _register().codes:
        if (entry.field, entry.value) == (field, value):
            return entry
    raise NotFound("The code %(code)s is not in the register.", code=value)


def _file(name: str, body: bytes) -> Response:
    named = f'attachment; filename="{name}-{customer_number()}.csv"'
    return Response(body, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": named})


def _register() -> Register:
    return registers().register(customer_number())
