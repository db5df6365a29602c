"""An agreement as its file: every key with its value, so that the file says all that holds."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING

from protocols.model.agreement import Agreement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from _typeshed import DataclassInstance

    from protocols.model.agreement import AgreedCredential, OciSettings


_MODELS = ("references", "contact", "policy", "peppol")
_MAPS = ("org_codes", "addresses", "override", "endpoints")


def write_toml(agreement: Agreement) -> str:
    """The file that ``read_toml`` reads as this agreement; secrets only as ``secret_set = true``."""
    return "\n".join(_lines(agreement)) + "\n"


def _lines(agreement: Agreement) -> Iterator[str]:
    yield from _table("[agreement]", _values(agreement, ("credentials", "oci", *_MODELS, *_MAPS)))
    for entry in agreement.credentials:
        yield from _table("[[agreement.credential]]", _credential(entry))
    yield from _table("[agreement.oci]", _oci(agreement.oci))
    for name in _MODELS:
        yield from _table(f"[agreement.{name}]", _values(getattr(agreement, name)))
    for name in _MAPS:
        yield from _table(f"[agreement.{name}]", getattr(agreement, name))


def _values(model: DataclassInstance, left_out: tuple[str, ...] = ()) -> dict[str, object]:
    names = [field.name for field in fields(model) if field.name not in left_out]
    return {name: getattr(model, name) for name in names}


def _credential(entry: AgreedCredential) -> dict[str, object]:
    """Its keys, without those that say nothing."""
    return {name: value for name, value in _values(entry).items() if value or name in {"domain", "identity"}}


def _oci(oci: OciSettings) -> dict[str, object]:
    """Its keys, the secret login fields among the others as ``{ secret_set = true }``."""
    hidden = {name: {"secret_set": True} for name in oci.secret_fields}
    own = _values(oci, ("fields", "secret_fields", "own"))
    return {**own, "fields": {**oci.fields, **hidden}, **oci.own}


def _table(header: str, values: Mapping[str, object]) -> Iterator[str]:
    if not values:
        return
    if header != "[agreement]":
        yield ""
    yield header
    for name, value in values.items():
        yield f"{_key(name)} = {_value(value)}"


def _key(name: str) -> str:
    """The name, in quotes unless TOML takes it bare."""
    return name if name.isascii() and name.replace("_", "").replace("-", "").isalnum() else _text(name)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        pairs = ", ".join(f"{_key(name)} = {_value(entry)}" for name, entry in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    return _text(str(value))


def _text(value: str) -> str:
    """A basic string: JSON's escapes are TOML's too, DEL alone must be added."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
