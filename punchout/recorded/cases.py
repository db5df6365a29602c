"""Recorded documents as files: a folder with ``case.toml`` and ``request.*``, or a bare document."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from protocols import dialects, multipart
from protocols.dialects import Dialect
from protocols.errors import NotAcceptable
from protocols.oci import saved
from protocols.oci.fields import key
from protocols.oci.naming import placed
from protocols.oci.pairs import parsed
from protocols.oci.reading import VENDOR_FIELDS, is_control
from protocols.registry import recognise

CALL_UP, RETURN = "OCI call-up", "OCI return"
_OF_CALL_UPS = set(map(key, VENDOR_FIELDS))

_KINDS: dict[str, tuple[str, ...]] = {"cxml": (), "oci": (CALL_UP, RETURN), "peppol": ()}
"""The protocols, and what can be recorded in each; empty where the document says it."""


class NoCase(Exception):
    """A path holds nothing that can be replayed; says what was looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the recording says must come of the document; None where it does not say.

    findings
        Each as ``code place``.
    model
        ``expected.json``: the parsed document.
    """

    status: int | None = None
    schema: str | None = None
    dtd: str | None = None
    findings: list[str] | None = None
    model: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A recorded document.

    protocol
        ``cxml``, ``oci`` or ``peppol``.
    kind, method
        Of a form of OCI: ``OCI call-up`` or ``OCI return``; ``GET`` where the bytes are the query.
    charset
        What an OCI return was agreed to be in: ``utf-8`` or ``iso-8859-1``.
    agreement
        Credentials, secret and return hosts as in ``case.toml``; empty for a bare document, then those that
        stand in the document itself are taken. Of a call-up by OCI hook_field and fields.
    """

    name: str
    raw: bytes
    content_type: str = "text/xml"
    dialect: Dialect = field(default_factory=lambda: dialects.load("generic"))
    agreement: dict[str, Any] = field(default_factory=dict)
    expected: Expected | None = None
    protocol: str = "cxml"
    kind: str = ""
    method: str = "POST"
    charset: str = ""


def cases(paths: Iterable[Path]) -> Iterator[Case]:
    """Every case at or below the paths, in their order; NoCase for a path without any."""
    for path in paths:
        found = [path] if path.is_file() else sorted(path.rglob("case.toml"))
        if not found:
            raise NoCase(f"{path}: no case.toml below it; name a document itself, or a folder of cases")
        for file in found:
            yield _folder(file.parent) if file.name == "case.toml" else bare(file)


def bare(file: Path) -> Case:
    """A document without anything said about it; its type, where the file says that it has several parts.

    A form of OCI may be on a page, or in a table as frameworks make them; an empty file is one by its name
    alone, ``*.form``. What speaks no protocol that we know is taken for cXML: its readers say what it lacks.
    """
    raw, content_type = multipart.from_file(file.read_bytes())
    case = Case(name=str(file), raw=raw, content_type=content_type or "text/xml")
    try:
        protocol = recognise("", raw)
    except NotAcceptable:
        empty = file.suffix == ".form" and not raw.strip()
        form = b"" if empty else saved.form(raw)
        return case if form is None else _form(case, form)
    return _form(case, raw) if protocol == "oci" else replace(case, protocol=protocol)


def _form(case: Case, raw: bytes) -> Case:
    """The case as a form: one with lines went back to the buyer, and so did one with control fields alone."""
    names = [name for name, _ in parsed(raw.strip())[0]]
    return replace(case, raw=raw, protocol="oci", kind=RETURN if _went_back(names) else CALL_UP)


def _went_back(names: Sequence[str]) -> bool:
    if any(map(placed, names)) or all(map(is_control, names)):
        return True
    called_up = any(key(name).endswith(key("HOOK_URL")) for name in names)
    columns = any(key(name).startswith(key("NEW_ITEM")) and key(name) not in _OF_CALL_UPS for name in names)
    return columns and not called_up


def _folder(folder: Path) -> Case:
    try:
        written = tomllib.loads((folder / "case.toml").read_text("utf-8"))
        dialect = dialects.overridden(
            dialects.load(written.get("dialect", "generic")), written.get("override", {})
        )
        return Case(
            name=str(folder),
            raw=_request(folder).read_bytes(),
            content_type=written.get("content_type", "text/xml"),
            dialect=dialect,
            agreement=written.get("agreement", {}),
            expected=_expected(folder, written.get("expect", {})),
            protocol=_one_of(written, "protocol", *_KINDS),
            kind=_kind(written),
            charset=written.get("charset", ""),
            method=_one_of(written, "method", "POST", "GET"),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise NoCase(f"{folder / 'case.toml'}: cannot be used: {error}") from error


def _kind(written: dict[str, Any]) -> str:
    """Of a form one that can be read; a cXML document names its own."""
    allowed = _KINDS[written.get("protocol", "cxml")]
    return _one_of(written, "kind", *allowed) if allowed else str(written.get("kind", ""))


def _one_of(written: dict[str, Any], key: str, *words: str) -> str:
    """What the key says, the first word without it; ValueError for any other."""
    said = written.get(key, words[0])
    if said not in words:
        raise ValueError(f"{key} must be one of {', '.join(words)}, not {said!r}")
    return str(said)


def _request(folder: Path) -> Path:
    found = sorted(folder.glob("request.*"))
    if len(found) != 1:
        raise NoCase(f"{folder}: expected one file request.*, found {len(found)}")
    return found[0]


def _expected(folder: Path, said: dict[str, Any]) -> Expected:
    model = folder / "expected.json"
    known = {name: said[name] for name in ("status", "schema", "dtd", "findings") if name in said}
    return Expected(**known, model=json.loads(model.read_text("utf-8")) if model.is_file() else None)
