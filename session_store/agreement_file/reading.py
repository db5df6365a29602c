"""An agreement from its file, or every reason why not, each with file, line and what is expected."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from protocols.model.agreement import Role
from protocols.model.session import Deployment
from session_store.agreement_file import oci
from session_store.agreement_file.checks import Wrong, kind_of
from session_store.agreement_file.places import KeyPath, line_of, places
from session_store.agreement_file.sections import AGREEMENT, FILE, Section
from session_store.live_secrets import AgreementError, key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocols.model.agreement import Agreement
    from session_store.live_secrets import NewSecret

    Problems = list[tuple[KeyPath, str]]


def read_toml(text: str, filename: str) -> tuple[Agreement, tuple[NewSecret, ...]]:
    """The agreement and the secrets that its file brings; AgreementError with one line per problem.

    Such as ``testby.toml:12: unknown key 'retrun_hosts' in [agreement]; did you mean 'return_hosts'?``.
    """
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise AgreementError(_not_toml(str(error), filename)) from None
    problems: Problems = []
    found = _read(FILE, values, (), problems)
    if not problems:
        agreement, new_secrets = found
        problems += _contradictions(agreement)
    if problems:
        lines = places(text)
        sayings = [(line_of(path, lines), saying) for path, saying in problems]
        raise AgreementError(*(f"{filename}:{line}: {saying}" for line, saying in sorted(sayings)))
    return agreement, new_secrets


def _read(section: Section, value: object, path: KeyPath, problems: Problems) -> Any:  # noqa: ANN401 - what it makes
    """What the section makes of the value; None, with problems reported, when it cannot."""
    if section.repeated:
        return _read_each(section, value, path, problems)
    if not isinstance(value, dict):
        problems.append((path, f"{_name(path)} must be a table, not {kind_of(value)}"))
        return None
    before = len(problems)
    for missing in [name for name in section.required if name not in value]:
        problems.append((path, f"{_name(path)} needs {missing!r}"))
    values = {name: _read_key(section, name, entry, path, problems) for name, entry in value.items()}
    return None if len(problems) > before else section.make(values)


def _read_each(section: Section, value: object, path: KeyPath, problems: Problems) -> tuple[Any, ...]:
    if not isinstance(value, list):
        problems.append((path, f"write [{_name(path)}] with two brackets: there may be several"))
        return ()
    single = Section(keys=section.keys, make=section.make, required=section.required)
    return tuple(_read(single, entry, (*path, number), problems) for number, entry in enumerate(value))


def _read_key(section: Section, name: str, value: object, path: KeyPath, problems: Problems) -> Any:  # noqa: ANN401 - any value
    check = section.keys.get(name)
    if check is None:
        problems.append(((*path, name), f"unknown key {name!r} in {_name(path)}{_hint(name, section)}"))
        return None
    if isinstance(check, Section):
        return _read(check, value, (*path, name), problems)
    try:
        return check(value)
    except Wrong as wrong:
        problems.append(((*path, name, *wrong.below), f"{name!r} in {_name(path)} {wrong}"))
        return None


def _hint(name: str, section: Section) -> str:
    """The nearest known key: in this table, else the same key where it belongs."""
    if near := get_close_matches(name, section.keys, n=1):
        return f"; did you mean {near[0]!r}?"
    tables = [
        table for table, below in AGREEMENT.keys.items() if isinstance(below, Section) and name in below.keys
    ]
    if tables:
        return f"; it belongs in [agreement.{tables[0]}]"
    return f"; known are {', '.join(sorted(section.keys))}"


def _name(path: KeyPath) -> str:
    return f"[{'.'.join(part for part in path if isinstance(part, str))}]" if path else "the file"


def _contradictions(agreement: Agreement) -> Iterator[tuple[KeyPath, str]]:
    """What is right by itself and wrong together."""
    top = ("agreement",)
    if agreement.default_customer and agreement.default_customer not in agreement.customers:
        yield (*top, "default_customer"), "'default_customer' must be one of 'customers'"
    for code, number in agreement.org_codes.items():
        if number not in agreement.customers:
            yield (
                (*top, "org_codes", code),
                f"org code {code!r} names {number}, which is not one of 'customers'",
            )
    if agreement.return_http and agreement.deployment is not Deployment.TEST:
        yield (*top, "return_http"), "'return_http' is only for an agreement with deployment = \"test\""
    if "cxml" in agreement.protocols and not any(one.role is Role.SENDER for one in agreement.credentials):
        yield top, '[agreement] speaks cxml, so it needs an [[agreement.credential]] with role = "sender"'
    if "oci" in agreement.protocols:
        yield from oci.contradictions(agreement)
    yield from _unproved(agreement)
    yield from _doubles(agreement)


def _unproved(agreement: Agreement) -> Iterator[tuple[KeyPath, str]]:
    for number, entry in enumerate(agreement.credentials):
        if entry.mac and not (entry.secret_set and entry.role is Role.SENDER):
            yield (
                ("agreement", "credential", number, "mac"),
                "'mac' needs role = \"sender\" and the secret that the MACs are made with",
            )
        if entry.sign_key_set and not (entry.certificate and entry.role is Role.TO):
            yield (
                ("agreement", "credential", number, "sign_key"),
                "'sign_key' needs role = \"to\", our own name, and the certificate of the key",
            )


def _doubles(agreement: Agreement) -> Iterator[tuple[KeyPath, str]]:
    seen: set[tuple[str, str, str]] = set()
    for number, entry in enumerate(agreement.credentials):
        this = (entry.role, *key(entry.domain, entry.identity))
        if this in seen:
            yield (
                ("agreement", "credential", number),
                f"{entry.role} {entry.domain} {entry.identity} is listed twice",
            )
        seen.add(this)


def _not_toml(saying: str, filename: str) -> str:
    """The reader's complaint with the line where ours stand: it writes ``… (at line 3, column 5)`` itself."""
    at = re.search(r" \(at line (\d+), column (\d+)\)$", saying)
    if at is None:
        return f"{filename}: not TOML: {saying}"
    return f"{filename}:{at[1]}: not TOML: {saying[: at.start()]} (column {at[2]})"
